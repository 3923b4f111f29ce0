"""How a text grew: every word is somebody's, and passages that moved stay their author's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wiki.model.acts import Person
from wiki.prose.growth import Point, Words, authors_after, point, spread, stayed, words_in
from wiki.web.growth import HEIGHT, OTHERS, picture

ANA, BOB = Person("Ana", "ana@example.com"), Person("Bob", "bob@example.com")
PEOPLE = [Person(f"P{n}", f"p{n}@example.com") for n in range(10)]
WORDS = st.lists(st.text(alphabet="abc", min_size=1, max_size=6), min_size=1, max_size=8)


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[list[Words], list[str]]]:
    """A text from its first revision on: each time words that stood in the one before, in any order, and new ones."""
    found: list[tuple[list[Words], list[str]]] = []
    before: list[str] = []
    for _ in range(draw(st.integers(1, 5))):
        change, text = [], []
        for _ in range(draw(st.integers(1, 4))):
            if before and draw(st.booleans()):
                start = draw(st.integers(0, len(before) - 1))
                count = draw(st.integers(1, len(before) - start))
                change.append(Words(count, None, start))
                text += before[start : start + count]
            else:
                new = draw(WORDS)
                change.append(Words(len(new), draw(st.sampled_from(PEOPLE))))
                text += new
        found.append((change, text))
        before = text
    return found


@given(changes(), st.booleans())
def test_at_every_point_the_words_of_all_authors_are_the_words_of_the_text(
    told: list[tuple[list[Words], list[str]]], looked_at: bool
) -> None:
    authors: list[Person] = []
    before = ""
    for change, words in told:
        text = "\n".join(words)
        authors = authors_after(change, authors, stayed(before, text, authors) if looked_at else ())
        assert len(authors) == len(words)
        assert point(0, text, authors).total == words_in(text)
        before = text


def test_a_word_stays_its_authors_wherever_it_moves() -> None:
    first = authors_after([Words(4, ANA)], (), ())
    second = authors_after([Words(3, None, 1), Words(1, BOB), Words(1, None, 0)], first, ())
    assert second == [ANA, ANA, ANA, BOB, ANA]
    assert point(7, "two of hers\nhis\none", second) == Point(7, ((ANA, 4), (BOB, 1)))


def test_a_word_that_stood_there_before_is_not_of_whoever_broke_its_line_anew() -> None:
    before, text = "Keep the receipt\nof every meal.\n", "Keep the\nreceipt of every single\nmeal.\n"
    known = stayed(before, text, [ANA] * 6)
    assert known == [ANA] * 5 + [None] + [ANA]
    assert authors_after([Words(7, BOB)], [ANA] * 6, known) == [ANA] * 5 + [BOB, ANA]


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
