"""What the words of a question mean here: their stems in the languages that there are, or the words that were meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from sqlalchemy import Connection, bindparam, or_, select, text

from wiki.index import schema, spelling
from wiki.index.sentences import Marks
from wiki.index.words import Term, fold, is_character, is_spelled, stem

COMMON = 50
TIMES_AS_COMMON = 4
_TIMES_FOR_A_SLIP = 5
_MOST_ROWS = 16
_MOST_SPELLINGS = 30
_W = schema.word
_ENTRIES = select(_W.c.word, _W.c.stem, _W.c.entries).where(
    or_(_W.c.stem.in_(bindparam("stems", expanding=True)), _W.c.word.in_(bindparam("words", expanding=True)))
)
_LANGUAGES = text(
    "WITH RECURSIVE spoken(language) AS (SELECT min(language) FROM sought_word UNION ALL "
    "SELECT (SELECT min(language) FROM sought_word WHERE language > spoken.language) FROM spoken "
    "WHERE spoken.language IS NOT NULL) SELECT language FROM spoken WHERE language IS NOT NULL"
)
"""Each language once, without reading every word."""


@dataclass(frozen=True)
class Meant:
    """A term with the forms to look for, and the folded words that have one of them. ``entries`` tells about how many
    have one, None where that is not kept; ``taken_for`` is the word that is looked for instead, "" for none."""

    term: Term
    forms: tuple[str, ...]
    entries: int | None = None
    taken_for: str = ""
    spellings: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """As it was typed."""
        return self.term.said


def understand(connection: Connection, terms: Sequence[Term], language: str, exactly: bool) -> list[Meant]:
    """The terms with their forms, by what stands somewhere. A word that stands nowhere is taken for the beginning of
    others, then for a slip; not with ``exactly``."""
    languages = sorted({language, *connection.execute(_LANGUAGES).scalars()})
    forms = {term: _forms(term, languages) for term in terms}
    known = _entries(connection, [term for term in terms if term.is_word], forms)
    meant = []
    for term in terms:
        if not term.is_word or not is_spelled(fold(term.words[0])):
            meant.append(Meant(term, forms[term]))
            continue
        stems, words, entries = known[term]
        one = Meant(term, tuple(dict.fromkeys([*forms[term], *stems])), entries, spellings=tuple(words))
        meant.append(one if entries or exactly else _instead(connection, one))
    return meant


def _forms(term: Term, languages: Sequence[str]) -> tuple[str, ...]:
    each = [" ".join(stem(word, language) for word in term.words) for language in languages]
    plain = " ".join(fold(word) for word in term.words)
    unmarked = [stem(plain, language) for language in languages] if term.is_word else []
    return tuple(dict.fromkeys([*each, plain, *unmarked]))


def _entries(
    connection: Connection, terms: Sequence[Term], forms: Mapping[Term, tuple[str, ...]]
) -> dict[Term, tuple[list[str], list[str], int]]:
    """Of each term: further stems of words that are written like it without their diacritics, the words that have one
    of its forms, and in how much they stand."""
    if not terms:
        return {}
    folded = {term: fold(term.words[0]) for term in terms}
    stems = {form for term in terms for form in forms[term]}
    rows = connection.execute(_ENTRIES, {"stems": sorted(stems), "words": sorted(set(folded.values()))}).all()
    found = {}
    for term in terms:
        own = set(forms[term])
        more = sorted({row.stem for row in rows if row.word == folded[term]} - own)
        having = [row for row in rows if row.stem in own or row.word == folded[term]]
        words = sorted({row.word for row in having})[:_MOST_SPELLINGS]
        found[term] = more, words, sum(row.entries for row in having)
    return found


def _instead(connection: Connection, one: Meant) -> Meant:
    word = fold(one.term.words[0])
    begun = spelling.beginning_with(connection, word)
    if begun:
        stems = dict.fromkeys(stem for known in begun for stem in known.stems)
        words = tuple(known.word for known in begun)
        return Meant(one.term, tuple(stems), sum(known.entries for known in begun), spellings=words)
    near = spelling.nearest(connection, word)
    if near is None:
        return one
    return Meant(one.term, near.stems, near.entries, near.word, (near.word,))


def rare(meant: Sequence[Meant]) -> list[Meant]:
    """Without single letters, and without the words that are far commoner than the rarest: those say little."""
    counts = [each.entries for each in meant if each.entries]
    most = max(COMMON, TIMES_AS_COMMON * min(counts, default=0))
    telling = [each for each in meant if len(each.said) > 1 or is_character(each.said) or each.said.isdigit()]
    return [each for each in telling if each.entries is None or each.entries < most] or telling or list(meant)


def in_a_row(meant: Sequence[Meant]) -> tuple[str, ...]:
    """The terms as one row of words, in each of the first ways to put their forms together; () for a single term."""
    if len(meant) < 2:
        return ()
    ways = product(*(each.forms[:2] for each in meant[:4]), *(each.forms[:1] for each in meant[4:]))
    return tuple(" ".join(way) for way, _ in zip(ways, range(_MOST_ROWS), strict=False))


def marks_of(meant: Sequence[Meant]) -> Marks:
    """What to mark in what was found. Words that say little are left out."""
    forms: dict[str, int] = {}
    spellings: dict[str, int] = {}
    rows: list[tuple[str, int]] = []
    number = 0
    for each in rare(meant):
        if is_character(each.term.words[0]):
            rows.append((each.term.said, number))
            number += 1
        elif len(each.term.words) == 1:
            forms.update((form, number) for form in each.forms)
            spellings.update((word, number) for word in each.spellings or [fold(each.term.words[0])])
            number += 1
        else:
            for form in each.forms:
                forms.update((word, number + at) for at, word in enumerate(form.split()))
            spellings.update((fold(word), number + at) for at, word in enumerate(each.term.words))
            number += len(each.term.words)
    return Marks(forms, spellings, rows, number)


def other_spelling(connection: Connection, meant: Sequence[Meant]) -> str:
    """The question with its rare words written like much commoner ones; "" where there are none."""
    words = {}
    for each in meant:
        if each.entries is not None and not each.taken_for and each.entries <= 2 and each.term.is_word:
            near = spelling.nearest(connection, fold(each.term.words[0]))
            if near is not None and near.entries >= max(2, _TIMES_FOR_A_SLIP * each.entries):
                words[each.said] = near.word
    if not words:
        return ""
    return " ".join(words.get(each.said, each.said) for each in meant)
