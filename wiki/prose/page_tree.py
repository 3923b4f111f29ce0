"""A rendered page as a tree of blocks: those that hold others, and leaves that hold words.

Reads only HTML that the renderer has made safe. What serves moving about on a page (anchors, ids, the way back from a
footnote) is left out, and so are the colours of code.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import lxml.html
from lxml.html import HtmlElement

from wiki.prose.compare import tokens_of

_BLOCKS = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "ul", "ol", "li", "dl", "dt",
    "dd", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "blockquote", "aside",
    "section", "div", "details", "summary", "hr", "figure", "figcaption",
})  # fmt: skip
_ATOMS = frozenset({"img", "br", "input"})
_KEPT = (
    "class",
    "href",
    "src",
    "alt",
    "title",
    "width",
    "height",
    "role",
    "start",
    "type",
    "checked",
    "disabled",
    "rel",
    "scope",
    "tabindex",
)
_SILENT = frozenset({"footnote-back"})
_TRANSPARENT = frozenset({"anchor"})

Wrap = tuple[str, str]
"""An inline element around words: its tag, its attributes as they are written."""


class Word(NamedTuple):
    """A word, a space, a mark or (with ``html``) a picture, within ``wraps`` from the outside in."""

    text: str
    wraps: tuple[Wrap, ...] = ()
    html: str = ""

    @property
    def shown(self) -> str:
        """As HTML without what is around it."""
        return self.html or html.escape(self.text)


@dataclass(eq=False)
class Node:
    """A block. ``tag`` is "" for words that stand between blocks, ``attributes`` as they are written, ``line`` where it
    begins in the text. Two with the same ``key`` look the same."""

    tag: str
    attributes: str = ""
    line: int | None = None
    children: list[Node] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    key: int = 0

    @property
    def is_leaf(self) -> bool:
        """Whether it holds words."""
        return not self.children

    @property
    def text(self) -> str:
        """What stands in it."""
        if self.children:
            return " ".join(child.text for child in self.children)
        return "".join(word.text for word in self.words)

    @property
    def own_words(self) -> str:
        """What stands in it; in an item of a list without what stands in the items below it."""
        if self.tag != "li" or self.is_leaf:
            return self.text
        return " ".join(child.text for child in self.children if child.tag not in {"ul", "ol"})

    def leaves(self) -> Iterator[Node]:
        """The leaves in it, in order; itself where it is one."""
        if self.is_leaf:
            yield self
        for child in self.children:
            yield from child.leaves()


class Trees:
    """Reads pages that are to be compared: their blocks get keys from one book."""

    def __init__(self) -> None:
        self._keys: dict[object, int] = {}

    def read(self, page: str) -> list[Node]:
        """The blocks at the top of a page."""
        if not page.strip():
            return []
        return self._children(lxml.html.fragment_fromstring(page, create_parent="div"), None)

    def keyed(self, node: Node) -> Node:
        """The node with its key. Items of a list look the same with blank lines between them and without."""
        inside: tuple[object, ...] = tuple(child.key for child in node.children) or tuple(node.words)
        if node.tag == "li":
            inside = tuple(self._of_item(part) for part in node.children or [node])
        node.key = self._key(node.tag, node.attributes, inside)
        return node

    def _key(self, tag: str, attributes: str, inside: tuple[object, ...]) -> int:
        return self._keys.setdefault((tag, attributes, inside), len(self._keys) + 1)

    def _of_item(self, part: Node) -> int:
        """The key of what stands in an item, in a paragraph or not."""
        plain = part.is_leaf and (part.tag == "li" or (part.tag == "p" and not part.attributes))
        return self._key("", "", tuple(part.words)) if plain else part.key

    def _children(self, parent: HtmlElement, line: int | None) -> list[Node]:
        found: list[Node] = []
        words: list[Word] = list(_text(parent.text, (), spaced=False))
        own: int | None = None
        for child in parent:
            if child.tag in _BLOCKS:
                self._between(words, own or line, found)
                words, own = [], None
                found.append(self._node(child))
            else:
                words += _inline(child, (), spaced=False)
                own = own or _line(child)
            words += _text(child.tail, (), spaced=False)
        self._between(words, own or line, found)
        return found

    def _between(self, words: list[Word], line: int | None, found: list[Node]) -> None:
        """Words that stand between blocks are a block without a tag."""
        words = _trimmed(words)
        if words:
            found.append(self.keyed(Node("", line=line, words=words)))

    def _node(self, element: HtmlElement) -> Node:
        tag, line = str(element.tag), element.get("data-line")
        node = Node(tag, _attributes(element), int(line) if line else None)
        if any(child.tag in _BLOCKS for child in element):
            node.children = self._children(element, node.line)
        else:
            node.line = _line(element)
            spaced = tag == "pre"
            words = [*_text(element.text, (), spaced), *_inside(element, (), spaced)]
            node.words = words if spaced else _trimmed(words)
        return self.keyed(node)


def _line(element: HtmlElement) -> int | None:
    """The line on which an element says that it begins, or else the first one in it that says so."""
    lines = (each.get("data-line") for each in element.iter())
    return next((int(line) for line in lines if line), None)


def _inside(element: HtmlElement, wraps: tuple[Wrap, ...], spaced: bool) -> Iterator[Word]:
    for child in element:
        yield from _inline(child, wraps, spaced)
        yield from _text(child.tail, wraps, spaced)


def _inline(element: HtmlElement, wraps: tuple[Wrap, ...], spaced: bool) -> Iterable[Word]:
    tag, classes = str(element.tag), set((element.get("class") or "").split())
    if classes & _SILENT:
        return
    if tag in _ATOMS:
        yield Word("\ufffc" if tag != "br" else "\n", wraps, f"<{tag}{_attributes(element)}>")
    elif "footnote-ref" in classes:
        number = html.escape("".join(str(piece) for piece in element.itertext()))
        yield Word("\ufffc", wraps, f'<sup class="footnote-ref">{number}</sup>')
    else:
        if tag != "span" and not classes & _TRANSPARENT:
            wraps = (*wraps, (tag, _attributes(element)))
        yield from _text(element.text, wraps, spaced)
        yield from _inside(element, wraps, spaced)


def _text(text: str | None, wraps: tuple[Wrap, ...], spaced: bool) -> Iterator[Word]:
    for token in tokens_of(text or ""):
        yield Word(" " if token.isspace() and not spaced else token, wraps)


def _trimmed(words: list[Word]) -> list[Word]:
    start, end = 0, len(words)
    while start < end and words[start].text == " ":
        start += 1
    while end > start and words[end - 1].text == " ":
        end -= 1
    return words[start:end]


def _attributes(element: HtmlElement) -> str:
    return "".join(f' {name}="{html.escape(element.get(name) or "")}"' for name in _KEPT if name in element.attrib)
