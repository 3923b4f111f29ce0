"""Three texts of a page -> what is agreed, and where somebody must decide.

``began`` is what both sides began from, ``ours`` a proposal's text, ``theirs`` what is in force now. Whole blocks are
compared; within one that both changed, lines and then sentences are tried. Nothing is ever chosen between two different
wishes: that is a conflict, and `settled` puts in what somebody chose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from wiki.prose.compare import Run, runs
from wiki.prose.pieces import Cut, Piece, blocks, in_a_row, lines, plain_ends, sentences, together
from wiki.prose.sides import MAX_COMPARED, Chunk, chunks, keys_of

_PROSE = frozenset({"text", "item", "quote"})
_CLOSE = frozenset({"item", "row", "fact", "line"})
_EDGES = re.compile(r"\A((?:[ \t]*\n)*)(.*?)([ \t\n]*)\Z", re.DOTALL)


class Origin(StrEnum):
    """Where the text of a passage comes from."""

    UNTOUCHED = "untouched"
    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"
    MERGED = "merged"
    CONFLICT = "conflict"


class Choice(StrEnum):
    """What to put where both sides changed the same passage."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"
    OWN = "own"


@dataclass(frozen=True)
class Passage:
    """A stretch of a page in its three forms; None where the page itself is not there.

    ``merged`` is the agreed text; of a conflict, our text with what can be brought in without deciding: a beginning for
    words of one's own. The forms of all passages, one after the other, are the three texts.
    """

    origin: Origin
    began: str | None
    ours: str | None
    theirs: str | None
    merged: str | None

    @property
    def in_conflict(self) -> bool:
        """Whether somebody must decide."""
        return self.origin is Origin.CONFLICT

    @property
    def is_whole_page(self) -> bool:
        """Whether one side took the page away that the other changed."""
        return self.in_conflict and (self.ours is None or self.theirs is None)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be chosen here."""
        if self.is_whole_page:
            return (Choice.MINE, Choice.THEIRS)
        if not self.ours or not self.theirs:
            return (Choice.MINE, Choice.THEIRS, Choice.OWN)
        return tuple(Choice)


def passages(began: str | None, ours: str | None, theirs: str | None, *, cut: Cut = blocks) -> tuple[Passage, ...]:
    """The passages of a page in order, neighbours of one origin as one. ``cut`` makes the pieces: `blocks` of a page,
    `lines` of another file."""
    if ours is None or theirs is None:
        return (_whole_page(began, ours, theirs),)
    if began is None and ours == theirs:
        return (Passage(Origin.BOTH, None, ours, theirs, ours),)
    found = list(_passages(cut(began or ""), cut(ours), cut(theirs)))
    plain = _line_by_line(began or "", ours, theirs)
    if plain is not None and (conflicts(found) or merged(found) != merged(plain)):
        found = plain
    return tuple(_grouped(found))


def _line_by_line(began: str, ours: str, theirs: str) -> list[Passage] | None:
    """The passages where no line stands in the way of another, as git would put them together: one side may have joined
    blocks, or taken them apart. None where some do."""
    found = list(chunks(lines(began), lines(ours), lines(theirs), strict=True))
    return [_agreed(chunk) for chunk in found] if all(chunk.agrees for chunk in found) else None


def _whole_page(began: str | None, ours: str | None, theirs: str | None) -> Passage:
    if ours == theirs:
        return Passage(Origin.UNTOUCHED if ours == began else Origin.BOTH, began, ours, theirs, ours)
    if ours == began:
        return Passage(Origin.THEIRS, began, ours, theirs, theirs)
    if theirs == began:
        return Passage(Origin.OURS, began, ours, theirs, ours)
    return Passage(Origin.CONFLICT, began, ours, theirs, ours)


def conflicts(found: Iterable[Passage]) -> list[Passage]:
    """The passages that somebody must decide."""
    return [passage for passage in found if passage.in_conflict]


def merged(found: Sequence[Passage]) -> str | None:
    """The page where nothing is in conflict; with our words in the conflicts where there are any."""
    return result(found, [passage.merged for passage in conflicts(found)])


def result(found: Sequence[Passage], decided: Sequence[str | None]) -> str | None:
    """The page, with one text per conflict in order. None where the page goes."""
    texts = iter(decided)
    whole = [next(texts) if passage.in_conflict else passage.merged for passage in found]
    if whole and all(text is None for text in whole):
        return None
    return together(text or "" for text in whole)


def settled(passage: Passage, choice: Choice, words: str = "") -> str | None:
    """The text of a conflict after a choice; ``words`` are one's own."""
    match choice:
        case Choice.MINE:
            return passage.ours
        case Choice.THEIRS:
            return passage.theirs
        case Choice.BOTH:
            return _both(passage.ours or "", passage.theirs or "")
        case Choice.OWN:
            return _in_place(passage, words)


