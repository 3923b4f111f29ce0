"""`Notify`: the whole of it, for the rooms above."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine

from wiki.accounts import Accounts
from wiki.drafts import Suggestions
from wiki.guidelines import Guidelines
from wiki.notify.inbox import Inbox
from wiki.notify.reach import Reaching
from wiki.notify.telling import Telling
from wiki.notify.watching import Watches


class Notify:
    """Everything about telling people in one wiki."""

    def __init__(
        self,
        engine: Engine,
        guidelines: Guidelines,
        accounts: Accounts,
        suggestions: Suggestions,
        clock: Callable[[], float],
    ) -> None:
        self.telling = Telling(engine, guidelines, accounts, suggestions, clock)
        self.inbox = Inbox(engine)
        self.watches = Watches(engine)
        self.reaching = Reaching(engine)

    def tick(self) -> None:
        """What the clock does."""
        self.telling.tell_all()
