"""The blueprint of administration, which is for administrators only."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from wiki.model.errors import Refused
from wiki.web.errors import error_page, status_of
from wiki.web.here import member
from wiki.web.refusals import not_allowed
from wiki.web.say import _
from wiki.web.words import sentence_case, translate

blueprint = Blueprint("administration", __name__)


@blueprint.errorhandler(Refused)
def _refused(error: Refused) -> Response:
    """What was not done, why, and the way back to whom it was about."""
    number = (request.view_args or {}).get("number")
    back = [(_("Back to the account"), url_for("administration.person", number=number))] if number is not None else []
    everybody = (_("See everybody"), url_for("administration.people"))
    why = sentence_case(translate(error.sentence))
    return error_page(status_of(error), _("That was not done"), why, [*back, everybody])


@blueprint.before_request
def _only_administrators() -> Response | None:
    if member().administrator:
        return None
    return not_allowed(_("This is for administrators. They manage accounts, and have no power over any text."))
