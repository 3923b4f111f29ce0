"""Links in the text of a page: found, and mended when pages move, with every other character left as it was."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiki.markdown import links_in, mend_links

TEXT = """See [a](expenses.md), [b](../legal/x.md#h "T"), [c](/travel/visa), [[visa]], [[legal/x|Law]] or
`[no](expenses.md)`
![i](<my page.md>) [ext](https://x.org/a.md) [an](#here) [m](mailto:a@b.c) [v](/-/policy) [s](//x.org/y)

```
[code](expenses.md)
```
[ref]: expenses.md?x=1
[q](gr%C3%B6%C3%9Fe.md)
"""
MOVED = {
    "travel/expenses": "money/costs", "travel/visa": "visa", "legal/x": "travel/law",
    "travel/my page": "travel/our page", "travel/größe": "g ö",
}  # fmt: skip


def test_links_are_found_wherever_they_lead() -> None:
    found = {"legal/x", "travel/expenses", "travel/größe", "travel/my page", "travel/visa"}
    assert links_in(TEXT, "travel") == found


def test_links_that_other_handbooks_write_as_shortcodes_are_links() -> None:
    text = """[x]({% page "/travel/visa/" %}), [y]({%page 'legal/x#part'%}) and `{% page "no" %}` {% image "a.png" %}"""
    assert links_in(text, "working") == {"travel/visa", "legal/x"}
    mended = mend_links(text, "working", MOVED, "elsewhere")
    assert '{% page "/visa/" %}' in mended
    assert "{%page 'travel/law#part'%}" in mended
    assert '`{% page "no" %}`' in mended


def test_links_follow_pages_that_move() -> None:
    mended = mend_links(TEXT, "travel", MOVED)
    assert links_in(mended, "travel") == set(MOVED.values())
    assert "`[no](expenses.md)`" in mended
    assert "[code](expenses.md)" in mended
    assert '[b](law.md#h "T")' in mended
    assert "[ref]: ../money/costs.md?x=1" in mended
    assert "https://x.org/a.md" in mended


@pytest.mark.parametrize("folder", ["", "a/b", "legal", "travel/deeper"])
def test_a_page_that_moves_keeps_leading_where_it_led(folder: str) -> None:
    mended = mend_links(TEXT, "travel", {}, folder)
    assert links_in(mended, folder) == links_in(TEXT, "travel")
    assert mend_links(mended, folder, {}, "travel").count("(") == TEXT.count("(")


NAMES = st.from_regex(r"[a-zäß]{1,6}(/[a-z0-9-]{1,6}){0,2}", fullmatch=True).filter(lambda name: "/-" not in name)
WORDS = st.text(
    st.characters(exclude_characters="[]()`<>~:\\{", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12
)


@given(before=WORDS, old=NAMES, new=NAMES, folder=st.sampled_from(["", "x", "x/y"]), after=WORDS)
def test_only_the_link_changes(before: str, old: str, new: str, folder: str, after: str) -> None:
    text = f"w{before} [words](/{old}.md) w{after}"
    assert mend_links(text, folder, {old: new}).startswith(f"w{before} [words](/")
    mended = mend_links(text, folder, {old: new})
    assert mended.endswith(f") w{after}")
    assert links_in(mended, folder) == {new}
    assert mend_links(text, folder, {"nowhere": "else"}) == text


HOSTILE = ("[[", "](", "`", "```\n", "[a]: ", "](<", "[[a|", "](a(b", "~~~\n`", "[" * 10 + "](")


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * ((1 << 20) // len(piece))
    began = time.monotonic()
    links_in(text, "a")
    mend_links(text, "a", {"a/b": "c"})
    assert time.monotonic() - began < 20
