"""What a pure function gave is kept, not more than so many values, whoever asks at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from tests.house import House
from wiki.repository import MAIN, Kept, store


def test_what_was_asked_for_of_late_is_not_asked_for_again() -> None:
    asked: list[int] = []

    def doubled(number: int) -> int:
        asked.append(number)
        return 2 * number

    kept = Kept(doubled, 3)
    assert [kept(number) for number in (1, 2, 3, 1, 2, 3)] == [2, 4, 6, 2, 4, 6]
    assert asked == [1, 2, 3]
    assert [kept(4), kept(2), kept(3), kept.peek(1)] == [8, 4, 6, None]
    assert kept(1) == 2
    assert asked == [1, 2, 3, 4, 1]


def test_what_weighs_much_makes_room_for_itself() -> None:
    kept: Kept[int, str] = Kept(lambda number: number * "x", 10, len)
    kept(3), kept(4), kept(3)
    assert [kept.peek(number) is not None for number in (3, 4)] == [True, True]
    kept(5)
    assert [kept.peek(number) is not None for number in (3, 4, 5)] == [False, True, True]
    for _ in range(3):
        kept.keep(5, "yyyyy")
    assert [kept.peek(number) for number in (4, 5)] == ["xxxx", "yyyyy"]
    kept(20)
    assert [kept.peek(number) is not None for number in (4, 5, 20)] == [False, False, True]


def test_of_a_folder_with_many_files_not_every_version_is_kept(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_MOST_NAMES", 4_000)
    blob = house.git("rev-parse", f"{MAIN}:welcome.md")
    lines = [f"100644 blob {blob.strip()}\tfile{nth}.md\n" for nth in range(1_010)]
    versions = [house.git("mktree", stdin="".join(lines[:count])).strip() for count in range(1_000, 1_010)]
    again = house.again()
    for tree in versions:
        again.repository.store.tree(tree)
    assert [again.repository.store.tree.peek(tree) is not None for tree in versions] == [False] * 7 + [True] * 3
    again.close()


def test_many_who_ask_at_once_are_told_what_they_asked_for() -> None:
    kept = Kept(lambda number: (number,), 5)

    def ask(seed: int) -> bool:
        random = Random(seed)
        return all(kept(number) == (number,) for number in (random.randrange(9) for _ in range(20_000)))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(8)))
    assert sum(kept.peek(number) is not None for number in range(9)) == 5