def words_of(text: str | None) -> str:
    """A passage without the empty lines around it, as somebody edits it."""
    found = _EDGES.match(plain_ends(text or ""))
    return found[2] if found is not None else ""


def _in_place(passage: Passage, words: str) -> str:
    """One's own words with the empty lines and line ends that the passage had around it."""
    found = _EDGES.match(plain_ends(passage.ours or passage.theirs or ""))
    before, after = (found[1], found[3]) if found is not None else ("", "")
    own = words_of(words)
    return before + own + (after or "\n") if own else ""


def _both(first: str, second: str) -> str:
    """Ours, then theirs: items and rows as one list or table, anything else with an empty line between."""
    if not first.strip() or not second.strip():
        return together((first, second))
    last, following = blocks(plain_ends(first).rstrip("\n") + "\n")[-1], blocks(plain_ends(second).lstrip("\n"))[0]
    close = last.kind == following.kind and last.kind in _CLOSE
    apart = "" if close or first.endswith("\n\n") or second.startswith(("\n", "\r")) else "\n"
    return together((first, apart, second)) if first.endswith(("\n", "\r")) else together((first + "\n", apart, second))


def _grouped(found: Iterable[Passage]) -> Iterator[Passage]:
    for origin, same in groupby(found, lambda passage: passage.origin):
        if origin is Origin.CONFLICT:
            yield from same
            continue
        group = list(same)
        yield Passage(
            origin,
            "".join(passage.began or "" for passage in group),
            "".join(passage.ours or "" for passage in group),
            "".join(passage.theirs or "" for passage in group),
            together(passage.merged or "" for passage in group),
        )


# Deciding what is a conflict


def _passages(began: list[Piece], ours: list[Piece], theirs: list[Piece]) -> Iterator[Passage]:
    for chunk in chunks(began, ours, theirs):
        if chunk.agrees:
            yield _agreed(chunk)
        elif not chunk.began:
            yield from _both_added(chunk)
        else:
            yield from _both_changed(chunk)


def _agreed(chunk: Chunk) -> Passage:
    return Passage(_origin(chunk), *chunk.texts, _agreed_text(chunk))


def _origin(chunk: Chunk) -> Origin:
    """Whose change an agreed chunk is. Line ends alone are no change."""
    began, ours, theirs = chunk.texts
    if ours == theirs:
        return Origin.UNTOUCHED if ours == began else Origin.BOTH
    if ours == began or chunk.changed == (False, True):
        return Origin.THEIRS
    if theirs == began or chunk.changed == (True, False):
        return Origin.OURS
    return Origin.BOTH


def _agreed_text(chunk: Chunk) -> str:
    _began, ours, theirs = chunk.texts
    return theirs if _origin(chunk) is Origin.THEIRS else ours


def _both_added(chunk: Chunk) -> Iterator[Passage]:
    """Where there was nothing, what both put in alike is agreed, and what only one put in beside it."""
    ours, theirs = chunk.ours, chunk.theirs
    mine, other = 0, 0
    for run in _alike(ours, theirs) if len(ours) + len(theirs) <= MAX_COMPARED else ():
        if any(piece.kind != "blank" for piece in ours[run.old]):
            yield from _added(ours[mine : run.old.start], theirs[other : run.new.start])
            yield from _added(ours[run.old], theirs[run.new])
            mine, other = run.old.stop, run.new.stop
    yield from _added(ours[mine:], theirs[other:])


