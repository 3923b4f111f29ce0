"""The tree of contents, from the flat list of pages in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

from wiki.index.rows import Node
from wiki.index.summary import title_from
from wiki.model.names import fold_name

FOLDER_PAGES = ("index", "README")
TEMPLATES = "_templates"
"""The folder of pages that new ones begin with; it is not among the contents."""


class Contents:
    """The tree of pages, each with its name and title, and what follows from it: which names there are, and in which
    order pages are read."""

    def __init__(self, pages: Iterable[tuple[str, str]]) -> None:
        self.titles = dict(pages)
        """What each page is called, by its name."""
        self.root = build_tree((name, title) for name, title in self.titles.items() if not _is_template(name))
        self._templates = frozenset(name for name in self.titles if _is_template(name))

    @cached_property
    def titles_of_several(self) -> frozenset[str]:
        """The titles that more than one page has."""
        return frozenset(title for title, count in Counter(self.titles.values()).items() if count > 1)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all pages and folders, templates included."""
        return self._templates.union(name for node in _all(self.root) for name in (node.name, node.own) if name)

    @cached_property
    def folders(self) -> dict[str, Node]:
        """All folders by their names, at any depth."""
        return {node.name: node for node in _all(self.root) if node.kind == "folder"}

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {fold_name(name): name for name in self.names}

    def written_otherwise(self, name: str) -> str | None:
        """The page or folder whose name differs from this one only in how it is written, as in capital letters."""
        return self._folded.get(fold_name(name))

    @cached_property
    def _order(self) -> list[Node]:
        return [node for node in _all(self.root) if node.kind == "page" or node.own]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: at for at, node in enumerate(self._order) for name in (node.name, node.own) if name}

    def around(self, name: str) -> tuple[Node | None, Node | None]:
        """What is read before this page or folder, and what after it. A folder without an introduction is left out,
        and so is what is read before it."""
        at = self._places.get(name)
        if at is None:
            return None, None
        before = self._order[at - 1] if at else None
        return before, next(iter(self._order[at + 1 : at + 2]), None)


def _is_template(name: str) -> bool:
    return name.startswith(f"{TEMPLATES}/")


def _all(folder: Node) -> Iterator[Node]:
    """The pages and folders in a folder, in the order of the contents."""
    for node in folder.children:
        yield node
        if node.kind == "folder":
            yield from _all(node)


class _Folder:
    def __init__(self, name: str) -> None:
        self.name = name
        self.folders: dict[str, _Folder] = {}
        self.pages: list[tuple[str, str]] = []
        self.own: tuple[str, str] | None = None


def build_tree(pages: Iterable[tuple[str, str]]) -> Node:
    """The root folder, of pages by name and title. A folder's own page (``folder/index``) gives it its title and is
    not listed below it; pages come before folders, each by title."""
    root = _Folder("")
    for page in pages:
        *parts, last = page[0].split("/")
        at = root
        for part in parts:
            at = at.folders.setdefault(part, _Folder(f"{at.name}/{part}" if at.name else part))
        if last in FOLDER_PAGES and parts and at.own is None:
            at.own = page
        else:
            at.pages.append(page)
    return _node(root)


def _node(folder: _Folder) -> Node:
    pages = [Node("page", name, title) for name, title in folder.pages]
    folders = [_node(inner) for inner in folder.folders.values()]
    children = tuple(sorted(pages, key=_order) + sorted(folders, key=_order))
    count = len(pages) + (folder.own is not None) + sum(inner.count for inner in folders)
    own, title = folder.own or ("", title_from(folder.name))
    return Node("folder", folder.name, title, children, count, own)


def _order(node: Node) -> tuple[str, str]:
    return node.title.casefold(), node.name
