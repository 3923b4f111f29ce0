"""What of a page lasts while something else on it changes is made once, and is what it would be made anew."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, make_response, render_template_string
from flask.testing import FlaskClient

from tests.web.test_kept import forgetful, plain
from tests.world import World
from wiki.web import pages
from wiki.web.kept import kept_answer, kept_pages
from wiki.web.kept.shelf import Shelf

__all__ = ["forgetful"]

_PAGE = "{% extends 'layout.html' %}{% block main %}{% call lasting('part', 1) %}SOURCE{% endcall %}{% endblock %}"


@contextmanager
def counted() -> Iterator[list[str]]:
    """The pages whose text is put together anew."""
    made: list[str] = []
    before = pages.shown

    def note(html: str, name: str = "") -> object:
        made.append(name)
        return before(html, name)

    pages.shown = note  # type: ignore[assignment]
    try:
        yield made
    finally:
        pages.shown = before


def test_a_proposal_does_not_have_the_text_put_together_again(world: World, forgetful: Flask) -> None:
    stranger, ana = world.visitor(), world.visitor("ana")
    with counted() as made:
        for who in (stranger, ana, stranger, ana):
            who.open("/welcome")
        assert made == ["welcome"]
        n = world.propose("cyd", {"welcome": "# Welcome\n\nNew words.\n"}, "Newer words")
        for who in (stranger, ana):
            assert "Newer words" in who.open("/welcome").body
        assert made == ["welcome"]
        world.endorse(n, "ana", "bob")
        for who in (stranger, ana):
            assert "New words." in who.open("/welcome").main
        assert made == ["welcome", "welcome"]
    anew = plain(forgetful.test_client().get("/welcome"))
    assert plain(stranger.client.get("/welcome")) == anew


def test_a_link_to_a_page_that_comes_or_goes_is_shown_as_what_it_is_by_then(world: World) -> None:
    reader = world.visitor()
    n = world.propose("ana", {"notes/x": "# X\n\n[There](/notes/y).\n", "notes/z": "# Z\n\nIt.\n"})
    assert world.in_force(n)
    assert "there is no such page yet" in reader.open("/notes/x").main
    world.propose("ana", {"notes/y": "# Y\n\nHere now.\n"})
    assert "there is no such page yet" not in reader.open("/notes/x").main


def test_the_names_of_authors_are_those_of_today(world: World) -> None:
    n = world.propose("cyd", {"notes/x": "# X\n\nWords.\n"})
    assert world.in_force(n)
    reader = world.visitor()
    assert "Written by" in reader.open("/notes/x").main
    world.wiki.accounts.rename(world.people["cyd"], "Cyd Another", world.wiki.now())
    world.propose("ana", {"notes/y": "# Y\n\nWords.\n"})
    assert "Written by Cyd Another" in reader.open("/notes/x").main


def test_two_pages_of_one_change_have_each_their_own_parts(world: World) -> None:
    headings = ["## One\n\nA.\n\n## Two\n\nB.\n", "## Three\n\nA.\n\n## Four\n\nB.\n"]
    n = world.propose(
        "ana", {f"notes/{name}": f"# Of {name}\n\n{parts}" for name, parts in zip("xy", headings, strict=True)}
    )
    assert world.in_force(n)
    reader = world.visitor()
    for name, own, others in (("x", "One", "Three"), ("y", "Three", "One")):
        page = reader.open(f"/notes/{name}").body
        assert own in page
        assert others not in page


def test_it_is_let_go_of_with_the_last_page_that_has_it(world: World) -> None:
    parts = world.app.extensions["lasting parts"]
    reader = world.visitor()
    reader.open("/welcome")
    gc.collect()
    assert any(key[0] == "text" for key in parts)
    kept_pages(world.app).pages = Shelf(1 << 20)
    gc.collect()
    assert not any(key[0] == "text" for key in parts)


def _asks(world: World, source: str, **values: object) -> Callable[[str], FlaskClient]:
    make = lambda: make_response(render_template_string(_PAGE.replace("SOURCE", source), **values))  # noqa: E731
    world.app.view_functions["broken_links.page"] = lambda: kept_answer(make)
    return lambda who: world.visitor(who).client


def test_who_asks_who_is_reading_there_is_told_anew_each_time(world: World) -> None:
    for source in ("{{ current_user.email }}", "{% call(you) mine('you') %}{{ you.email }}{% endcall %}"):
        visitor = _asks(world, source)
        clients = {who: visitor(who) for who in ("ana", "bob")}
        for _ in range(3):
            for who, client in clients.items():
                body = client.get("/-/broken-links").get_data(as_text=True)
                main = body[body.index("<main") : body.index("</main>")]
                assert f"{who}@example.com" in main
                assert not any(mark in body for mark in "\x02\x03")


_INNER = "{% call lasting('inner', 1) %}B{% endcall %}"
_FIXED = f"{{% call(_address) fixed('outer', '/') %}}A{_INNER}C{{% endcall %}}"

_AGAIN = "{% endcall %}{% call lasting('again', 1) %}"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (f"A{_INNER}C", "ABC"),
        (_FIXED, "ABC"),
        (f"{_FIXED}{_AGAIN}{_FIXED}{_INNER}{_AGAIN.replace('1', '2')}", "ABCABCB"),
    ],
)
def test_a_part_within_another_is_a_part_of_that(world: World, source: str, words: str) -> None:
    visitor = _asks(world, f"<i>{source}</i>")
    for _ in range(3):
        for client in (visitor("ana"), world.visitor().client):
            body = client.get("/-/broken-links").get_data(as_text=True)
            assert f"<i>{words}</i>" in body
            assert not any(mark in body for mark in "\x02\x03")


def test_who_asks_whether_somebody_is_signed_in_there_is_told_anew_each_time(world: World) -> None:
    visitor = _asks(world, "{{ 'IN' if current_user.is_authenticated else 'OUT' }}")
    ana = visitor("ana")
    for _ in range(3):
        assert "IN" in ana.get("/-/broken-links").get_data(as_text=True)
        assert "OUT" in world.visitor().client.get("/-/broken-links").get_data(as_text=True)


def test_what_is_told_to_the_minute_there_is_made_anew(world: World) -> None:
    _asks(world, "{{ when|ago }}", when=world.wiki.now())
    stranger = world.visitor().client
    assert "just now" in stranger.get("/-/broken-links").get_data(as_text=True)
    world.clock.at += 120
    assert "2 minutes ago" in stranger.get("/-/broken-links").get_data(as_text=True)
