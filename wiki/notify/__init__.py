"""Telling people: from what happened to their inbox, their mail and other programs.

`matters` is pure and says who is told what; `telling` brings that into rows, exactly once; `inbox` and `watching` are
what people see and choose of it, `reach` and `rhythm` how else it reaches them.
"""

from wiki.notify.forgetting import forget_notices, kept_of
from wiki.notify.inbox import Inbox, Notice
from wiki.notify.matters import ASKED, FOLDER, PAGE, PROPOSAL, Matter
from wiki.notify.notify import Notify
from wiki.notify.posting import TELLING
from wiki.notify.reach import Asks, Reach
from wiki.notify.rhythm import Rhythm, zones
from wiki.notify.sentences import sentence_for
from wiki.notify.watching import Watched

__all__ = [
    "ASKED", "FOLDER", "PAGE", "PROPOSAL", "TELLING", "Asks", "Inbox", "Matter", "Notice", "Notify", "Reach", "Rhythm",
    "Watched", "forget_notices", "kept_of", "sentence_for", "zones",
]  # fmt: skip
