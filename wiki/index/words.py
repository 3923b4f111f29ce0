"""Words: how a text falls into what can be looked up, in any script. Pure, and the same for pages and for questions.

Words are folded (case, width, diacritics) and stemmed by the language of their text. Scripts that put no space between
words are taken character by character; what somebody looks for in them is a row of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from threading import Lock
from typing import Any, TypeVar

import Stemmer

from wiki.model.counting import SPACELESS

NO_LANGUAGE = ""
"""Nothing is stemmed: names of people, and languages without a stemmer."""
LONGEST = 64
MOST_TERMS = 12
_MOST_KNOWN = 1 << 15
_MOST_LANGUAGES = 4
"""Of how many languages it is kept what their last words gave; a wiki has one, or two."""

V = TypeVar("V")
Spelled = str
"""The language of a text, a folded word of it, and its stem, with a tab between: see `parts`. Texts have many of
these, and as tuples they take three times as long to be passed on and counted."""

_STEMMERS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch",
    "en": "english", "eo": "esperanto", "et": "estonian", "fa": "persian", "fi": "finnish", "fr": "french",
    "de": "german", "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian", "ga": "irish",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "nb": "norwegian", "nn": "norwegian", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_OF_SCRIPT = (
    ("\u0370", "\u03ff", "el", frozenset({"el"})),
    ("\u0400", "\u04ff", "ru", frozenset({"ru", "sr"})),
    ("\u0530", "\u058f", "hy", frozenset({"hy"})),
    ("\u0600", "\u06ff", "ar", frozenset({"ar", "fa"})),
    ("\u0900", "\u097f", "hi", frozenset({"hi", "ne"})),
    ("\u0b80", "\u0bff", "ta", frozenset({"ta"})),
)
"""From, to, the language taken for a word in this script, and those that are written in it."""

_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963"
    "\u0966-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3"
    "\u3099\u309a"
)
RUN = re.compile(rf"[\w{_MARKS}]+(?:['’][\w{_MARKS}]+)*(?:\+\+|#)?")
_IN_SPACELESS = re.compile(rf"[{SPACELESS}]")
_CHARACTER = re.compile(rf"[{SPACELESS}][{_MARKS}]*|[^{SPACELESS}]+")
_FOLDED_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0483-\u0487]")
_UNSPOKEN = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th",
                          "\u0640": None, "ς": "σ"})  # fmt: skip
_PIECE = re.compile(r"['’_]+")
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]")
_stemming = Lock()


@dataclass(frozen=True)
class Term:
    """One thing to look for: a word, or a row of them that stand side by side. ``said`` as it was typed."""

    said: str
    words: tuple[str, ...]

    @property
    def is_word(self) -> bool:
        """Whether it is a single word of a script with words, so that spelling and stems mean something."""
        return len(self.words) == 1 and not is_character(self.words[0])


def runs(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Where something that can be looked up stands in a text, and its words."""
    for found in RUN.finditer(text):
        yield found.start(), found.end(), words_of_run(found[0])


def words_in(text: str) -> list[str]:
    """The words of a text in their order: lower case, not yet folded."""
    return [word for run in RUN.findall(text) for word in words_of_run(run)]


def words_of_run(run: str) -> tuple[str, ...]:
    """The words of one stretch of letters, ``l’équipe`` being ``équipe``."""
    return _kept(run) if len(run) <= LONGEST else _split(run)


def _split(run: str) -> tuple[str, ...]:
    programming = len(run.rstrip("+#")) <= 2
    base = run.replace("++", "＋＋").replace("#", "＃") if programming else run.rstrip("+#")
    text = base if run.isascii() else unicodedata.normalize("NFC", unicodedata.normalize("NFKC", run.rstrip("+#")))
    pieces = [piece for piece in _PIECE.split(text) if piece]
    if len(pieces) > 1 and "_" not in run:
        pieces = [piece for piece in pieces if len(piece) > 1] or pieces
    words: list[str] = []
    for piece in pieces:
        if _IN_SPACELESS.search(piece):
            words += [found.casefold() for found in _CHARACTER.findall(piece)]
        else:
            words.append(piece[:LONGEST].casefold())
    return tuple(words)


_kept = lru_cache(1 << 16)(_split)


def is_character(word: str) -> bool:
    """Whether a word is a character of a script without spaces."""
    return _IN_SPACELESS.match(word) is not None


@lru_cache(1 << 16)
def fold(word: str) -> str:
    """A word without diacritics: ``größe`` as ``grosse``. Marks that make another letter in their script stay."""
    folded = word.casefold()
    if folded.isascii() or is_character(folded):
        return folded
    apart = unicodedata.normalize("NFD", folded)
    return unicodedata.normalize("NFC", _FOLDED_MARKS.sub("", apart)).translate(_LETTERS) or folded


