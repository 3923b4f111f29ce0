"""Moving the day of the next look in the front matter of a page: nothing else may change, byte for byte."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wiki.markdown import review_day, split_front_matter, with_review_day
from wiki.together import confirmed_until, later

NEXT = date(2027, 11, 26)
DAY = "2026-05-01"


@pytest.mark.parametrize(
    "head",
    [
        "review_by: 2026-05-01",
        "review_by:   2026-05-01   # the board asked for it",
        "review_by: '2026-05-01'",
        'review_by: "2026-05-01"  # said on 2026-05-01',
        '"review_by": 2026-05-01',
        "# review_by: 2026-05-01\nreview_by: 2026-05-01\n# 2026-05-01",
        "since: 2026-05-01\ntitle: &a 'x: 2026-05-01'\nreview_by: 2026-05-01 10:30:00\nlast: [2026-05-01]",
        "{title: Tea, review_by: 2026-05-01, since: 2026-05-01}",
        "note: |\n  review_by: 2026-05-01\nreview_by: 2026-05-01",
        "title: 🫖 ☕ é\nreview_by: 2026-05-01",
        "review_by:\n  2026-05-01",
        "one:\n  review_by: 2026-05-01\nreview_by: 2026-05-01",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("beginning", ["", "\ufeff"])
def test_only_the_day_is_another(head: str, end: str, beginning: str) -> None:
    text = f"{beginning}---\n{head}\n---\n\n# Tea\n\nreview_by: 2026-05-01\n".replace("\n", end)
    moved = with_review_day(text, NEXT)
    assert moved is not None
    assert review_day(moved) == NEXT
    assert with_review_day(moved, date.fromisoformat(DAY)) == text
    at = next(at for at, (one, other) in enumerate(zip(text, moved, strict=True)) if one != other)
    begins = at - len("202")
    assert moved == f"{text[:begins]}2027-11-26{text[begins + 10 :]}"
    assert confirmed_until(text, moved) == NEXT


def test_of_two_days_the_one_that_counts_is_moved() -> None:
    text = "---\nreview_by: 2026-05-01\nreview_by: 2026-06-01\n---\nTea\n"
    assert review_day(text) == date(2026, 6, 1)
    assert with_review_day(text, NEXT) == text.replace("2026-06-01", "2027-11-26")


@pytest.mark.parametrize(
    "text",
    [
        "# Tea\n",
        "---\ntitle: Tea\n---\n",
        "---\nreview_by: soon\n---\n",
        "---\nreview_by: 2026-02-31\n---\n",
        "---\nreview_by: [2026-05-01]\n---\n",
        "---\nreview_by: 2026-05-01\ntitle: [\n---\n",
        "---\nreview_by: &day 2026-05-01\nsince: *day\n---\n",
        "---\nreview_by: '20260501'\n---\n",
        "---\nreview_by: 2026-05-01\n",
        '---\nreview_by: "2026-05-\\x301"\n---\n',
        "---\n<<: {review_by: 2026-05-01}\n---\n",
    ],
)
def test_what_cannot_be_followed_is_left_to_people(text: str) -> None:
    assert with_review_day(text, NEXT) is None


def test_a_change_that_does_more_or_looks_back_confirms_nothing() -> None:
    text = "---\nreview_by: 2026-05-01\n---\nTea\n"
    assert confirmed_until(text, text) is None
    assert confirmed_until(text, text.replace("2026-05-01", "2027-05-01") + "Milk\n") is None
    assert confirmed_until(text, text.replace("2026-05-01", "2026-04-30")) is None
    assert confirmed_until(text, text.replace("2026-05-01", "'2027-05-01'")) is None
    assert confirmed_until(text, "Tea\n") is None


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 26), 12, date(2027, 11, 26)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2028, 2, 29), 24, date(2030, 2, 28)),
    ],
)
def test_so_many_months_later(day: date, months: int, then: date) -> None:
    assert later(day, months) == then


_WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from("\n\r\t"), max_size=30)
_LINES = st.lists(
    st.sampled_from(
        ["title: Tea", "# a comment", "", "since: 2026-05-01", "tags: [a, 2026-05-01]", "owner: 'x # y'", "- a",
         "🫖: 1", "note: |", "  review_by: 2026-05-01", "text: \"two", '  lines"', "review_by: 2026-05-02", "? [a]",
         ": b", "\ufeff"]
    )
    | _WORDS,
    max_size=6,
)  # fmt: skip


@given(before=_LINES, after=_LINES, body=_WORDS, end=st.sampled_from(["\n", "\r\n", "\r"]), day=st.dates())
@example(before=["a: \x85b"], after=[], body="", end="\r\n", day=NEXT)
@example(before=["a: 'b", "\u2028c'"], after=[], body="", end="\r", day=NEXT)
def test_whatever_stands_around_it_stays(before: list[str], after: list[str], body: str, end: str, day: date) -> None:
    text = "\n".join(["---", *before, f"review_by: {DAY}", *after, "---", body]).replace("\n", end)
    moved = with_review_day(text, day)
    if moved is None:
        return
    values, rest = split_front_matter(text)
    became, same = split_front_matter(moved)
    assert same == rest
    assert {**became, "review_by": None} == {**values, "review_by": None}
    assert review_day(moved) == day
    was = review_day(text)
    assert was is not None
    assert with_review_day(moved, was) == text
    assert len(moved) == len(text)


@given(title=st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), max_size=20), day=st.dates())
def test_a_plain_day_can_always_be_moved(title: str, day: date) -> None:
    quoted = title.replace("'", "''")
    text = f"---\ntitle: '{quoted}'\nreview_by: {DAY}\n---\n"
    if review_day(text) is not None:
        assert with_review_day(text, day) == text.replace(f"review_by: {DAY}", f"review_by: {day.isoformat()}")