def _alike(ours: list[Piece], theirs: list[Piece]) -> list[Run]:
    """The stretches that both have, in their order. Where there is more than one way to find them it is the same one
    whoever is called ours."""
    mine, other = keys_of(ours), keys_of(theirs)
    if mine <= other:
        return [run for run in runs(mine, other, seconds=0) if run.sign == "="]
    return [Run("=", run.new, run.old) for run in runs(other, mine, seconds=0) if run.sign == "="]


def _added(ours: list[Piece], theirs: list[Piece]) -> Iterator[Passage]:
    if not ours and not theirs:
        return
    chunk = Chunk([], ours, theirs, (bool(ours), bool(theirs)))
    if chunk.agrees:
        yield _agreed(chunk)
    else:
        yield from _both_changed(chunk)


def _both_changed(chunk: Chunk) -> Iterator[Passage]:
    """One decision, or none where the changes are in different lines or sentences. Empty lines that both have around
    it stand apart."""
    head = _blank_alike(chunk.ours, chunk.theirs)
    tail = _blank_alike(chunk.ours[head:][::-1], chunk.theirs[head:][::-1])
    ends = (len(chunk.ours) - tail, len(chunk.theirs) - tail)
    if head:
        yield _agreed(Chunk([], chunk.ours[:head], chunk.theirs[:head], (True, True)))
    began, ours, theirs = chunk.began, chunk.ours[head : ends[0]], chunk.theirs[head : ends[1]]
    rest = Chunk(began, ours, theirs, (bool(began or ours), bool(began or theirs)))
    yield _agreed(rest) if rest.agrees else _decision(rest)
    if tail:
        yield _agreed(Chunk([], chunk.ours[ends[0] :], chunk.theirs[ends[1] :], (True, True)))


def _blank_alike(ours: list[Piece], theirs: list[Piece]) -> int:
    pairs = enumerate(zip(ours, theirs, strict=False))
    short = min(len(ours), len(theirs))
    return next((at for at, (one, other) in pairs if one.key != other.key or one.kind != "blank"), short)


def _decision(chunk: Chunk) -> Passage:
    texts = chunk.texts
    apart = _tried(texts, lines, together, strict=True)
    if apart is None and _is_one_paragraph(chunk):
        apart = _by_sentence(texts)
    if apart is not None:
        return Passage(Origin.MERGED, *texts, apart)
    begun = _by_sentence(texts, ours_where_both=True) if _is_one_paragraph(chunk) else None
    return Passage(Origin.CONFLICT, *texts, texts[1] if begun is None else begun)


def _is_one_paragraph(chunk: Chunk) -> bool:
    said = [[piece.kind for piece in side if piece.kind != "blank"] for side in (chunk.began, chunk.ours, chunk.theirs)]
    return said[0] == said[1] == said[2] and len(said[0]) == 1 and said[0][0] in _PROSE


def _by_sentence(texts: tuple[str, str, str], *, ours_where_both: bool = False) -> str | None:
    """A paragraph put together from sentences; what stands after the last one follows our text."""
    bare = tuple(text.rstrip() for text in texts)
    ends = [text[len(rest) :] for text, rest in zip(texts, bare, strict=True)]
    whole = _tried((bare[0], bare[1], bare[2]), sentences, in_a_row, ours_where_both=ours_where_both)
    if whole is None or not whole.strip():
        return None
    return whole.rstrip() + (ends[1] if ends[1] != ends[0] else ends[2])


def _tried(
    texts: tuple[str, str, str],
    cut: Cut,
    join: Callable[[Iterable[str]], str],
    *,
    strict: bool = False,
    ours_where_both: bool = False,
) -> str | None:
    """The text put together from finer pieces; None where a piece is in conflict."""
    parts: list[str] = []
    for chunk in chunks(cut(texts[0]), cut(texts[1]), cut(texts[2]), strict=strict):
        if chunk.agrees:
            parts.append(_agreed_text(chunk))
        elif ours_where_both:
            parts.append(chunk.texts[1])
        else:
            return None
    return join(parts)
