"""The button: somebody has read the page, and says that it is still right."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, request, url_for
from markupsafe import Markup

from wiki.addresses import page_address
from wiki.index import PageRecord
from wiki.model.errors import Conflict, Damaged, NotFound, Refused
from wiki.model.words import N_
from wiki.together import MONTHS, confirm, confirmations, later
from wiki.web import differences
from wiki.web.calendar import today
from wiki.web.editor.keep import done
from wiki.web.errors import error_page
from wiki.web.here import member, person, the_wiki
from wiki.web.places import text_of
from wiki.web.say import _, kept
from wiki.web.shown import day_shown
from wiki.web.still_right.banner import PLACE, is_asked
from wiki.web.still_right.routes import blueprint


@blueprint.post("/-/still-right/<path:name>")
def still_right(name: str) -> Response:
    """Propose to ask again later, unless that is on the table already. The form carries the blob of the page (``of``)
    that was read, and after how many ``months`` it asks again."""
    member()
    found = the_wiki().index.page(name)
    if found is None:
        return _gone(name)
    record, rendered = found
    read, months = request.form.get("of", ""), _months()
    already = _on_the_table(record) or _done_just_now(record, read)
    if already is not None:
        return already
    if read != record.blob:
        return _changed(record, rendered.review_by, read)
    if rendered.review_by is None or not is_asked(rendered.review_by):
        raise Refused(N_("This page does not ask to be looked at again by now."))
    title = kept(_("Still right: %(title)s", title=record.title))
    try:
        outcome = confirm(the_wiki(), person(), record.name, record.blob, later(today(), months), title)
    except Conflict:
        return _changed(record, rendered.review_by, read)
    return done(outcome)


def _months() -> int:
    sent = request.form.get("months", "")
    found = next((months for months in MONTHS if sent == str(months)), None)
    if found is None:
        raise Refused(N_("Please choose one of the days on which the page may ask again."))
    return found


def _on_the_table(record: PageRecord) -> Response | None:
    """To the open proposal that answers already, whoever made it."""
    standing = confirmations(the_wiki(), record.name).get(record.name) if record.open_count else None
    if standing is None:
        return None
    flash(_("This is on the table already. You can endorse it here, unless you made it."), "notice")
    return make_response(redirect(standing.row.url, 303))


def _done_just_now(record: PageRecord, read: str) -> Response | None:
    """To the proposal of the same person that has confirmed just this text: they pressed the button twice."""
    if record.proposal is None:
        return None
    try:
        proposal = the_wiki().guidelines.weigh(record.proposal).proposal
    except (Damaged, NotFound):
        return None
    befores = [each.before.id for each in proposal.touched if each.before is not None]
    if befores != [read] or proposal.acts[0].author.key != person().key:
        return None
    flash(_("You have said so already, and it is in force."), "notice")
    return make_response(redirect(url_for("proposals.proposal", n=record.proposal), 303))


def _gone(name: str) -> Response:
    """409 for a page that has another name by now, 404 for one that is not there."""
    heading, home = _("Something changed meanwhile"), (_("Go to the contents"), url_for("pages.contents"))
    forwarded = the_wiki().index.forwarded(name)
    if forwarded is not None:
        message = _("This page has another address now. Read it there, then say whether it is still right.")
        action = (_("Go to the page"), f"{page_address(forwarded)}#{PLACE}")
        return error_page(409, heading, message, [action, home])
    message = _("This page is no longer in force, so there is nothing to confirm.")
    return error_page(404, heading, message, [(_("See what else is due"), url_for("still_right.due")), home])


def _changed(record: PageRecord, review_by: str | None, read: str) -> Response:
    """409: the page reads otherwise than what was confirmed, or has been confirmed by somebody else."""
    page = page_address(record.name)
    if review_by is None:
        message = _("Somebody was faster: the page no longer asks to be looked at again.")
    elif not is_asked(review_by):
        message = _("Somebody was faster: the page will ask again on %(day)s.", day=day_shown(review_by))
    else:
        message = _("The page has changed since you opened it. Read what is new, then say whether it is still right.")
        page = f"{page}#{PLACE}"
    actions = [(_("Go to the page"), page), (_("See what else is due"), url_for("still_right.due"))]
    return error_page(409, _("Something changed meanwhile"), message, actions, difference=_difference(record, read))


def _difference(record: PageRecord, read: str) -> Markup | None:
    """What has changed since the text that was read, where that is one of the page."""
    rows = the_wiki().index.history(record.name) or []
    if read not in {row.blob for row in rows}:
        return None
    return differences.prose(text_of(read), text_of(record.blob), f"{record.name}.md")
