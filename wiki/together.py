"""What colleagues do together beyond a single act: drafts become proposals, suggestions are taken into a text, what
came into force is undone, and a proposal whose authors have gone is adopted.

Called by the web. Each ends in acts of the service; what is not an act yet lies in `wiki.drafts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import yaml

from wiki.accounts import Account
from wiki.assembly import Wiki
from wiki.drafts import Draft, DraftFile, Fate, Intent, Suggestion
from wiki.guidelines import Outcome
from wiki.markdown import mend_links, split_front_matter
from wiki.model.acts import MAX_TITLE, Person
from wiki.model.errors import Conflict, NotFound, Refused
from wiki.model.names import PAGE_SUFFIX, POLICY_PATH, PageName
from wiki.model.proposal import Blob, Proposal
from wiki.model.relations import Related, Relation, adopted_as, stating
from wiki.model.words import N_
from wiki.prose.three import conflicts, merged, passages

MOST_MENDED = 150


# Drafts


def propose_draft(wiki: Wiki, account: Account, draft: Draft) -> Outcome:
    """Put a draft on the table: a new proposal, or another text of the one it would revise. The draft is gone then;
    `Conflict` and `Refused` leave it as it is."""
    if not draft.files:
        raise Refused(N_("This draft changes nothing yet. Add a page to it first."))
    co_authors = [*colleagues(wiki, draft.co_authors), *old_authors(wiki, draft)]
    if draft.proposal is not None:
        outcome = wiki.guidelines.revise(
            draft.proposal, account.person, draft.edits, note=draft.why, seen=draft.base, co_authors=co_authors
        )
    else:
        outcome = wiki.guidelines.propose(
            account.person, draft.title, _why(draft), draft.edits, co_authors=co_authors, seen=draft.seen
        )
    if draft.intent is Intent.ADOPT and draft.about is not None:
        _close_adopted(wiki, draft.about, outcome.n)
    if draft.id:
        wiki.drafts.discard(draft.id, account.id)
    return outcome


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
        merged = None
        if there is not None and file.seen is not None and file.text is not None:
            began, theirs = text_of(wiki, file.seen) or "", text_of(wiki, there) or ""
            merged = put_together(began, file.text, theirs)
        if merged is None:
            clashing.append(path)
        files[path] = DraftFile(merged if merged is not None else file.text, blob)
    return replace(draft, files=files), tuple(clashing)


def put_together(began: str, ours: str, theirs: str) -> str | None:
    """Two changes of one text in one, down to the sentences of a paragraph; None where they touch the same words."""
    found = passages(began, ours, theirs)
    return None if conflicts(found) else merged(found)


def text_of(wiki: Wiki, blob: Blob | str | None) -> str | None:
    """The text of a blob, None for none."""
    return wiki.repository.content(blob).decode("utf-8", "replace") if blob is not None else None


# Undoing and adopting


@dataclass(frozen=True)
class Begun:
    """A draft that was made of a proposal, and the files that somebody must look at, because their passage has changed
    since."""

    draft: Draft
    by_hand: tuple[str, ...] = ()


def begin_undo(wiki: Wiki, account: Account, n: int) -> Begun:
    """A draft that reverses what proposal ``n`` did, page by page, on top of what is in force now."""
    weighed = wiki.guidelines.weigh(n)
    if weighed.in_force is None:
        raise Refused(N_("Only what is in force can be undone."))
    main = wiki.repository.main()
    files: dict[str, DraftFile] = {}
    by_hand = []
    for touched in weighed.proposal.touched:
        now = wiki.repository.file(main, touched.path)
        clean, text = _reversed(wiki, touched.before, touched.after, now)
        if not clean:
            by_hand.append(touched.path)
        elif text != text_of(wiki, now):
            files[touched.path] = DraftFile(text, now.id if now is not None else None)
    if not files and not by_hand:
        raise Refused(N_("There is nothing left of this change that could be undone."))
    title = f"Undo “{weighed.proposal.title}”"[:MAX_TITLE]
    draft = Draft(account.id, intent=Intent.UNDO, about=n, title=title, files=files)
    return Begun(wiki.drafts.save(draft, wiki.now()), tuple(by_hand))


def _reversed(wiki: Wiki, before: Blob | None, after: Blob | None, now: Blob | None) -> tuple[bool, str | None]:
    """Whether a change to a file can be taken back from what it is now, and the text then."""
    if now in (after, before):
        return True, text_of(wiki, before)
    if now is None or before is None or after is None:
        return False, None
    found = put_together(*(text_of(wiki, blob) or "" for blob in (after, now, before)))
    return found is not None, found


def may_be_adopted(wiki: Wiki, proposal: Proposal) -> bool:
    """Whether every author has gone: none has an account that is active."""
    found = wiki.accounts.among(author.key for author in proposal.authors)
    return not any(account.active for account in found.values())


def begin_adoption(wiki: Wiki, account: Account, n: int) -> Begun:
    """A draft with the text of a proposal whose authors have gone."""
    weighed = wiki.guidelines.weigh(n)
    proposal = weighed.proposal
    if weighed.in_force is not None or not may_be_adopted(wiki, proposal):
        raise Refused(N_("This proposal still has an author who can look after it."))
    files = {
        touched.path: DraftFile(text_of(wiki, touched.after), touched.before.id if touched.before is not None else None)
        for touched in proposal.touched
    }
    first = proposal.acts[0]
    draft = Draft(
        account.id, intent=Intent.ADOPT, about=n, title=first.title, why=first.why, files=files,
    )  # fmt: skip
    draft, by_hand = brought_up(wiki, draft)
    return Begun(wiki.drafts.save(draft, wiki.now()), by_hand)


def old_authors(wiki: Wiki, draft: Draft) -> tuple[Person, ...]:
    """Whose text an adopting draft goes on with."""
    if draft.intent is not Intent.ADOPT or draft.about is None:
        return ()
    return wiki.guidelines.weigh(draft.about).proposal.authors


# Suggestions


def suggest(wiki: Wiki, who: Person, n: int, change: str, path: str, text: str, note: str) -> int:
    """Give other words for a page of a proposal to its authors; the number of the suggestion."""
    weighed = wiki.guidelines.weigh(n)
    proposal = weighed.proposal
    if weighed.in_force is not None or proposal.closed is not None:
        raise Refused(N_("This proposal is no longer on the table."))
    if proposal.is_author(who):
        raise Refused(N_("You are an author of this proposal: you can change its text yourself."))
    if change != proposal.change:
        raise Conflict(N_("The text of this proposal has changed since you opened it. Please look at it again."))
    there = wiki.repository.file(proposal.tip.id, path)
    cleaned = wiki.guidelines.check_text(path, text)
    if there is None or cleaned == text_of(wiki, there):
        raise Refused(N_("Nothing is different from the text that is there. Change something, then suggest it."))
    return wiki.suggestions.make(n, change, who, path, cleaned, note, wiki.now())


def suggested_text(wiki: Wiki, proposal: Proposal, suggestion: Suggestion, current: str | None = None) -> str | None:
    """The page of the proposal with the suggestion in it; None where the passage has changed since."""
    if current is None:
        current = text_of(wiki, wiki.repository.file(proposal.tip.id, suggestion.path))
    began = text_of(wiki, wiki.repository.file(suggestion.change, suggestion.path))
    if current is None or began is None:
        return None
    if current in (began, suggestion.text):
        return suggestion.text
    return put_together(began, current, suggestion.text)


def take_suggestions(wiki: Wiki, who: Person, n: int, change: str, numbers: Sequence[int]) -> Outcome:
    """An author takes suggestions into the text, all of them as one `revise` that names who made them."""
    proposal = wiki.guidelines.weigh(n).proposal
    chosen = [wiki.suggestions.get(n, number) for number in dict.fromkeys(numbers)]
    chosen = [each for each in chosen if each.fate is Fate.OPEN]
    if not chosen:
        raise Refused(N_("Please choose a suggestion that is still open."))
    edits = _together(wiki, proposal, chosen)
    makers = {each.who.key: each.who for each in chosen if not proposal.is_author(each.who)}
    if not edits:
        outcome = Outcome(n, proposal.tip.id)
    else:
        notes = "\n".join(each.note for each in chosen if each.note)
        outcome = wiki.guidelines.revise(n, who, edits, note=notes, seen=change, suggested_by=makers.values())
    wiki.suggestions.decide(n, [each.id for each in chosen], Fate.TAKEN, wiki.now())
    return outcome


def _together(wiki: Wiki, proposal: Proposal, chosen: Sequence[Suggestion]) -> dict[str, str | None]:
    """The new text of each page with all suggestions in it, without pages that say it already."""
    texts: dict[str, str | None] = {}
    for suggestion in chosen:
        found = suggested_text(wiki, proposal, suggestion, texts.get(suggestion.path))
        if found is None:
            raise Conflict(
                N_("The suggestion by %(name)s is about a passage that has changed. Please edit the text by hand."),
                name=suggestion.who.name,
            )
        texts[suggestion.path] = found
    return {
        path: text for path, text in texts.items() if text != text_of(wiki, wiki.repository.file(proposal.tip.id, path))
    }


# Moving and removing pages


def moving(
    wiki: Wiki,
    name: str,
    new_name: str,
    text: str | None = None,
    *,
    mend: bool = True,
    others: Mapping[str, DraftFile] | None = None,
) -> dict[str, DraftFile]:
    """The files that change when a page gets another name: itself, and where ``mend`` the pages that lead to it.
    ``others`` are files that change along with it."""
    main = wiki.repository.main()
    old_path, new_path = PageName(name).path, PageName(new_name).path
    blob = wiki.repository.file(main, old_path)
    if blob is None:
        raise NotFound(N_("There is no page “%(name)s”."), name=name)
    words = text if text is not None else text_of(wiki, blob) or ""
    moved = {name: new_name}
    if mend:
        words = mend_links(words, _folder(name), moved, _folder(new_name))
    files = {old_path: DraftFile(None, blob.id), new_path: file_begun(wiki, main, new_path, words)}
    return {**files, **(_mended(wiki, main, moved, others or {}) if mend else {})}


def _mended(wiki: Wiki, main: str, moved: Mapping[str, str], others: Mapping[str, DraftFile]) -> dict[str, DraftFile]:
    files: dict[str, DraftFile] = {}
    for row in wiki.index.linking_to(*moved)[:MOST_MENDED]:
        path = row.name + PAGE_SUFFIX
        blob = wiki.repository.file(main, path)
        file = others.get(path) or DraftFile(text_of(wiki, blob), blob.id if blob is not None else None)
        if row.name in moved or file.text is None:
            continue
        after = mend_links(file.text, _folder(row.name), moved)
        if after != file.text:
            files[path] = DraftFile(after, file.seen)
    return files


def removing(
    wiki: Wiki, name: str, lead_to: str = "", others: Mapping[str, DraftFile] | None = None
) -> dict[str, DraftFile]:
    """The files that change when a page goes: itself, and the page that its readers are led to, which says so in its
    front matter. ``others`` are files that change along with it."""
    main = wiki.repository.main()
    path = name if name == POLICY_PATH else PageName(name).path
    blob = wiki.repository.file(main, path)
    if blob is None:
        raise NotFound(N_("There is no page “%(name)s”."), name=name)
    files = {path: DraftFile(None, blob.id)}
    if lead_to:
        target = PageName(lead_to).path
        there = wiki.repository.file(main, target)
        if there is None or target == path:
            raise Refused(N_("There is no page “%(name)s” that readers could be led to."), name=lead_to)
        file = (others or {}).get(target) or DraftFile(text_of(wiki, there), there.id)
        files[target] = DraftFile(with_redirect_from(file.text or "", name), file.seen)
    return files


def with_redirect_from(text: str, name: str) -> str:
    """A page that is also found where ``name`` was. Its front matter keeps the form it has where that can hold a line
    more, and is written anew where it cannot."""
    facts, body = split_front_matter(text)
    there = facts.get("redirect_from")
    aliases = [f"/{name}", *(there if isinstance(there, list) else [there] if there else [])]
    if not facts:
        return f"---\nredirect_from:\n- /{name}\n---\n\n{text}"
    head = text[: len(text) - len(body)]
    if "redirect_from" not in facts:
        opening, _, rest = head.partition("\n")
        written = f"{opening}\nredirect_from:\n- /{name}\n{rest}{body}"
        if split_front_matter(written) == ({"redirect_from": aliases, **facts}, body):
            return written
    kept = yaml.safe_dump({**facts, "redirect_from": aliases}, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{kept}---\n{body}"


def _folder(name: str) -> str:
    return name.rpartition("/")[0]
