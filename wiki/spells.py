"""What is away for a while and tried again and again is told of in few lines: when it goes, once a minute meanwhile,
and when it is back. Called by the clock."""

from __future__ import annotations

import logging
import time

EVERY_SECONDS = 60


class Spell:
    """The times in which one thing is away."""

    def __init__(self, log: logging.Logger, back: str) -> None:
        self._log = log
        self._back = back
        self._told: float | None = None

    def away(self, sentence: str, why: object) -> None:
        """It could not be used, ``why`` in the place of the sentence's ``%s``."""
        now = time.monotonic()
        if self._told is None or now - self._told >= EVERY_SECONDS:
            self._told = now
            self._log.warning(sentence, " ".join(str(why).split()))

    def here(self) -> None:
        """It could be used."""
        if self._told is not None:
            self._told = None
            self._log.warning("%s", self._back)


class Tried(logging.Filter):
    """Of a program that logs each try with all its calls, has only told that what it needs is away: where one of these
    errors ended the try. Everything else is logged as it was."""

    def __init__(self, spell: Spell, sentence: str, errors: tuple[type[Exception], ...]) -> None:
        super().__init__()
        self._spell = spell
        self._sentence = sentence
        self._errors = errors

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is to be logged as it is."""
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, self._errors):
            return True
        self._spell.away(self._sentence, error)
        return False
