"""Where the files that are not Python live: beside ``wiki/`` in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def _place(name: str) -> Path:
    inside = _HERE / name
    return inside if inside.is_dir() else _HERE.parent / name


def templates() -> Path:
    """Jinja templates."""
    return _place("templates")


def static() -> Path:
    """Style sheet, scripts and icon, served under ``/-/static/``."""
    return _place("static")


def starter_content() -> Path:
    """The starter guidelines and their policy."""
    return _place("content")


def translations() -> Path:
    """Message catalogues."""
    return _HERE / "translations"


def languages() -> tuple[str, ...]:
    """The tags of the languages that there are catalogues for, after English, which the sentences are written in."""
    return ("en", *sorted(path.parts[-3] for path in translations().glob("*/LC_MESSAGES/messages.po")))
