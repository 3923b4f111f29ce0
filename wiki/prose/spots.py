"""The passages of a page that something can be said of, and which lines of its text are theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wiki.prose.page_tree import Node

_SPOTS = frozenset({"", "p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "li", "dd"})


def lines_of(nodes: Sequence[Node]) -> dict[int, range]:
    """Which lines of the text belong to each passage that something can be said of: up to where the next begins. Those
    before the first belong to it as well."""
    spots = list(_spots(nodes))
    starts = [0, *(node.line or 0 for node in spots[1:])]
    ends = [*starts[1:], 1 << 30]
    return {id(node): range(start, end) for node, start, end in zip(spots, starts, ends, strict=False)}


def _spots(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        if node.tag == "div" and any(child.tag == "table" for child in node.children):
            node.line = first_line(node) or None
            if node.line is not None:
                yield node
        elif node.is_leaf and node.tag in _SPOTS and node.line is not None:
            yield node
        else:
            yield from _spots(node.children)


def first_line(node: Node) -> int:
    """The line of the text on which a block begins, or the first block in it that knows; 0 where none does."""
    return node.line or next((each.line for each in _deep(node) if each.line), 0)


def _deep(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield child
        yield from _deep(child)
