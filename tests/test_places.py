"""On which line of the text each block of a page begins."""

from __future__ import annotations

import re

import pytest

from wiki.markdown import render_page

_PLACED = re.compile(r'<([a-z0-9]+)[^>]* data-line="(\d+)"')


def places(text: str) -> list[tuple[str, int]]:
    """The blocks that say where they begin."""
    return [(tag, int(line)) for tag, line in _PLACED.findall(render_page(text, "", lines=True).html)]


def test_the_rows_of_a_table_begin_where_they_stand_whatever_was_said_above() -> None:
    text = "---\ntitle: T\n---\n\nBefore table: a, b, 1.\n\n| a | b |\n|---|---|\n| a | 1 |\n| 1 | b |\n\nAfter, 1.\n"
    assert places(text) == [("p", 5), ("tr", 7), ("tr", 9), ("tr", 10), ("p", 12)]


def test_so_do_those_of_a_table_in_a_list_of_one_without_outer_pipes_and_of_a_second() -> None:
    text = "- a list\n\n  | a | b |\n  |---|---|\n  | x | y |\n\na | b | c\n--|--|--\nx | y | z\n"
    assert places(text) == [("li", 1), ("p", 1), ("tr", 3), ("tr", 5), ("tr", 7), ("tr", 9)]


def test_a_block_begins_below_the_one_before_whose_words_are_in_it_as_well() -> None:
    text = "- More, and [Benefits](#benefits)\n\n## Benefits ##\n\nAll of it.\n\n- of\n- it\n"
    assert places(text) == [("li", 1), ("h2", 3), ("p", 5), ("li", 7), ("li", 8)]


def test_what_only_shortcodes_say_has_a_line() -> None:
    text = 'One.\n\n{% slack_channel "dev" %}, {% slack_channel "infra" %}.\n\nAsk {% slack_channel "dev" %}.\n'
    assert places(text) == [("p", 1), ("p", 3), ("p", 5)]


def test_a_shortcode_that_is_a_block_of_two_on_one_line_has_that_line() -> None:
    assert places('One.\n\n{% alert "Mind" %}Two.{% endalert %}\n\nThree.\n') == [
        ("p", 1),
        ("p", 3),
        ("p", 3),
        ("p", 5),
    ]


def test_words_of_raw_html_say_on_which_line_it_begins() -> None:
    text = "One.\n\n<div>\nTwo <b>three</b>.\n</div>\n\n<h3>\nFour\n</h3>\n\n***\n\nFive.\n"
    assert places(text) == [("p", 1), ("span", 3), ("span", 3), ("span", 3), ("span", 7), ("p", 13)]
    assert "span" not in render_page(text, "").html


def test_code_that_is_set_in_begins_with_its_first_words() -> None:
    text = "<div>\nOne.\n      \n    code\n\nTwo.\n"
    assert places(text) == [("span", 1), ("pre", 4), ("p", 6)]


@pytest.mark.parametrize("text", ["|-|" * 60_000, " " * 180_000 + "x", "## " + "# " * 60_000, "{%" * 60_000])
def test_looking_for_them_takes_no_longer_than_a_long_line_does(text: str) -> None:
    assert render_page(text, "", lines=True).html
