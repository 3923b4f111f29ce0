"""Ways in: invitations that name an address, open links, and addresses that ask to join.

All three end alike: whoever holds the token chooses a name and a password, and only then there is an account. A token
that went out by mail proves the address it went to.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, insert, or_, select, update

from wiki.accounts.administration import may_administrate
from wiki.accounts.administration_log import Deed, record
from wiki.accounts.identity import check_email
from wiki.accounts.keys import hash_of
from wiki.accounts.people import DAY, Account, Accounts, Also, _insert, nothing
from wiki.accounts.schema import account, invitation
from wiki.database import reading, writing
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_

INVITED_FOR = 14 * DAY
CONFIRMED_WITHIN = DAY
MOST_USES = 500
MOST_DAYS = 90

_SPENT = N_("This invitation has been used already, was taken back, or is too old. Please ask for a new one.")
_HAS_ACCOUNT = N_("Somebody has an account with this e-mail address already.")
_NONE_SUCH = N_("There is no such invitation.")


class Way(StrEnum):
    """How somebody comes in."""

    NAMED = "named"
    """Invited by address."""
    OPEN = "open"
    """By a link that several may use."""
    JOINING = "joining"
    """They gave their address themselves, and show with the link in a letter that it is theirs."""


class State(StrEnum):
    """What has become of an invitation."""

    WAITING = "waiting"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Invitation:
    """A way in. Times in unix seconds; ``by`` is the name of who made it, None for the command line and for those who
    asked themselves; ``uses`` is how many may come in, ``used`` how many have."""

    id: int
    way: Way
    email: str | None
    by: str | None
    created_at: int
    expires_at: int
    uses: int
    used: int
    revoked_at: int | None

    def state(self, now: int) -> State:
        """What has become of it."""
        if self.revoked_at is not None:
            return State.REVOKED
        if self.used >= self.uses:
            return State.USED
        return State.WAITING if now < self.expires_at else State.EXPIRED


def new_token() -> str:
    """What stands in a link, and is kept nowhere."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Invitations:
    """All ways in to one wiki. Every token is kept as a hash. Only administrators invite, unless ``by_members``."""

    accounts: Accounts
    by_members: bool = False

    def may_invite(self, who: Account) -> bool:
        """Whether somebody may let others in."""
        return who.active and (who.administrator or self.by_members)

    def invite(self, by: Account | None, email: str, token: str, now: int, also: Also = nothing) -> None:
        """Invite an address. An earlier invitation of the same address no longer works."""
        email = check_email(email)
        same = invitation.c.email_key == email.casefold(), invitation.c.way == Way.NAMED
        with writing(self.accounts.engine) as connection:
            self._check(connection, by)
            if connection.execute(select(account.c.id).where(account.c.email_key == email.casefold())).first():
                raise Refused(_HAS_ACCOUNT)
            connection.execute(update(invitation).where(*same, *_waiting(now)).values(revoked_at=now))
            values = _row(Way.NAMED, token, now, INVITED_FOR, email=email, by=by)
            connection.execute(insert(invitation).values(**values))
            record(connection, by, Deed.INVITED, email, now)
            also(connection)

    def open_link(self, by: Account | None, uses: int, days: int, token: str, now: int) -> None:
        """A link that some people may use, for some days."""
        if not 1 <= uses <= MOST_USES or not 1 <= days <= MOST_DAYS:
            raise Refused(
                N_("A link is for 1 to %(uses)s people and works for 1 to %(days)s days."),
                uses=MOST_USES,
                days=MOST_DAYS,
            )
        with writing(self.accounts.engine) as connection:
            self._check(connection, by)
            values = {**_row(Way.OPEN, token, now, days * DAY, by=by), "uses": uses}
            connection.execute(insert(invitation).values(**values))
            record(connection, by, Deed.OPENED, "", now)

    def _check(self, connection: Connection, by: Account | None) -> None:
        if not self.by_members:
            may_administrate(connection, by)

    def ask(self, email: str, token: str, now: int, through: Invitation | None = None, also: Also = nothing) -> None:
        """Somebody gave an address, which is theirs where the token comes back. The same is written for every address,
        so that nobody learns from it which of them have an account."""
        row = _row(Way.JOINING, token, now, CONFIRMED_WITHIN, email=check_email(email))
        stale = invitation.c.way == Way.JOINING, invitation.c.expires_at <= now - DAY
        with writing(self.accounts.engine) as connection:
            connection.execute(delete(invitation).where(*stale))
            connection.execute(insert(invitation).values(**row | {"through_id": through.id if through else None}))
            also(connection)

    def find(self, token: str, now: int) -> Invitation | None:
        """The invitation of this token while it works."""
        with reading(self.accounts.engine) as connection:
            row = connection.execute(_select().where(invitation.c.token_hash == hash_of(token), *_usable(now))).first()
        return _invitation(row) if row is not None else None

    def accept(
        self, token: str, now: int, *, email: str | None, name: str, password: str, also: Also = nothing
    ) -> Account:
        """Come in: the new account, as old as this moment. ``email`` counts where the invitation names none."""
        found = self.find(token, now)
        if found is None:
            raise NotFound(_SPENT)
        values = self.accounts._new(found.email or email or "", name, password, now, administrator=False)
        with writing(self.accounts.engine) as connection:
            if not _spend(connection, token, now):
                raise NotFound(_SPENT)
            came = _insert(connection, {**values, "last_sign_in_at": now})
            also(connection)
            return came

    def listed(self, by: Account | None = None, before: int | None = None, limit: int = 50) -> list[Invitation]:
        """Invitations and open links, the latest first; only those that somebody made where one is named."""
        query = _select().where(invitation.c.way.in_((Way.NAMED, Way.OPEN))).order_by(invitation.c.id.desc())
        if by is not None:
            query = query.where(invitation.c.made_by == by.id)
        if before is not None:
            query = query.where(invitation.c.id < before)
        with reading(self.accounts.engine) as connection:
            return [_invitation(row) for row in connection.execute(query.limit(limit))]

    def revoke(self, by: Account | None, number: int, now: int) -> None:
        """Take an invitation back; whoever holds its link can no longer use it. Somebody who is no administrator takes
        back only their own."""
        with writing(self.accounts.engine) as connection:
            row = connection.execute(_select().where(invitation.c.id == number)).first()
            if row is None or row.way == Way.JOINING:
                raise NotFound(_NONE_SUCH)
            if by is not None and row.made_by != by.id:
                may_administrate(connection, by)
            if row.revoked_at is None and row.used < row.uses:
                connection.execute(update(invitation).where(invitation.c.id == number).values(revoked_at=now))
                record(connection, by, Deed.REVOKED, row.email or "", now)


