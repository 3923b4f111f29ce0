"""The live preview."""

from __future__ import annotations

from flask import Response, make_response, request

from wiki.markdown import render_page
from wiki.web.editor.routes import blueprint
from wiki.web.here import member


@blueprint.post("/-/preview")
def preview() -> Response:
    """The text as it would look, for the live preview."""
    member()
    name = request.form.get("name", "")[:300]
    rendered = render_page(request.form.get("text", ""), name.strip("/").rpartition("/")[0])
    return make_response(rendered.html)
