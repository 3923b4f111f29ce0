"""Who wrote this, on every page of a real handbook: each passage has an author, and its link leads to itself."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from tests.world import World, open_world
from wiki.markdown import render_page
from wiki.model.counting import words_of
from wiki.prose.place import passage_at
from wiki.web.places import marked

pytestmark = [pytest.mark.corpus, pytest.mark.slow]
_OPENING = re.compile(r'<[a-z][a-z0-9]*((?: [a-z-]+(?:="[^"]*")?)*) ?/?>')
_OURS = "@class='wrote-tag' or @class='invisible'"
_FOUND = re.compile(r' class="found[ "]')


@pytest.fixture
def handbook(handbook_founded: Path, tmp_path: Path) -> Iterator[World]:
    """A wiki on a real handbook with its history."""
    with open_world(Path(shutil.copytree(handbook_founded, tmp_path / "data"))) as opened:
        yield opened


def test_every_passage_with_words_has_an_author_and_a_link_to_itself_alone(handbook: World) -> None:
    wrong = [(name, *each) for name in sorted(names(handbook.wiki.index.contents())) for each in _wrong(handbook, name)]
    assert wrong == []


def names(node: object) -> Iterator[str]:
    """The pages below a folder."""
    for child in node.children:  # type: ignore[attr-defined]
        if child.kind == "page":
            yield child.name
        yield from names(child)


def _wrong(world: World, name: str) -> Iterator[tuple[str, str]]:
    """Passages without an author, or with a link that leads elsewhere."""
    found = world.wiki.index.page(name)
    assert found is not None
    text = world.wiki.repository.content(found[0].blob).decode("utf-8", "replace").replace("\r\n", "\n")
    shown = render_page(text, name.rpartition("/")[0], lines=True).html
    passages = world.visitor().open(f"/-/who/{name}").tree.xpath("//div[@class='passage']")
    for tag in (tag for each in passages for tag in each.xpath(f".//*[{_OURS}]")):
        tag.drop_tree()
    owners = _owners(shown, [_said(each) for each in passages])
    for nth, passage in enumerate(passages):
        if not _said(passage):
            continue
        if not passage.xpath("./ancestor::section/div[@class='credits']/p[@class='credit']"):
            yield "nobody wrote", passage.text_content()
        links = {each.get("href").partition("?at=")[2] for each in passage.xpath(".//a[@class='to']")}
        if not links or any(_led_to(shown, text, int(at), owners) != {nth} for at in links):
            yield f"{sorted(links)} lead elsewhere", passage.text_content()


def _said(element: html.HtmlElement) -> str:
    return "".join(words_of(" ".join(element.itertext()).replace("↩", "")))


def _owners(shown: str, said: list[str]) -> list[int]:
    """The passage that each element of a page is in, in the order of their opening tags. ``said`` are the words of
    the passages."""
    owners: list[int] = []
    nth, told = -1, ""
    for block in html.fragment_fromstring(shown, create_parent="div") if said else ():
        words = _said(block)
        if words and (nth < 0 or told == said[nth]):
            nth, told = next(at for at in range(nth + 1, len(said)) if said[at]), ""
        told += words
        owners += [nth] * sum(1 for each in block.iter() if isinstance(each.tag, str))
    return owners


def _led_to(shown: str, text: str, line: int, owners: list[int]) -> set[int]:
    """The passages that are marked by a link to a line."""
    passage = passage_at(text, line)
    if passage is None:
        return set()
    opened = _OPENING.findall(marked(shown, passage).replace('<span id="passage"></span>', ""))
    assert len(opened) == len(owners)
    return {owner for owner, attributes in zip(owners, opened, strict=True) if _FOUND.search(attributes)}
