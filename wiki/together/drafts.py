"""Drafts become proposals, and follow what comes into force meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wiki.accounts import Account
from wiki.assembly import Wiki
from wiki.drafts import DRAFTS, Draft, DraftFile, Intent
from wiki.guidelines import Outcome
from wiki.model.acts import Person
from wiki.model.errors import Refused
from wiki.model.relations import Related, Relation, adopted_as, stating
from wiki.model.words import N_
from wiki.together.texts import put_together, text_of
from wiki.wording import Edit


def propose_draft(wiki: Wiki, account: Account, draft: Draft) -> Outcome:
    """Put a draft on the table: a new proposal, or another text of the one it would revise. The draft is gone then;
    `Conflict` and `Refused` leave it as it is."""
    if not draft.files:
        raise Refused(N_("This draft changes nothing yet. Add a page to it first."))
    co_authors = [*colleagues(wiki, draft.co_authors), *old_authors(wiki, draft)]
    if draft.proposal is not None:
        outcome = wiki.guidelines.revise(
            draft.proposal,
            account.person,
            edits_of(wiki, draft),
            note=draft.why,
            seen=draft.base,
            co_authors=co_authors,
        )
    else:
        outcome = wiki.guidelines.propose(
            account.person, draft.title, _why(draft), edits_of(wiki, draft), co_authors=co_authors, seen=draft.seen
        )
    if draft.intent is Intent.ADOPT and draft.about is not None:
        _close_adopted(wiki, draft.about, outcome.n)
    if draft.id:
        with wiki.tidying():
            discard_draft(wiki, draft)
    return outcome


def discard_draft(wiki: Wiki, draft: Draft) -> None:
    """Throw a draft away, with the files that waited in it."""
    wiki.drafts.discard(draft.id, draft.account)
    wiki.uploads.discard(draft.account, draft_place(draft.id))


def edits_of(wiki: Wiki, draft: Draft) -> dict[str, Edit]:
    """What each file of a draft shall be."""
    return {path: held(wiki, draft.account, file) for path, file in draft.files.items()}


def held(wiki: Wiki, account: int, file: DraftFile) -> Edit:
    """What a file of somebody's draft holds: an attachment waits among the uploads of its writer, or is in git."""
    if file.blob is None:
        return file.text
    waiting = wiki.uploads.data(account, file.blob)
    return waiting if waiting is not None else wiki.repository.content(file.blob)


def draft_place(number: int) -> str:
    """Where the files of a draft wait."""
    return f"{DRAFTS}{number}"


def _why(draft: Draft) -> str:
    relations = {Intent.UNDO: Relation.UNDOES, Intent.ADOPT: Relation.ADOPTS}
    if draft.intent is Intent.PLAIN or draft.about is None:
        return draft.why
    return stating(Related(relations[draft.intent], draft.about), draft.why)


def _close_adopted(wiki: Wiki, n: int, adopted: int) -> None:
    try:
        wiki.guidelines.close(n, None, adopted_as(adopted))
    except Refused:
        return  # it was closed already; the new one names it all the same


def colleagues(wiki: Wiki, emails: Iterable[str]) -> list[Person]:
    """The people behind these addresses; `Refused` names the first that nobody has."""
    wanted = [email.strip() for email in emails if email.strip()]
    found = wiki.accounts.among(email.casefold() for email in wanted)
    people = []
    for email in wanted:
        account = found.get(email.casefold())
        if account is None or not account.active:
            raise Refused(N_("Nobody here has the address “%(email)s”."), email=email)
        people.append(account.person)
    return people


def file_begun(wiki: Wiki, commit: str, path: str, text: str | None) -> DraftFile:
    """A file of a draft that was begun from what it is in this commit."""
    blob = wiki.repository.file(commit, path)
    return DraftFile(text, blob.id if blob is not None else None)


def brought_up(wiki: Wiki, draft: Draft) -> tuple[Draft, tuple[str, ...]]:
    """The draft on top of what is there now (what is in force, or the text of the proposal that it would revise), and
    the files of which the same passage has changed meanwhile; those keep the writer's words."""
    now = wiki.repository.main()
    if draft.proposal is not None:
        proposal = wiki.guidelines.weigh(draft.proposal).proposal
        now, draft = proposal.tip.id, replace(draft, base=proposal.change)
    files, clashing = dict(draft.files), []
    for path, file in draft.files.items():
        there = wiki.repository.file(now, path)
        blob = there.id if there is not None else None
        if blob == file.seen:
            continue
        mended = None
        if there is not None and file.seen is not None and file.text is not None:
            began, theirs = text_of(wiki, file.seen) or "", text_of(wiki, there) or ""
            mended = put_together(began, file.text, theirs)
        if mended is None:
            clashing.append(path)
        files[path] = replace(file, text=mended if mended is not None else file.text, seen=blob)
    return replace(draft, files=files), tuple(clashing)


def old_authors(wiki: Wiki, draft: Draft) -> tuple[Person, ...]:
    """Whose text an adopting draft goes on with."""
    if draft.intent is not Intent.ADOPT or draft.about is None:
        return ()
    return wiki.guidelines.weigh(draft.about).proposal.authors
