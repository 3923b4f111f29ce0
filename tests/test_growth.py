"""How a text grew: every word is somebody's, and passages that moved stay their author's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wiki.model.acts import Person
from wiki.prose.growth import Lines, Point, authors_after, point, spread, words_in
from wiki.web.growth import HEIGHT, OTHERS, picture

ANA, BOB = Person("Ana", "ana@example.com"), Person("Bob", "bob@example.com")
PEOPLE = [Person(f"P{n}", f"p{n}@example.com") for n in range(10)]
LINES = st.lists(st.text(alphabet="ab ’-.\r", max_size=12), min_size=1, max_size=8)


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[list[Lines], list[str]]]:
    """A text from its first revision on: each time lines that stood in the one before, in any order, and new ones."""
    found: list[tuple[list[Lines], list[str]]] = []
    before: list[str] = []
    for _ in range(draw(st.integers(1, 5))):
        change, text = [], []
        for _ in range(draw(st.integers(1, 4))):
            if before and draw(st.booleans()):
                start = draw(st.integers(1, len(before)))
                count = draw(st.integers(1, len(before) - start + 1))
                change.append(Lines(count, None, start))
                text += before[start - 1 : start - 1 + count]
            else:
                new = draw(LINES)
                change.append(Lines(len(new), draw(st.sampled_from(PEOPLE))))
                text += new
        found.append((change, text))
        before = text
    return found


@given(changes())
def test_at_every_point_the_words_of_all_authors_are_the_words_of_the_text(
    told: list[tuple[list[Lines], list[str]]],
) -> None:
    authors: list[Person] = []
    for change, lines in told:
        authors = authors_after(change, authors)
        assert len(authors) == len(lines)
        text = "\n".join(lines)
        assert point(0, text, authors).total == words_in(text)


def test_a_line_stays_its_authors_wherever_it_moves() -> None:
    first = authors_after([Lines(2, ANA)], [])
    second = authors_after([Lines(1, None, 2), Lines(1, BOB), Lines(1, None, 1)], first)
    assert second == [ANA, BOB, ANA]
    assert point(7, "two of hers\nhis\none", second) == Point(7, ((ANA, 4), (BOB, 1)))


@given(st.lists(st.integers(0, 10**9), max_size=300).map(sorted), st.integers(4, 60))
def test_few_of_many_are_looked_at_and_always_the_first_and_the_last(moments: list[int], most: int) -> None:
    found = spread(list(range(len(moments))), moments, most)
    assert len(found) <= most
    assert found == sorted(set(found))
    assert not moments or (found[0] == 0 and found[-1] == len(moments) - 1)


def test_the_picture_has_a_band_for_each_author_with_the_colour_they_have_in_the_shares() -> None:
    points = [Point(0, ((ANA, 10),)), Point(100, ((ANA, 10), (BOB, 30)))]
    shown = picture(points, {BOB.key: "Bob", ANA.key: "Ana Souza"}, lambda who: who.name, "Others")
    assert shown is not None
    assert [(band.name, band.part) for band in shown.bands] == [("Bob", 0), ("Ana Souza", 1)]
    assert shown.most == 40
    assert shown.bands[0].outline == f"M0 {HEIGHT}V120H624V0H640V{HEIGHT}z"
    assert shown.bands[1].outline == f"M0 {HEIGHT}V120H640V{HEIGHT}z"
    assert [(row.at, row.words, row.total) for row in shown.rows] == [(0, [0, 10], 10), (100, [30, 10], 40)]


def test_those_without_a_colour_are_shown_as_one() -> None:
    points = [Point(at, tuple((who, 20 - n) for n, who in enumerate(PEOPLE))) for at in (0, 1)]
    shown = picture(points, {PEOPLE[9].key: "P9"}, lambda who: who.name, "Others")
    assert shown is not None
    assert [band.name for band in shown.bands] == ["P9", "P0", "P1", "P2", "P3", "P4", "P5", "Others"]
    assert shown.bands[-1].part == OTHERS
    assert all(sum(row.words) == row.total for row in shown.rows)


def test_one_point_or_one_author_makes_no_picture() -> None:
    assert picture([Point(0, ((ANA, 1), (BOB, 1)))], {}, lambda who: who.name, "Others") is None
    assert picture([Point(0, ((ANA, 1),)), Point(1, ((ANA, 2),))], {}, lambda who: who.name, "Others") is None
    assert picture([], {}, lambda who: who.name, "Others") is None
