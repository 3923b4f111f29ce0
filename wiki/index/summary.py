"""What lists show of a page, read from its text without rendering it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from wiki.markdown import split_front_matter, title_in
from wiki.model.acts import one_line

_HEADING = re.compile(r"#{1,6}[ \t]+(.+?)[ \t]*#*")
_UNDERLINED = re.compile(r"(=+|-+)[ \t]*")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|\[\[(?:[^\]|]*\|)?([^\]]*)\]\]")
_MARKS = re.compile(r"[*_`~]+|\[\^[^\]]*\]|\{[%{][^}]*[%}]\}|<[^>]*>")
_NOT_PROSE = ("#", ">", "|", "```", "~~~", "- ", "* ", "+ ", "    ", "[^", "{%", "<", "![", ":", "---", "***")
_SENTENCE = re.compile(r"(.+?[.!?。！？])(?:\s|$)")
MAX_LEAD = 200
MAX_TITLE = 200
MAX_ALIASES = 50


@dataclass(frozen=True)
class Summary:
    """Title, first sentence, and the other addresses that the front matter asks for (without slashes)."""

    title: str
    lead: str
    aliases: tuple[str, ...]


def summarise(name: str, facts: Mapping[str, object], body: str) -> Summary:
    """The summary of a page from its front matter and the text below it. Where neither gives a title, the name does."""
    heading, lead = _heading_and_lead(body)
    chosen = title_in(dict(facts)) or heading
    return Summary(_shown(chosen or "")[:MAX_TITLE] or title_from(name), _shown(lead), _aliases(facts, name))


def title_of(name: str, text: str) -> str:
    """What a page with this text is called, wherever it is spoken of."""
    return summarise(name, *split_front_matter(text)).title


def has_title(text: str) -> bool:
    """Whether a page with this text says what it is called, so that its name need not."""
    facts, body = split_front_matter(text)
    return bool(title_in(facts) or _heading_and_lead(body)[0])


def _shown(text: str) -> str:
    """Without what cannot be shown; an imported page may hold any byte."""
    return text if text.isprintable() else one_line(text)


def title_from(name: str) -> str:
    """``travel/day-trips`` as a title: "Day trips"."""
    last = name.rpartition("/")[2]
    if last in {"index", "README"} and "/" in name:
        last = name.split("/")[-2]
    words = last.replace("-", " ").replace("_", " ").strip() or name
    return words[:1].upper() + words[1:]


def _heading_and_lead(body: str) -> tuple[str | None, str]:
    heading, lead = None, ""
    for paragraph in re.split(r"\n[ \t]*\n", body[:20_000]):
        lines = [line for line in paragraph.strip("\n").split("\n") if line.strip()]
        if heading is None and lines:
            heading, lines = _take_heading(lines)
        if lines and not lines[0].startswith(_NOT_PROSE) and not re.match(r"\d+[.)] ", lines[0]):
            lead = first_sentence(" ".join(line.strip() for line in lines))
            if lead:
                break
    return heading, lead


def _take_heading(lines: list[str]) -> tuple[str | None, list[str]]:
    found = _HEADING.fullmatch(lines[0].strip()) if lines[0].startswith("# ") else None
    if found is not None:
        return plain(found[1]), lines[1:]
    if len(lines) > 1 and _UNDERLINED.fullmatch(lines[1]) and lines[1].startswith("="):
        return plain(lines[0]), lines[2:]
    return None, lines


def first_sentence(text: str) -> str:
    """The first sentence of Markdown prose as plain text, cut at a word where it is long."""
    flat = plain(text)
    found = _SENTENCE.match(flat)
    sentence = found[1] if found else flat
    if len(sentence) <= MAX_LEAD:
        return sentence
    return sentence[:MAX_LEAD].rsplit(" ", 1)[0] + "…"


def plain(text: str) -> str:
    """Markdown prose without its marks."""
    linked = _LINK.sub(lambda match: match[1] or match[2] or "", text)
    return " ".join(html.unescape(_MARKS.sub("", linked).replace("\\", "")).split())


def _aliases(facts: Mapping[str, object], name: str) -> tuple[str, ...]:
    asked: list[object] = []
    for key in ("redirect_from", "permalink"):
        value = facts.get(key)
        asked += value if isinstance(value, list) else [value]
    cleaned = (value.strip().strip("/") for value in asked if isinstance(value, str))
    return tuple(dict.fromkeys(a for a in cleaned if a and a != name and len(a) <= 240))[:MAX_ALIASES]
