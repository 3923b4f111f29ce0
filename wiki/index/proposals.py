"""Proposals on their way from their chains into SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select, update

from wiki.index import schema, search_texts
from wiki.index.lacks import forget_lacks, write_lacks
from wiki.index.ledger import Ledger, Merged
from wiki.index.upsert import upsert
from wiki.model.acts import Kind
from wiki.model.merge import Weighed
from wiki.model.proposal import Touched
from wiki.model.relations import related_in
from wiki.repository import Repository, proposal_ref

OPEN, IN_FORCE, CLOSED = "open", "in force", "closed"


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
    upsert(connection, schema.proposal, [row], ("n",), changing)
    _write_pages(connection, weighed)
    _write_people(connection, weighed)
    write_lacks(connection, weighed)
    _write_relation(connection, weighed)
    _write_acts(connection, ledger, weighed)
    unknown = weighed.in_force and not proposal.touched
    paths = None if unknown else [touched.path for touched in proposal.touched]
    found = search_texts.ProposalText(weighed.n, str(row["title"]), proposal.acts[0].why, str(row["state"]), paths)
    search_texts.write_proposal(connection, found, ledger.language)


def _due(weighed: Weighed) -> int | None:
    if weighed.proposal.closed is not None:
        return None
    if not weighed.standing.reasons:
        return weighed.now
    closes_at = weighed.standing.closes_at
    moments = [*weighed.standing.moments[:1], *([closes_at] if closes_at is not None else [])]
    return min(moments, default=None)


def _write_pages(connection: Connection, weighed: Weighed) -> None:
    if weighed.in_force and not weighed.proposal.touched:
        return
    table = schema.proposal_page
    connection.execute(delete(table).where(table.c.n == weighed.n))
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
    if rows:
        connection.execute(insert(table), rows)


def _status(touched: Touched) -> str:
    if touched.before is None:
        return "A"
    return "D" if touched.after is None else "M"


def _write_people(connection: Connection, weighed: Weighed) -> None:
    """One role each: an author is an author, whatever else; a voice counts or has lapsed."""
    proposal = weighed.proposal
    roles = {act.author.key: "lapsed" for act in proposal.voices.values()}
    roles |= {act.author.key: "objector" for act in weighed.standing.objections}
    roles |= {act.author.key: "endorser" for act in proposal.voices.values()
              if act.kind is Kind.ENDORSE and act.of == proposal.change}  # fmt: skip
    roles |= {author.key: "author" for author in proposal.authors}
    table = schema.proposal_person
    there = {row.key: row.role for row in connection.execute(select(table).where(table.c.n == weighed.n))}
    changed = [key for key in there.keys() | roles.keys() if there.get(key) != roles.get(key)]
    for at in range(0, len(changed), 500):
        some = table.c.n == weighed.n, table.c.key.in_(changed[at : at + 500])
        connection.execute(delete(table).where(*some))
    rows = [{"n": weighed.n, "key": key, "role": roles[key]} for key in changed if key in roles]
    if rows:
        connection.execute(insert(table), rows)


def _write_relation(connection: Connection, weighed: Weighed) -> None:
    """Read from the reason once: the first act never changes."""
    related = related_in(weighed.proposal.acts[0].why)
    if related is not None:
        row = {"n": weighed.n, "relation": related.relation.value, "other": related.n}
        upsert(connection, schema.relation, [row], ("n",), ("relation", "other"))


def _write_acts(connection: Connection, ledger: Ledger, weighed: Weighed) -> None:
    """Add the acts that are new: a chain only grows."""
    table, acts = schema.act, weighed.proposal.acts
    known = connection.execute(select(func.count()).where(table.c.n == weighed.n)).scalar() or 0
    rows = [
        {"id": act.id, "n": weighed.n, "place": place, "kind": act.kind.value,
         "person_id": ledger.person(act.author), "at": act.when}
        for place, act in enumerate(acts[known:], start=known)
    ]  # fmt: skip
    if rows:
        connection.execute(insert(table), rows)


def write_merged(connection: Connection, merged: list[Merged]) -> None:
    """Note which proposals came into force, and with which commit of main."""
    table = schema.proposal
    for each in merged:
        values = {"state": IN_FORCE, "landed_seq": each.seq, "due_at": None, "earliest_at": None}
        connection.execute(update(table).where(table.c.n == each.n, table.c.tip == each.tip).values(**values))
        forget_lacks(connection, each.n)
        search_texts.write_state(connection, each.n, IN_FORCE)


def write_landings(connection: Connection, numbers: Sequence[int] | None = None) -> None:
    """Note with which commit of main these proposals, or all, came into force, where main had them before they were
    indexed."""
    table, landed = schema.proposal, schema.landed
    query = select(table.c.n).where(table.c.state == IN_FORCE, table.c.landed_seq.is_(None))
    if numbers is not None:
        query = query.where(table.c.n.in_(numbers))
    for n in connection.execute(query).scalars().all():
        seq = select(func.max(landed.c.seq)).where(landed.c.proposal == n).scalar_subquery()
        connection.execute(update(table).where(table.c.n == n).values(landed_seq=seq))


def changed(connection: Connection, repository: Repository) -> list[int]:
    """The proposals whose last act is not the one that was indexed."""
    table = schema.proposal
    known = {row.n: row.tip for row in connection.execute(select(table.c.n, table.c.tip))}
    tips = repository.refs.below("refs/proposals/")
    return [n for ref, tip in tips.items() if (n := _number(ref)) is not None and known.get(n) != tip]


def _number(ref: str) -> int | None:
    number = ref.rpartition("/")[2]
    return int(number) if number.isdigit() and ref == proposal_ref(int(number)) else None


def open_touching(connection: Connection, paths: set[str]) -> list[int]:
    """Open proposals that touch any of these files."""
    table, pages = schema.proposal, schema.proposal_page
    found: set[int] = set()
    wanted = sorted(paths)
    for at in range(0, len(wanted), 500):
        query = select(table.c.n).join(pages, pages.c.n == table.c.n)
        query = query.where(table.c.state == OPEN, pages.c.path.in_(wanted[at : at + 500]))
        found.update(connection.execute(query).scalars())
    return sorted(found)


def all_open(connection: Connection) -> list[int]:
    """Every open proposal."""
    return list(connection.execute(select(schema.proposal.c.n).where(schema.proposal.c.state == OPEN)).scalars())


def make_due(connection: Connection, numbers: list[int], at: int) -> None:
    """Have the clock look at these proposals."""
    table = schema.proposal
    for first in range(0, len(numbers), 500):
        some = table.c.n.in_(numbers[first : first + 500])
        connection.execute(update(table).where(some).values(due_at=at))
