"""What a chain of acts adds up to, and which chains are none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.house import ANA, BOB, CYD, SYSTEM
from tests.model.table import Table
from wiki.model.acts import Kind
from wiki.model.errors import Damaged
from wiki.model.proposal import fold


def test_a_chain_begins_with_its_one_proposal(table: Table) -> None:
    with pytest.raises(Damaged):
        fold([])
    table.propose(ANA)
    endorsed = replace(table.acts[0], kind=Kind.ENDORSE)
    with pytest.raises(Damaged):
        fold([endorsed])
    table.propose(ANA)
    with pytest.raises(Damaged):
        fold(table.acts)


@pytest.mark.parametrize("kind", [k for k in Kind if k not in {Kind.PROPOSE, Kind.REVISE, Kind.REFRESH, Kind.COMMENT}])
def test_an_act_of_voice_leaves_the_text_as_it_is(table: Table, kind: Kind) -> None:
    table.propose(ANA)
    table.act(kind, ANA)
    fold(table.acts)
    table.acts[-1] = replace(table.acts[-1], tree="another")
    with pytest.raises(Damaged):
        fold(table.acts)


@pytest.mark.parametrize(
    "damage",
    [{"when": 1}, {"parents": ("0" * 40,)}, {"parents": ()}, {"parents": ("0" * 40, "1" * 40)}, {"kind": Kind.COMMENT}],
)
def test_a_chain_that_is_none_is_not_read(table: Table, damage: dict[str, object]) -> None:
    table.propose(ANA)
    table.endorse(BOB)
    table.acts[-1] = replace(table.acts[-1], **damage)  # type: ignore[arg-type]
    with pytest.raises(Damaged):
        fold(table.acts)


def test_only_the_wiki_refreshes(table: Table) -> None:
    table.propose(ANA)
    table.refresh(kept=True)
    fold(table.acts)
    table.acts[-1] = replace(table.acts[-1], author=ANA, by_system=False)
    with pytest.raises(Damaged):
        fold(table.acts)


def test_authors_and_the_wiki_close_and_only_authors_reopen(table: Table) -> None:
    table.propose(ANA)
    table.act(Kind.CLOSE, SYSTEM)
    table.act(Kind.REOPEN, ANA)
    assert table.proposal.closed is None
    for kind, who in ((Kind.CLOSE, BOB), (Kind.REOPEN, BOB), (Kind.REOPEN, SYSTEM)):
        with pytest.raises(Damaged):
            fold([*table.acts, _after(table, kind, who)])


def test_an_author_is_one_for_good_and_a_refresh_makes_none(table: Table) -> None:
    table.propose(ANA, CYD)
    table.refresh(kept=False)
    table.revise(BOB)
    assert [author.name for author in table.proposal.authors] == [ANA.name, CYD.name, BOB.name]


def test_the_change_is_the_last_text_and_the_base_what_it_was_read_against(table: Table) -> None:
    table.propose(ANA)
    table.revise(ANA)
    changed = table.acts[-1]
    table.endorse(BOB)
    refresh = table.refresh(kept=True)
    assert table.proposal.change == changed.id
    assert table.proposal.base == refresh.parents[1]
    refresh = table.refresh(kept=False)
    assert table.proposal.change == refresh.id


def _after(table: Table, kind: Kind, who: object) -> object:
    copy = Table(now=table.now, acts=list(table.acts))
    return copy.act(kind, who)  # type: ignore[arg-type]
