"""The Markdown that pages are written in: mistune with few plugins, and our own rules where its own are slow.

One parser serves all threads: it keeps compiled patterns only, what belongs to a text lives in the state of its
call. Every step looks at the clock, so a text that takes long is given up (`deadline` in the state's environment).
"""

from __future__ import annotations

import re
import time
from typing import Any, cast

import mistune
from mistune.block_parser import BlockParser
from mistune.core import BlockState, InlineState
from mistune.inline_parser import InlineParser
from mistune.plugins.abbr import parse_ref_abbr
from mistune.plugins.def_list import def_list
from mistune.plugins.footnotes import footnotes
from mistune.plugins.formatting import strikethrough
from mistune.plugins.task_lists import task_lists

from wiki.markdown import tables, typed
from wiki.markdown.places import Places

MAX_NESTED = 12
MAX_MARKS = 400

WIKI_LINK = r"\[\[(?P<wiki_target>[^\[\]\n|]{1,200})(?:\|(?P<wiki_label>[^\[\]\n|]{1,200}))?\]\](?!\()"
_ABBREVIATION = r"^ {0,3}\*\[(?P<abbr_key>[^\]\n\\]{1,40})\]:(?P<abbr_text>[^\n]{0,200})$"
_HEADING = r"^ {0,3}(?P<atx_1>#{1,6})(?!#)(?P<atx_2>[ \t]+[^\n]*|)$"
_MARKS = re.compile(r"[*_]+")


class TooSlow(Exception):
    """The time for this text is over."""


class _Blocks(BlockParser):
    def parse_method(self, m: re.Match[str], state: BlockState) -> int | None:
        _look_at_the_clock(state)
        return super().parse_method(m, state)

    def parse_atx_heading(self, m: re.Match[str], state: BlockState) -> int:
        """As mistune's, which searches for the closing hashes in quadratic time."""
        text = m["atx_2"].strip()
        without = text.rstrip("#")
        if not without or without[-1] in " \t":
            text = without.rstrip()
        state.append_token({"type": "heading", "text": text, "attrs": {"level": len(m["atx_1"])}, "style": "atx"})
        return m.end() + 1

    def parse_block_quote(self, m: re.Match[str], state: BlockState) -> int:
        """As mistune's, which leaves a quotation before the last of the blocks that came with its end: a list may end
        at yet another block, and then the list would stand first."""
        at = len(state.tokens)
        end = super().parse_block_quote(m, state)
        if len(state.tokens) > at + 1:
            state.tokens.insert(at, state.tokens.pop(-2))
        return end


class _Inlines(InlineParser):
    def parse_method(self, m: re.Match[str], state: InlineState) -> int | None:
        _look_at_the_clock(state)
        return super().parse_method(m, state)

    def finalize_tokens(self, tokens: list[dict[str, Any]], depth: int) -> list[dict[str, Any]]:
        """Emphasis costs the square of its marks; a paragraph with very many of them shows them as they are."""
        marks = sum(len(_MARKS.findall(token["raw"])) for token in tokens if token["type"] == "text")
        return super().finalize_tokens(tokens, depth if marks <= MAX_MARKS else self.max_nested_level)


def _look_at_the_clock(state: BlockState | InlineState) -> None:
    deadline = state.env.get("deadline")
    if deadline is not None and time.monotonic() > deadline:
        raise TooSlow


def _parse_wiki_link(inline: InlineParser, match: re.Match[str], state: InlineState) -> int | None:
    target, label = match["wiki_target"].strip(), match["wiki_label"]
    if not target or state.in_link:
        return None
    text = (label or "").strip() or _without_signs(target)
    state.append_token({"type": "wiki_link", "children": [{"type": "text", "raw": text}], "attrs": {"target": target}})
    return match.end()


def _without_signs(target: str) -> str:
    """``Expenses#Meals`` as somebody says it."""
    page, _, heading = (part.strip() for part in target.partition("#"))
    return f"{page}: {heading}" if page and heading else page or heading or target


def _plugins(md: mistune.Markdown) -> None:
    for plugin in (footnotes, task_lists, strikethrough, def_list):
        plugin(md)
    blocks, inlines = md.block, md.inline
    blocks.specification["atx_heading"] = _HEADING
    blocks.register("ref_abbr", _ABBREVIATION, parse_ref_abbr, before="paragraph")
    blocks.register("table", tables.PATTERN, tables.parse_table, before="setex_heading")
    for rules in (blocks.block_quote_rules, blocks.list_rules):
        blocks.insert_rule(rules, "table", before="setex_heading")
    inlines.register("wiki_link", WIKI_LINK, _parse_wiki_link, before="footnote", start_chars="[")
    typed.register(inlines)


_markdown = mistune.Markdown(
    renderer=None,
    block=_Blocks(max_nested_level=MAX_NESTED),
    inline=_Inlines(max_nested_level=MAX_NESTED),
    plugins=[_plugins],
)


def _mark_places(md: mistune.Markdown, state: BlockState) -> None:
    places = state.env.get("places")
    if places is not None:
        places.mark(state.tokens)


_markdown.before_render_hooks.append(_mark_places)


def parse(
    text: str, deadline: float | None, places: Places | None = None
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The tokens of a text and its abbreviations. `TooSlow` after ``deadline`` (of the monotonic clock). With
    ``places`` the blocks have the ``line`` that they begin on."""
    state = BlockState()
    state.env["deadline"] = deadline
    state.env["places"] = places
    tokens, state = _markdown.parse(text, state)
    return cast("list[dict[str, Any]]", tokens), state.env.get("ref_abbrs") or {}
