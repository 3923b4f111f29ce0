"""The outbox: what is to be sent to the world outside, as rows until it has gone. Knows SQL, SMTP and HTTP, not pages.

A row is written in the transaction of whatever asks for it, so that it is sent if and only if that happened. Any number
of workers may empty the outbox: each takes rows on a lease, which a worker that is killed leaves to the next.
"""

from wiki.outbox.hooks import HOOK, Hook, HookSender
from wiki.outbox.letters import Letter
from wiki.outbox.mail import Post, PostOffice, Reachable
from wiki.outbox.outbox import MAIL, Failed, Lost, Outbox, Parcel, Waiting

__all__ = [
    "HOOK", "MAIL", "Failed", "Hook", "HookSender", "Letter", "Lost", "Outbox", "Parcel", "Post", "PostOffice",
    "Reachable", "Waiting",
]  # fmt: skip
