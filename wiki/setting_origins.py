"""The settings as they are in force, for administrators to look at: each with where it is set, secrets never shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from wiki.model.errors import WikiError
from wiki.model.words import Sentence
from wiki.settings import Settings, _from_environment, _from_file

_SECRET = re.compile("secret|password|token|credential|(^|_)key($|_)")
MARK = "demonstration"
_CREDENTIALS = re.compile("://[^/@]*@")


class Where(StrEnum):
    """Where a setting comes from. The demonstration is marked by a file of that name in the data directory."""

    ENVIRONMENT = "environment"
    FILE = "file"
    MARK = "mark"
    DEFAULT = "default"


@dataclass(frozen=True)
class ShownSetting:
    """One setting. ``value`` is None for a secret, of which only is told whether it is ``given``; ``waits`` where
    another value stands there by now, which holds from the next start."""

    name: str
    value: str | None
    given: bool
    where: Where
    waits: bool


def shown_settings(settings: Settings, environ: Mapping[str, str]) -> tuple[list[ShownSetting], Sentence | None]:
    """All of them by name, and what is wrong with those that would hold after the next start."""
    in_file, in_environment, now, problem = {}, {}, settings, None
    try:
        in_file = _from_file(settings.data / "wiki.toml")
        in_environment = _from_environment(environ)
        now = Settings.load(environ, settings.data)
    except WikiError as error:
        problem = error.sentence
    shown = []
    for each in sorted(fields(Settings), key=lambda each: each.name):
        value = getattr(settings, each.name)
        secret = not each.repr or (isinstance(value, str) and _SECRET.search(each.name) is not None)
        where = (
            Where.ENVIRONMENT
            if each.name in in_environment or (each.name == "data" and environ.get("WIKI_DATA"))
            else Where.FILE
            if each.name in in_file
            else Where.MARK
            if each.name == MARK and value and (settings.data / MARK).exists()
            else Where.DEFAULT
        )
        waits = value != getattr(now, each.name)
        shown.append(ShownSetting(each.name, None if secret else _written(value), bool(value), where, waits))
    return shown, problem


def _written(value: object) -> str:
    """As one would write it, without what stands before an @ in an address."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(_written(part) for part in value)
    return _CREDENTIALS.sub("://…@", str(value)) if isinstance(value, str | int) or hasattr(value, "parts") else "…"
