"""What came into force is undone, a page goes back to what it was, a proposal whose authors have gone is adopted. All
begin as drafts."""

from __future__ import annotations

from dataclasses import dataclass

from wiki.accounts import Account
from wiki.assembly import Wiki
from wiki.drafts import Draft, DraftFile, Intent
from wiki.model.acts import MAX_TITLE
from wiki.model.errors import Refused
from wiki.model.names import is_attachment
from wiki.model.proposal import Blob, Proposal
from wiki.model.words import N_
from wiki.together.drafts import brought_up
from wiki.together.texts import file_like, put_together, text_of


@dataclass(frozen=True)
class Begun:
    """A draft that was made of a proposal, and the files that somebody must look at, because their passage has changed
    since."""

    draft: Draft
    by_hand: tuple[str, ...] = ()


def begin_undo(wiki: Wiki, account: Account, n: int, title: str) -> Begun:
    """A draft of this title that reverses what proposal ``n`` did, page by page, on top of what is in force now."""
    weighed = wiki.guidelines.weigh(n)
    if weighed.in_force is None:
        raise Refused(N_("Only what is in force can be undone."))
    main = wiki.repository.main()
    files: dict[str, DraftFile] = {}
    by_hand = []
    for touched in weighed.proposal.touched:
        now = wiki.repository.file(main, touched.path)
        seen = now.id if now is not None else None
        if is_attachment(touched.path):
            if now == touched.after:
                files[touched.path] = file_like(wiki, touched.path, touched.before, seen)
            continue
        clean, text = _reversed(wiki, touched.before, touched.after, now)
        if not clean:
            by_hand.append(touched.path)
        elif text != text_of(wiki, now):
            files[touched.path] = DraftFile(text, seen)
    if not files and not by_hand:
        raise Refused(N_("There is nothing left of this change that could be undone."))
    draft = Draft(account.id, intent=Intent.UNDO, about=n, title=title[:MAX_TITLE], files=files)
    return Begun(wiki.drafts.save(draft, wiki.now()), tuple(by_hand))


def _reversed(wiki: Wiki, before: Blob | None, after: Blob | None, now: Blob | None) -> tuple[bool, str | None]:
    """Whether a change to a file can be taken back from what it is now, and the text then."""
    if now in (after, before):
        return True, text_of(wiki, before)
    if now is None or before is None or after is None:
        return False, None
    found = put_together(*(text_of(wiki, blob) or "" for blob in (after, now, before)))
    return found is not None, found


def begin_return(wiki: Wiki, account: Account, path: str, blob: str, title: str) -> Begun:
    """A draft of this title in which a file has the text it had once. What else changed since stays as it is."""
    now = wiki.repository.file(wiki.repository.main(), path)
    text = text_of(wiki, blob)
    if text == text_of(wiki, now):
        raise Refused(N_("The page reads like this already."))
    file = DraftFile(text, now.id if now is not None else None)
    draft = Draft(account.id, title=title[:MAX_TITLE], files={path: file})
    return Begun(wiki.drafts.save(draft, wiki.now()))


def may_be_adopted(wiki: Wiki, proposal: Proposal) -> bool:
    """Whether every author has gone: none has an account that is active."""
    found = wiki.accounts.among((author.key for author in proposal.authors), formerly=True)
    return not any(account.active for account in found.values())


def begin_adoption(wiki: Wiki, account: Account, n: int) -> Begun:
    """A draft with the text of a proposal whose authors have gone."""
    weighed = wiki.guidelines.weigh(n)
    proposal = weighed.proposal
    if weighed.in_force is not None or not may_be_adopted(wiki, proposal):
        raise Refused(N_("This proposal still has an author who can look after it."))
    files = {
        path: file_like(wiki, path, touched.after, touched.before.id if touched.before is not None else None)
        for path, touched in ((each.path, each) for each in proposal.touched)
    }
    first = proposal.acts[0]
    draft = Draft(
        account.id, intent=Intent.ADOPT, about=n, title=first.title, why=first.why, files=files,
    )  # fmt: skip
    draft, by_hand = brought_up(wiki, draft)
    return Begun(wiki.drafts.save(draft, wiki.now()), by_hand)
