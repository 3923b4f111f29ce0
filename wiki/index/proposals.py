"""Proposals on their way from their chains into SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, select, update

from wiki.index import schema, search_texts
from wiki.index.lacks import forget_lacks, write_lacks
from wiki.index.ledger import Ledger, Merged
from wiki.index.upsert import SOME, insert_rows, upsert
from wiki.model.acts import Kind
from wiki.model.errors import Damaged, NotFound
from wiki.model.merge import Weighed
from wiki.model.proposal import Touched
from wiki.model.relations import related_in
from wiki.model.words import N_
from wiki.prepared import Prepared
from wiki.repository import Repository, proposal_ref

OPEN, IN_FORCE, CLOSED = "open", "in force", "closed"
AT_ONCE = 0
"""``due_at`` of a proposal that the clock is to look at next."""
_T, _PAGES, _PEOPLE, _LANDINGS = schema.proposal, schema.proposal_page, schema.proposal_person, schema.landed
_ABOUT: BindParameter[int] = bindparam("about")
_TOUCHED = Prepared(select(_PAGES.c.path).where(_PAGES.c.n == _ABOUT))
_FORGET_PAGES = Prepared(delete(_PAGES).where(_PAGES.c.n == _ABOUT))
_FILES = Prepared(select(_PAGES.c.path).where(_PAGES.c.n.in_(bindparam("numbers", expanding=True))))
_ROLES = Prepared(select(_PEOPLE).where(_PEOPLE.c.n == _ABOUT))
_FORGET_ROLES = Prepared(
    delete(_PEOPLE).where(_PEOPLE.c.n == _ABOUT, _PEOPLE.c.key.in_(bindparam("keys", expanding=True)))
)
_ACTS = Prepared(
    select(
        select(func.count()).where(schema.act.c.n == _ABOUT).scalar_subquery().label("count"),
        select(_T.c.tip).where(_T.c.n == _ABOUT).scalar_subquery().label("tip"),
    )
)
_MERGED = Prepared(
    update(_T)
    .where(_T.c.n == _ABOUT, _T.c.tip == bindparam("at_tip"))
    .values(state=IN_FORCE, landed_seq=bindparam("landed"), due_at=None, earliest_at=None)
)
_NOT_LANDED = select(_T.c.n).where(_T.c.state == IN_FORCE, _T.c.landed_seq.is_(None))
_SOME_NOT_LANDED = Prepared(_NOT_LANDED.where(_T.c.n.in_(bindparam("numbers", expanding=True))))
_MAKE_DUE = Prepared(
    update(_T).where(_T.c.state == OPEN, _T.c.n.in_(bindparam("numbers", expanding=True))).values(due_at=AT_ONCE)
)
_SEQ = select(func.max(_LANDINGS.c.seq)).where(_LANDINGS.c.proposal == _ABOUT).scalar_subquery()
_LANDED = Prepared(update(_T).where(_T.c.n == _ABOUT).values(landed_seq=_SEQ))
_TOUCHING = Prepared(
    select(_T.c.n)
    .join(_PAGES, _PAGES.c.n == _T.c.n)
    .where(_T.c.state == OPEN, _PAGES.c.path.in_(bindparam("paths", expanding=True)))
)


class Rewritten(Damaged):
    """The index knows what is no longer in git: somebody still waited for the disk to have it when the power failed, or
    git was put back to an earlier day."""


def write_proposal(connection: Connection, ledger: Ledger, weighed: Weighed) -> None:
    """Index one proposal as it stands. What came into force stays as it was when it did."""
    proposal, standing = weighed.proposal, weighed.standing
    row = {
        "n": weighed.n,
        "tip": proposal.tip.id,
        "title": proposal.title[:300],
        "person_id": ledger.person(proposal.acts[0].author),
        "state": OPEN if proposal.closed is None else CLOSED,
        "opened_at": proposal.acts[0].when,
        "last_act_at": proposal.tip.when,
        "endorsements": len(standing.valid),
        "needed": standing.needed,
        "objections": len(standing.objections),
        "due_at": _due(weighed),
        "earliest_at": weighed.standing.earliest if proposal.closed is None else None,
    }
    if weighed.in_force:
        row |= {"state": IN_FORCE, "due_at": None, "earliest_at": None}
    changing = tuple(key for key in row if key != "n")
    known = _known(connection, weighed)  # of its acts; what is new has no rows
    upsert(connection, schema.proposal, [row], ("n",), changing)
    ledger.stirred.pages(_write_pages(connection, weighed, known))
    _write_people(connection, weighed, known)
    write_lacks(connection, weighed, known)
    _write_relation(connection, weighed)
    _write_acts(connection, ledger, weighed, known)
    unknown = weighed.in_force and not proposal.touched
    paths = None if unknown else [touched.path for touched in proposal.touched]
    found = search_texts.ProposalText(weighed.n, str(row["title"]), proposal.acts[0].why, str(row["state"]), paths)
    search_texts.write_proposal(connection, found, ledger.language, anew=not known)


def _known(connection: Connection, weighed: Weighed) -> int:
    """How many of its acts are indexed. `Rewritten` where these are not how it begins."""
    (known,) = _ACTS.rows(connection, about=weighed.n)
    if known.count and known.tip not in [act.id for act in weighed.proposal.acts[known.count - 1 : known.count]]:
        raise Rewritten(N_("There is nothing with the id %(id)s here."), id=known.tip)
    return int(known.count)


def _due(weighed: Weighed) -> int | None:
    if weighed.proposal.closed is not None:
        return None
    if not weighed.standing.reasons:
        return AT_ONCE
    closes_at = weighed.standing.closes_at
    moments = [*weighed.standing.moments[:1], *([closes_at] if closes_at is not None else [])]
    return min(moments, default=None)


def files_of(connection: Connection, numbers: Sequence[int]) -> set[str]:
    """The files that these proposals touch."""
    return {row.path for row in _FILES.rows(connection, numbers=numbers)} if numbers else set()


def _write_pages(connection: Connection, weighed: Weighed, known: int) -> set[str]:
    """Write which files it touches; these, with those that it touched before."""
    if weighed.in_force and not weighed.proposal.touched:
        return files_of(connection, [weighed.n])
    before = {row.path for row in _TOUCHED.rows(connection, about=weighed.n)} if known else set()
    if before:
        _FORGET_PAGES.run(connection, about=weighed.n)
    rows = [
        {
            "n": weighed.n,
            "path": touched.path,
            "status": _status(touched),
            "before": touched.before.id if touched.before is not None else None,
            "after": touched.after.id if touched.after is not None else None,
        }
        for touched in weighed.proposal.touched
    ]
    insert_rows(connection, schema.proposal_page, rows)
    return before | {touched.path for touched in weighed.proposal.touched}


def _status(touched: Touched) -> str:
    if touched.before is None:
        return "A"
    return "D" if touched.after is None else "M"


def _write_people(connection: Connection, weighed: Weighed, known: int) -> None:
    """One role each: an author is an author, whatever else; a voice counts or has lapsed."""
    proposal = weighed.proposal
    roles = {act.author.key: "lapsed" for act in proposal.voices.values()}
    roles |= {act.author.key: "objector" for act in weighed.standing.objections}
    roles |= {act.author.key: "endorser" for act in proposal.voices.values()
              if act.kind is Kind.ENDORSE and act.of == proposal.change}  # fmt: skip
    roles |= {author.key: "author" for author in proposal.authors}
    there = {row.key: row.role for row in _ROLES.rows(connection, about=weighed.n)} if known else {}
    changed = [key for key in there.keys() | roles.keys() if there.get(key) != roles.get(key)]
    gone = [key for key in changed if key in there]
    for at in range(0, len(gone), SOME):
        _FORGET_ROLES.run(connection, about=weighed.n, keys=gone[at : at + SOME])
    rows = [{"n": weighed.n, "key": key, "role": roles[key]} for key in changed if key in roles]
    insert_rows(connection, schema.proposal_person, rows)


def _write_relation(connection: Connection, weighed: Weighed) -> None:
    """Read from the reason once: the first act never changes."""
    related = related_in(weighed.proposal.acts[0].why)
    if related is not None:
        row = {"n": weighed.n, "relation": related.relation.value, "other": related.n}
        upsert(connection, schema.relation, [row], ("n",), ("relation", "other"))


def _write_acts(connection: Connection, ledger: Ledger, weighed: Weighed, known: int) -> None:
    """Add the acts that are new: a chain only grows."""
    acts = weighed.proposal.acts
    rows = [
        {"id": act.id, "n": weighed.n, "place": place, "kind": act.kind.value,
         "person_id": ledger.person(act.author), "at": act.when}
        for place, act in enumerate(acts[known:], start=known)
    ]  # fmt: skip
    insert_rows(connection, schema.act, rows)


def write_merged(connection: Connection, merged: list[Merged]) -> None:
    """Note which proposals came into force, and with which commit of main."""
    for each in merged:
        _MERGED.run(connection, about=each.n, at_tip=each.tip, landed=each.seq)
        forget_lacks(connection, each.n)
        search_texts.write_state(connection, each.n, IN_FORCE)


def write_landings(connection: Connection, numbers: Sequence[int] | None = None) -> None:
    """Note with which commit of main these proposals, or all, came into force, where main had them before they were
    indexed."""
    if numbers is None:
        missing = list(connection.execute(_NOT_LANDED).scalars())
    else:
        missing = [row.n for row in _SOME_NOT_LANDED.rows(connection, numbers=numbers)] if numbers else []
    for n in missing:
        _LANDED.run(connection, about=n)


def changed(connection: Connection, repository: Repository) -> tuple[list[int], list[int]]:
    """The proposals whose last act is not the one that was indexed, and those that were indexed with acts which there
    no longer are."""
    table = schema.proposal
    known = {row.n: row.tip for row in connection.execute(select(table.c.n, table.c.tip))}
    refs = repository.refs.below("refs/proposals/")
    tips = {n: tip for ref, tip in refs.items() if (n := _number(ref)) is not None}
    numbers = [n for n, tip in tips.items() if known.get(n) != tip]
    lost = [n for n in known if n not in tips and repository.refs.is_gone(proposal_ref(n))]
    return numbers, [*lost, *(n for n in numbers if n in known and not _follows(repository, known[n], tips[n]))]


def _follows(repository: Repository, tip: str, now: str) -> bool:
    """Whether an act is one of those that end with another, as far as they can be read."""
    try:
        return any(act.id == tip for act in repository.chain(now))
    except (Damaged, NotFound):
        return True


def _number(ref: str) -> int | None:
    number = ref.rpartition("/")[2]
    return int(number) if number.isdigit() and ref == proposal_ref(int(number)) else None


def open_touching(connection: Connection, paths: set[str]) -> list[int]:
    """Open proposals that touch any of these files."""
    found: set[int] = set()
    wanted = sorted(paths)
    for at in range(0, len(wanted), SOME):
        found.update(row.n for row in _TOUCHING.rows(connection, paths=wanted[at : at + SOME]))
    return sorted(found)


def all_open(connection: Connection) -> list[int]:
    """Every open proposal."""
    return list(connection.execute(select(schema.proposal.c.n).where(schema.proposal.c.state == OPEN)).scalars())


def make_due(connection: Connection, numbers: Sequence[int]) -> None:
    """Have the clock look at these proposals, as far as they are open."""
    for at in range(0, len(numbers), SOME):
        _MAKE_DUE.run(connection, numbers=numbers[at : at + SOME])
