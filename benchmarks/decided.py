"""A history of decisions for `wiki verify`: thousands of merged proposals, written as the wiki writes them."""

from __future__ import annotations

from wiki.model.acts import Kind, Person, message_of
from wiki.model.proposal import Blob
from wiki.repository import MAIN, Repository, Swap, proposal_ref

AT_ONCE = 200
ENDORSERS = 4
ACTS = 1 + ENDORSERS


def decide_many(repository: Repository, merges: int) -> None:
    """Add so many merged proposals to a wiki whose policy asks for at most four endorsements; every merge has
    `ACTS` acts."""
    main = repository.main()
    number = repository.refs.count_numbers() + 1
    paths = [path for path, _ in repository.files(main) if path.endswith(".md")]
    for at in range(0, merges, AT_ONCE):
        main, number = _some(repository, main, number, min(AT_ONCE, merges - at), paths)
    repository.refs.remember_number(number - 1)


def _some(repository: Repository, main: str, number: int, count: int, paths: list[str]) -> tuple[str, int]:
    batch, swaps = repository.batch(), []
    before, when = main, repository.commit(main).when
    tree = repository.commit(main).tree
    for n in range(number, number + count):
        who = _colleague(n)
        text = f"# Page\n\nAs proposal {n} has it.\n".encode()
        tree = batch.splice(tree, {paths[n % len(paths)]: Blob("100644", batch.blob(text))})
        when += 60

        def commit(parents: tuple[str, ...], author: Person, message: str, tree: str = tree, at: int = when) -> str:
            return batch.commit(
                tree=tree, parents=parents, author=author, committer=repository.system, when=at, message=message
            )

        first = tip = commit((main,), who, message_of(Kind.PROPOSE, f"Change {n}\n\nBecause."))
        voices = [_colleague(n + 1 + nth) for nth in range(ENDORSERS)]
        for voice in voices:
            tip = commit((tip,), voice, message_of(Kind.ENDORSE, "", {"Of": first, "Member-Since": "0"}))
        lines = [f"Change {n} (#{n})", "", f"Proposal: {n}", f"Change: {first}", "Active-Members: 10"]
        lines += [f"Written-by: {who}", *(f"Endorsed-by: {voice}" for voice in voices)]
        main = commit((main, tip), who, "\n".join(lines) + "\n")
        swaps.append(Swap(proposal_ref(n), None, tip))
    repository.store_and_swap(batch, [*swaps, Swap(MAIN, before, main)])
    return main, number + count


def _colleague(nth: int) -> Person:
    return Person(f"Colleague {nth % 300}", f"colleague{nth % 300}@example.com")
