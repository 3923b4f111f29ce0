"""Rule 13 of model.md section 7: thirty-two writers at once, on one proposal and on many."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.service.actors import ended, start
from tests.service.test_many_at_once import chains
from tests.world import check_from_outside, close, settings_for, write_pages
from wiki.assembly import Wiki, open_wiki
from wiki.model.acts import Kind, Person
from wiki.repository.founding import found

ACTOR = Path(__file__).with_name("crowd_actor.py")
CROWD = 32
PROCESSES = 4


def _found(place: Path, pages: Path, endorse: int) -> Path:
    settings = settings_for(place)
    policy = f'[objection]\nhold = "0h"\nweigh = 1\n\n[[rule]]\npages = "**"\nendorse = {endorse}\n'
    system = Person("Concord", "concord@localhost")
    found(settings.content_git, pages, policy, system, int(time.time()) - 60).store.close()
    wiki = open_wiki(settings)
    wiki.index.rebuild()
    close(wiki)
    return place


def _let_loose(data: Path, mode: str) -> list[list[str]]:
    """The whole crowd at once; what each of its acts was told: kind, id, number of the proposal."""
    go, each = data / "go", CROWD // PROCESSES
    actors = [start(ACTOR, data, mode, nth * each, each, go, data / f"told{nth}") for nth in range(PROCESSES)]
    time.sleep(0.5)
    go.touch()
    assert [ended(actor, 120) for actor in actors] == [0] * PROCESSES
    return [line.split() for file in sorted(data.glob("told*")) for line in file.read_text().splitlines()]


def _check(data: Path, told: list[list[str]]) -> Wiki:
    held = chains(data / "content.git")
    acts = [act for _, act, _ in told]
    assert len(set(acts)) == len(acts)
    assert [act for act in acts if held[act] != 1] == []
    check_from_outside(data / "content.git")
    wiki = open_wiki(settings_for(data))
    wiki.tick()
    return wiki


@pytest.mark.slow
@pytest.mark.parametrize("bar", [3, 12, 18, 22])
def test_thirty_two_on_one_proposal_and_its_author_withdraws(data_pages: Path, tmp_path: Path, bar: int) -> None:
    data = _found(tmp_path / "data", data_pages, bar)
    wiki = open_wiki(settings_for(data))
    author = Person("Colleague 0", "colleague0@example.com")
    wiki.guidelines.propose(author, "A change", "", {"shared.md": "# Shared\n\nChanged.\n"})
    close(wiki)
    told = _let_loose(data, "one")
    wiki = _check(data, told)
    try:
        weighed = wiki.guidelines.weigh(1)
        withdrawn = any(kind == "close" for kind, _, _ in told)
        merges = [row for row in wiki.index.book.changes(limit=10) if row.proposal == 1]
        assert (weighed.in_force is not None) != withdrawn
        assert len(merges) == (0 if withdrawn else 1)
        assert (weighed.proposal.closed is not None) is withdrawn
        if weighed.in_force:
            assert len(weighed.standing.valid) >= bar
        assert told
    finally:
        close(wiki)


@pytest.mark.slow
def test_thirty_two_on_many_proposals(data_pages: Path, tmp_path: Path) -> None:
    data = _found(tmp_path / "data", data_pages, 4)
    told = _let_loose(data, "many")
    wiki = _check(data, told)
    try:
        proposed = [int(n) for kind, _, n in told if kind == "propose"]
        assert sorted(proposed) == list(range(1, CROWD + 1))
        merges = [row.proposal for row in wiki.index.book.changes(limit=100) if row.proposal is not None]
        assert len(merges) == len(set(merges)) > 0
        for n in proposed:
            weighed = wiki.guidelines.weigh(n)
            assert (n in merges) is (weighed.in_force is not None)
            endorsed = {act.author.key for act in weighed.proposal.acts if act.kind is Kind.ENDORSE}
            assert weighed.proposal.authors[0].key not in endorsed
            if weighed.in_force is None:
                assert weighed.standing.reasons
    finally:
        close(wiki)


@pytest.fixture
def data_pages(tmp_path: Path) -> Path:
    """One page that everybody wants to change."""
    return write_pages(tmp_path / "pages", {"shared.md": "# Shared\n\nFor all.\n"})
