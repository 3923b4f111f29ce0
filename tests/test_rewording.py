"""Other words for a sentence: found in the source as it was read, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiki.prose.as_read import page_as_read
from wiki.prose.rewording import Found, find, reworded, source_after

PAGE = """\
---
title: Money
---

# Money

Keep the *receipt* of every meal. See [the **list** of forms](forms.md "All") first; run `wiki check` then.
You are paid back
what you spent &amp; more\\*.

- Take the train.
  It is quick.
- Take the train.
    - Take the *train* at night.

> Somebody said so.
> Nobody asked[^1].

| who | what |
|-----|------|
| Ana | pays \\| asks |
| Bob | **never** pays |

## Who pays? {#pays}

旅費は会社が払います。領収書を保管してください。質問は総務へ。

Take the train. <b>Bold</b> is bold, and 2 * 3 * 4 is 24.

[^1]: Take the train.
"""


def _after(quote: str, typed: str, nth: int = 1, *, whole: bool = False, page: str = PAGE) -> str:
    """What the lines that changed were and are."""
    found = find(page, "", quote, nth, whole=whole)
    assert found is not None, quote
    text = reworded(found, typed)
    assert text is not None, found
    old, new = page.split("\n"), text.split("\n")
    assert len(old) == len(new)
    changed = [other for one, other in zip(old, new, strict=True) if one != other]
    return "\n".join(changed)


SEE = 'See [the **list** of forms](forms.md "All") first; run `wiki check` then.'


@pytest.mark.parametrize(
    ("quote", "typed", "line"),
    [
        ("receipt", "Keep the receipt of each meal.", f"Keep the *receipt* of each meal. {SEE}"),
        ("Keep", "Keep the bill of every meal.", f"Keep the *bill* of every meal. {SEE}"),
        ("Keep", "Keep each bill of every meal.", f"Keep each *bill* of every meal. {SEE}"),
        ("Keep", "Keep the *receipt* of every meal.", f"Keep the \\**receipt** of every meal. {SEE}"),
        ("forms first", "See the list of papers first; run wiki check then.",
         f"Keep the *receipt* of every meal. {SEE.replace('of forms', 'of papers')}"),
        ("See the", "See the forms first; run wiki verify then.",
         'Keep the *receipt* of every meal. See [the forms](forms.md "All") first; run `wiki verify` then.'),
        ("paid", "You are paid back what you spent & lost*.", "what you spent &amp; lost\\*."),
        ("Somebody", "Somebody wrote so.", "> Somebody wrote so."),
        ("Nobody asked", "Nobody ever asked.", "> Nobody ever asked[^1]."),
        ("pays | asks", "pays | begs", "| Ana | pays \\| begs |"),
        ("never", "never | ever pays", "| Bob | **never** \\| ever pays |"),
        ("Who pays", "Who pays for it?", "## Who pays for it? {#pays}"),
        ("領収書", "領収書を必ず保管してください。",
         "旅費は会社が払います。領収書を必ず保管してください。質問は総務へ。"),
        ("24", "<b>Bold</b> is bold, and 2 * 3 * 4 is 24.",
         "Take the train. \\<b><b>Bold</b>\\</b> is bold, and 2 * 3 * 4 is 24."),
        ("24", "Bold is thick, and 2 * 3 * 5 is 30.", "Take the train. <b>Bold</b> is thick, and 2 * 3 * 5 is 30."),
    ],
)  # fmt: skip
def test_only_the_words_that_differ_are_written_anew(quote: str, typed: str, line: str) -> None:
    assert _after(quote, typed) == line


@pytest.mark.parametrize(
    ("nth", "line"),
    [(1, "- Take a train."), (2, "- Take a train."), (3, "    - Take a *train* at night."),
     (4, "Take a train. <b>Bold</b> is bold, and 2 * 3 * 4 is 24."), (5, "[^1]: Take a train.")],
)  # fmt: skip
def test_of_several_equal_sentences_the_one_that_was_chosen_is_found(nth: int, line: str) -> None:
    typed = "Take a train at night." if nth == 3 else "Take a train."
    assert _after("Take the train", typed, nth) == line
    assert find(PAGE, "", "Take the train", 6) is None


def test_a_word_stands_for_its_sentence_and_a_passage_for_all_of_its_sentences() -> None:
    found = find(PAGE, "", "quick")
    assert found is not None
    assert found.words == "It is quick."
    whole = find(PAGE, "", "quick", whole=True)
    assert whole is not None
    assert whole.words == "Take the train. It is quick."
    assert _after("quick", "Take the train. It is fast.", whole=True) == "  It is fast."


@pytest.mark.parametrize("typed", ["# Keep", "- Keep", "1. Keep", "> Keep", "| a |", "---", "```", "[[Home]]",
                                   "<i>x</i>",
                                   "&amp;", "a\\", "{% x %}", "![x](y)", "~~x~~", "<https://example.com>", "[^1]",
                                   "*[x]: y", "    code", "x" * 500])  # fmt: skip
@pytest.mark.parametrize("page", ["Keep it.\n", "- Keep it.\n", "| Keep it. |\n|---|\n| x |\n", "## Keep it.\n"])
def test_what_is_typed_is_text_and_never_a_mark(typed: str, page: str) -> None:
    found = find(f"{page}\n[^1]: A note.\n", "", "Keep it.")
    assert found is not None
    text = reworded(found, typed)
    assert text is not None, typed
    assert " ".join(typed.split()) in page_as_read(text, "").words


@pytest.mark.parametrize("page", ["```\nKeep it.\n```\n", "---\ntitle: x\nwhat: Keep it.\n---\n\nNo.\n"])
def test_what_is_no_sentence_is_not_found(page: str) -> None:
    assert find(page, "", "Keep it.") is None


def test_words_of_two_passages_are_no_sentence() -> None:
    assert find("One is.\n\nTwo is.\n", "", "is. Two") is None


_WORD = st.sampled_from(["one", "*two*", "**three**", "`four`", "[five](x.md)", "six", "sieben & acht", "n&amp;n",
                         "\\*",
                         "九。", "十", "_zehn_", "a_b_c", "2 * 3", "[[Home]]", "<b>b</b>", "x[^1]"])  # fmt: skip
_SENTENCE = st.builds(lambda words, end: " ".join(words) + end, st.lists(_WORD, min_size=1, max_size=6),
                      st.sampled_from([".", "?", "。", "…"]))  # fmt: skip
_PASSAGE = st.builds(lambda mark, some: mark + " ".join(some), st.sampled_from(["", "- ", "> ", "1. ", "### "]),
                     st.lists(_SENTENCE, min_size=1, max_size=3))  # fmt: skip
_PAGES = st.lists(_PASSAGE, min_size=1, max_size=4).map(lambda some: "\n\n".join([*some, "[^1]: A note.", ""]))
_TYPED = st.one_of(_SENTENCE, st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30))


@settings(max_examples=60, deadline=None)
@given(page=_PAGES, data=st.data())
def test_a_sentence_replaced_by_itself_changes_nothing(page: str, data: st.DataObject) -> None:
    found = _some(page, data)
    if found is not None:
        assert reworded(found, found.words) == page


@settings(max_examples=80, deadline=None)
@given(page=_PAGES, typed=_TYPED, data=st.data())
def test_nothing_else_on_the_page_changes_and_the_sentence_reads_as_it_was_typed(
    page: str, typed: str, data: st.DataObject
) -> None:
    found = _some(page, data)
    text = reworded(found, typed) if found is not None and typed.strip() else None
    if found is None or text is None:
        return
    assert source_after(found, page) == found.passage.source
    lines, after = page.split("\n"), text.split("\n")
    first, last = found.passage.first, found.passage.last
    assert after[: first - 1] == lines[: first - 1]
    assert after[len(after) - len(lines) + last :] == lines[last:]
    before, now = found.read.words, page_as_read(text, "").words
    start, stop = found.at + found.start, found.at + found.stop
    assert now.replace("\n", " ") == f"{before[:start]}{' '.join(typed.split())}{before[stop:]}".replace("\n", " ")


def _some(page: str, data: st.DataObject) -> Found | None:
    words = page_as_read(page, "").words.split()
    return find(page, "", data.draw(st.sampled_from(words)))


def test_the_sentences_of_plain_pages_are_all_found() -> None:
    words = page_as_read(PAGE, "").words.replace("\n", " ")
    for word in ("Keep", "See", "paid", "quick", "night", "Somebody", "who", "Bob", "Who", "総務", "Bold"):
        found = find(PAGE, "", word)
        assert found is not None, word
        assert found.words in words
        again = find(PAGE, "", found.words, found.nth)
        assert again is not None
        assert (again.at, again.start, again.stop) == (found.at, found.start, found.stop)


def test_links_by_shortcode_stay_around_words_that_stay() -> None:
    page = 'Read [the {0}]({{% page "/travel/all/" %}}#fees) first.\n'
    assert _after("Read", "Read the rules first.", page=page.format("pages")) == page.format("rules").rstrip()


def test_spaces_at_the_end_of_a_passage_stay() -> None:
    assert _after("Two", "Two was.", page="One is.  \nTwo is.   \n\nThree.\n") == "Two was.   "
