"""Searching: ranked answers over pages, proposals and people, with the sentence found.

What a question costs is bounded by what it shows: only so many answers are counted and ranked, and sentences are looked
for in the rows of one page of answers. Of very common words the first answers are taken as they come, those with the
words in the title before the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, bindparam, select

from wiki.addresses import page_address, person_address, proposal_address
from wiki.database import reading
from wiki.index import full_text, lexicon, proposal_queries, schema
from wiki.index.full_text import KINDS, PAGE, PROPOSAL, Question, folder_mark, state_mark
from wiki.index.lexicon import Meant
from wiki.index.rows import ProposalRow
from wiki.index.sentences import Marked, Sought, found_sentence
from wiki.index.words import fold, folded_in, terms_of

MOST_COUNTED = 500
MOST_RANKED = 250
PER_PAGE = 10
FEW = 5
SUGGESTED = 8
_MOST_BEGUN = 60
_LAST = "\U0010ffff"
_MOST_IN_TIER = 100
_MOST_LOOKED_INTO = 250
_S = schema.sought
_TITLED = select(_S.c.id).where(_S.c.kind == bindparam("of"), _S.c.key == bindparam("title"))
_TITLED = _TITLED.order_by(_S.c.id).limit(PER_PAGE)
_SHOWN = select(_S.c.id, _S.c.name, _S.c.title, _S.c.language, _S.c.headings, _S.c.body)
_SHOWN = _SHOWN.where(_S.c.kind == bindparam("of"), _S.c.id.in_(bindparam("ids", expanding=True)))
_BEGUN = select(_S.c.id).where(_S.c.kind == bindparam("of"), _S.c.key.between(bindparam("first"), bindparam("last")))
_BEGUN = _BEGUN.order_by(_S.c.key, _S.c.id).limit(SUGGESTED)
_SUGGESTED = select(_S.c.id, _S.c.name, _S.c.title, _S.c.key)
_SUGGESTED = _SUGGESTED.where(_S.c.kind == bindparam("of"), _S.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True)
class Found:
    """One answer. ``sentence`` is empty where only the title answers; ``proposal`` is there for proposals."""

    kind: str
    name: str
    url: str
    title: Marked
    sentence: Marked
    proposal: ProposalRow | None = None


@dataclass(frozen=True)
class Answers:
    """What was found. ``counts`` by kind, up to `MOST_COUNTED`; ``replaced`` are words that stand nowhere with those
    that were looked for instead; ``maybe`` is another way to write the question that finds more; ``any_word`` says that
    nothing of the kind has all the words, so that these have some."""

    rows: tuple[Found, ...] = ()
    counts: dict[str, int] | None = None
    replaced: tuple[tuple[str, str], ...] = ()
    maybe: str = ""
    any_word: bool = False
    nothing_asked: bool = False

    def count(self, kind: str) -> int:
        """How many answers of a kind there are."""
        return (self.counts or {}).get(kind, 0)


@dataclass(frozen=True)
class Suggestion:
    """A page or proposal whose title begins with what is typed, or has words that do."""

    kind: str
    title: str
    name: str
    url: str


class Search:
    """Searching one index."""

    def __init__(self, engine: Engine, language: str) -> None:
        self.engine = engine
        self.language = language

    def find(
        self,
        question: str,
        kind: str = PAGE,
        folder: str = "",
        state: str = "",
        offset: int = 0,
        exactly: bool = False,
    ) -> Answers:
        """Answers of one kind, ``PER_PAGE`` of them from ``offset``, and how many of each kind there are. In a
        ``folder`` are pages, and proposals that touch one; ``state`` is that of proposals. With ``exactly`` no word is
        taken for another."""
        terms = terms_of(question)
        if not terms:
            return Answers(nothing_asked=True)
        with reading(self.engine) as connection:
            full_text.prepare(connection)
            meant = lexicon.understand(connection, terms, self.language, exactly)
            asked = _Asked(meant, folder, state)
            there = asked.there(connection)
            any_word = len(terms) > 1 and not there[kind]
            if any_word:
                asked = replace(asked, every=False)
                there = {each: there[each] or some for each, some in asked.there(connection).items()}
            ids = asked.ranked(connection, kind, there[kind], folded_in(question))[offset : offset + PER_PAGE]
            rows = _rows(connection, kind, ids, meant)
            counts = {each: len(some) for each, some in there.items()}
            maybe = "" if exactly or sum(counts.values()) >= FEW else lexicon.other_spelling(connection, meant)
        replaced = tuple((each.said, each.taken_for) for each in meant if each.taken_for)
        return Answers(rows, counts, replaced, maybe, any_word)

    def suggest(self, typed: str) -> list[Suggestion]:
        """What somebody may be typing: titles that begin like it, then those with its words, pages first."""
        beginnings = [" ".join(fold(word) for word in term.words) for term in terms_of(typed)]
        key = folded_in(typed)
        if not beginnings:
            return []
        with reading(self.engine) as connection:
            full_text.prepare(connection)
            found: list[Suggestion] = []
            for kind in (PAGE, PROPOSAL):
                ids = _begun(connection, kind, key)
                if len(ids) < SUGGESTED:
                    ids += full_text.beginning(connection, kind, beginnings, _MOST_BEGUN)
                found += _suggestions(connection, kind, list(dict.fromkeys(ids)), key)
        return found[:SUGGESTED]


@dataclass(frozen=True)
class _Asked:
    """A question as it is put to the full text search."""

    meant: Sequence[Meant]
    folder: str
    state: str
    every: bool = True

    def question(self, kind: str, meant: Sequence[Meant] | None = None) -> Question | None:
        """What to ask about one kind; None where nothing of it can be among the filtered."""
        marks = []
        if self.folder:
            if kind not in (PAGE, PROPOSAL):
                return None
            marks.append(folder_mark(self.folder))
        if self.state and kind == PROPOSAL:
            marks.append(state_mark(self.state))
        terms = tuple(each.forms for each in (meant if meant is not None else self.meant))
        return Question(terms, self.every, marks=tuple(marks))

    def there(self, connection: Connection) -> dict[str, list[int]]:
        """The answers of each kind as they come, up to `MOST_COUNTED`."""
        asked = [(kind, chosen) for kind in KINDS if (chosen := self._chosen(kind)) is not None]
        found = full_text.some(connection, asked, MOST_COUNTED)
        return {kind: list[int]() for kind in KINDS} | dict(zip((kind for kind, _ in asked), found, strict=True))

    def _chosen(self, kind: str) -> Question | None:
        """All the words that tell something."""
        return self.question(kind, lexicon.rare(self.meant) if self.every else None)

    def ranked(self, connection: Connection, kind: str, there: list[int], key: str) -> list[int]:
        """The answers that are there, the best first: whose title is the question (folded: ``key``), whose title has
        all of it, where it stands in a row, what has all of it, and the others."""
        whole = self.question(kind)
        if whole is None or not there:
            return []
        titled = _titled(connection, kind, key)
        if self.folder or self.state:
            titled = [each for each in titled if each in there]
        rare = lexicon.rare(self.meant)
        telling = self.question(kind, rare) if self.every and len(rare) < len(self.meant) else None
        tiers = self._tiers(connection, kind, whole, telling) if self.every else []
        if len(there) <= MOST_RANKED:
            there = _in_order(there, full_text.best(connection, kind, telling or whole, MOST_COUNTED))
        allowed = set(there) if len(there) < MOST_COUNTED else None
        sorted_tiers = (titled, *(_in_order(tier, there) for tier in tiers), there)
        ordered = dict.fromkeys(each for tier in sorted_tiers for each in tier)
        return [each for each in ordered if allowed is None or each in allowed]

    def _tiers(self, connection: Connection, kind: str, whole: Question, telling: Question | None) -> list[list[int]]:
        """What has all the words in its title, the telling ones in its title, all in a row, all anywhere."""
        row = lexicon.in_a_row(self.meant)
        asked = (
            replace(whole, columns="title"),
            replace(telling, columns="title") if telling is not None else None,
            replace(whole, terms=(row,)) if row else None,
            whole if telling is not None else None,
        )
        questions = [(kind, each) for each in asked if each is not None]
        return full_text.some(connection, questions, _MOST_IN_TIER, _MOST_LOOKED_INTO)


def _in_order(some: Iterable[int], order: Iterable[int]) -> list[int]:
    """These numbers in an order; those that it does not have last."""
    place = {each: at for at, each in enumerate(order)}
    return sorted(some, key=lambda each: (place.get(each, len(place)), each))


def _titled(connection: Connection, kind: str, key: str) -> list[int]:
    return list(connection.execute(_TITLED, {"of": kind, "title": key}).scalars())


def _begun(connection: Connection, kind: str, key: str) -> list[int]:
    return list(connection.execute(_BEGUN, {"of": kind, "first": key, "last": key + _LAST}).scalars())


def _rows(connection: Connection, kind: str, ids: Sequence[int], meant: Sequence[Meant]) -> tuple[Found, ...]:
    if not ids:
        return ()
    there = {row.id: row for row in connection.execute(_SHOWN, {"of": kind, "ids": list(ids)})}
    proposals = proposal_queries.proposals_numbered(connection, ids) if kind == PROPOSAL else {}
    marks = lexicon.marks_of(meant)
    by_language = {row.language: Sought(marks, row.language) for row in there.values()}
    found = []
    for row in (there[each] for each in ids if each in there):
        sought = by_language[row.language]
        sentence = found_sentence(sought, row.body, row.headings)
        title = sought.mark(row.title)
        found.append(Found(kind, row.name, _url(kind, row.name), title, sentence, proposals.get(row.id)))
    return tuple(found)


def _suggestions(connection: Connection, kind: str, ids: Sequence[int], key: str) -> list[Suggestion]:
    found = connection.execute(_SUGGESTED, {"of": kind, "ids": list(ids)})
    rows = sorted(found, key=lambda row: (not row.key.startswith(key), len(row.key), row.id))
    return [Suggestion(kind, row.title, row.name, _url(kind, row.name)) for row in rows]


def _url(kind: str, name: str) -> str:
    if kind == PAGE:
        return page_address(name)
    return proposal_address(int(name)) if kind == PROPOSAL else person_address(name)
