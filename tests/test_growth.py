"""How a text grew: every word is somebody's, at each of a few revisions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wiki.model.acts import Person
from wiki.prose.growth import Point, point, renamed, spread, words_in
from wiki.web.growth import HEIGHT, OTHERS, picture

ANA, BOB = Person("Ana", "ana@example.com"), Person("Bob", "bob@example.com")
PEOPLE = [Person(f"P{n}", f"p{n}@example.com") for n in range(10)]
ROWS = st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(1, 8)), max_size=12)


@given(ROWS)
def test_at_every_point_the_words_of_all_authors_are_the_words_of_the_text(rows: list[tuple[Person, int]]) -> None:
    text = "\n".join("word " * count for _person, count in rows)
    assert point(0, text, rows).total == words_in(text) == sum(count for _person, count in rows)


def test_the_words_above_the_text_are_left_out_whoever_wrote_them() -> None:
    text = "---\ntitle: Green tea\n---\none of hers\nhis\n"
    assert point(7, text, [(ANA, 2), (BOB, 2), (ANA, 2), (BOB, 1)]) == Point(7, ((ANA, 2), (BOB, 2)))


def test_two_names_of_one_are_one() -> None:
    bobby = Person("Bobby", "bob@example.org")
    told = renamed(Point(7, ((ANA, 3), (BOB, 2), (bobby, 2))), {ANA: ANA, BOB: BOB, bobby: BOB})
    assert told == Point(7, ((BOB, 4), (ANA, 3)))


@given(st.lists(st.integers(0, 10**9), max_size=300).map(sorted), st.integers(4, 60))
def test_few_of_many_are_looked_at_and_always_the_first_and_the_last(moments: list[int], most: int) -> None:
    found = spread(list(range(len(moments))), moments, most)
    assert len(found) <= most
    assert found == sorted(set(found))
    assert not moments or (found[0] == 0 and found[-1] == len(moments) - 1)


def test_the_picture_has_a_band_for_each_author_with_the_colour_they_have_in_the_shares() -> None:
    points = [Point(0, ((ANA, 10),)), Point(100, ((ANA, 10), (BOB, 30)))]
    shown = picture(points, {BOB.handle: "Bob", ANA.handle: "Ana Souza"}, lambda who: who.name, "Others")
    assert shown is not None
    assert [(band.name, band.part) for band in shown.bands] == [("Bob", 0), ("Ana Souza", 1)]
    assert shown.most == 40
    assert shown.bands[0].outline == f"M0 {HEIGHT}V120H624V0H640V{HEIGHT}z"
    assert shown.bands[1].outline == f"M0 {HEIGHT}V120H640V{HEIGHT}z"
    assert [(row.at, row.words, row.total) for row in shown.rows] == [(0, [0, 10], 10), (100, [30, 10], 40)]


def test_those_without_a_colour_are_shown_as_one() -> None:
    points = [Point(at, tuple((who, 20 - n) for n, who in enumerate(PEOPLE))) for at in (0, 1)]
    shown = picture(points, {PEOPLE[9].handle: "P9"}, lambda who: who.name, "Others")
    assert shown is not None
    assert [band.name for band in shown.bands] == ["P9", "P0", "P1", "P2", "P3", "P4", "P5", "Others"]
    assert shown.bands[-1].part == OTHERS
    assert all(sum(row.words) == row.total for row in shown.rows)


def test_one_point_or_one_author_makes_no_picture() -> None:
    assert picture([Point(0, ((ANA, 1), (BOB, 1)))], {}, lambda who: who.name, "Others") is None
    assert picture([Point(0, ((ANA, 1),)), Point(1, ((ANA, 2),))], {}, lambda who: who.name, "Others") is None
    assert picture([], {}, lambda who: who.name, "Others") is None
