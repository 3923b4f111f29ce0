"""A crowd: thousands of open proposals, one that a thousand have endorsed, one with hundreds of comments.

Written as the wiki would have written them, many objects in one pack, so that a benchmark need not wait for each act.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wiki.assembly import Wiki
from wiki.model.acts import Kind, Person, message_of
from wiki.model.proposal import Blob
from wiki.repository import Swap, proposal_ref, talk_ref
from wiki.repository.objects import Batch
from wiki.repository.process import EMPTY_TREE

AT_ONCE = 500


@dataclass(frozen=True)
class Crowd:
    """The numbers of an ordinary proposal, of the one with many endorsers and of the one with many comments."""

    ordinary: int
    endorsed: int
    discussed: int


def gather(wiki: Wiki, proposals: int, endorsers: int, comments: int) -> Crowd:
    """Put so many proposals on the table of a wiki with a few pages, and index them."""
    first = wiki.guidelines.count() + 1
    numbers = list(range(first, first + proposals))
    for at in range(0, proposals, AT_ONCE):
        _propose(wiki, numbers[at : at + AT_ONCE])
    crowd = Crowd(numbers[0], numbers[1], numbers[2])
    _endorse(wiki, crowd.endorsed, endorsers)
    _endorse(wiki, crowd.ordinary, 1)
    _comment(wiki, crowd.discussed, comments)
    wiki.repository.refs.remember_number(numbers[-1])
    wiki.index.catch_up()
    return crowd


def _colleague(nth: int) -> Person:
    return Person(f"Colleague {nth}", f"colleague{nth}@example.com")


def _propose(wiki: Wiki, numbers: list[int]) -> None:
    repository = wiki.repository
    main = repository.commit(repository.main())
    files = [(path, blob) for path, blob in repository.files(main.id) if path.endswith(".md")]
    batch, swaps = repository.batch(), []
    for n in numbers:
        path, blob = files[n % len(files)]
        text = repository.content(blob) + f"\nA sentence for proposal {n}.\n".encode()
        tree = batch.splice(main.tree, {path: Blob("100644", batch.blob(text))})
        message = message_of(Kind.PROPOSE, f"Add sentence {n}\n\nBecause it was missing.")
        act = _commit(batch, wiki, tree, (main.id,), _colleague(n % 300), main.when + n, message)
        swaps.append(Swap(proposal_ref(n), None, act))
    repository.store_and_swap(batch, swaps)


def _commit(batch: Batch, wiki: Wiki, tree: str, parents: tuple[str, ...], who: Person, when: int, message: str) -> str:
    system = wiki.repository.system
    return batch.commit(tree=tree, parents=parents, author=who, committer=system, when=when, message=message)


def _endorse(wiki: Wiki, n: int, count: int) -> None:
    tip = wiki.guidelines.tip(n)
    commit = wiki.repository.commit(tip)
    batch, at = wiki.repository.batch(), tip
    for nth, who in zip(range(count), _voices(), strict=False):
        message = message_of(Kind.ENDORSE, "", {"Of": tip, "Member-Since": "0"})
        at = _commit(batch, wiki, commit.tree, (at,), who, commit.when + nth, message)
    wiki.repository.store_and_swap(batch, [Swap(proposal_ref(n), tip, at)])


def _voices() -> Iterator[Person]:
    nth = 1_000
    while True:
        yield _colleague(nth)
        nth += 1


def _comment(wiki: Wiki, n: int, count: int) -> None:
    repository = wiki.repository
    when = repository.commit(wiki.guidelines.tip(n)).when
    batch, at = repository.batch(), ""
    batch.tree({})
    for nth in range(count):
        message = message_of(Kind.COMMENT, f"Remark {nth}: does *everybody* know what this means?")
        at = _commit(batch, wiki, EMPTY_TREE, (at,) if at else (), _colleague(nth % 50), when + nth, message)
    repository.store_and_swap(batch, [Swap(talk_ref(n), None, at)])
