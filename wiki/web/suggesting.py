"""Suggesting other words for a page of somebody else's proposal."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for

from wiki.model.acts import clean_text
from wiki.model.errors import Conflict, Refused
from wiki.together import suggest as make_suggestion
from wiki.web.editor import Desk, EditorForm, heeding, open_editor, show
from wiki.web.editor.sketching import forget
from wiki.web.errors import missing_page, status_of
from wiki.web.here import member, path_of, person, proposal_number, the_wiki
from wiki.web.say import _
from wiki.web.words import translate

blueprint = Blueprint("suggesting", __name__)


@blueprint.route("/-/suggest/<int:n>/<path:name>", methods=["GET", "POST"])
def suggest(n: int, name: str) -> Response:
    """Edit the text of the proposal, and give it to its authors."""
    member()
    wiki = the_wiki()
    weighed = wiki.guidelines.weigh(proposal_number(n))
    path = path_of(name)
    blob = wiki.repository.file(weighed.proposal.tip.id, path)
    if blob is None:
        return missing_page(name)
    text = wiki.repository.content(blob).decode("utf-8", "replace")
    desk = Desk("suggest", name, path, text, weighed.proposal.change, wiki.index.proposal(n), weighed)
    if request.method == "GET":
        return open_editor(desk, {"name": name, "text": text, "base": desk.base})
    form = EditorForm()
    if not form.validate_on_submit():
        return show(desk, form, status=400)
    typed = (form.text.data or "").replace("\r\n", "\n")
    if request.form.get("do") == "difference":
        return show(desk, form, difference=True)
    if request.form.get("do") == "check":
        return show(desk, form)
    if request.form.get("do") == "preview":
        return show(desk, form, preview=True)
    if not form.meant.data and heeding(desk, form):
        return show(desk, form, difference=True)
    return _make(desk, form, typed)


def _make(desk: Desk, form: EditorForm, typed: str) -> Response:
    assert desk.weighed is not None  # noqa: S101 - a suggestion is for a proposal
    n, change = desk.weighed.n, form.base.data or ""
    try:
        make_suggestion(the_wiki(), person(), n, change, desk.path, typed, clean_text(form.why.data or ""))
    except Conflict as error:
        form.base.data = desk.base
        form.text.errors = [translate(error.sentence)]
        return show(desk, form, difference=True, status=409)
    except Refused as error:
        form.text.errors = [translate(error.sentence)]
        return show(desk, form, status=status_of(error))
    forget(form)
    flash(_("Thank you. The authors can take your suggestion with one click."), "success")
    return make_response(redirect(url_for("proposals.proposal", n=n) + "#suggestions", 303))
