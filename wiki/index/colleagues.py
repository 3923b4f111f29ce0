"""Colleagues: who they are, what they wrote, endorsed and objected to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, Engine, func, or_, select

from wiki.database import reading
from wiki.index import proposal_queries, schema
from wiki.index.generation import Generation
from wiki.index.queries import PAGE_SIZE
from wiki.index.rows import Colleague, ProposalRow, VoiceRow
from wiki.index.upsert import SOME
from wiki.model.acts import Kind, Person
from wiki.repository import MAILMAP, Repository

_W, _A, _L, _V = schema.person, schema.act, schema.landed, schema.wrote
_DAY = 86400
_MOST_NAMES = 2_000


class Colleagues:
    """Everybody who appears in one repository."""

    def __init__(self, engine: Engine, repository: Repository, generation: Generation) -> None:
        self.engine = engine
        self.repository = repository
        self._generation = generation
        self._called: tuple[tuple[str, int], dict[str, str] | None] = ("", 0), None

    def find(self, handle: str) -> Colleague | None:
        """The colleague of this handle; under their own handle, where it belongs to an address they no longer use.
        None where there is nobody."""
        with reading(self.engine) as connection:
            row = connection.execute(select(_W.c.same_as).where(_W.c.handle == handle)).first()
            own = row.same_as if row is not None else handle
            rows = connection.execute(select(_W).where(_W.c.same_as == own).order_by(_W.c.id)).all()
        if not rows:
            return None
        main = next((row for row in rows if row.handle == own), rows[0])
        return Colleague(
            Person(main.shown, main.email), own, tuple(row.key for row in rows), tuple(row.id for row in rows)
        )

    def named(self, text: str, limit: int = 10) -> list[Colleague]:
        """The colleagues who are called like this, or write under this address."""
        said = text.strip()
        query = select(_W.c.same_as).distinct()
        query = query.where(or_(_W.c.key == said.casefold(), func.lower(_W.c.shown).in_([said, said.lower()])))
        with reading(self.engine) as connection:
            handles = list(connection.execute(query.order_by(_W.c.same_as).limit(limit)).scalars())
        return [found for handle in handles if (found := self.find(handle)) is not None]

    def like(self, text: str, limit: int = 5) -> list[Colleague]:
        """Some colleagues in whose name this stands, by name."""
        said = text.strip()
        query = select(_W.c.same_as, func.min(_W.c.shown).label("shown")).group_by(_W.c.same_as)
        query = query.where(_W.c.shown.icontains(said, autoescape=True)).order_by("shown").limit(limit)
        with reading(self.engine) as connection:
            handles = list(connection.execute(query).scalars()) if said else []
        return [found for handle in handles if (found := self.find(handle)) is not None]

    def called(self, person: Person) -> str:
        """What somebody who appears in git is called now."""
        names = self._names()
        if names is None:
            return person.name
        if len(names) > _MOST_NAMES:
            names.clear()
        if person.key not in names:
            with reading(self.engine) as connection:
                query = select(_W.c.shown).where(_W.c.key == person.key, _W.c.shown != _W.c.name)
                names[person.key] = connection.execute(query).scalar() or ""
        return names[person.key] or person.name

    def _names(self) -> dict[str, str] | None:
        """What colleagues are called, by their key, as far as it was asked for; None where nobody is called otherwise
        than git says."""
        told = self._generation.of_every_page(), self.repository.identities.version()
        if self._called[0] != told:
            plain = told[1] == 0 and self.repository.file(self.repository.main(), MAILMAP) is None
            self._called = told, None if plain else {}
        return self._called[1]

    def handles(self, keys: Collection[str]) -> dict[str, str]:
        """The handle of each of these `Person.key`: the same for all addresses of one colleague. Who is not known is
        left out."""
        asked, found = sorted(keys), dict[str, str]()
        with reading(self.engine) as connection:
            for at in range(0, len(asked), SOME):
                query = select(_W.c.key, _W.c.same_as).where(_W.c.key.in_(asked[at : at + SOME]))
                found.update({row.key: row.same_as for row in connection.execute(query)})
        return found

    def proper(self, people: Collection[Person]) -> dict[Person, Person]:
        """Who these people are now, by ``.mailmap`` and by what they changed themselves, each with name and address."""
        if self._names() is None:
            return {person: person for person in people}
        own, asked = _W.alias(), sorted({person.key for person in people})
        query = select(_W.c.key, _W.c.shown, func.coalesce(own.c.email, _W.c.email).label("email"))
        query = query.outerjoin(own, own.c.handle == _W.c.same_as)
        found: dict[str, Person] = {}
        with reading(self.engine) as connection:
            for at in range(0, len(asked), SOME):
                rows = connection.execute(query.where(_W.c.key.in_(asked[at : at + SOME])))
                found.update({row.key: Person(row.shown, row.email) for row in rows})
        return {person: found.get(person.key, person) for person in people}

    def proposals(self, who: Colleague, offset: int = 0, limit: int = PAGE_SIZE) -> list[ProposalRow]:
        """What they have a part in as an author, the last to move first."""
        with reading(self.engine) as connection:
            return proposal_queries.proposals_by(connection, who.keys, offset, limit)

    def voices(self, who: Colleague, kind: Kind, offset: int = 0, limit: int = PAGE_SIZE) -> list[VoiceRow]:
        """On which proposals they endorsed or objected, the last time first; each proposal once."""
        latest = func.max(_A.c.at)
        query = (
            select(_A.c.n, latest.label("at"))
            .where(_A.c.person_id.in_(who.ids), _A.c.kind == kind.value)
            .group_by(_A.c.n)
            .order_by(latest.desc(), _A.c.n.desc())
            .offset(offset)
            .limit(limit)
        )
        with reading(self.engine) as connection:
            said = connection.execute(query).all()
            rows = proposal_queries.proposals_numbered(connection, [row.n for row in said])
            acts = _last_acts(connection, who, kind, [row.n for row in said])
        return [VoiceRow(acts[row.n], row.at, rows[row.n]) for row in said if row.n in rows]

    def acts(self, keys: Sequence[str], most: int) -> list[tuple[int, str, str, int]]:
        """What somebody did under any of these addresses, oldest first: the proposal, the commit, the kind of act, and
        when (unix seconds)."""
        query = select(_A.c.n, _A.c.id, _A.c.kind, _A.c.at).join(_W, _W.c.id == _A.c.person_id)
        query = query.where(_W.c.key.in_(keys)).order_by(_A.c.at, _A.c.n, _A.c.place).limit(most)
        with reading(self.engine) as connection:
            return [(row.n, row.id, row.kind, row.at) for row in connection.execute(query)]

    def endorsers(self, numbers: Sequence[int], most: int = 3) -> dict[int, list[Person]]:
        """Whose endorsements count on these proposals, by number: the first ``most`` by name."""
        role = schema.proposal_person
        query = (
            select(role.c.n, _W.c.shown, _W.c.email)
            .join(_W, _W.c.key == role.c.key)
            .where(role.c.n.in_(numbers), role.c.role == "endorser")
            .order_by(role.c.n, _W.c.shown, _W.c.id)
        )
        found: dict[int, list[Person]] = {}
        with reading(self.engine) as connection:
            for row in connection.execute(query):
                named = found.setdefault(row.n, [])
                if len(named) < most:
                    named.append(Person(row.shown, row.email))
        return found

    def count(self, who: Colleague) -> dict[str, int]:
        """How many changes they wrote, how many proposals they are an author of, and on how many they endorsed and
        objected."""
        wrote = select(func.count(_V.c.seq.distinct())).where(_V.c.person_id.in_(who.ids))
        with reading(self.engine) as connection:
            told = {"wrote": connection.execute(wrote).scalar() or 0}
            told[Kind.PROPOSE.value] = proposal_queries.count_by(connection, who.keys)
            for kind in (Kind.ENDORSE, Kind.OBJECT):
                some = select(func.count(_A.c.n.distinct()))
                some = some.where(_A.c.person_id.in_(who.ids), _A.c.kind == kind.value)
                told[kind.value] = connection.execute(some).scalar() or 0
        return told

    def span(self, who: Colleague) -> tuple[int, int] | None:
        """The days on which they were first and last heard of; None where that was never."""
        acts = select(_A.c.at).where(_A.c.person_id.in_(who.ids), _A.c.kind.in_([kind.value for kind in Kind]))
        theirs = select(_L.c.at).join(_V, _V.c.seq == _L.c.seq).where(_V.c.person_id.in_(who.ids))
        both = acts.union_all(theirs).subquery()
        with reading(self.engine) as connection:
            row = connection.execute(select(func.min(both.c.at).label("a"), func.max(both.c.at).label("z"))).one()
        return None if row.a is None else (row.a // _DAY, row.z // _DAY)

    def days(self, who: Colleague, since: int) -> dict[int, int]:
        """How much they did on each day (from 1 January 1970, UTC): acts on proposals, and changes of the time before
        there were proposals."""
        acts = select(_A.c.at).where(
            _A.c.person_id.in_(who.ids), _A.c.kind.in_([kind.value for kind in Kind]), _A.c.at >= since * _DAY
        )
        theirs = select(_L.c.at).join(_V, _V.c.seq == _L.c.seq)
        imported = theirs.where(_V.c.person_id.in_(who.ids), _L.c.proposal.is_(None), _L.c.at >= since * _DAY)
        with reading(self.engine) as connection:
            counted = Counter(at // _DAY for query in (acts, imported) for at in connection.execute(query).scalars())
        return dict(counted)


def people_of(connection: Connection, handle: str) -> list[int]:
    """The rows of the person with this handle, whatever addresses they wrote under."""
    return list(connection.execute(select(_W.c.id).where(_W.c.same_as == handle)).scalars())


def _last_acts(connection: Connection, who: Colleague, kind: Kind, numbers: Sequence[int]) -> dict[int, str]:
    query = select(_A.c.n, _A.c.id).where(_A.c.n.in_(numbers), _A.c.person_id.in_(who.ids), _A.c.kind == kind.value)
    return {row.n: row.id for row in connection.execute(query.order_by(_A.c.place))}
