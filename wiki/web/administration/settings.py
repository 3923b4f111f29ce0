"""The settings as they are in force. They are changed in ``wiki.toml`` or in the environment, never here."""

from __future__ import annotations

import os

from flask import Response, make_response, render_template

from wiki.setting_origins import shown_settings
from wiki.web.administration.routes import blueprint
from wiki.web.administration.tabs import administration_tabs
from wiki.web.here import the_wiki
from wiki.web.words import translate


@blueprint.get("/-/administration/settings")
def settings() -> Response:
    """All of them."""
    in_force = the_wiki().settings
    shown, problem = shown_settings(in_force, os.environ)
    html = render_template(
        "administration_settings.html",
        shown=shown,
        problem=translate(problem) if problem is not None else None,
        file=in_force.data / "wiki.toml",
        tabs=administration_tabs(),
    )
    return make_response(html)
