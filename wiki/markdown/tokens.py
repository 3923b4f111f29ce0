"""What tokens say: their plain text, the first sentence, and marks in the text that stand for something else."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from wiki.model.counting import words_of

Token = dict[str, Any]

MAX_LEAD = 200

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CALLOUT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*", re.IGNORECASE)
_OWN_ID = re.compile(r"\s*\{#([\w-]{1,100})\}\s*\Z")
_SIZE = re.compile(
    r"\{[ \t]*(?:width=\"?(?P<width>[1-9][0-9]{0,3})\"?[ \t]*)?(?:height=\"?(?P<height>[1-9][0-9]{0,3})\"?[ \t]*)?\}"
)
_SENTENCE = re.compile(r"(?:.{12,}?[.!?…](?=[\s)\"”’]+[^\sa-z])|[^.!?]{4,}?[。！？])[)\"”’]*", re.DOTALL)
_BREAKS = frozenset({"linebreak", "softbreak"})
_SILENT = frozenset({"inline_html", "footnote_ref", "block_html", "blank_line"})


def unescaped(text: str) -> str:
    """Text with its character references read."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def plain(tokens: list[Token]) -> str:
    """The text of inline tokens as somebody reads it."""
    return "".join(_plain_pieces(tokens))


def _plain_pieces(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        kind = token["type"]
        if kind in _BREAKS:
            yield " "
        elif "children" in token:
            yield from _plain_pieces(token["children"])
        elif kind not in _SILENT and "raw" in token:
            yield unescaped(token["raw"]) if kind == "text" else token["raw"]


def words_in(tokens: list[Token]) -> int:
    """How many words somebody reads, code and footnotes included."""
    return len(words_of(" ".join(_plain_pieces(tokens))))


def lead(tokens: list[Token]) -> str:
    """The first sentence of the first paragraph that says something, at most 200 characters."""
    for paragraph in _paragraphs(tokens):
        text = " ".join(plain(paragraph["children"]).split())
        if any(character.isalpha() for character in text):
            return _shortened(text)
    return ""


def _paragraphs(tokens: list[Token]) -> Iterator[Token]:
    """The paragraphs at the top first, then those in lists and quotes."""
    yield from (token for token in tokens if token["type"] == "paragraph")
    for token in tokens:
        if token["type"] in {"block_quote", "list", "list_item", "task_list_item"}:
            yield from _blocks_in(token)


def _blocks_in(token: Token) -> Iterator[Token]:
    for child in token.get("children", []):
        if child["type"] in {"paragraph", "block_text"}:
            yield child
        elif "children" in child:
            yield from _blocks_in(child)


def _shortened(text: str) -> str:
    sentence = _SENTENCE.match(text[: MAX_LEAD * 2])
    text = sentence[0] if sentence else text
    if len(text) <= MAX_LEAD:
        return text
    cut = text[: MAX_LEAD - 1]
    return (cut[: cut.rindex(" ")] if " " in cut[MAX_LEAD // 2 :] else cut).rstrip(" ,;:–-") + "…"


def own_id(heading: Token) -> str | None:
    """The id a heading gives itself by ``{#name}`` at its end; the mark is taken off."""
    last = heading["children"][-1] if heading.get("children") else None
    if last is None or last["type"] != "text":
        return None
    mark = _OWN_ID.search(last["raw"][-120:])
    if mark is None:
        return None
    last["raw"] = last["raw"][: -len(mark[0])]
    return mark[1]


def callout(quote: Token) -> tuple[str, list[Token]] | None:
    """What a quote is that begins with ``[!NOTE]`` or its like, and the words beside that mark, which are its title;
    both are taken off."""
    first = next((child for child in quote["children"] if child["type"] != "blank_line"), None)
    if first is None or first["type"] != "paragraph" or not first.get("children"):
        return None
    children = first["children"]
    mark = _CALLOUT.match(children[0]["raw"]) if children[0]["type"] == "text" else None
    if mark is None:
        return None
    children[0]["raw"] = children[0]["raw"][mark.end() :]
    end = next((at for at, child in enumerate(children) if child["type"] in _BREAKS), len(children))
    title, first["children"] = children[:end], children[end + 1 :]
    return mark[1].lower(), title


def sized(paragraph: Token) -> None:
    """Give the pictures of a paragraph the ``size`` that stands behind them as ``{width=600 height=400}``; the mark is
    taken off."""
    for picture, behind in pairwise(paragraph.get("children", ())):
        if picture["type"] == "image" and behind["type"] == "text" and behind["raw"].startswith("{"):
            mark = _SIZE.match(behind["raw"])
            if mark is not None:
                picture["size"] = [(side, value) for side, value in mark.groupdict().items() if value]
                behind["raw"] = behind["raw"][mark.end() :]


def figure(paragraph: Token) -> str | None:
    """The caption of a picture that stands alone in its paragraph: its title."""
    words = [child for child in paragraph.get("children", ()) if child.get("raw", "x").strip()]
    if len(words) != 1 or words[0]["type"] != "image":
        return None
    title = words[0]["attrs"].get("title")
    return title.strip() or None if isinstance(title, str) else None
