"""The words of a page or a reason without the marks of Markdown: what is looked through, and what is shown of it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from wiki.markdown.shortcodes import expand

_TITLE = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+(.*?)[ \t#]*")
_RULE = re.compile(r"[ \t]*(?:[=*_-][ \t]*){2,}|[ \t|:-]{3,}")
_FENCE = re.compile(r"[ \t>]*(?:`{3,}|~{3,}).*")
_BEGINNING = re.compile(r"(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t]|:[ \t]|\[\^[^\]]{0,100}\]:|\[[ xX]\][ \t]))+[ \t]*")
_CALLOUT = re.compile(r"\[!\w{1,20}\]")
_LINK = re.compile(r"(?:!\[|\[)([^\[\]]*)\](?:\([^()\s]*(?:[ \t]+[^()]*)?\)|\[[^\]]*\])?")
_WIKI_LINK = re.compile(r"\[\[(?:[^\]|]*\|)?([^\]]*)\]\]")
_DEFINITION = re.compile(r"[ \t]{0,3}\[[^\]]{1,200}\]:[ \t]*\S+.*")
_ATTRIBUTES = re.compile(r"\{:[^{}]*\}|\{%[^%]*%\}|\{\{[^{}]*\}\}")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,500})>")
_FOOTNOTE = re.compile(r"\[\^[^\]]{0,100}\]")
_EMPHASIS = re.compile(r"\*(?<!\\\*)\**|~(?<!\\~)~|`(?<!\\`)`*|_(?<![\w\\]_)_*|_(?<!\\_)_*(?!\w)")
"""What must not stand before a sign is asked after it: an expression that begins with signs is found much faster."""
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_NOTHING, _HEADING, _BEGINS, _GOES_ON = range(4)
"""What a line is: nothing to read, a heading, the first of a paragraph, or one that goes on where one is open."""


@dataclass(frozen=True)
class PlainText:
    """Headings and the rest, a line for each paragraph, item, or row of a table."""

    headings: str
    body: str

    @property
    def whole(self) -> str:
        """All of it."""
        return f"{self.headings}\n{self.body}"


def plain_text(text: str) -> PlainText:
    """The words of Markdown below the front matter."""
    if "<!--" in text:
        text = _COMMENT.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    headings: list[str] = []
    paragraphs: list[list[str]] = []
    open_paragraph = False
    for line in expand(text).split("\n"):
        kind, words = (_GOES_ON, line) if line[:1].isalpha() else _read(line)
        if kind == _HEADING:
            headings.append(_without_marks(words))
        elif kind == _GOES_ON and open_paragraph:
            paragraphs[-1].append(words.strip())
        elif kind != _NOTHING:
            paragraphs.append([words])
        open_paragraph = kind in (_GOES_ON, _BEGINS)
    body = filter(None, (_without_marks(" ".join(lines)) for lines in paragraphs))
    return PlainText("\n".join(filter(None, headings)), "\n".join(body))


def _read(line: str) -> tuple[int, str]:
    """What a line is, and its words."""
    heading = _TITLE.fullmatch(line) if "#" in line else None
    if heading is not None:
        return _HEADING, heading[1]
    if not line.strip() or _FENCE.fullmatch(line) or _RULE.fullmatch(line) or _DEFINITION.fullmatch(line):
        return _NOTHING, ""
    beginning = _BEGINNING.match(line)
    words = line[beginning.end() :] if beginning else line
    return _GOES_ON if beginning is None and not line.lstrip().startswith("|") else _BEGINS, words


def _without_marks(line: str) -> str:
    if "[" in line:
        line = _CALLOUT.sub("", _FOOTNOTE.sub("", _WIKI_LINK.sub(r"\1", line)))
        line = _LINK.sub(r"\1", _LINK.sub(r"\1", line))
    if "<" in line:
        line = _TAG.sub(" ", _AUTOLINK.sub(r"\1", line))
    if "{" in line:
        line = _ATTRIBUTES.sub("", line)
    if "|" in line:
        line = line.strip().strip("|").replace("|", " · ")
    if "*" in line or "_" in line or "`" in line or "~~" in line:
        line = _EMPHASIS.sub("", line)
    if "\\" in line:
        line = _ESCAPE.sub(r"\1", line)
    if "&" in line:
        line = html.unescape(line)
    return " ".join(line.replace("\x00", " ").split())
