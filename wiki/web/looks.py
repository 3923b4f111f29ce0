"""How a page is looked at: what a reader chose on their device, and the language of their browser.

Read from headers as they come, and remembered by them: most requests bring the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header, parse_cookie

from wiki.web.sessions import SESSION_COOKIE

LANGUAGE_COOKIE = "language"
THEME_COOKIE = "theme"
SLASH_COOKIE = "slash"
AS_IN_BROWSER = "auto"
THEMES = ("auto", "light", "dark")
SLASH = ("on", "off")
_LONGEST = 1_000
"""Longer headers are read each time, so that nobody fills the memory with them."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What the cookies of a request say: as they are sent, each "" where there is none."""

    session: str
    language: str
    theme: str
    slash: str


def as_cookies(looks: Looks) -> str:
    """A header that says this and nothing else; "" where it cannot be said in one."""
    told = (
        (SESSION_COOKIE, looks.session), (LANGUAGE_COOKIE, looks.language), (THEME_COOKIE, looks.theme),
        (SLASH_COOKIE, looks.slash),
    )  # fmt: skip
    header = "; ".join(f"{name}={value}" for name, value in told if value)
    return header if looks_of(header) == looks else ""


def looks_of(cookies: str) -> Looks:
    """What a header of cookies says."""
    return _looks_of(cookies) if len(cookies) <= _LONGEST else _looks_of.__wrapped__(cookies)


@lru_cache(maxsize=2048)
def _looks_of(cookies: str) -> Looks:
    found = parse_cookie(cookies)
    session, language, theme, slash = (
        found.get(name, "") for name in (SESSION_COOKIE, LANGUAGE_COOKIE, THEME_COOKIE, SLASH_COOKIE)
    )
    return Looks(session, language, theme, slash)


def language_for(spoken: tuple[str, ...], chosen: str, header: str) -> str:
    """The language of an answer: the one that was chosen, else the first of the browser's that the wiki speaks."""
    if chosen in spoken:
        return chosen
    return _first(spoken, header) if len(header) <= _LONGEST else _first.__wrapped__(spoken, header)


@lru_cache(maxsize=2048)
def _first(spoken: tuple[str, ...], header: str) -> str:
    return str(parse_accept_header(header, LanguageAccept).best_match(spoken, default=spoken[0]))
