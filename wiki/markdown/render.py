"""From the text of a page, or of a remark, to what is shown of it."""

from __future__ import annotations

import html
from dataclasses import dataclass

from wiki.markdown.coloured import colour
from wiki.markdown.front_matter import (
    aliases_in,
    facts_in,
    language_in,
    review_date,
    split_front_matter,
    title_in,
)
from wiki.markdown.grammar import parse
from wiki.markdown.links import address
from wiki.markdown.places import Places
from wiki.markdown.sanitise import sanitise
from wiki.markdown.shortcodes import expand
from wiki.markdown.tokens import Token, lead, plain, words_in
from wiki.markdown.writer import TocEntry, Writer


@dataclass(frozen=True)
class Rendered:
    """A page as it is shown.

    ``html`` is safe and does not repeat the title. ``lead`` is plain text. ``aliases`` are names without slashes at
    the ends, ``redirect_to`` is an address, ``review_by`` an ISO date, ``facts`` are (label, text), ``language`` is the
    tag of the language that the page says it is in.
    """

    html: str
    title: str | None
    lead: str
    toc: tuple[TocEntry, ...]
    words: int
    aliases: tuple[str, ...]
    redirect_to: str | None
    review_by: str | None
    facts: tuple[tuple[str, str], ...]
    language: str | None = None


def page(text: str, folder: str, deadline: float | None = None, *, lines: bool = False) -> Rendered:
    """Render a page; `TooSlow` after the deadline. With ``lines`` its blocks say in ``data-line`` where they begin."""
    values, body = split_front_matter(text)
    places = Places(body, 1 + text[: len(text) - len(body)].count("\n")) if lines else None
    tokens, abbreviations = parse(expand(body), deadline, places)
    colour(tokens)
    title, tokens = _titled(title_in(values), tokens)
    words, first = words_in(tokens), lead(tokens)
    writer = Writer(folder, abbreviations=abbreviations, notes=places.notes() if places is not None else {})
    written = sanitise(writer.write(tokens))
    target = values.get("redirect_to")
    redirect = address(target, folder) if isinstance(target, str) and target.strip() else None
    return Rendered(
        html=written,
        title=title,
        lead=first,
        toc=tuple(writer.toc),
        words=words,
        aliases=aliases_in(values),
        redirect_to=redirect.url if redirect else None,
        review_by=review_date(values),
        facts=facts_in(values),
        language=language_in(values),
    )


def _titled(title: str | None, tokens: list[Token]) -> tuple[str | None, list[Token]]:
    """The title, and the tokens without the heading that says the same at the top."""
    top = next((token for token in tokens if token["type"] == "heading" and token["attrs"]["level"] == 1), None)
    if top is None:
        return title, tokens
    text = " ".join(plain(top["children"]).split())
    first = next((token for token in tokens if token["type"] != "blank_line"), None)
    if first is top and (title is None or title == text):
        tokens = [token for token in tokens if token is not top]
    return title or text or None, tokens


def fragment(text: str, prefix: str, deadline: float | None = None) -> str:
    """Render a remark; `TooSlow` after the deadline."""
    tokens, abbreviations = parse(text, deadline)
    return sanitise(Writer(prefix=prefix, abbreviations=abbreviations).write(tokens))


def unrendered(text: str) -> Rendered:
    """A page that cannot be rendered in time, as it was typed; for an imported one that nobody could refuse."""
    return Rendered(f'<pre tabindex="0">{html.escape(text)}</pre>', None, "", (), len(text.split()), (), None, None, ())
