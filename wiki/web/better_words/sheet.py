"""The sentence or passage of a page that other words are suggested for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wiki.index import PageRecord
from wiki.markdown import language_of
from wiki.model.acts import OBJECT_ID
from wiki.model.errors import NotFound
from wiki.prose import Passage, became, passage_at
from wiki.prose.blocks import blocks_of
from wiki.prose.rewording import (
    Found,
    find,
    find_passage,
    line_of,
    reworded,
    sentence_that_differs,
    source_after,
    with_passage,
)
from wiki.web.better_words.forms import MAX_QUOTE
from wiki.web.places import text_of
from wiki.web.say import _, kept

_LONGEST_TITLE = 68
"""So many characters fit on a line of a list."""


@dataclass(frozen=True)
class Sheet:
    """A passage of a page as it was when somebody began, and in it the sentences that they chose; None for all of it,
    as it is written. ``of`` is the blob of the ``text``."""

    name: str
    title: str
    of: str
    text: str
    passage: Passage
    found: Found | None

    @property
    def path(self) -> str:
        """The file of the page."""
        return f"{self.name}.md"

    @property
    def language(self) -> str | None:
        """The language that the page says it is in."""
        return language_of(self.text)

    @property
    def was(self) -> str:
        """The words to be made better."""
        return self.found.words if self.found is not None else self.passage.source

    def title_for(self, typed: str) -> str:
        """What a proposal of these words is called unless somebody calls it otherwise: by the sentence that they make
        better."""
        if self.found is not None:
            words = sentence_that_differs(self.found.words, typed)
        else:
            was, now = (" ".join(block.text for block in some) for some in (self.passage.blocks, blocks_of(typed)))
            words = sentence_that_differs(was, now)
        room = _LONGEST_TITLE - len(_("Better words for “%(words)s”", words=""))
        return kept(_("Better words for “%(words)s”", words=_cut(words, room)))

    def source(self, typed: str) -> str | None:
        """The passage with these words, as it would be written; None where they cannot be written there."""
        if self.found is None:
            return typed
        text = reworded(self.found, typed)
        return source_after(self.found, text) if text is not None else None

    def now(self, text: str) -> Passage | None:
        """The passage in a later text, whether it reads the same or not; None where it is gone."""
        return self.passage if text == self.text else became(self.text, text, self.passage)

    def carried(self, source: str, text: str) -> str | None:
        """A later text with the passage written so; None where it says something else by now."""
        now = self.now(text)
        if now is None or not now.says_the_same_as(self.passage):
            return None
        return with_passage(text, now, source)


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rpartition(" ")[0] if " " in cut[most // 2 :] else cut).rstrip(" ,;:–-") + "…"


def asked_for(record: PageRecord, asked: Mapping[str, str | None]) -> Sheet | None:
    """What the fields of a form or an address ask for; None where it is not on the page. A sentence that is written in
    a way that cannot be followed is asked for as the passage that it stands in."""
    of, text = _text(record, asked.get("of") or "")
    folder = record.name.rpartition("/")[0]
    quote, nth = (asked.get("quote") or "")[:MAX_QUOTE], _number(asked.get("nth")) or 1
    found = find(text, folder, quote, nth, whole=bool(asked.get("whole"))) if quote else None
    if found is not None:
        return Sheet(record.name, record.title, of, found.text, found.passage, found)
    line = line_of(text, folder, quote, nth) if quote else _number(asked.get("at"))
    if not quote and line is not None and asked.get("whole"):
        found = find_passage(text, folder, line)
        if found is not None and len(found.words) <= MAX_QUOTE:
            return Sheet(record.name, record.title, of, found.text, found.passage, found)
    passage = passage_at(text, line) if line is not None else None
    return Sheet(record.name, record.title, of, text, passage, None) if passage is not None else None


def _text(record: PageRecord, of: str) -> tuple[str, str]:
    if of != record.blob and OBJECT_ID.fullmatch(of):
        try:
            return of, text_of(of)
        except NotFound:
            pass
    return record.blob, text_of(record.blob)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else None