def _row(
    way: Way, token: str, now: int, lifetime: int, email: str | None = None, by: Account | None = None
) -> dict[str, Any]:
    return {
        "token_hash": hash_of(token),
        "way": way,
        "email": email,
        "email_key": email.casefold() if email is not None else None,
        "made_by": by.id if by is not None else None,
        "created_at": now,
        "expires_at": now + lifetime,
        "uses": 1,
        "used": 0,
    }


def _select() -> Select[Any]:
    return select(invitation, account.c.name.label("by")).outerjoin(account, account.c.id == invitation.c.made_by)


def _waiting(now: int) -> tuple[ColumnElement[bool], ...]:
    return invitation.c.revoked_at.is_(None), invitation.c.used < invitation.c.uses, invitation.c.expires_at > now


def _usable(now: int) -> tuple[ColumnElement[bool], ...]:
    """Still waiting, and made by somebody who is still here."""
    still_here = select(account.c.id).where(account.c.active)
    return *_waiting(now), or_(invitation.c.made_by.is_(None), invitation.c.made_by.in_(still_here))


def _spend(connection: Connection, token: str, now: int) -> bool:
    """Whether one more may come in by this token, and through the open link that it came by; now there is one less."""
    used = update(invitation).values(used=invitation.c.used + 1)
    mine = invitation.c.token_hash == hash_of(token)
    if connection.execute(used.where(mine, *_usable(now))).rowcount != 1:
        return False
    through = connection.execute(select(invitation.c.through_id).where(mine)).scalar()
    if through is None:
        return True
    in_time = now - CONFIRMED_WITHIN
    return connection.execute(used.where(invitation.c.id == through, *_usable(in_time))).rowcount == 1


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(
        id=row.id,
        way=Way(row.way),
        email=row.email,
        by=row.by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        uses=row.uses,
        used=row.used,
        revoked_at=row.revoked_at,
    )
