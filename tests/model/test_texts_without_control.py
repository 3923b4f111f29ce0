"""What of a text is kept."""

from __future__ import annotations

import sys
import unicodedata

from wiki.model.acts import clean_text, without_control


def test_what_unicode_calls_a_control_or_half_a_character_is_taken_out_and_nothing_else() -> None:
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    kept = [each for each in every if each in "\n\t" or unicodedata.category(each) not in {"Cc", "Cs"}]
    assert without_control("".join(every)) == "".join(kept)


def test_a_reason_keeps_its_lines_and_tabs() -> None:
    assert clean_text("\r\none\x00\ttwo \r\x85three\n\n") == "one\ttwo\nthree"
