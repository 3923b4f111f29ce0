"""`Notify`: the whole of it, for the rooms above."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine

from wiki.accounts import Accounts
from wiki.drafts import Suggestions
from wiki.guidelines import Guidelines
from wiki.notify.hooks import Hooks
from wiki.notify.inbox import Inbox
from wiki.notify.posting import Posting
from wiki.notify.reach import Reaching
from wiki.notify.telling import Telling
from wiki.notify.watching import Watches
from wiki.outbox import HOOK, HookSender, Outbox
from wiki.settings import Settings


class Notify:
    """Everything about telling people in one wiki."""

    def __init__(
        self,
        engine: Engine,
        guidelines: Guidelines,
        accounts: Accounts,
        suggestions: Suggestions,
        outbox: Outbox,
        clock: Callable[[], float],
        settings: Settings,
    ) -> None:
        self.telling = Telling(engine, guidelines, accounts, suggestions, outbox, clock)
        self.hooks = Hooks(settings.hook, outbox, settings.address, settings.system_email, clock)
        self.telling.besides = self.hooks.tell
        outbox.senders[HOOK] = HookSender(settings.hook, self.hooks.form, settings.hooks_private)
        self.inbox = Inbox(engine)
        self.watches = Watches(engine)
        self.reaching = Reaching(engine)
        self.posting = Posting(engine, accounts, outbox, self.reaching, clock)

    def tick(self) -> None:
        """What the clock does: tell people of what they were not told of, then mail what is due."""
        self.telling.tell_all()
        self.posting.post()