@lru_cache(1 << 17)
def stem(word: str, language: str) -> str:
    """The folded stem of a word in the language of its text, or in the one its script belongs to."""
    word = word if word.isascii() else _UNSPOKEN.sub("", word)
    if is_character(word) or not word.isalpha():
        return fold(word)
    stemmer = _stemmer(_language(word, language))
    if stemmer is None:
        return fold(word)
    with _stemming:
        found: str = stemmer.stemWord(word)
    return fold(found) or fold(word)


def _language(word: str, language: str) -> str:
    if word.isascii() or language == NO_LANGUAGE:
        return language
    for first, last, usual, written in _OF_SCRIPT:
        if first <= word[0] <= last and language not in written:
            return usual
    return language


@lru_cache(64)
def _stemmer(language: str) -> Any:
    name = _STEMMERS.get(language)
    return Stemmer.Stemmer(name, 0) if name in Stemmer.algorithms() else None


def language_of(tag: object) -> str:
    """``de-CH`` as ``de``; `NO_LANGUAGE` for one without a stemmer."""
    found = str(tag).strip().replace("_", "-").partition("-")[0].lower()
    return found if found in _STEMMERS else NO_LANGUAGE


def stems_in(text: str, language: str) -> str:
    """The stems of a text with a space between, as they are kept for looking up."""
    return stems_of(stretches(text), language)


def spelled_in(text: str, language: str) -> frozenset[Spelled]:
    """The words of a text that can be misspelled."""
    return spelled_of(stretches(text), language)


def stretches(text: str) -> list[str]:
    """What stands between two spaces."""
    return text.split()


def stems_of(some: Iterable[str], language: str) -> str:
    """The stems of `stretches`, with a space between."""
    return " ".join(filter(None, map(_stems(language).__getitem__, some)))


def spelled_of(some: Iterable[str], language: str) -> frozenset[Spelled]:
    """The words in `stretches` that can be misspelled."""
    return frozenset(chain.from_iterable(map(_spelled(language).__getitem__, set(some))))


def parts(spelled: Spelled) -> tuple[str, str, str]:
    """Language, word and stem."""
    language, word, stemmed = spelled.split("\t")
    return language, word, stemmed


class _Known(dict[str, V]):
    """What a stretch of a text between two spaces says, worked out once for each: a text costs little more than to be
    split. No word stands on both sides of a space."""

    def __init__(self, read: Callable[[str], V]) -> None:
        self._read = read

    def __missing__(self, stretch: str) -> V:
        said = self._read(stretch)
        if len(stretch) <= LONGEST:
            if len(self) >= _MOST_KNOWN:
                self.clear()
            self[stretch] = said
        return said


@lru_cache(_MOST_LANGUAGES)
def _stems(language: str) -> _Known[str]:
    def read(stretch: str) -> str:
        return " ".join([stem(word, language) for word in words_in(stretch)])

    return _Known(read)


@lru_cache(_MOST_LANGUAGES)
def _spelled(language: str) -> _Known[tuple[Spelled, ...]]:
    def read(stretch: str) -> tuple[Spelled, ...]:
        pairs = ((fold(word)[:LONGEST], stem(word, language)[:LONGEST]) for word in words_in(stretch))
        return tuple("\t".join((language, *pair)) for pair in pairs if is_spelled(pair[0]))

    return _Known(read)


def folded_in(text: str) -> str:
    """The words of a title, folded, with a space between: what titles are compared by."""
    return " ".join([fold(word) for word in words_in(text)])


def is_spelled(word: str) -> bool:
    """Whether a folded word is one that can be misspelled: letters alone, two at least."""
    return len(word) > 1 and word.isalpha() and not is_character(word)


def terms_of(question: str) -> list[Term]:
    """What somebody looks for: what stands in quotes side by side, the rest word by word; the first few."""
    terms: list[Term] = []
    at = 0
    for quoted in _QUOTED.finditer(question):
        terms += _loose(question[at : quoted.start()])
        words = tuple(words_in(quoted[1]))
        terms += [Term(quoted[1].strip(), words)] if words else []
        at = quoted.end()
    terms += _loose(question[at:])
    return list(dict.fromkeys(terms))[:MOST_TERMS]


def _loose(text: str) -> list[Term]:
    """Single words; characters of scripts without spaces stay together."""
    terms: list[Term] = []
    for found in RUN.finditer(unicodedata.normalize("NFKC", text)):
        row: list[str] = []
        for word in words_of_run(found[0]):
            if is_character(word):
                row.append(word)
                continue
            if row:
                terms.append(Term("".join(row), tuple(row)))
                row = []
            terms.append(Term(found[0] if len(words_of_run(found[0])) == 1 else word, (word,)))
        if row:
            terms.append(Term("".join(row), tuple(row)))
    return terms
