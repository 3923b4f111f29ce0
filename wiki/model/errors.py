"""What can go wrong, in words a person can read.

Every error carries a :class:`~wiki.model.words.Sentence`; the web turns each class into a page with its
status in one place (`wiki/web/errors.py`), the command line into one line and a non-zero exit.
"""

from __future__ import annotations

from wiki.model.words import Sentence


class WikiError(Exception):
    """The root. ``sentence`` says what happened and what to do next."""

    def __init__(self, template: str | Sentence, /, **values: object) -> None:
        self.sentence = template if isinstance(template, Sentence) else Sentence(template, values)
        super().__init__(str(self.sentence))


class Refused(WikiError):
    """What was asked is against the rules; nothing was written and the person can mend it."""


class NameTaken(Refused):
    """A new file cannot have this name beside those that are there."""


class Conflict(Refused):
    """What the person saw is no longer what is there; look again, then decide."""


class NotFound(WikiError):
    """There is no such page, proposal, revision or act."""


class Damaged(WikiError):
    """The repository is not what the model demands; the text says where."""


class Unavailable(WikiError):
    """A part that is needed cannot be reached or written just now; nothing was half done."""
