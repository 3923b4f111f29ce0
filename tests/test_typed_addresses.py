"""Addresses of the web and of mail that somebody typed plainly."""

from __future__ import annotations

from urllib.parse import unquote

import lxml.html
import pytest

from wiki.markdown import links_in, render_page


def html_of(text: str) -> str:
    return render_page(text, "").html.strip()


def _typed(text: str) -> list[tuple[str, str]]:
    """Where the links in a text lead, with their words."""
    tree = lxml.html.fragment_fromstring(html_of(text), create_parent="div")
    return [(link.get("href"), link.text_content()) for link in tree.iter("a")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://a.example/b.", "https://a.example/b"),
        ("(https://a.example/b_(c))", "https://a.example/b_(c)"),
        ("“https://a.example/?x=1&y=2”, they say", "https://a.example/?x=1&y=2"),
        ("https://a.example/_b_/*c", "https://a.example/_b_/*c"),
        ("**https://a.example**", "https://a.example"),
        ("https://a.example/b&gt;", "https://a.example/b"),
        ("http://localhost:8000/x: here", "http://localhost:8000/x"),
        ("- https://a.example!", "https://a.example"),
        ("|a|\n|-|\n|https://a.example/b|", "https://a.example/b"),
        ("[https://a.example/b]", "https://a.example/b"),
        ("https://a.example/b。そして", "https://a.example/b。そして"),
    ],
)
def test_a_web_address_is_a_link_without_what_follows_it(text: str, found: str) -> None:
    (link,) = _typed(text)
    assert link[1] == found
    assert unquote(link[0]) == found
    assert 'class="external" rel="noopener noreferrer"' in html_of(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to me@b.example.", "me@b.example"),
        ("first_last+x@b.example, please", "first_last+x@b.example"),
        ("_me@b.example_", "me@b.example"),
        ("(me.too@a-b.co.example)", "me.too@a-b.co.example"),
    ],
)
def test_a_mail_address_is_a_link(text: str, found: str) -> None:
    assert _typed(text) == [(f"mailto:{found}", found)]


@pytest.mark.parametrize(
    "text",
    [
        "`https://a.example`",
        "`me@b.example`",
        "    https://a.example",
        "```\nhttps://a.example\nme@b.example\n```",
        "https://",
        "https:// a.example",
        "xhttps://a.example",
        "javascript://a.example",
        "ssh://git@b.example/c",
        "https://a.example\\_b",
        "https://you:secret@",
        "me@localhost",
        "me@1.2",
        "@me and @you.example",
        "me\\@b.example",
    ],
)
def test_what_is_no_address_or_is_code_is_left_alone(text: str) -> None:
    assert _typed(text) == []


def test_an_address_within_a_link_or_a_picture_is_its_words() -> None:
    assert _typed("[see https://a.example and me@b.example](/c)") == [("/c", "see https://a.example and me@b.example")]
    assert _typed("[https://a.example/](/c)") == [("/c", "https://a.example/")]
    assert _typed('<a href="/c">https://a.example</a>') == [("/c", "https://a.example")]
    assert _typed("[[me@b.example]]") == [("/me@b.example", "me@b.example")]
    assert 'alt="https://a.example"' in html_of("![https://a.example](b.png)")


def test_an_address_that_hides_something_ends_before_it() -> None:
    assert _typed("https://a.example/b\u202egnp.exe") == [("https://a.example/b", "https://a.example/b")]


def test_a_typed_address_leads_to_no_page_of_ours() -> None:
    assert links_in("https://a.example/travel me@b.example [x](y)", "") == {"y"}
