"""The tree of contents, from the flat list of pages in force."""

from __future__ import annotations

from collections.abc import Iterable

from wiki.index.rows import Node, PageRow
from wiki.index.summary import title_from

FOLDER_PAGES = ("index", "README")


class _Folder:
    def __init__(self, name: str) -> None:
        self.name = name
        self.folders: dict[str, _Folder] = {}
        self.pages: list[PageRow] = []
        self.own: PageRow | None = None


def build_tree(pages: Iterable[PageRow]) -> Node:
    """The root folder. A folder's own page (``folder/index``) gives it title and first sentence and is not
    listed below it; pages come before folders, each by title."""
    root = _Folder("")
    for page in pages:
        *parts, last = page.name.split("/")
        at = root
        for part in parts:
            at = at.folders.setdefault(part, _Folder(f"{at.name}/{part}" if at.name else part))
        if last in FOLDER_PAGES and parts and at.own is None:
            at.own = page
        else:
            at.pages.append(page)
    return _node(root)


def _node(folder: _Folder) -> Node:
    pages = [Node("page", page.name, page.title, page.lead) for page in folder.pages]
    folders = [_node(inner) for inner in folder.folders.values()]
    children = tuple(sorted(pages, key=_order) + sorted(folders, key=_order))
    count = len(pages) + (folder.own is not None) + sum(inner.count for inner in folders)
    own = folder.own
    title = own.title if own else title_from(folder.name)
    return Node("folder", folder.name, title, own.lead if own else "", children, count)


def _order(node: Node) -> tuple[str, str]:
    return node.title.casefold(), node.name


def find(root: Node, name: str) -> Node | None:
    """The folder of this name, or None."""
    at = root
    for depth in range(1, len(name.split("/")) + 1):
        wanted = "/".join(name.split("/")[:depth])
        below = next((n for n in at.children if n.kind == "folder" and n.name == wanted), None)
        if below is None:
            return None
        at = below
    return at
