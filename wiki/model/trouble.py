"""What git, SQLite and the system say of a fault, in words that help whoever meets it."""

from __future__ import annotations

from wiki.model.words import N_, Sentence, say

_TROUBLES = (
    (("no space left", "disk is full", "disk quota exceeded", "file too large", "file size limit"),
     N_("the disk of the server is full. Whoever runs this wiki can make room")),
    (("read-only file system", "readonly database", "permission denied", "insufficient permission"),
     N_("what is kept may only be read, and not be written. Whoever runs this wiki can change that")),
    (("database is locked", "database table is locked", "lock timeout"),
     N_("something else is writing for a long time. Please try again in a minute")),
    (("is corrupt", "inflate:", "unable to unpack", "unexpected type", "bad object", "missing blob", "missing tree"),
     N_("a part of the history is damaged. Whoever runs this wiki can find out which with “wiki doctor”")),
    (("disk i/o error", "input/output error"),
     N_("the disk cannot be used: it is full or broken. Whoever runs this wiki can look at it")),
    (("malformed", "file is not a database", "unable to open database", "no such table"),
     N_("the database is damaged or gone. Whoever runs this wiki can find out more with “wiki doctor”")),
    (("connection failed", "connection refused", "connection timeout", "connection is closed", "connection is lost",
      "server closed the connection", "terminating connection", "connection timed out", "the database system is"),
     N_("its server cannot be reached. Whoever runs this wiki can look at it")),
)  # fmt: skip
"""What is said, in small letters, and what that means."""


def in_words(error: object) -> Sentence | str:
    """The reason as a part of a sentence, without a full stop; what was said itself where it is no fault we know."""
    said = str(error).strip()
    lowered = said.casefold()
    known = next((words for signs, words in _TROUBLES if any(sign in lowered for sign in signs)), None)
    return say(known) if known is not None else said.removeprefix("error: ").removeprefix("fatal: ").rstrip(".")
