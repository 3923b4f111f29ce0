"""What a pure function gave is kept, not more than so many values, whoever asks at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random

from wiki.repository import Kept


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


def test_many_who_ask_at_once_are_told_what_they_asked_for() -> None:
    kept = Kept(lambda number: (number,), 5)

    def ask(seed: int) -> bool:
        random = Random(seed)
        return all(kept(number) == (number,) for number in (random.randrange(9) for _ in range(20_000)))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(8)))
    assert sum(kept.peek(number) is not None for number in range(9)) == 5
