"""The pages of a proposal that main has changed as well: what each began from, ours, theirs, and their passages.

Called by `reconcile.py`. The words come from `wiki.prose.three`; here they meet addresses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from wiki.assembly import Wiki
from wiki.model.merge import Weighed
from wiki.model.names import POLICY_PATH, is_attachment, name_of
from wiki.model.proposal import Blob, Touched
from wiki.prose.pieces import blocks, lines
from wiki.prose.three import Passage, passages
from wiki.web.proposals.files import moves_in
from wiki.wording import clean_page

Edits = Mapping[str, str | None]


@dataclass(frozen=True)
class Place:
    """A page at one of three moments: where it was, and its text; None where it was not there."""

    path: str
    text: str | None


@dataclass(frozen=True)
class Sheet:
    """A page that a proposal and main have both changed."""

    began: Place
    ours: Place
    theirs: Place

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """What is agreed and what is not, in order."""
        cut = lines if self.is_policy else blocks
        return passages(self.began.text, self.ours.text, self.theirs.text, cut=cut)

    @property
    def is_policy(self) -> bool:
        """Whether this is policy.toml, which is no prose."""
        return self.ours.path == POLICY_PATH

    @property
    def moved_by_us(self) -> bool:
        """Whether the proposal gives the page another address."""
        return self.ours.path != self.began.path

    @property
    def moved_by_them(self) -> bool:
        """Whether the page has another address by now."""
        return self.theirs.path != self.began.path

    @property
    def asks_where(self) -> bool:
        """Whether both gave it another address, and not the same."""
        return self.moved_by_us and self.moved_by_them and self.ours.path != self.theirs.path

    def key(self, *what: str) -> str:
        """A short name of something on this sheet that stays while our text is the same."""
        return _digest(self.began.path, self.ours.path, *what)[:16]

    @property
    def state(self) -> str:
        """Equal as long as no text and no address has changed."""
        texts = (self.began.text, self.ours.text, self.theirs.text)
        return _digest(self.theirs.path, *("-" if text is None else f"+{text}" for text in texts))

    def edits(self, text: str | None, *, at_theirs: bool = False) -> Edits:
        """What to write for this page to have a text: in its new place where it has one, and nowhere else."""
        moved = self.ours.path if self.moved_by_us and not at_theirs else self.theirs.path
        files: dict[str, str | None] = {place.path: None for place in (self.began, self.ours, self.theirs)}
        files[moved] = clean_page(text) if text is not None else None
        return files


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def state_of(sheets: Sequence[Sheet]) -> str:
    """Equal as long as nothing that was shown has changed."""
    return _digest(*(sheet.state for sheet in sheets))


def digest_of(edits: Edits) -> str:
    """Equal for equal texts at equal addresses."""
    return _digest(*(f"{path}\0{'-' if text is None else '+' + text}" for path, text in sorted(edits.items())))


def sheets_of(wiki: Wiki, weighed: Weighed) -> list[Sheet]:
    """The pages to bring together, by path."""
    return [sheet for sheet in _sheets(wiki, weighed) if sheet.theirs != sheet.began]


def _sheets(wiki: Wiki, weighed: Weighed) -> Iterator[Sheet]:
    there = _Main(wiki, weighed)
    touched = [each for each in weighed.proposal.touched if not is_attachment(each.path)]
    moves = {path: former for path, former in moves_in(touched).items() if there.has_room(path, former)}
    left = {former.path for former in moves.values()}
    for each in touched:
        if each.path not in left:
            former = moves.get(each.path, each)
            began = Place(former.path, there.text(former.before))
            theirs = there.place(former)
            yield Sheet(began, Place(each.path, there.text(each.after)), theirs)


class _Main:
    """What is in force now, and where."""

    def __init__(self, wiki: Wiki, weighed: Weighed) -> None:
        self.wiki, self.weighed = wiki, weighed

    def text(self, blob: Blob | None) -> str | None:
        return self.wiki.repository.content(blob).decode("utf-8", "replace") if blob is not None else None

    def place(self, former: Touched) -> Place:
        """Where the page that the proposal began from is now, or would be."""
        repository, main = self.wiki.repository, self.weighed.main
        blob = repository.file(main, former.path)
        if blob is None and former.before is not None:
            path = self._moved_to(former.path)
            if path is not None:
                return Place(path, self.text(repository.file(main, path)))
        return Place(former.path, self.text(blob))

    def has_room(self, path: str, former: Touched) -> bool:
        """Whether a page that the proposal moves finds its new address free, or itself there."""
        return self.wiki.repository.file(self.weighed.main, path) is None or self.place(former).path == path

    def _moved_to(self, path: str) -> str | None:
        """The path that a page has by now; None where it is gone."""
        repository, name = self.wiki.repository, name_of(path)
        found = self.wiki.index.forwarded(name) if name is not None else None
        moved = f"{found}.md" if found is not None else None
        if moved is None or repository.file(self.weighed.proposal.base, moved) is not None:
            return None
        return moved if repository.file(self.weighed.main, moved) is not None else None
