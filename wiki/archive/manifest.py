"""What an archive says of itself."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from wiki.model.acts import OBJECT_ID
from wiki.model.errors import Refused
from wiki.model.words import N_

FORMAT = 1
"""Raised when an older program could no longer read what a newer one writes."""
MANIFEST = "manifest.json"
CONTENT = "content.bundle"
DATABASE = "wiki.db"
SETTINGS = "wiki.toml"
KEY = "secret-key"
BANNER = "demonstration"
PARTS = (CONTENT, DATABASE, SETTINGS, KEY, BANNER)
"""Every name that a part may have."""
LARGEST_MANIFEST = 1 << 20
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Part:
    """A file in the archive: its size in bytes, and its SHA-256 in hexadecimal digits."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The first file of an archive. Times in unix seconds: when SQL was copied, and when the refs of git were read
    after that. ``schema`` is the version of the tables, None in archives of before,
    where SQL on a server was left out."""

    concord: str
    git: str
    schema: str | None
    sql_at: int
    git_at: int
    main: str
    refs: int
    parts: tuple[Part, ...]

    def part(self, name: str) -> Part | None:
        """The part with this name."""
        return next((part for part in self.parts if part.name == name), None)

    @property
    def size(self) -> int:
        """Of all parts, in bytes."""
        return sum(part.size for part in self.parts)

    def written(self) -> bytes:
        """As it stands in the archive."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=2).encode() + b"\n"

    @classmethod
    def read(cls, data: bytes) -> Manifest:
        """`Refused` for anything that no program of ours has written, and for what a newer one has."""
        try:
            told = json.loads(data)
            if type(told["format"]) is int and told["format"] > FORMAT:
                raise Refused(N_("This archive was made by a newer version of Concord. Please upgrade."))
            return _manifest(told)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise Refused(N_("This archive does not say what is in it; it was not made by “wiki backup”.")) from error


def _manifest(told: Mapping[str, Any]) -> Manifest:
    if told["format"] != FORMAT:
        raise ValueError(told["format"])
    parts = tuple(_part(each) for each in told["parts"])
    names = [part.name for part in parts]
    schema = _of(told["schema"], str) if told["schema"] is not None else None
    if len(set(names)) != len(names) or CONTENT not in names or (DATABASE in names) != (schema is not None):
        raise ValueError(names)
    return Manifest(
        concord=_of(told["concord"], str),
        git=_of(told["git"], str),
        schema=schema,
        sql_at=_of(told["sql_at"], int),
        git_at=_of(told["git_at"], int),
        main=_like(told["main"], OBJECT_ID),
        refs=_of(told["refs"], int),
        parts=parts,
    )


def _part(told: Mapping[str, Any]) -> Part:
    if told["name"] not in PARTS:
        raise ValueError(told["name"])
    return Part(told["name"], _of(told["size"], int), _like(told["sha256"], _SHA256))


def _of(value: Any, kind: type[Any]) -> Any:
    if type(value) is not kind or (kind is int and value < 0):
        raise ValueError(value)
    return value


def _like(value: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(value)
    return value
