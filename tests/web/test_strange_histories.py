"""A wiki whose imported past is as strange as git allows, looked at from every side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tests.pasts import LINK, SUBMODULE, Past, lines
from tests.world import World, begin, open_world
from wiki.addresses import page_address
from wiki.database import reading
from wiki.index import schema

LONG = "# Long\n\n" + "word " * 250_000
FILES = {
    "plain.md": lines("apple"),
    "picture.md": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\xff\xfe" * 40,
    "nul.md": b"# Nul\0 in a title\n\nA byte \0 that is nothing.\n",
    "latin.md": b"# Caf\xe9\n\nNa\xefve.\n",
    "wide.md": "# Breite\n\nÄrger.\n".encode("utf-16"),
    "empty.md": b"",
    "line.md": "# Line\n\n" + "word " * 30_000,
    "long.md": LONG,
    b"caf\xe9/\xff.md": "# Odd name\n\nHere.\n",
    "link.md": (LINK, "plain.md"),
    "sub.md": (SUBMODULE, "a" * 40),
    "notes.txt": "No page.\n",
    "-odd: name?.md": "# Odd\n\nHere too.\n",
}
# What answers that there is nothing to read: what is no page, and a page that is gone.
SHUT = ("/-/who/", "/-/edit/", "/gone", "/-/history/gone?on=", "/.", "/notes.txt")


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """All of it, twice, the second time with a little more."""
    place = tmp_path_factory.mktemp("strange")
    past = Past(place / "past.git")
    past.commit({**FILES, "gone.md": lines("birch")}, b"Caf\xe9", who=b"Jos\xe9 <>", when=2**61)
    more = {path: text + (b"\nM\xeare\n" if isinstance(text, bytes) else "\nMore\n")
            for path, text in FILES.items() if not isinstance(text, tuple)}  # fmt: skip
    past.commit({**FILES, **more}, b"", who=b" <\xff@x>", when=1)
    begin(place / "data", past.done())
    with open_world(place / "data") as world:
        yield world


def names(world: World) -> list[str]:
    """Every name that is or was in use."""
    with reading(world.wiki.engine) as connection:
        return sorted(connection.execute(select(schema.page.c.name)).scalars())


def addresses(world: World) -> Iterator[str]:
    """Everything that there is to see."""
    yield from ("/", "/-/changes", "/-/feeds/changes", "/-/policy", "/-/policy/history")
    with reading(world.wiki.engine) as connection:
        handles = list(connection.execute(select(schema.person.c.handle)).scalars())
    for handle in handles:
        yield from (f"/-/people/{handle}", f"/-/feeds/person/{handle}", f"/-/changes?person={handle}")
    for name in names(world):
        page = page_address(name)
        yield from (f"{where}{page}" for where in ("", "/-/history", "/-/who", "/-/feeds/page", "/-/edit"))
        yield f"/-/history{page}?on=9999-12-31"
        rows = world.wiki.index.history(name) or []
        yield from (row.url for row in rows)
        if len(rows) > 1:
            compared = f"/-/compare{page}?a={rows[-1].commit}&b={rows[0].commit}"
            yield from (f"{compared}&view={view}" for view in ("", "beside", "lines"))


def test_nothing_of_it_is_a_fault(strange: World) -> None:
    for who in (None, "zed"):
        visitor = strange.visitor(who)
        seen = {address: visitor.open(address).status for address in addresses(strange)}
        assert [address for address, status in seen.items() if status >= 500] == []
        shut = [address for address, status in seen.items() if status >= 400]
        assert all(address.startswith(SHUT) for address in shut), shut


def test_every_page_and_every_revision_of_one_can_be_read(strange: World) -> None:
    visitor = strange.visitor()
    words = {"nul": "that is nothing", "latin": "Caf\ufffd", "long": "word word", r"caf\xe9/\xff": "Here.",
             "line": "word word", "-odd: name?": "Here too."}  # fmt: skip
    for name, said in words.items():
        assert said in visitor.open(page_address(name)).main
        for row in strange.wiki.index.history(name) or []:
            page = visitor.open(row.url)
            assert page.status == 200
            assert said in page.main, row.url


def test_who_wrote_a_page_of_a_name_that_is_not_utf_8(strange: World) -> None:
    page = strange.visitor().open(f"/-/who{page_address(chr(92).join(('caf', 'xe9/', 'xff')))}")
    assert page.status == 200
    assert "Jos\ufffd" in page.main


def test_a_file_that_is_no_page_says_so(strange: World) -> None:
    page = strange.visitor().open("/notes.txt")
    assert page.status == 404
    assert "lies beside the pages" in page.main
    assert "no longer in force" not in page.main
    assert page.tree.xpath("//main//a[@href='/-/history/notes.txt']")


def test_the_policy_is_found_under_the_name_of_its_file(strange: World) -> None:
    assert strange.visitor().open("/policy.toml").address == "/-/policy"


def test_a_removed_page_tells_where_it_was(strange: World) -> None:
    page = strange.visitor().open("/gone")
    assert page.status == 404
    assert "was in force here until 1 January 1970" in page.main


@pytest.mark.parametrize("day", ["0001-01-01", "0001-12-31", "9999-12-31", "1969-12-31"])
def test_days_at_the_ends_of_the_calendar(strange: World, day: str) -> None:
    visitor = strange.visitor()
    assert visitor.open(f"/-/changes?until={day}").status == 200
    assert visitor.open(f"/-/history/plain?on={day}").status in {200, 404}


def test_lists_hold_nothing_that_html_cannot(strange: World) -> None:
    visitor = strange.visitor()
    for address in ("/", "/-/changes", "/-/history/nul"):
        body = visitor.open(address).body
        assert [char for char in body if ord(char) < 32 and char not in "\t\n\r"] == [], address
    assert "Nul in a title" in visitor.open("/").main
