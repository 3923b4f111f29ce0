"""Passages: remarks follow them from one text to the next, and two changes say where they meet."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wiki.prose import Follower, Spot, block_at, changed_lines, meeting, spots, spots_followed

PARAGRAPH = st.from_regex(r"[A-Z][a-z]{2,8}( [a-z]{2,8}){2,6}\.", fullmatch=True)
PAGES = st.lists(PARAGRAPH, min_size=1, max_size=8, unique=True)


def _page(paragraphs: list[str]) -> str:
    return "\n\n".join(paragraphs) + "\n"


def overlap(text: str, mine: str, other: str) -> list[Spot]:
    """Where two texts that were made of one meet."""
    return meeting(spots(text, mine), spots(text, other))


@given(page=PAGES, new=PAGES, data=st.data())
def test_a_paragraph_that_stays_is_followed(page: list[str], new: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(page) - 1))
    added = [each for each in new if each not in page]
    after = [*added, *page]
    found = Follower(_page(page), _page(after)).follow(2 * at + 1)
    assert not found.changed
    assert found.line == 2 * (len(added) + at) + 1
    assert found.words == page[at]


@given(page=PAGES, data=st.data())
def test_a_paragraph_that_goes_is_said_to_be_gone(page: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(page) - 1))
    left = [each for nth, each in enumerate(page) if nth != at]
    found = Follower(_page(page), _page(left) if left else "").follow(2 * at + 1)
    assert found.changed
    assert found.words == page[at]


@given(page=PAGES, one=PAGES, two=PAGES)
def test_two_changes_meet_in_the_same_place_whoever_is_asked(page: list[str], one: list[str], two: list[str]) -> None:
    texts = [_page(each) for each in (page, one, two)]
    assert bool(overlap(*texts)) == bool(overlap(texts[0], texts[2], texts[1]))
    assert overlap(texts[0], texts[0], texts[1]) == []


def test_changes_far_apart_do_not_meet_and_near_ones_do() -> None:
    page = ["One is here.", "Two is there.", "Three is far.", "Four is last."]
    first, last, both = (_page([page[0] + x, *page[1:3], page[3] + y]) for x, y in (("!", ""), ("", "!"), ("!", "!")))
    assert overlap(_page(page), first, last) == []
    assert [each.words for each in overlap(_page(page), first, both)] == ["One is here."]


def test_where_something_is_put_in_its_own_words_are_told_and_not_those_beside_it() -> None:
    page = "# T\n\n- one thing here\n- two things here\n- three things here\n\nThe end.\n"
    more, other = page + "\nThe first new one.\n", page + "\nThe second new one.\n"
    assert [(each.shown, each.words) for each in overlap(page, more, other)] == [("The first new one.", "The end.")]
    assert [each.shown for each in spots(page, page.replace("- three", "- new item\n- three"))] == ["new item"]
    assert [each.shown for each in spots(page, page.replace("two things", "2 things"))] == ["two things here"]
    later = page.replace("The end.", "This is the end.").replace("# T\n", "# T\n\nIntroduced.\n")
    (followed,) = spots_followed(page, more, later)
    assert (followed.shown, followed.words) == ("The first new one.", "This is the end.")
    assert followed.region.start == followed.region.stop == 6
    (top,) = spots_followed(page, "New at the top.\n\n" + page, later)
    assert (top.shown, top.region.start) == ("New at the top.", 0)


def test_front_matter_and_code_keep_their_lines() -> None:
    text = "---\ntitle: X\ntags: y\n---\n\n# Head\n\nWords\nand more.\n\n```\na = 1\nb = 2\n```\n- item\n"
    found = {line: block_at(text, line) for line in (2, 3, 6, 8, 9, 12, 13, 15)}
    assert {line: block.whole for line, block in found.items() if block is not None} == {
        2: "title: X", 3: "tags: y", 6: "# Head", 8: "Words and more.", 9: "Words and more.", 12: "a = 1", 13: "b = 2",
        15: "- item",
    }  # fmt: skip
    assert block_at(text, 1) is None


def test_the_lines_of_the_passages_that_a_change_replaces_are_known() -> None:
    text = "# Hours\n\nWork when you\nwork best.\n\nBe reachable.\n"
    assert changed_lines(text, text.replace("work best", "like")) == [range(3, 6)]
    assert changed_lines(text, text + "\nAnd rest.\n") == [range(6, 8)]
    assert changed_lines(text, "") == [range(1, 8)]
    assert changed_lines(text, text) == changed_lines("", text) == []
