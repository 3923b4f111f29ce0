"""People who come in by mail, and administrators: what the tests of the door share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import event, text

from tests.post_office import PostOffice, open_post_office
from tests.world import Visitor, World, copy_of, open_world
from wiki.accounts.administration_log import Deed, recent_deeds

SITE = "https://guidelines.example.org"
GOOD = "a bright green evening"


@dataclass
class Street:
    """A wiki with a mail server beside it."""

    world: World
    office: PostOffice

    def letters(self, email: str) -> list[EmailMessage]:
        """What has come for somebody, after everything that waited was sent."""
        self.world.wiki.outbox.deliver(self.world.wiki.now)
        return self.office.to(email)

    def link(self, email: str) -> str:
        """Where the last letter to somebody leads, the same in its plain text and in its HTML."""
        letter = self.letters(email)[-1]
        plain, html = (body_of(letter, kind) for kind in ("plain", "html"))
        found = re.findall(re.escape(SITE) + r"(/-/(?:welcome|invitation)/[\w-]+)", plain)
        assert len(found) == 1, plain
        assert f'href="{SITE}{found[0]}"' in html
        return str(found[0])


@contextmanager
def open_street(founded: Path, place: Path, **others: object) -> Iterator[Street]:
    """Open a copy of a wiki with mail, whose administrator is Ana."""
    with open_post_office() as office:
        settings = {"mail_server": office.address, "site_url": SITE, "mail_limit_per_account": "20 per hour", **others}
        with open_world(copy_of(founded, place), **settings) as world:
            appoint(world, "ana")
            yield Street(world, office)


def appoint(world: World, who: str) -> None:
    """Make somebody an administrator, as the operator would."""
    account = world.wiki.administration.make_administrator(None, world.people[who].id, world.wiki.now())
    world.people[who] = account


def body_of(letter: EmailMessage, kind: str) -> str:
    """The plain text of a letter, or its HTML."""
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def arrive(visitor: Visitor, address: str, **fields: str) -> Visitor:
    """Fill in the form behind a link."""
    visitor.open(address)
    visitor.submit(address, **fields)
    return visitor


def deeds(world: World) -> list[tuple[str, Deed, str]]:
    """The log, the oldest first."""
    return [(row.who, row.deed, row.whom) for row in recent_deeds(world.wiki.accounts)][::-1]


def rows_of(world: World, table: str) -> int:
    """How many rows a table has."""
    with world.wiki.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() or 0)


@contextmanager
def work_of(world: World) -> Iterator[list[str]]:
    """The statements that SQL is asked while the block lasts, with the commits; what fills them in left out."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        asked.append(statement)

    def note_commit(_connection: Any) -> None:
        asked.append("COMMIT")

    event.listen(world.wiki.engine, "before_cursor_execute", note)
    event.listen(world.wiki.engine, "commit", note_commit)
    try:
        yield asked
    finally:
        event.remove(world.wiki.engine, "before_cursor_execute", note)
        event.remove(world.wiki.engine, "commit", note_commit)
