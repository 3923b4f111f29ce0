"""Nothing that a person types becomes more than words, in any field and anywhere it is shown."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.hostile import ALL_TEXTS, TEXTS
from tests.hostile.checked import problems_of
from tests.hostile.typed import in_groups, in_lines, type_everything
from tests.pictures import png
from tests.test_markdown_safety import assert_safe
from tests.world import World, begin, open_world, write_pages
from wiki.markdown import render_fragment, render_page
from wiki.model.acts import one_line
from wiki.model.names import problem_with_path
from wiki.web.attachments.kinds import name_for, words_of


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, list[str]]]:
    """A wiki into which everything was typed, and where it is shown."""
    place = tmp_path_factory.mktemp("typed")
    with open_world(begin(place / "data", write_pages(place / "pages"))) as world:
        yield world, type_everything(world)


def test_the_texts_are_many_and_different() -> None:
    assert len(set(ALL_TEXTS)) == len(ALL_TEXTS) >= 500
    assert len(TEXTS) >= 20


@pytest.mark.parametrize("family", TEXTS)
def test_a_hostile_text_is_harmless_as_a_page_and_as_a_remark(family: str) -> None:
    for text in TEXTS[family]:
        assert_safe(render_page(text, "travel/leave").html)
        assert_safe(render_fragment(text, "act-1"))


def test_every_page_that_shows_them_holds_only_what_is_ours(typed: tuple[World, list[str]]) -> None:
    world, addresses = typed
    reader, member = world.visitor(), world.visitor("zed")
    problems: dict[str, list[str]] = {}
    for at, address in enumerate(addresses):
        page = (member if at % 2 else reader).open(address)
        assert page.status == 200, address
        found = problems_of(page.body)
        if found:
            problems[address] = found[:5]
    assert problems == {}
    assert len(addresses) > 100


def test_the_check_sees_what_must_not_be_there() -> None:
    for bad in ("<script>trap()</script>", "<img src=/x onerror=trap()>", "<a href=javascript:trap()>a</a>",
    "<b style=x>a</b>",
                "<iframe></iframe>", "<base href=/>", "<p id=a></p><p id=a></p>", "<img src=//evil.example/x>",
                "<form action=https://evil.example></form>", "<a href='/ /x'>a</a>", "<!-- a -->"):  # fmt: skip
        assert problems_of(f"<html><body><main>{bad}</main></body></html>"), bad


def test_a_search_for_them_shows_them_as_words(typed: tuple[World, list[str]]) -> None:
    world, _addresses = typed
    reader = world.visitor()
    for line in in_lines(ALL_TEXTS, 300):
        page = Shown(reader.client.get("/-/search", query_string={"q": line}))
        assert page.problems == [], line
    for line in in_lines(ALL_TEXTS, 150)[::6]:
        told = reader.client.get("/-/search/suggest", query_string={"q": line})
        assert told.mimetype in {"application/json", "text/html"}
        assert told.status_code == 200
        if told.mimetype == "text/html":
            assert problems_of(f"<html><body>{told.text}</body></html>") == []


class Shown:
    """An answer that is looked at."""

    def __init__(self, response: object) -> None:
        self.status = response.status_code  # type: ignore[attr-defined]
        self.problems = problems_of(response.text)  # type: ignore[attr-defined]


def test_a_form_that_comes_back_holds_them_as_words(typed: tuple[World, list[str]]) -> None:
    world, _addresses = typed
    zed = world.visitor("zed")
    n = world.propose("ana", {"notes/plain": "# Plain\n\nWords.\n"})
    for whole in in_groups(ALL_TEXTS, 40):
        line = whole.replace("\n", " ")[:190]
        fields = {"text": whole, "title": line, "why": whole, "name": line, "base": line, "section": line}
        for address in (
            "/-/new",
            "/-/edit/welcome",
            f"/-/proposals/{n}/object",
            f"/-/proposals/{n}/comment",
            "/-/policy/check",
        ):
            page = zed.post(address, {**fields, "do": "difference", "reason": whole})
            assert page.status < 500, address
            assert problems_of(page.body) == [], address
        sign_in = world.visitor().post("/-/sign-in", {"email": line, "password": line, "next": line})
        assert problems_of(sign_in.body) == []


def test_a_preview_is_checked_as_a_page_is(typed: tuple[World, list[str]]) -> None:
    world, _addresses = typed
    zed = world.visitor("zed")
    token = zed.token()
    for family in TEXTS.values():
        sent = {"text": "\n\n".join(family), "name": "travel/visa", "csrf_token": token}
        shown = zed.client.post("/-/preview", data=sent)
        assert shown.status_code == 200
        body = shown.text if shown.mimetype == "text/html" else json.dumps(shown.json)
        if shown.mimetype == "text/html":
            assert problems_of(f"<html><body>{body}</body></html>") == []


def test_feeds_hold_them_as_text(typed: tuple[World, list[str]]) -> None:
    world, _addresses = typed
    for address in ("/-/feeds/changes", "/-/feeds/proposals", "/-/feeds/page/notes/family-0"):
        answer = world.visitor().client.get(address)
        feed = etree.fromstring(answer.data)
        assert {etree.QName(each).localname for each in feed.iter()} <= {
            "feed", "title", "id", "updated", "published", "link", "entry", "author", "name", "uri", "summary",
        }  # fmt: skip
        assert {kind for each in feed.iter() for kind in [each.get("type")] if kind} <= {
            "application/atom+xml", "text/html",
        }  # fmt: skip
        assert all(each.get("href", "http://").startswith("http://localhost/") for each in feed.iter("{*}link"))


def test_answers_for_programs_are_never_taken_for_pages(typed: tuple[World, list[str]]) -> None:
    world, _addresses = typed
    answer = world.visitor("zed").client.get("/-/pages.json")
    assert answer.mimetype == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "trap()" in json.dumps(answer.json)


def test_names_of_files_become_plain(typed: tuple[World, list[str]]) -> None:
    world, _addresses = typed
    for text in ALL_TEXTS:
        name = name_for(f"{text}.png", ".png", "0123abcd" + "0" * 32)
        assert re.fullmatch(r"[\w.-]+\.png", name), name
        assert problem_with_path(f"notes/{name}") is None
        assert_safe(render_fragment(f"![{words_of(text)}]({name})", "a"))
    zed = world.visitor("zed")
    for family in list(TEXTS.values())[:18]:
        sent = {
            "place": "/-/edit/welcome",
            "csrf_token": zed.token(),
            "file": (io.BytesIO(png()), f"{one_line(family[0])}.png"),
        }
        told = zed.client.post("/-/uploads", data=sent, content_type="multipart/form-data")
        assert told.status_code == 201
        given = zed.client.get(told.json["address"])
        assert re.fullmatch(r"inline; filename\*=UTF-8''[\w.%-]+", given.headers["Content-Disposition"])
        given.close()


SPELLINGS = st.sampled_from(
    ["javascript:", "JaVaScRiPt:", "java\tscript:", "&#106;avascript:", "javascript&colon;", "\x01javascript:",
    "data:text/html,",
     "vbscript:", "%6aavascript:", "java&NewLine;script:", "\u200bjavascript:", "//evil.example/", "/\\evil.example/"]
)  # fmt: skip
CALLS = st.sampled_from(["trap()", "trap`1`", "<script>trap()</script>", "'onclick=trap()", '"onmouseover="trap()'])
CARRIERS = st.sampled_from(
    ["[a]({})", "![a]({})", "[a](<{}>)", "<{}>", "[a][r]\n\n[r]: {}", "[[{}]]", "[[{}|a]]", '<a href="{}">a</a>',
    "<img src={}>",
     '[a](/b "{}")', "a[^1]\n\n[^1]: [b]({})", "> [!NOTE] [a]({})", "|a|\n|-|\n|[a]({})|", "# [a]({})", "- [ ] [a]({})",
     "---\nredirect_to: {}\n---\na", '{{% page "{}" %}}', "term\n: [a]({})", "*[a]: {}\n\na", "```{}\na\n```"]
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(SPELLINGS, CALLS, CARRIERS, CARRIERS), min_size=1, max_size=3), st.sampled_from(ALL_TEXTS))
def test_no_spelling_in_no_carrier_works(parts: list[tuple[str, str, str, str]], other: str) -> None:
    made = [outer.replace("{}", inner.replace("{}", spelling + call)) for spelling, call, inner, outer in parts]
    for text in ("\n\n".join([*made, other]), other + "".join(made)):
        assert_safe(render_page(text, "a").html)
        assert_safe(render_fragment(text, "c"))


def test_what_is_written_of_a_picture_of_growth_is_text(typed: tuple[World, list[str]]) -> None:
    world, _addresses = typed
    tree = world.visitor().open("/-/growth/notes/family-0").tree
    assert tree.xpath("//main//svg")
    assert not tree.xpath("//main//svg//*[not(self::title or self::path or self::rect or self::g or self::use)]")
