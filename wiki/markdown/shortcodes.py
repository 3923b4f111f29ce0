"""Shortcodes: what handbooks that were written for Eleventy, Jekyll or Nunjucks hold between ``{%`` and ``%}``.

Only what stands outside code is touched. A shortcode that is not known stays as readable text.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from urllib.parse import quote

_FENCE = re.compile(r"^[ \t>*+-]*(`{3,}|~{3,})", re.MULTILINE)
_TICKS = re.compile(r"`+")
_COMMENT = re.compile(r"\{%-?\s*(comment|endcomment)\s*-?%\}")
_RAW = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}")
_TAG = re.compile(r"\{%-?\s*([a-z_]+)\b([^%{}]{0,800})%\}")
_ALERT = re.compile(r"^([ \t]*)\{%-?\s*alert\b([^%{}]{0,400})%\}[ \t]*")
_ENDALERT = re.compile(r"\{%-?\s*endalert\s*-?%\}")
_BASE = re.compile(r"\{\{-?\s*(?:site|base)\.base_?url\s*-?\}\}")
_STRING = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_MARKS = re.compile(r"([\\`*_\[\]<>#|~])")
_SILENT = frozenset({"include", "uswds_icon", "usa", "toc", "endalert"})


def expand(text: str) -> str:
    """The text with its shortcodes turned into Markdown."""
    if "{%" not in text and "{{" not in text:
        return text
    text = _outside_code(text, _without_comments)
    if "alert" in text:
        text = _callouts(text)
    return _outside_code(text, _replace)


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    """``text`` with ``change`` done to everything that is neither in a fence nor in a code span."""
    kept: list[str] = []

    def hide(code: str) -> str:
        kept.append(code)
        return f"\x00{len(kept) - 1}\x00"

    hidden = "".join(hide(part) if code else part for part, code in _parts(text.replace("\x00", "\ufffd")))
    return re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], change(hidden))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is code."""
    at = 0
    while (opening := _FENCE.search(text, at)) is not None:
        yield from _spans(text[at : opening.start()])
        closing = re.compile(rf"^[ \t>]*{opening[1][0]}{{{len(opening[1])},}}[ \t]*$", re.MULTILINE)
        end = closing.search(text, opening.end())
        at = end.end() if end else len(text)
        yield text[opening.start() : at], True
    yield from _spans(text[at:])


def _spans(text: str) -> Iterator[tuple[str, bool]]:
    for paragraph in re.split(r"(\n[ \t]*\n)", text):
        yield from _spans_in_paragraph(paragraph)


def _spans_in_paragraph(text: str) -> Iterator[tuple[str, bool]]:
    runs = [(run.start(), run.end()) for run in _TICKS.finditer(text)]
    later: dict[int, deque[int]] = {}
    for at, (start, end) in enumerate(runs):
        later.setdefault(end - start, deque()).append(at)
    done = at = 0
    while at < len(runs):
        start, end = runs[at]
        same = later[end - start]
        while same and same[0] <= at:
            same.popleft()
        if same:
            yield text[done:start], False
            done = runs[same[0]][1]
            yield text[start:done], True
            at = same[0]
        at += 1
    yield text[done:], False


def _without_comments(text: str) -> str:
    kept, at, inside = [], 0, False
    for tag in _COMMENT.finditer(text):
        if not inside:
            kept.append(text[at : tag.start()])
        inside = tag[1] == "comment"
        at = tag.end()
    kept.append(text[at:])
    return "".join(kept)


def _callouts(text: str) -> str:
    """Alerts as quotes that begin with ``[!NOTE]``, which `blocks.py` shows as callouts."""
    lines, indent, fence = [], None, ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark is not None:
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        opening = None if fence else _ALERT.match(line)
        if opening is not None and indent is None:
            indent = opening[1]
            lines.append(f"{indent}> [!{_kind(opening[2])}] {_title(opening[2])}\n{indent}>")
            line = line[opening.end() :]
            if not line.strip():
                continue
        if indent is None:
            lines.append(line)
            continue
        body, closing, rest = _split_at_end(line) if not fence else (line, False, "")
        if body.strip() or not closing:
            lines.append(f"{indent}> {body.removeprefix(indent)}".rstrip())
        if closing:
            lines.append(rest)
            indent = None
    return "\n".join(lines)


def _split_at_end(line: str) -> tuple[str, bool, str]:
    end = _ENDALERT.search(line)
    return (line, False, "") if end is None else (line[: end.start()], True, line[end.end() :])


def _kind(arguments: str) -> str:
    words = {a or b for a, b in _STRING.findall(arguments)}
    return "WARNING" if words & {"warning", "error"} else "NOTE"


def _title(arguments: str) -> str:
    first = next((a or b for a, b in _STRING.findall(arguments)), "")
    return f"**{_plain(first.strip())}**" if first.strip() else ""


def _replace(text: str) -> str:
    text = _BASE.sub("", text)
    pieces = _RAW.split(text)
    return "".join(piece if at % 2 else _TAG.sub(_shown, piece) for at, piece in enumerate(pieces))


def _shown(tag: re.Match[str]) -> str:
    name = tag[1]
    strings = [a or b for a, b in _STRING.findall(tag[2])]
    if name in {"page", "link", "download"} and strings:
        target = strings[0].strip()
        target = target if re.match(r"(?:https?:/)?/", target) else f"/{target}"
        return quote(target, safe="/#?=&%~!$'*+,;:@-._")
    if name == "slack_channel" and strings:
        return "#" + _plain(strings[0].lstrip("#"))
    if name in {"image", "image_with_class"}:
        return f"*{_plain(strings[-1])}*" if len(strings) > 1 and strings[-1].strip() else ""
    return "" if name in _SILENT else tag[0]


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
