"""What is being edited, and what it was when its writer began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from wiki.addresses import page_address
from wiki.drafts import Draft
from wiki.index import ProposalRow
from wiki.model.errors import Refused
from wiki.model.merge import Weighed
from wiki.model.names import POLICY_PATH
from wiki.model.words import N_
from wiki.web.cards import Clash
from wiki.web.differences import prose
from wiki.web.editor.sections import Part
from wiki.web.here import member, number, path_of, person, proposal_number, the_wiki
from wiki.web.say import _
from wiki.web.titles import title_of


@dataclass(frozen=True)
class Moved:
    """The page changed while it was being edited: how, whether both texts could be put together, and the passages
    where they could not."""

    difference: Markup
    merged: bool
    clashes: Sequence[Clash] = ()


@dataclass
class Desk:
    """What is being edited: where it is, what it was, and how it is proposed. ``text`` is what the form begins with,
    where that is not what the page was; ``part`` the section that is shown of it, where it is not the whole."""

    kind: str
    name: str
    path: str
    before: str
    base: str
    proposal: ProposalRow | None = None
    weighed: Weighed | None = None
    moved: Moved | None = None
    draft: Draft | None = None
    text: str | None = None
    part: Part | None = None

    @property
    def folder(self) -> str:
        """The folder in which the page lies."""
        return self.name.rpartition("/")[0]

    @property
    def page_title(self) -> str:
        """The title of the page as it is, of a new one as it was left."""
        return title_of(self.path or self.name, self.before or self.text or "")

    @property
    def heading(self) -> str:
        """What the editor is for."""
        if self.draft is not None:
            return str(
                _("Your draft: “%(title)s”", title=self.page_title) if self.name else _("Your draft: a new page")
            )
        if self.kind == "new":
            return str(_("Propose a page"))
        if self.kind == "suggest":
            return str(_("Suggest other words for “%(title)s”", title=self.page_title))
        if self.kind == "revise":
            return str(_("Revise “%(title)s”", title=self.page_title))
        if self.path == POLICY_PATH:
            return str(_("Suggest a change to how we decide"))
        return str(_("Suggest a change to “%(title)s”", title=self.page_title))

    @property
    def cancel_url(self) -> str:
        """Where to go without proposing."""
        if self.draft is not None:
            return url_for("drafts.draft", number=self.draft.id)
        if self.proposal is not None:
            return self.proposal.url
        if self.path == POLICY_PATH:
            return url_for("policy.page")
        return url_for("pages.contents") if self.kind == "new" else page_address(self.name)


def draft_asked() -> Draft | None:
    """The draft that this page is to be a part of (``?draft=``)."""
    asked = number("draft")
    return the_wiki().drafts.get(asked, member().id) if asked is not None else None


def desk_for(name: str) -> Desk | None:
    """What is to be edited; None where there is no such page."""
    path = path_of(name)
    draft = draft_asked()
    if draft is not None:
        return _desk_of_draft(name, path, draft)
    asked = number("proposal")
    if asked is not None:
        return _desk_of_proposal(name, path, proposal_number(asked))
    repository = the_wiki().repository
    blob = repository.file(repository.main(), path)
    if blob is None:
        return None
    return Desk("change", name, path, text_of(blob.id), blob.id)


def _desk_of_draft(name: str, path: str, draft: Draft) -> Desk | None:
    """A page in a draft: as the draft has it, or to be put into it."""
    repository = the_wiki().repository
    file = draft.files.get(path)
    there = repository.file(draft.base or repository.main(), path)
    if file is None and there is None:
        return None
    began = file.seen if file is not None else there.id if there is not None else None
    before = text_of(began) if began is not None else ""
    text = file.text if file is not None else None
    return Desk("change" if began else "added", name, path, before, began or "", draft=draft, text=text)


def _desk_of_proposal(name: str, path: str, n: int) -> Desk:
    wiki = the_wiki()
    weighed = wiki.guidelines.weigh(n)
    row = wiki.index.proposal(n)
    if wiki.guidelines.author(weighed.proposal, person()) is None:
        raise Refused(N_("Only an author of this proposal can change its text."))
    blob = wiki.repository.file(weighed.proposal.tip.id, path)
    desk = Desk("revise", name, path, text_of(blob.id) if blob else "", weighed.proposal.change, row, weighed)
    if weighed.overtaken:
        theirs = wiki.repository.file(weighed.main, path)
        began = wiki.repository.file(weighed.proposal.base, path)
        desk.base = f"{weighed.proposal.change} {weighed.main}"
        if theirs != began:
            changed = prose(text_of(began.id) if began else "", text_of(theirs.id) if theirs else "", path)
            desk.moved = Moved(changed, merged=False)
    return desk


def text_of(blob: str) -> str:
    """The text of a blob by its id."""
    return the_wiki().repository.content(blob).decode("utf-8", "replace")
