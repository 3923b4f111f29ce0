"""Tokens -> HTML. One `Writer` writes one text and holds all that belongs to it; what it writes is sanitised after."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from wiki.markdown import bare_html
from wiki.markdown.coloured import language_of
from wiki.markdown.links import HEADING_PREFIX, Address, address, slug, wiki_address
from wiki.markdown.tokens import Token, callout, figure, own_id, plain, sized, unescaped
from wiki.model.errors import Refused
from wiki.model.words import N_

MAX_HTML = 8 << 20
MAX_ABBREVIATIONS = 100

_BLOCK = re.compile(r"\n?<(?:ul|ol|dl|div|aside|blockquote|pre|table|h[1-6]|hr|details)\b")


@dataclass(frozen=True)
class TocEntry:
    """A heading of the page: level 2 to 4, the id in the HTML, its text."""

    level: int
    id: str
    text: str


@dataclass
class Writer:
    """Writes the tokens of one text.

    ``folder`` is where relative links start. A ``prefix`` makes it a fragment among others on a page: no heading,
    and ids that begin with it. ``notes`` are the lines of its footnotes, where the lines of blocks are wanted.
    """

    folder: str = ""
    prefix: str | None = None
    abbreviations: dict[str, str] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    toc: list[TocEntry] = field(default_factory=list)
    size: int = 0

    def __post_init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._seen_notes: dict[int, int] = {}
        self._in_link = False
        keys = sorted(self.abbreviations, key=len, reverse=True)[:MAX_ABBREVIATIONS]
        self._abbreviated = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, keys))})(?!\w)") if keys else None

    def write(self, tokens: list[Token]) -> str:
        """The HTML of these tokens."""
        return "".join([self._token(token) for token in tokens])

    def _token(self, token: Token) -> str:
        written: str = getattr(self, "_" + token["type"])(token)
        return written

    def _inside(self, token: Token) -> str:
        return self.write(token.get("children", []))

    def _escaped(self, text: str) -> str:
        """Text for HTML. Counts what is written: definitions that are used often make a short text long."""
        self.size += len(text)
        if self.size > MAX_HTML:
            raise Refused(N_("This text would become too long to show. Please make it shorter."))
        return html.escape(text)

    # inline

    def _text(self, token: Token) -> str:
        text = unescaped(token["raw"])
        if self._abbreviated is None:
            return self._escaped(text)
        pieces, at = [], 0
        for found in self._abbreviated.finditer(text):
            title = self.abbreviations[found[0]]
            pieces.append(self._escaped(text[at : found.start()]))
            pieces.append(f'<abbr title="{self._escaped(title)}">{self._escaped(found[0])}</abbr>')
            at = found.end()
        pieces.append(self._escaped(text[at:]))
        return "".join(pieces)

    def _emphasis(self, token: Token) -> str:
        return f"<em>{self._inside(token)}</em>"

    def _strong(self, token: Token) -> str:
        return f"<strong>{self._inside(token)}</strong>"

    def _strikethrough(self, token: Token) -> str:
        return f"<del>{self._inside(token)}</del>"

    def _codespan(self, token: Token) -> str:
        return f"<code>{self._escaped(token['raw'])}</code>"

    def _linebreak(self, token: Token) -> str:
        return "<br>\n"

    def _softbreak(self, token: Token) -> str:
        return "\n"

    def _inline_html(self, token: Token) -> str:
        self.size += len(token["raw"])
        return bare_html.bare(token["raw"], self._open_link, headings=self.prefix is None)

    def _link(self, token: Token) -> str:
        attrs = token["attrs"]
        return self._linked(address(attrs["url"], self.folder), token, attrs.get("title"))

    def _wiki_link(self, token: Token) -> str:
        return self._linked(Address(wiki_address(token["attrs"]["target"], self.folder)), token, None)

    def _linked(self, to: Address | None, token: Token, title: str | None) -> str:
        if to is None or self._in_link:
            return self._inside(token)
        self._in_link = True
        inside = self._inside(token)
        self._in_link = False
        return f"{self._opening(to, title)}{inside}</a>"

    def _open_link(self, target: str) -> str:
        to = address(target, self.folder)
        return "" if to is None else self._opening(to, None)

    def _opening(self, to: Address, title: str | None) -> str:
        more = ' class="external" rel="noopener noreferrer"' if to.external else ""
        if title:
            more += f' title="{self._escaped(unescaped(title))}"'
        return f'<a href="{self._escaped(to.url)}"{more}>'

    def _image(self, token: Token) -> str:
        """Pictures come from this site only; one from elsewhere becomes a link to it."""
        alt = plain(token.get("children", [])).strip()
        to = address(token["attrs"]["url"], self.folder)
        if to is None or to.url.startswith(("mailto:", "tel:", "#")):
            return self._escaped(alt)
        if to.external:
            label = self._escaped(alt or to.url)
            return label if self._in_link else f"{self._opening(to, None)}{label}</a>"
        size = "".join(f' {side}="{value}"' for side, value in token.get("size", ()))
        return f'<img src="{self._escaped(to.url)}" alt="{self._escaped(alt)}"{size} loading="lazy">'

    def _footnote_ref(self, token: Token) -> str:
        index = token["attrs"]["index"]
        again = self._seen_notes[index] = self._seen_notes.get(index, 0) + 1
        own = f' id="{self._note_id("r", index)}"' if again == 1 else ""
        href = self._note_id("", index)
        return f'<sup class="footnote-ref"{own}><a href="#{href}" role="doc-noteref">{index}</a></sup>'

    def _note_id(self, kind: str, index: int) -> str:
        return f"fn-{self.prefix or ''}{kind}{index}"

    # blocks

    def _blank_line(self, token: Token) -> str:
        return ""

    def _paragraph(self, token: Token) -> str:
        sized(token)
        caption = figure(token)
        inside = self._inside(token)
        if caption and inside.startswith("<img "):
            caption = self._escaped(unescaped(caption))
            return f"<figure{_line(token)}>{inside.strip()}<figcaption>{caption}</figcaption></figure>\n"
        return f"<p{_line(token)}>{inside}</p>\n" if inside.strip() else ""

    def _block_text(self, token: Token) -> str:
        sized(token)
        return self._inside(token)

    def _heading(self, token: Token) -> str:
        own = own_id(token)
        if self.prefix is not None:
            return f"<p><strong>{self._inside(token)}</strong></p>\n"
        text = " ".join(plain(token["children"]).split())
        level = max(2, token["attrs"]["level"])
        name = self._unique(HEADING_PREFIX + (own or slug(text)))
        if level <= 4 and text:
            self.toc.append(TocEntry(level, name, text))
        inside = self._inside(token)
        if "<a " in inside or not text:
            inside += f'<a class="anchor" href="#{name}" aria-hidden="true" tabindex="-1"></a>'
        else:
            inside = f'<a class="anchor" href="#{name}">{inside}</a>'
        return f'<h{level} id="{name}"{_line(token)}>{inside}</h{level}>\n'

    def _unique(self, name: str) -> str:
        while name in self._ids:
            self._ids[name] += 1
            name = f"{name}-{self._ids[name]}"
        self._ids[name] = 0
        return name

    def _thematic_break(self, token: Token) -> str:
        return "<hr>\n"

    def _block_code(self, token: Token) -> str:
        language = language_of(token)
        own = f' class="language-{self._escaped(language)}"' if language else ""
        runs = token.get("runs") or [("", token["raw"])]
        code = "".join(
            f'<span class="{kind}">{self._escaped(text)}</span>' if kind else self._escaped(text) for kind, text in runs
        )
        return f'<pre tabindex="0"{_line(token)}><code{own}>{code}</code></pre>\n'

    def _block_quote(self, token: Token) -> str:
        found = callout(token)
        if found is None:
            return f"<blockquote>\n{self._inside(token)}</blockquote>\n"
        kind, title = found
        named = self.write(title).strip() or kind.capitalize()
        title_line = f'<p class="callout-title"{_line(token)}>{named}</p>\n'
        return f'<aside class="callout {kind}" role="note">\n{title_line}{self._inside(token)}</aside>\n'

    def _block_html(self, token: Token) -> str:
        raw = token["raw"]
        self.size += len(raw)
        if bare_html.is_known(raw):
            shown = bare_html.bare(raw, self._open_link, headings=self.prefix is None, line=token.get("line"))
            return f"{shown}\n"
        shown = bare_html.escaped(raw).strip()
        return f"<p{_line(token)}>{shown}</p>\n" if shown else ""

    def _list(self, token: Token) -> str:
        attrs = token.get("attrs") or {}
        if not attrs.get("ordered"):
            return f"<ul>\n{self._inside(token)}</ul>\n"
        start = f' start="{attrs["start"]}"' if attrs.get("start") is not None else ""
        return f"<ol{start}>\n{self._inside(token)}</ol>\n"

    def _list_item(self, token: Token) -> str:
        return f"<li{_line(token)}>{self._inside(token)}</li>\n"

    def _task_list_item(self, token: Token) -> str:
        checked = " checked" if token["attrs"]["checked"] else ""
        box = f'<input type="checkbox" disabled{checked}> '
        before, words, after = _first_words(self._inside(token))
        return f'<li class="task"{_line(token)}>{before}<label>{box}{words}</label>{after}</li>\n'

    def _table(self, token: Token) -> str:
        named = f' role="group" aria-labelledby="{self.toc[-1].id}"' if self.toc else ' role="group"'
        return f'<div class="table" tabindex="0"{named}><table>\n{self._inside(token)}</table></div>\n'

    def _table_head(self, token: Token) -> str:
        return f"<thead><tr{_line(token)}>{self._inside(token)}</tr></thead>\n"

    def _table_body(self, token: Token) -> str:
        return f"<tbody>\n{self._inside(token)}</tbody>\n"

    def _table_row(self, token: Token) -> str:
        return f"<tr{_line(token)}>{self._inside(token)}</tr>\n"

    def _table_cell(self, token: Token) -> str:
        attrs = token["attrs"]
        align = f' class="align-{attrs["align"]}"' if attrs["align"] else ""
        if attrs["head"]:
            return f'<th scope="col"{align}>{self._inside(token)}</th>'
        return f"<td{align}>{self._inside(token)}</td>"

    def _def_list(self, token: Token) -> str:
        return f"<dl>\n{self._inside(token)}</dl>\n"

    def _def_list_head(self, token: Token) -> str:
        return f"<dt{_line(token)}>{self._inside(token)}</dt>\n"

    def _def_list_item(self, token: Token) -> str:
        return f"<dd{_line(token)}>{self._inside(token)}</dd>\n"

    def _footnotes(self, token: Token) -> str:
        return f'<section class="footnotes" role="doc-endnotes"><hr><ol>\n{self._inside(token)}</ol></section>\n'

    def _footnote_item(self, token: Token) -> str:
        index = token["attrs"]["index"]
        back = f' <a href="#{self._note_id("r", index)}" class="footnote-back" role="doc-backlink">↩</a>'
        inside = self._inside(token).rstrip()
        inside = inside.removesuffix("</p>") + back + "</p>" if inside.endswith("</p>") else inside + back
        line = self.notes.get(str(token["attrs"].get("key", "")).casefold())
        return f'<li id="{self._note_id("", index)}"{_line({"line": line})}>{inside}</li>\n'


def _line(token: Token) -> str:
    """Where a block begins in the text, where that is wanted and known."""
    line = token.get("line")
    return f' data-line="{line}"' if line is not None else ""


def _first_words(html: str) -> tuple[str, str, str]:
    """The words of an item, apart from what stands before and after them: they name its box."""
    if html.startswith(("<p>", "<p ")):
        opening, _, rest = html.partition(">")
        words, _, after = rest.partition("</p>")
        return f"{opening}>", words, f"</p>{after}"
    found = _BLOCK.search(html)
    at = found.start() if found is not None else len(html)
    return "", html[:at], html[at:]
