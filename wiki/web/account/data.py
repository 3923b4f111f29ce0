"""What is kept about you, and leaving."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, url_for
from wtforms import BooleanField
from wtforms.validators import InputRequired

from wiki.model.errors import Refused
from wiki.together import everything_about, leave_for_good
from wiki.web.account.address import consequences_for
from wiki.web.account.routes import blueprint, page
from wiki.web.account.sure import SureForm, has_password, is_fresh
from wiki.web.here import member, the_wiki
from wiki.web.limits import count_try
from wiki.web.say import _, _l
from wiki.web.signin import end_session
from wiki.web.words import translate


class LeaveForm(SureForm):
    """For good."""

    leave = BooleanField(
        _l("I want to leave. My drafts and all that only I can see are deleted."),
        [InputRequired(_l("Please tick this if you mean it."))],
    )


@blueprint.get("/-/account/data")
def data() -> Response:
    """What is kept, what goes and what stays."""
    return _shown(LeaveForm(formdata=None))


def _shown(form: LeaveForm, status: int = 200) -> Response:
    what = consequences_for(member())
    return page("data", status, form=form, what=what, has_password=has_password(), fresh=is_fresh())


@blueprint.get("/-/account/download")
def download() -> Response:
    """Everything that is kept about them, in one archive."""
    account = member()
    count_try("20 per hour", "download", str(account.id))
    response = Response(everything_about(the_wiki(), account), mimetype="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="about-me.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/-/account/leave")
def leave() -> Response:
    """They are gone, and their voices with them."""
    wiki, account, form = the_wiki(), member(), LeaveForm()
    if not form.validate_on_submit() or not form.is_sure():
        return _shown(form, 400)
    try:
        leave_for_good(wiki, account)
    except Refused as error:
        form.leave.errors = [translate(error.sentence)]
        return _shown(form, 400)
    end_session()
    flash(_("You have left, and your account is closed. Thank you for all that you wrote and said."), "notice")
    return make_response(redirect(url_for("pages.contents"), 303))
