"""Pictures, documents and whatever else is no text, in the past of a wiki."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pasts import Past
from tests.pictures import png
from tests.world import World, begin, open_world

BYTES = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\xff\xfe" * 40
NUL = b"# Nul\n\nA byte \0 that is nothing.\n"


@pytest.fixture
def past(tmp_path: Path) -> Iterator[World]:
    """A picture and a page that is no text, each with two revisions."""
    made = Past(tmp_path / "past.git")
    files = {"welcome.md": b"# Welcome\n\nHello.\n", "nul.md": NUL}
    made.commit({**files, "logo.png": png(1), "odd.md": BYTES}, b"First")
    made.commit({**files, "logo.png": png(2), "odd.md": BYTES + BYTES, "nul.md": NUL + b"\nMore.\n"}, b"Second")
    begin(tmp_path / "data", made.done())
    with open_world(tmp_path / "data") as world:
        yield world


def test_a_picture_is_shown_as_it_was(past: World) -> None:
    visitor = past.visitor()
    new, old = past.wiki.index.history("logo.png") or []
    for row, number in ((old, 1), (new, 2)):
        page = visitor.open(row.url)
        (source,) = page.tree.xpath("//article//img/@src")
        given = visitor.client.get(source)
        assert (given.status_code, given.mimetype, given.data) == (200, "image/png", png(number))
        assert "PNG" not in page.main.replace("logo.png", "")
    compared = visitor.open(f"/-/compare/logo.png?a={old.commit}&b={new.commit}&view=lines")
    sources = compared.tree.xpath("//main//img/@src")
    assert [visitor.client.get(each).data for each in sources] == [png(1), png(2)]
    assert compared.tree.xpath("//main//nav[@class='tabs']") == []


def test_a_page_that_is_no_text_says_so(past: World) -> None:
    visitor = past.visitor()
    new, old = past.wiki.index.history("odd") or []
    for address in (old.url, f"/-/compare/odd?a={old.commit}&b={new.commit}"):
        page = visitor.open(address)
        assert "This is no text, so it cannot be shown." in page.main
        assert "IHDR" not in page.main
    assert past.wiki.index.book.sizes([new, old]) == {new.seq: (0, 0), old.seq: (0, 0)}


def test_a_text_with_a_byte_that_means_nothing_is_a_text(past: World) -> None:
    new, old = past.wiki.index.history("nul") or []
    assert "that is nothing" in past.visitor().open(old.url).main
    assert past.wiki.index.book.sizes([new, old])[new.seq] == (1, 0)


def test_a_file_is_given_at_its_revision_alone(past: World) -> None:
    client = past.visitor().client
    (first,) = [row for row in past.wiki.index.book.changes() if row.name == "logo.png" and row.status == "added"]
    given = client.get(f"/-/files/logo.png?at={first.commit}")
    assert "sandbox" in given.headers["Content-Security-Policy"]
    for wrong in (
        f"other.png?at={first.commit}",
        f"logo.png?at={'1' * 40}",
        f"odd.md?at={first.commit}",
        "logo.png?at=x",
    ):
        assert client.get(f"/-/files/{wrong}").status_code == 404
