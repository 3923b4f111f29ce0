"""What the index answers with."""

from __future__ import annotations

from dataclasses import dataclass

from wiki.addresses import page_address, proposal_address, revision_address
from wiki.model.acts import Person

STATUS = {"A": "added", "M": "changed", "D": "removed", "R": "renamed"}


@dataclass(frozen=True)
class PageRow:
    """A page in force, as lists show it."""

    name: str
    title: str
    lead: str


@dataclass(frozen=True)
class PageRecord:
    """A page in force with its provenance. ``since`` in unix seconds; ``authors`` are the last few, newest first,
    of ``authors_count``, without those who only ever confirmed that it is still right; ``changed_by`` are those who
    made the last revision, which only ``confirms`` where it does no more than that, and ``endorsers`` those who
    endorsed it. ``revision`` is the commit of main that brought its text, ``seq`` that commit's place in the book of
    changes; ``proposal`` is the one that brought its text, None for the imported past."""

    id: int
    name: str
    title: str
    blob: str
    html: str | None
    about: str | None
    revision: str
    seq: int
    since: int
    revisions: int
    authors: tuple[Person, ...]
    authors_count: int
    changed_by: tuple[Person, ...]
    confirms: bool
    endorsers: tuple[Person, ...]
    open_count: int
    proposal: int | None


@dataclass(frozen=True)
class RevisionRow:
    """One revision of one page. ``when`` in unix seconds."""

    commit: str
    name: str
    page_title: str
    title: str
    author: Person
    when: int
    proposal: int | None
    status: str
    old_name: str | None
    endorsements: int
    blob: str | None
    page_id: int
    seq: int
    is_page: bool = True

    @property
    def url(self) -> str:
        """The page at this revision; for a removal, its last text is one revision earlier."""
        return revision_address(self.commit, self.name)


@dataclass(frozen=True)
class ChangedPage:
    """A page that reads otherwise than when it was called ``known_as``, or is no longer in force: the change that did
    it last."""

    known_as: str
    change: RevisionRow

    @property
    def removed(self) -> bool:
        """Whether it is no longer in force."""
        return self.change.status == "removed"

    @property
    def url(self) -> str:
        """The page; for one that was removed, what it was."""
        return self.change.url if self.removed else page_address(self.change.name)


@dataclass(frozen=True)
class Filter:
    """Which changes are asked for: those in a folder, by a person (their handle), of a kind (added, changed, removed,
    renamed); None for any."""

    folder: str | None = None
    person: str | None = None
    kind: str | None = None

    def __bool__(self) -> bool:
        return any((self.folder, self.person, self.kind))


@dataclass(frozen=True)
class Colleague:
    """Somebody who appears in git: what they are called, their handle, and all addresses they wrote under."""

    person: Person
    handle: str
    keys: tuple[str, ...]
    ids: tuple[int, ...]


@dataclass(frozen=True)
class VoiceRow:
    """What somebody said of a proposal, and when (unix seconds)."""

    act: str
    at: int
    proposal: ProposalRow


@dataclass(frozen=True)
class Origin:
    """With what a commit came into force: the ``commit`` of main and its time in unix seconds, its title, the proposal
    (None in the imported past), and how many endorsed it."""

    commit: str
    when: int
    title: str
    proposal: int | None
    endorsements: int


@dataclass(frozen=True)
class ProposalRow:
    """A proposal as lists show it. Times in unix seconds; ``earliest_at`` is when it comes into force by waiting
    alone, where that is all it needs. ``overtaken`` where a page of it has changed, so that only an author can bring it
    on."""

    n: int
    title: str
    state: str
    author: Person
    opened_at: int
    last_act_at: int
    endorsements: int
    needed: int
    objections: int
    pages: tuple[str, ...]
    earliest_at: int | None = None
    overtaken: bool = False

    @property
    def url(self) -> str:
        """The page of the proposal."""
        return proposal_address(self.n)


@dataclass(frozen=True)
class TouchingRow:
    """An open proposal that would change a certain file: the blobs of the text it was read against and of the text as
    it would be, None where there is none; how many endorsements it has and needs."""

    n: int
    title: str
    author: Person
    before: str | None
    after: str | None
    endorsements: int
    needed: int

    @property
    def missing(self) -> int:
        """How many endorsements it waits for."""
        return max(0, self.needed - self.endorsements)

    @property
    def url(self) -> str:
        """The page of the proposal."""
        return proposal_address(self.n)


@dataclass(frozen=True)
class Node:
    """A page or folder in the tree of contents; ``own`` is the name of the page that introduces a folder, which is
    among those that ``count`` counts."""

    kind: str
    name: str
    title: str
    children: tuple[Node, ...] = ()
    count: int = 0
    own: str = ""

    @property
    def listed(self) -> int:
        """How many pages there are in a folder, as it lists them: beside the one that introduces it."""
        return self.count - bool(self.own)

    @property
    def page(self) -> str:
        """The name of the page that stands there, or introduces the folder; "" where none does."""
        return self.name if self.kind == "page" else self.own

    @property
    def url(self) -> str:
        """The page, or the page of the folder."""
        return page_address(self.name)
