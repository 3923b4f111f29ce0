"""Where the links in the texts of pages lead: which pages mention one, and which links lead where nobody is.

Read from `schema.link`, where `catch_up` keeps the names that each page leads to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Connection, Engine, bindparam, func, literal, select, union_all

from wiki.database import reading
from wiki.index import schema
from wiki.index.contents import FOLDER_PAGES
from wiki.index.generation import Generation
from wiki.index.rows import PageRow
from wiki.kept_query import KeptQuery
from wiki.prepared import Prepared

_AT_ONCE = 400
_MOST_PAGES = 1_000
_MOST_KNOWN = 20_000
_FILES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".pdf", ".zip")
_P, _K = schema.page, schema.link
_OWN: BindParameter[int] = bindparam("page")
_MEANT = (
    [bindparam("named"), bindparam("also")],
    *(select(table.c.name).where(table.c.page_id == _OWN).scalar_subquery() for table in (schema.former, schema.alias)),
)
"""The names that a page has or had."""
_LEADING = union_all(*(select(_K.c.page_id).where(_K.c.target.in_(names)) for names in _MEANT))
_MENTIONS = Prepared(
    select(_P.c.name, _P.c.title, _P.c.lead, func.count().over().label("all"))
    .where(_P.c.in_force, _P.c.is_page, _P.c.id != _OWN, _P.c.id.in_(_LEADING))
    .order_by(func.lower(_P.c.title), _P.c.name)
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class Lost:
    """A name under which no page is in force: where its page has gone (None where that is not known), and whether
    there was one that was removed."""

    name: str
    moved_to: str | None = None
    removed: bool = False


@dataclass(frozen=True)
class Broken:
    """A name that links lead to though no page has it, and the pages with these links."""

    lost: Lost
    pages: tuple[PageRow, ...]


@dataclass(frozen=True)
class Mentions:
    """The first pages that lead to one, by title, and how many there are."""

    pages: tuple[PageRow, ...]
    count: int


def from_within(name: str, page: str) -> str:
    """The page that a link to ``name`` means where it counts from the page it stands on as if that were a folder, as
    links do that were written for addresses which end with a slash; "" where it cannot."""
    folder = page.rpartition("/")[0]
    inside = name.removeprefix(f"{folder}/") if folder else name
    return f"{page}/{inside}" if page and (not folder or inside != name) else ""


class Links:
    """What the index knows of links."""

    def __init__(self, engine: Engine, generation: Generation) -> None:
        self.engine = engine
        self._generation = generation
        self._known: tuple[str, dict[str, Lost | None]] = "", {}
        self._mentions = KeptQuery(engine, _MENTIONS)

    def mentions(self, page_id: int, name: str, limit: int) -> Mentions:
        """The pages in force whose text leads to this page, under any name it has or had."""
        folder, _, last = name.rpartition("/")
        also = folder if last in FOLDER_PAGES and folder else name
        rows = self._mentions.rows(page=page_id, named=name, also=also, most=limit)
        return Mentions(tuple(PageRow(row.name, row.title, row.lead) for row in rows), rows[0].all if rows else 0)

    def lost(self, names: Collection[str]) -> dict[str, Lost]:
        """What became of names that no page in force has; files in force are left out. One query, or none as long as
        no page has come, gone or moved."""
        stirred = self._generation.of_every_page()
        if self._known[0] != stirred or len(self._known[1]) > _MOST_KNOWN:
            self._known = stirred, {}
        known = self._known[1]
        unknown = [name for name in names if name not in known]
        if unknown:
            with reading(self.engine) as connection:
                found = _lost(connection, unknown)
            known |= {name: found.get(name) for name in unknown}
        return {name: lost for name in names if (lost := known[name]) is not None}

    def broken(self, known: Collection[str], offset: int, limit: int) -> tuple[list[Broken], int]:
        """Where links lead though nobody is there, and how many such names there are: first the names that lead
        nowhere, then those from which a reader is sent on. ``known`` are the names of pages and folders in force."""
        with reading(self.engine) as connection:
            targets = connection.execute(select(_K.c.target).distinct()).scalars()
            unknown = [name for name in targets if name not in known and not name.lower().endswith(_FILES)]
            lost = _lost(connection, unknown)
            for name in _only_from_within(connection, lost, known):
                del lost[name]
            ordered = sorted(lost.values(), key=lambda one: (one.moved_to is not None, one.name))
            shown = ordered[offset : offset + limit]
            pages = _leading_to(connection, [one.name for one in shown])
        return [Broken(one, tuple(pages.get(one.name, ()))) for one in shown], len(lost)


def _only_from_within(connection: Connection, lost: Collection[str], known: Collection[str]) -> list[str]:
    """Which of these names all pages that lead to them mean `from_within`."""
    inside = {_a_folder_up(name) for name in known if "/" in name}
    asked = [name for name in lost if name in inside]
    leading = {name: pages for some in _in_parts(asked) for name, pages in _leading_to(connection, some).items()}
    return [name for name, pages in leading.items() if all(from_within(name, page.name) in known for page in pages)]


def _a_folder_up(name: str) -> str:
    """``tools/slack/records`` -> ``tools/records``."""
    folder, _, last = name.rpartition("/")
    above = folder.rpartition("/")[0]
    return f"{above}/{last}" if above else last


def _lost(connection: Connection, names: Collection[str]) -> dict[str, Lost]:
    found: dict[str, Lost] = {}
    for some in _in_parts(names):
        told: dict[str, dict[str, str]] = {}
        for row in connection.execute(_what_became_of(some)):
            told.setdefault(row.asked, {}).setdefault(row.kind, row.name)
        for name in some:
            known = told.get(name, {})
            if "file" not in known:
                moved = known.get("former") or known.get("alias")
                found[name] = Lost(name, moved, moved is None and "removed" in known)
    return found


def _what_became_of(names: list[str]) -> CompoundSelect[Any]:
    by_table = [
        select(table.c.name.label("asked"), literal(kind).label("kind"), _P.c.name.label("name"))
        .join(_P, _P.c.id == table.c.page_id)
        .where(table.c.name.in_(names), _P.c.in_force)
        for kind, table in (("former", schema.former), ("alias", schema.alias))
    ]
    removed = select(_P.c.name, literal("removed"), _P.c.name).where(_P.c.name.in_(names), ~_P.c.in_force)
    files = select(_P.c.path, literal("file"), _P.c.name).where(_P.c.path.in_(names), _P.c.in_force)
    return union_all(*by_table, removed, files)


def _leading_to(connection: Connection, names: list[str]) -> Mapping[str, list[PageRow]]:
    query = (
        select(_K.c.target, _P.c.name, _P.c.title, _P.c.lead)
        .join(_P, _P.c.id == _K.c.page_id)
        .where(_K.c.target.in_(names), _P.c.in_force, _P.c.is_page)
        .order_by(func.lower(_P.c.title), _P.c.name)
        .limit(_MOST_PAGES)
    )
    found: dict[str, list[PageRow]] = {}
    for row in connection.execute(query):
        found.setdefault(row.target, []).append(PageRow(row.name, row.title, row.lead))
    return found


def _in_parts(names: Iterable[str]) -> Iterable[list[str]]:
    every = list(names)
    return (every[at : at + _AT_ONCE] for at in range(0, len(every), _AT_ONCE))
