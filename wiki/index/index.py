"""`Index`: the whole of it, for the rooms above."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Engine, delete
from sqlalchemy.exc import IntegrityError

from wiki.database import reading, writing
from wiki.index import proposal_queries, queries, schema
from wiki.index.book import Book
from wiki.index.catch_up import Besides, CatchUp, Caught
from wiki.index.colleagues import Colleagues
from wiki.index.contents import TEMPLATES, Contents
from wiki.index.course import Course
from wiki.index.doing import Doing
from wiki.index.generation import Generation
from wiki.index.growth import Growth
from wiki.index.knowing import Knowing
from wiki.index.links import Links
from wiki.index.rebuilding import Progress
from wiki.index.reviews import Reviews
from wiki.index.rows import ChangedPage, Node, Origin, PageRecord, PageRow, ProposalRow, RevisionRow, TouchingRow
from wiki.index.search import Search
from wiki.index.search_texts import DEFAULT_LANGUAGE
from wiki.index.tallies import Tallies, tallies
from wiki.index.upsert import insert_missing
from wiki.index.word_by_word import WordByWord
from wiki.kept_query import KeptQuery
from wiki.markdown import RENDERER_VERSION, Rendered, TocEntry, render_page, unrendered
from wiki.model.errors import Refused, Unavailable
from wiki.model.merge import Weighed
from wiki.repository import Hunk, Repository

_MOST_COUNTED = 5_000
"""For how many people it is kept how much waits for them."""

_MOST_RENDERED = 20
"""So many pages that were rendered last are kept at hand."""


class Index:
    """The index over one repository. Safe to use from several threads and processes."""

    def __init__(
        self,
        engine: Engine,
        repository: Repository,
        weigh: Callable[[int], Weighed],
        language: str = DEFAULT_LANGUAGE,
    ) -> None:
        self.engine = engine
        self.repository = repository
        self._catching = CatchUp(engine, repository, weigh, language)
        self._generation = Generation(engine)
        self.book = Book(engine, repository)
        self.colleagues = Colleagues(engine, repository, self._generation)
        self.course = Course(engine)
        self.doing = Doing(engine)
        self.growth = Growth(engine, repository, self.course, self.colleagues)
        self.knowing = Knowing(engine)
        self.links = Links(engine, self._generation)
        self.reviews = Reviews(engine, repository)
        self.search = Search(engine, language)
        self.words = WordByWord(engine, repository, self.course, self.colleagues)
        self._page = KeptQuery(engine, queries.PAGE)
        self._on_page = proposal_queries.OnPage(engine)
        self._waits = proposal_queries.Waiting(engine)
        self._rendered: OrderedDict[tuple[str, str], Rendered] = OrderedDict()
        self._contents: tuple[str, Contents] | None = None
        self._waiting: tuple[str, dict[tuple[tuple[str, ...], frozenset[int]], int]] = "", {}

    # Keeping in step

    def catch_up(self, written: Mapping[int, str | None] | None = None, besides: Besides | None = None) -> Caught:
        """Bring the index in step with git: with everything, or after a write to some proposals with just that. With
        each stands the commit of main that it was brought up to date with as far as can be, if it was; ``besides``
        writes what belongs to them in the same transaction."""
        return self._catching.some(written, besides) if written is not None else self._catching.everything()

    def rebuild(self, progress: Progress = lambda commits: commits) -> int:
        """Throw the index away and make it again; the number of commits read."""
        return self._catching.rebuild(progress)

    def begun(self) -> bool:
        """Whether anything has ever been indexed."""
        return self._catching.begun()

    def in_step(self) -> bool:
        """Whether main is what was indexed."""
        return self._catching.in_step()

    def behind(self, now: int) -> int:
        """For how many seconds main has held what is not indexed; 0 where it is in step."""
        return self._catching.behind(now)

    def tallies(self) -> Tallies:
        """How much there is."""
        with reading(self.engine) as connection:
            return tallies(connection)

    def generation(self) -> str:
        """Another value whenever the index has changed. Costs microseconds, so that caches may ask each time."""
        return self._generation.now()

    def stirred(self, path: str) -> Hashable:
        """Another value whenever something else is shown of the page at this path: its text, who stands behind it, the
        proposals that would change it, what leads to it, the names and titles of others. Costs microseconds."""
        return self._generation.of_page(path)

    def stirred_since(self, generation: str) -> frozenset[str] | None:
        """The paths of the pages that were stirred after this `generation`; None for every page."""
        return self._generation.since(generation)

    def names_stirred(self) -> Hashable:
        """Another value whenever names or titles of pages change, the policy, or what somebody is called: what makes
        something else be shown of every page. Costs microseconds."""
        return self._generation.of_every_page()

    # Pages

    def page(self, name: str) -> tuple[PageRecord, Rendered] | None:
        """The page in force under this name, rendered; None where there is none."""
        record = queries.page(self._page, name, RENDERER_VERSION)
        if record is None:
            return None
        if record.html is not None and record.about is not None:
            return record, _rendered(record.html, record.about)
        folder = name.rpartition("/")[0]
        rendered = self._rendered.get((record.blob, folder)) or self._render(record.blob, folder)
        self._keep(record.blob, folder, rendered)
        return record, rendered

    def some_page(self) -> PageRecord | None:
        """One of the pages in force, asked for as each that is shown; None where there is none."""
        names = [row.name for row in self.pages(0, 1)]
        return queries.page(self._page, names[0], RENDERER_VERSION) if names else None

    def _render(self, blob: str, folder: str) -> Rendered:
        """Render a page, and have it at hand while others write so that it cannot be kept."""
        text = self.repository.content(blob).decode("utf-8", "replace")
        try:
            rendered = render_page(text, folder)
        except Refused:
            rendered = unrendered(text)
        self._rendered[blob, folder] = rendered
        while len(self._rendered) > _MOST_RENDERED:
            self._rendered.popitem(last=False)
        return rendered

    def _keep(self, blob: str, folder: str, rendered: Rendered) -> None:
        about = {key: value for key, value in asdict(rendered).items() if key != "html"}
        row = {
            "blob": blob,
            "folder": folder,
            "version": RENDERER_VERSION,
            "html": rendered.html,
            "about": json.dumps(about, ensure_ascii=False),
        }
        try:
            with writing(self.engine, heals=True, waits=False) as connection:
                connection.execute(delete(schema.rendered).where(schema.rendered.c.version != RENDERER_VERSION))
                insert_missing(connection, schema.rendered, [row])
        except (Unavailable, IntegrityError):
            return  # a page can be shown without being kept

    def contents(self) -> Node:
        """The tree of contents. Its root is the folder ""."""
        return self.whole_contents().root

    def whole_contents(self) -> Contents:
        """The tree of contents with the names in it and the order of reading."""
        stirred = self._generation.of_every_page()
        kept = self._contents
        if kept is None or kept[0] != stirred:
            with reading(self.engine) as connection:
                kept = (stirred, Contents(queries.titles(connection)))
            self._contents = kept
        return kept[1]

    def leads(self, nodes: Iterable[Node]) -> dict[str, str]:
        """The first sentence of the page of each of these nodes (`Node.page`), by its name; "" for none."""
        names = [node.page for node in nodes if node.page]
        with reading(self.engine) as connection:
            return {"": "", **(queries.leads(connection, names) if names else {})}

    def pages(self, offset: int, limit: int) -> list[PageRow]:
        """Some of the pages in force, by name."""
        with reading(self.engine) as connection:
            return queries.some_pages(connection, offset, limit)

    def templates(self) -> list[PageRow]:
        """The pages that new ones can begin with, by name."""
        with reading(self.engine) as connection:
            return queries.beneath(connection, TEMPLATES)

    def folder(self, name: str) -> Node | None:
        """A folder of the tree of contents, or None where there is none of this name."""
        return self.whole_contents().folders.get(name)

    def forwarded(self, name: str) -> str | None:
        """The page in force that was once called this, or asks to be found here."""
        with reading(self.engine) as connection:
            return queries.forwarded(connection, name)

    def former_names(self, page_id: int) -> list[str]:
        """The names that a page had before."""
        with reading(self.engine) as connection:
            return queries.former_names(connection, page_id)

    def changed_since(self, seen: Mapping[str, int], limit: int) -> list[ChangedPage]:
        """Which of these pages, by the name they had and the sequence number of their revision then, have changed
        since, or were removed; the last to change first."""
        with reading(self.engine) as connection:
            return queries.changed_since(connection, seen, limit)

    # History

    def history(self, name: str, before: int | None = None, limit: int = queries.PAGE_SIZE) -> list[RevisionRow] | None:
        """The revisions of the page that is or was called this, newest first; None where there never was one."""
        found = self.page_id(name)
        return self.history_of(found, before, limit) if found is not None else None

    def page_id(self, name: str) -> int | None:
        """The page that is or was called this, by its row; None where there never was one."""
        with reading(self.engine) as connection:
            return queries.page_id(connection, name)

    def history_of(self, page_id: int, before: int | None = None, limit: int = queries.PAGE_SIZE) -> list[RevisionRow]:
        """The revisions of a page, newest first."""
        with reading(self.engine) as connection:
            return queries.history(connection, page_id, before, limit)

    def latest(self, row: RevisionRow) -> RevisionRow:
        """The last revision of the page that this is one of, by whatever name; its removal where it is gone."""
        return self.history_of(row.page_id, limit=1)[0]

    def held_before(self, name: str, page_id: int, most: int) -> list[RevisionRow]:
        """How other pages than this one left the address that it has, the last first: removals and moves."""
        with reading(self.engine) as connection:
            return queries.held_before(connection, name, page_id, most)

    def newer_revisions(self, page_id: int, after: int) -> list[int]:
        """The sequence numbers of the next newer revisions, for turning pages."""
        with reading(self.engine) as connection:
            return queries.newer(connection, page_id, after)

    def revision(self, commit: str, name: str) -> RevisionRow | None:
        """The revision that was in force at a commit of main."""
        with reading(self.engine) as connection:
            return queries.revision(connection, commit, name)

    def revision_on(self, name: str, until: int) -> RevisionRow | None:
        """The revision of the page that is or was called this which was in force at a moment, in unix seconds."""
        found = self.page_id(name)
        return self.revision_of(found, until) if found is not None else None

    def revision_of(self, page_id: int, until: int) -> RevisionRow | None:
        """The same of a page by its row."""
        with reading(self.engine) as connection:
            return queries.revision_on(connection, page_id, until)

    def first_revision(self, page_id: int) -> RevisionRow:
        """The revision with which a page began."""
        with reading(self.engine) as connection:
            return queries.first_revision(connection, page_id)

    def whole_id(self, beginning: str) -> str | None:
        """The commit of main whose id begins like this; None where there is none, or more than one."""
        with reading(self.engine) as connection:
            return queries.whole_id(connection, beginning)

    def previous(self, row: RevisionRow) -> RevisionRow | None:
        """The revision before this one."""
        with reading(self.engine) as connection:
            return queries.previous(connection, row)

    def following(self, row: RevisionRow) -> RevisionRow | None:
        """The revision after this one."""
        with reading(self.engine) as connection:
            return queries.following(connection, row)

    def who_wrote(self, record: PageRecord) -> list[Hunk]:
        """Who wrote the lines of a page in force, and the words of those in which several wrote. Worked out once for
        every revision, and kept."""
        return self.words.of(record)

    def origins(self, commits: Sequence[str]) -> dict[str, Origin]:
        """With what these commits came into force."""
        with reading(self.engine) as connection:
            return queries.origins(connection, commits)

    def act_of(self, act: str) -> int | None:
        """The proposal that an act belongs to; None where there is no such act."""
        with reading(self.engine) as connection:
            return queries.act_of(connection, act)

    # Proposals

    def proposal(self, n: int) -> ProposalRow | None:
        """One proposal as lists show it."""
        with reading(self.engine) as connection:
            return proposal_queries.proposal(connection, n)

    def proposals(self, state: str, offset: int = 0, limit: int = queries.PAGE_SIZE) -> list[ProposalRow]:
        """Proposals in a state (open, in force, closed), the last to move first."""
        with reading(self.engine) as connection:
            return proposal_queries.proposals_in(connection, state, offset, limit)

    def proposals_touching(self, path: str) -> list[ProposalRow]:
        """Open proposals that would change a file, the last to move first."""
        return self._on_page.of(path)

    def touching(self, path: str) -> list[TouchingRow]:
        """Open proposals that would change a file, with its text before and after by blob."""
        return self._on_page.touching(path)

    def touching_some(self, paths: Sequence[str], limit: int) -> list[tuple[str, TouchingRow]]:
        """Open proposals that would change any of these files, with the file."""
        with reading(self.engine) as connection:
            return proposal_queries.touching_some(connection, paths, limit)

    def related_to(self, n: int) -> list[tuple[str, int]]:
        """What later proposals say of this one: the relation and their number."""
        with reading(self.engine) as connection:
            return proposal_queries.related_to(connection, n)

    def spoken_on(self, keys: Sequence[str]) -> list[tuple[int, str]]:
        """Proposals that are not in force on which these people have a voice, with whose it is."""
        with reading(self.engine) as connection:
            return proposal_queries.spoken_on(connection, keys)

    def linking_to(self, *names: str) -> list[PageRow]:
        """The pages in force whose text leads to any of these pages."""
        with reading(self.engine) as connection:
            return queries.linking_to(connection, names)

    def proposals_by(
        self, key: str, offset: int = 0, limit: int = queries.PAGE_SIZE, state: str | None = None
    ) -> list[ProposalRow]:
        """Proposals this person is an author of; those in a state."""
        with reading(self.engine) as connection:
            return proposal_queries.proposals_by(connection, self._keys(key), offset, limit, state)

    def stuck_by(self, key: str, whys: Collection[str], limit: int) -> list[tuple[ProposalRow, str]]:
        """Open proposals of this person that are not in force for one of these reasons, with it."""
        with reading(self.engine) as connection:
            return proposal_queries.stuck_by(connection, self._keys(key), whys, limit)

    def proposals_waiting(
        self,
        key: str,
        offset: int = 0,
        limit: int = queries.PAGE_SIZE,
        *,
        short: bool = False,
        without: Collection[int] = (),
    ) -> list[ProposalRow]:
        """Open proposals that wait for this person's voice, ``without`` some; only those to which a single one is
        missing, where they are to be ``short`` of just that."""
        keys = self._keys(key)
        with reading(self.engine) as connection:
            return proposal_queries.proposals_waiting(connection, keys, offset, limit, short=short, without=without)

    def waiting_among(self, key: str, numbers: Collection[int]) -> list[ProposalRow]:
        """Those of these proposals that wait for this person's voice, by number."""
        with reading(self.engine) as connection:
            return proposal_queries.waiting_among(connection, self._keys(key), numbers)

    def overtaken_among(self, numbers: Collection[int]) -> frozenset[int]:
        """Those of these proposals that only an author can bring on, because a page of theirs has changed."""
        with reading(self.engine) as connection:
            return proposal_queries.overtaken_among(connection, numbers)

    def count_waiting(self, key: str, without: Collection[int] = ()) -> int:
        """How many proposals wait for this person, ``without`` some, counted up to 100. Counted again only when the
        index has changed."""
        generation, asked = self.generation(), (tuple(self._keys(key)), frozenset(without))
        if self._waiting[0] != generation or len(self._waiting[1]) >= _MOST_COUNTED:
            self._waiting = generation, {}
        counts = self._waiting[1]
        if asked not in counts:
            counts[asked] = self._waits.count(*asked)
        return counts[asked]

    def _keys(self, key: str) -> Sequence[str]:
        return self.repository.identities.keys(key)

    def count(self, state: str) -> int:
        """How many proposals are in a state."""
        with reading(self.engine) as connection:
            return proposal_queries.count_in(connection, state)

    def landing(self, n: int) -> tuple[str, int] | None:
        """With which commit of main, and when, a proposal came into force."""
        with reading(self.engine) as connection:
            return proposal_queries.landing(connection, n)

    def due(self, now: int) -> list[int]:
        """Open proposals whose next moment has come."""
        with reading(self.engine) as connection:
            return proposal_queries.due(connection, now)


def _rendered(html: str, about: str) -> Rendered:
    told = json.loads(about)
    told["toc"] = tuple(TocEntry(**entry) for entry in told["toc"])
    told["aliases"] = tuple(told["aliases"])
    told["facts"] = tuple((label, value) for label, value in told["facts"])
    return Rendered(html=html, **told)
