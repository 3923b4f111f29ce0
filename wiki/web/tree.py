"""The tree of contents beside a page: folded but for the way to it, and never long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wiki.index import Node

MOST = 40


@dataclass(frozen=True)
class Branch:
    """A page or folder beside a page; one that is both stands there once. ``branches`` are what is in a folder on the
    way to the page; ``more_url`` leads to the rest of a folder of which only some is shown."""

    title: str
    url: str
    is_folder: bool
    is_here: bool
    branches: tuple[Branch, ...] = ()
    more_url: str | None = None


def beside(root: Node, name: str) -> Branch:
    """The contents as somebody sees them from the page or folder of this name."""
    return _opened(root, name)


def _opened(folder: Node, name: str) -> Branch:
    folders = {node.name for node in folder.children if node.kind == "folder"}
    nodes = [node for node in folder.children if node.kind == "folder" or node.name not in folders]
    near = _near(nodes, name)
    branches = tuple(
        _opened(node, name)
        if node.kind == "folder" and f"{name}/".startswith(f"{node.name}/")
        else Branch(node.title, node.url, node.kind == "folder", node.name == name)
        for node in near
    )
    here = name in (folder.name, folder.own) if folder.name else False
    cut = len(near) < len(nodes)
    return Branch(folder.title, folder.url, True, here, branches, folder.url if cut else None)


def _near(nodes: Sequence[Node], name: str) -> Sequence[Node]:
    """At most `MOST` of them, around the one on the way to the page."""
    if len(nodes) <= MOST:
        return nodes
    at = next((at for at, node in enumerate(nodes) if f"{name}/".startswith(f"{node.name}/")), 0)
    start = max(0, min(at - MOST // 2, len(nodes) - MOST))
    return nodes[start : start + MOST]
