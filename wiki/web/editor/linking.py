"""Finding a page to link to."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from flask import Response, current_app, jsonify, request

from wiki.addresses import page_address
from wiki.index import Node
from wiki.index.contents import FOLDER_PAGES
from wiki.web.editor.routes import blueprint
from wiki.web.here import member, the_wiki

MOST_FOUND = 12
_LONGEST = 100
_EXTENSION = "pages to link to"


@dataclass(frozen=True)
class Target:
    """A page that can be linked to; ``words`` are its title and name as they are compared."""

    name: str
    title: str
    words: str


@blueprint.get("/-/pages.json")
def pages() -> Response:
    """Pages whose title or name has what is asked for (``q``), those that begin with it first; with the link as a page
    in ``folder`` writes it."""
    member()
    asked, folder = _folded(request.args.get("q", "")[:_LONGEST]), request.args.get("folder", "")[:300].strip("/")
    found = [
        {"title": each.title, "name": each.name, "target": relative(each.name, folder), "url": page_address(each.name)}
        for each in _best(asked.split(), _targets())
    ]
    response = jsonify(found)
    response.headers["Cache-Control"] = "no-store"
    return response


def relative(name: str, folder: str) -> str:
    """How a page in ``folder`` writes a link to this page."""
    return quote(posixpath.relpath(f"{name}.md", folder or "."), safe="/~!$&'*+,;=@")


def _best(words: list[str], targets: tuple[Target, ...]) -> list[Target]:
    first: list[Target] = []
    rest: list[Target] = []
    for each in targets:
        if all(word in each.words for word in words):
            (first if words and each.words.startswith(words[0]) else rest).append(each)
    return [*first, *rest][:MOST_FOUND]


def _targets() -> tuple[Target, ...]:
    """Every page in force, put together once for each state of the index."""
    index = the_wiki().index
    now = index, index.generation()
    kept = current_app.extensions.get(_EXTENSION)
    if kept is None or kept[0] != now:
        kept = (now, tuple(_flat(index.contents())))
        current_app.extensions[_EXTENSION] = kept
    targets: tuple[Target, ...] = kept[1]
    return targets


def _flat(node: Node) -> Iterator[Target]:
    for child in node.children:
        if child.kind == "page":
            yield Target(child.name, child.title, _folded(f"{child.title} {child.name}"))
        else:
            yield from _folder_page(child)
            yield from _flat(child)


def _folder_page(folder: Node) -> Iterator[Target]:
    """The page that a folder has of its own is not among its children."""
    repository = the_wiki().repository
    main = repository.main()
    for last in FOLDER_PAGES:
        name = f"{folder.name}/{last}"
        if repository.file(main, f"{name}.md") is not None:
            yield Target(name, folder.title, _folded(f"{folder.title} {name}"))
            return


def _folded(text: str) -> str:
    """Without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))
