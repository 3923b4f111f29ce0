"""What was written goes on the table, or into a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Response, flash, make_response, redirect, url_for

from wiki.drafts import Draft, DraftFile
from wiki.guidelines import Outcome
from wiki.model.acts import one_line
from wiki.model.names import POLICY_PATH
from wiki.together import colleagues, draft_place, edits_of, file_begun, moving
from wiki.web.attachments.waiting import brought_by
from wiki.web.editor.desk import Desk
from wiki.web.editor.forms import EditorForm, clean, wanted
from wiki.web.here import member, path_of, person, the_wiki
from wiki.web.naming import names_in
from wiki.web.place import place_here
from wiki.web.say import _
from wiki.wording import Edit


def propose(desk: Desk, form: EditorForm) -> Outcome:
    """Put it on the table: a new proposal, or another text of one."""
    wiki = the_wiki()
    text = clean(form.text.data)
    co_authors = colleagues(wiki, names_in(form.together.data))
    if desk.kind == "revise":
        assert desk.weighed is not None  # noqa: S101 - a revision is of a proposal
        change, _space, onto = (form.base.data or "").partition(" ")
        brought = Draft(member().id, files=brought_by(text, desk.path, place_here()))
        edits: dict[str, Edit] = {desk.path: text, **edits_of(wiki, brought)}
        return wiki.guidelines.revise(
            desk.weighed.n,
            person(),
            edits,
            note=form.why.data or "",
            seen=change or None,
            onto=onto or None,
            co_authors=co_authors,
        )
    draft = Draft(member().id).with_files(_files(desk, form, text))
    title, why = form.title.data or "", form.why.data or ""
    return wiki.guidelines.propose(person(), title, why, edits_of(wiki, draft), seen=draft.seen, co_authors=co_authors)


def done(outcome: Outcome) -> Response:
    """To the proposal that has come of it."""
    if outcome.in_force:
        flash(_("Your change is in force."), "success")
    else:
        flash(_("Your proposal is on the table. Colleagues can endorse it now."), "success")
    return make_response(redirect(url_for("proposals.proposal", n=outcome.n), 303))


def _files(desk: Desk, form: EditorForm, text: str) -> Mapping[str, DraftFile]:
    """The files that the form would change, with what each was when it was begun."""
    address = wanted(form)
    if desk.kind == "new":
        path = path_of(address)
        return {path: DraftFile(text, None), **brought_by(text, path, place_here())}
    brought = brought_by(text, desk.path, place_here())
    if desk.kind == "change" and address and address != desk.name and desk.path != POLICY_PATH:
        files = moving(the_wiki(), desk.name, address, text, mend=bool(form.mend.data))
        return {**files, desk.path: DraftFile(None, form.base.data or None), **brought}
    return {desk.path: DraftFile(text, form.base.data or None), **brought}


def keep(desk: Desk, form: EditorForm) -> Response:
    """Put what was written into a draft that only its author sees."""
    wiki, account = the_wiki(), member()
    text = clean(form.text.data)
    if desk.path != POLICY_PATH:
        text = wiki.guidelines.check_text(desk.path or path_of(wanted(form)), text)
    draft = desk.draft
    if draft is None:
        names = names_in(form.together.data)
        draft = Draft(account.id, title=one_line(form.title.data or ""), why=form.why.data or "", co_authors=names)
        if desk.weighed is not None:
            change = (form.base.data or "").partition(" ")[0]
            draft = replace(draft, proposal=desk.weighed.n, base=change, title=desk.weighed.proposal.title)
            files = {desk.path: file_begun(wiki, change, desk.path, text)}
            return _kept(draft.with_files({**files, **brought_by(text, desk.path, place_here())}))
    return _kept(draft.with_files(_files(desk, form, text)))


def _kept(draft: Draft) -> Response:
    wiki = the_wiki()
    saved = wiki.drafts.save(draft, wiki.now())
    wiki.uploads.move(draft.account, place_here(), draft_place(saved.id))
    flash(_("Kept. Only you can see this draft."), "success")
    return make_response(redirect(url_for("drafts.draft", number=saved.id), 303))
