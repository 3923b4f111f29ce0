"""What tokens say: their plain text, the first sentence, and marks in the text that stand for something else."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

Token = dict[str, Any]

MAX_LEAD = 200

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CALLOUT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*", re.IGNORECASE)
_OWN_ID = re.compile(r"\s*\{#([\w-]{1,100})\}\s*\Z")
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
    return len(re.findall(r"\w+", " ".join(_plain_pieces(tokens))))


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


def callout(quote: Token) -> str | None:
    """What a quote is that begins with ``[!NOTE]`` or its like; the mark is taken off."""
    first = next((child for child in quote["children"] if child["type"] != "blank_line"), None)
    if first is None or first["type"] != "paragraph" or not first.get("children"):
        return None
    text = first["children"][0]
    mark = _CALLOUT.match(text["raw"]) if text["type"] == "text" else None
    if mark is None:
        return None
    text["raw"] = text["raw"][mark.end() :]
    if not text["raw"] and len(first["children"]) > 1 and first["children"][1]["type"] in _BREAKS:
        del first["children"][1]
    return mark[1].upper()
