"""The blueprint of administration, which is for administrators only."""

from __future__ import annotations

from flask import Blueprint, Response

from wiki.web.here import member
from wiki.web.refusals import not_allowed
from wiki.web.say import _

blueprint = Blueprint("administration", __name__)


@blueprint.before_request
def _only_administrators() -> Response | None:
    if member().administrator:
        return None
    return not_allowed(_("This is for administrators. They manage accounts, and have no power over any text."))
