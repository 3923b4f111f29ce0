"""The figures: reckoned from a year of proposals, and kept until the index changes. Nobody is named in them, and nobody
is ranked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from wiki.assembly import Wiki
from wiki.index.doing import MOST, Agreed, OnTable, PageAge, Proposed, numbers_of
from wiki.model.quantile import half, nine_in_ten

MONTHS = 12
LONGEST = 5
FIVE = 5
ENOUGH_ENDORSEMENTS = 20
LONG = 365 * 86400
"""After so many seconds without a revision a page counts as long untouched."""
MOST_PAGES = 10


class End(StrEnum):
    """How a proposal ended so far."""

    IN_FORCE = "in force"
    OPEN = "open"
    WITHDRAWN = "withdrawn"
    QUIET = "quiet"
    ADOPTED = "adopted"


@dataclass(frozen=True)
class Times:
    """So many lengths of time: their median and their 90th percentile in seconds, each None where there are too
    few."""

    count: int
    half: int | None
    nine: int | None

    @classmethod
    def of(cls, seconds: Iterable[int]) -> Times:
        """Of these, in any order."""
        every = list(seconds)
        return cls(len(every), half(every), nine_in_ten(every))


@dataclass(frozen=True)
class OfMonth:
    """What was proposed in a month, and how long it took what came into force in it."""

    first: date
    proposed: int
    times: Times


@dataclass(frozen=True)
class OfFolder:
    """How long it took what came into force in a topmost folder ("" for none), and how its pages are."""

    name: str
    times: Times
    pages: int
    untouched: int
    due: int
    orphaned: int


@dataclass(frozen=True)
class Voices:
    """Endorsements of what came into force: how many, by how many colleagues, and how many by the five who endorsed
    most."""

    count: int
    colleagues: int
    by_five: int


@dataclass(frozen=True)
class Untended:
    """A page that nobody seems to look after, and the ways in which that shows. ``founding`` where it has no author
    with an account because it is as it was founded, by nobody but the wiki itself."""

    page: PageAge
    untouched: bool
    due: bool
    orphaned: bool
    founding: bool

    @property
    def signs(self) -> int:
        """In how many ways it shows."""
        return self.untouched + self.due + self.orphaned


@dataclass(frozen=True)
class Pages:
    """The pages in force: how many were not revised for a year, are past the day they name, or have no author with an
    account (``founding`` of these are as they were founded); how many are any of it, and those that show it most."""

    count: int
    untouched: int
    due: int
    orphaned: int
    founding: int
    any: int
    first: tuple[Untended, ...]


@dataclass(frozen=True)
class Figures:
    """All of it. ``since`` is the first month that is looked at, by its first day; ``more`` whether there was more than
    is looked at."""

    since: date
    more: bool
    imported: int
    to_force: Times
    to_endorsement: Times
    unendorsed: int
    months: tuple[OfMonth, ...]
    folders: tuple[OfFolder, ...]
    ends: Mapping[End, int]
    first_ends: Mapping[End, int]
    voices: Voices
    table: OnTable
    pages: Pages


def figures_of(wiki: Wiki) -> Figures:
    """Reckon them now."""
    now, doing, repository = wiki.now(), wiki.index.doing, wiki.repository
    since = _months_back(datetime.fromtimestamp(now, UTC).date(), MONTHS - 1)
    start = int(datetime(since.year, since.month, 1, tzinfo=UTC).timestamp())
    agreed = doing.agreed(start, repository.founding)
    proposed = doing.proposed(start, repository.system.key)
    untended = _untended(wiki, now)
    waits = [max(0, one.endorsed_at - one.at) for one in proposed if one.endorsed_at is not None]
    return Figures(
        since=max(since, _month_of(repository.commit(repository.founding).when)),
        more=MOST in (len(agreed), len(proposed)),
        imported=doing.imported(repository.founding),
        to_force=Times.of(one.took for one in agreed),
        to_endorsement=Times.of(waits),
        unendorsed=sum(one.endorsed_at is None and one.state == "open" for one in proposed),
        months=_by_month(since, agreed, proposed),
        folders=_by_folder(agreed, untended),
        ends=_ends(proposed),
        first_ends=_ends(one for one in proposed if one.first),
        voices=_voices(wiki, agreed),
        table=doing.on_table(now, LONGEST),
        pages=_pages(untended),
    )


def _months_back(today: date, count: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 - count, 12)
    return date(max(year, 1970), month + 1, 1)


def _month_of(at: int) -> date:
    return datetime.fromtimestamp(at, UTC).date().replace(day=1)


def _by_month(since: date, agreed: Sequence[Agreed], proposed: Sequence[Proposed]) -> tuple[OfMonth, ...]:
    """Every month, oldest first, from the first one in which something happened."""
    took: dict[date, list[int]] = {}
    for one in agreed:
        took.setdefault(_month_of(one.at), []).append(one.took)
    begun = [_month_of(one.at) for one in proposed]
    months = [_months_back(since, -n) for n in range(MONTHS)]
    first = min([*took, *begun], default=None)
    return tuple(
        OfMonth(month, begun.count(month), Times.of(took.get(month, ())))
        for month in months
        if first is not None and month >= first
    )


def _by_folder(agreed: Sequence[Agreed], untended: Sequence[Untended]) -> tuple[OfFolder, ...]:
    """The folders in which something came into force or needs somebody, by name. What touched several counts in
    each."""
    took: dict[str, list[int]] = {}
    for one in agreed:
        for folder in one.folders:
            took.setdefault(folder, []).append(one.took)
    pages: dict[str, list[Untended]] = {}
    for each in untended:
        pages.setdefault(each.page.folder, []).append(each)
    return tuple(
        OfFolder(
            name,
            Times.of(took.get(name, ())),
            len(there := pages.get(name, [])),
            sum(one.untouched for one in there),
            sum(one.due for one in there),
            sum(one.orphaned for one in there),
        )
        for name in sorted(took.keys() | pages.keys())
    )


def _ends(proposed: Iterable[Proposed]) -> dict[End, int]:
    counts = dict.fromkeys(End, 0)
    for one in proposed:
        counts[_end(one)] += 1
    return counts


def _end(one: Proposed) -> End:
    if one.state != "closed":
        return End(one.state)
    if one.adopted:
        return End.ADOPTED
    return End.QUIET if one.by_wiki else End.WITHDRAWN


def _voices(wiki: Wiki, agreed: Sequence[Agreed]) -> Voices:
    counts = wiki.index.doing.endorsers(numbers_of(agreed))
    return Voices(counts.total(), len(counts), sum(count for _key, count in counts.most_common(FIVE)))


def _untended(wiki: Wiki, now: int) -> list[Untended]:
    """Every page, with the signs that nobody looks after it."""
    today = datetime.fromtimestamp(now, UTC).date().isoformat()
    authors = wiki.index.doing.authors()
    accounts = wiki.accounts.among(authors, formerly=True)
    system = wiki.repository.system.key
    written = {page for key, pages in authors.items() if key != system for page in pages}
    tended = {page for key, pages in authors.items() if key in accounts and accounts[key].active for page in pages}
    return [
        Untended(
            page,
            untouched=now - page.revised_at > LONG,
            due=page.review_by is not None and page.review_by < today,
            orphaned=page.id not in tended,
            founding=page.id not in tended and page.id not in written,
        )
        for page in wiki.index.doing.pages()
    ]


def _pages(untended: Sequence[Untended]) -> Pages:
    some = [one for one in untended if one.signs]
    some.sort(key=lambda one: (-one.signs, one.page.revised_at, one.page.name))
    return Pages(
        count=len(untended),
        untouched=sum(one.untouched for one in some),
        due=sum(one.due for one in some),
        orphaned=sum(one.orphaned for one in some),
        founding=sum(one.founding for one in some),
        any=len(some),
        first=tuple(some[:MOST_PAGES]),
    )


class KeptFigures:
    """The figures, reckoned again when the index has changed or an hour has passed."""

    def __init__(self, reckon: Callable[[Wiki], Figures] = figures_of) -> None:
        self._reckon = reckon
        self._kept: tuple[tuple[str, int], Figures] | None = None

    def of(self, wiki: Wiki) -> Figures:
        """The figures of this wiki."""
        key = wiki.index.generation(), wiki.now() // 3600
        kept = self._kept
        if kept is None or kept[0] != key:
            kept = self._kept = key, self._reckon(wiki)
        return kept[1]
