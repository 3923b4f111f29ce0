"""Patterns of pages: what they cover, and that no pattern takes long."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiki.model.patterns import covers
from wiki.model.policy import MAX_PATTERN


def read_plainly(pattern: str, name: str) -> bool:
    """The same as a regular expression, which is right but may take for ever."""
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    parts = re.split(r"(\*\*/|\*\*|\*)", pattern)
    return re.fullmatch("".join(meaning.get(part, re.escape(part)) for part in parts), name, re.DOTALL) is not None


@given(st.text("ab*/", max_size=9), st.text("ab/", max_size=9))
def test_a_pattern_covers_what_its_stars_say(pattern: str, name: str) -> None:
    assert covers(pattern, name) is read_plainly(pattern, name)


@given(st.lists(st.sampled_from(["a", "b", "/", "*", "**", "**/", "a/", ".", "é"]), max_size=7), st.data())
def test_a_name_made_from_a_pattern_is_covered(pieces: list[str], data: st.DataObject) -> None:
    filled = {"*": st.text("ab.é", max_size=3), "**": st.text("ab/", max_size=4),
              "**/": st.sampled_from(["", "a/", "a/b/"])}  # fmt: skip
    pattern = "".join(pieces)
    read = [part for part in re.split(r"(\*\*/|\*\*|\*)", pattern) if part]
    name = "".join(data.draw(filled[part]) if part in filled else part for part in read)
    assert covers(pattern, name)


@pytest.mark.parametrize("piece", ["*a", "**a", "**/a", "**/", "a*", "*", "**", "*/*", "**/*"])
def test_no_pattern_takes_long_however_many_stars_it_has(piece: str) -> None:
    pattern = (piece * MAX_PATTERN)[: MAX_PATTERN - 1] + "!"
    began = time.process_time()
    for name in ("a" * 240, "a/" * 120, "/".join(["a" * 30] * 8)):
        assert not covers(pattern, name)
    assert time.process_time() - began < 1
