"""Acts that were done already: whoever was not told so sends them again, and they are done once.

A server that is killed after it wrote and before it answered, a line that breaks, a button that is pressed twice: all
look alike to the person, who tries again. Endorsements and objections replace themselves; here is the rest.
"""

from __future__ import annotations

from collections.abc import Mapping

from wiki.model.acts import Act, Kind, Person, message_of
from wiki.model.errors import NotFound
from wiki.model.proposal import Blob, Proposal, fold
from wiki.repository import Repository, proposal_ref

SECONDS = 600
"""So long after an act the very same one is the same act."""
_LOOKED_AT = 32


def proposed(
    repository: Repository, who: Person, message: str, files: Mapping[str, Blob | None], now: int
) -> tuple[int, str] | None:
    """The open proposal, of the last few, by which this person has just put these files on the table with these words:
    its number and its first act."""
    last = repository.refs.last_number()
    for n in range(last, max(0, last - _LOOKED_AT), -1):
        try:
            first = repository.first_act(n)
        except NotFound:
            continue
        if first.when < now - SECONDS:
            return None
        same = first.author == who and repository.commit(first.id).message == message
        if same and _puts(repository, first, files) and _is_open(repository, n):
            return n, first.id
    return None


def revised(
    repository: Repository,
    proposal: Proposal,
    who: Person,
    files: Mapping[str, Blob | None],
    seen: str | None,
    now: int,
) -> bool:
    """Whether the last act is by this person, puts these files on the table, and follows on what was seen."""
    tip = proposal.tip
    if tip.kind is not Kind.REVISE or tip.author.key != who.key or tip.when < now - SECONDS or seen is None:
        return False
    before = [act for act in proposal.versions if act.id != tip.id]
    return bool(before) and before[-1].id == seen and _holds(repository, tip.tree, files)


def said(
    repository: Repository, last: Act, who: Person, kind: Kind, text: str, to: Mapping[str, str], now: int
) -> bool:
    """Whether an act is by this person and says the very same."""
    same = last.kind is kind and last.author == who and last.when >= now - SECONDS
    return same and repository.commit(last.id).message == message_of(kind, text, to)


def _puts(repository: Repository, first: Act, files: Mapping[str, Blob | None]) -> bool:
    """Whether a first act changes these files, to this, and no others."""
    touched = {each.path for each in repository.proposal(first.id).touched}
    return touched <= set(files) and _holds(repository, first.tree, files)


def _is_open(repository: Repository, n: int) -> bool:
    """Whether a proposal is still on the table: what came into force and is no longer there is proposed anew."""
    tip = repository.refs.read(proposal_ref(n))
    if tip is None:
        return False
    acts = repository.chain(tip)
    return fold(acts).closed is None and repository.merge_of(acts[-1], repository.main()) is None


def _holds(repository: Repository, tree: str, files: Mapping[str, Blob | None]) -> bool:
    return all(repository.store.entry(tree, path) == blob for path, blob in files.items())
