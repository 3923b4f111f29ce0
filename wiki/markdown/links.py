"""Addresses: what a link in a page leads to.

Pages own the whole space of paths, so a link to a file beside the page becomes the address of that page. Heading
ids carry the prefix ``h-`` (see `headings.py`), and so do the fragments that lead to them.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
HEADING_PREFIX = "h-"

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
SAFE = "/~!$&'()*+,;=:@"
_SAFE_IN_QUERY = SAFE + "?%"


@dataclass(frozen=True)
class Address:
    """Where a link leads. ``url`` is quoted, but not escaped for HTML."""

    url: str
    external: bool = False


def address(target: str, folder: str) -> Address | None:
    """Where a link with this target leads from a page in ``folder``, or None where it may lead nowhere."""
    target = target.strip()
    bare = _INVISIBLE.sub("", unquote(target))
    scheme = _SCHEME.match(bare)
    if scheme is not None:
        return _outside(target, scheme[1].lower())
    if bare.startswith(("//", "/\\", "\\")):
        return Address("https://" + _quoted(bare.lstrip("/\\"), _SAFE_IN_QUERY), external=True)
    return Address(_inside(target, folder))


def _outside(target: str, scheme: str) -> Address | None:
    direct = _SCHEME.match(target)
    if scheme not in SCHEMES or direct is None or direct[1].lower() != scheme:
        return None
    return Address(scheme + ":" + _quoted(target[direct.end() :], _SAFE_IN_QUERY + "#[]"), scheme in {"http", "https"})


def _inside(target: str, folder: str) -> str:
    path, _, fragment = target.partition("#")
    path, _, query = path.partition("?")
    path = unquote(path)
    if path:
        path = quote(path if path.startswith("/-/") else page_path(path, folder), safe=SAFE)
    if query:
        path += "?" + _quoted(query, _SAFE_IN_QUERY)
    return path + ("#" + fragment_for(fragment) if fragment else "") if path or fragment else "#"


def page_path(path: str, folder: str) -> str:
    """The path of the page that ``path`` means: ``../x/y.md`` and ``/x/y/`` both are ``/x/y``."""
    whole = path if path.startswith("/") else f"/{folder}/{path}"
    clean = posixpath.normpath(_INVISIBLE.sub(" ", whole)).lstrip("/")
    return "/" + clean.removesuffix(".md")


def fragment_for(fragment: str) -> str:
    """The fragment that leads to the heading of this name, quoted."""
    name = unquote(fragment).strip()
    if not name.startswith((HEADING_PREFIX, "fn-")):
        name = HEADING_PREFIX + name
    return quote(name, safe=SAFE)


def wiki_address(target: str, folder: str) -> str:
    """Where ``[[target]]`` leads: a name alone is a page beside this one, one with a slash counts from the top.

    A name in words becomes the name a page would have.
    """
    path, _, fragment = target.strip().partition("#")
    folder = "" if "/" in path and not path.startswith(".") else folder
    if any(character.isspace() for character in path):
        path = "/".join("-".join(part.split()).lower() for part in path.split("/"))
    return (quote(page_path(path, folder), safe=SAFE) if path else "") + (
        "#" + fragment_for(slug(fragment)) if fragment else ""
    )


def slug(text: str) -> str:
    """A heading as a name in an address: letters and digits of any script, hyphens between them."""
    kept = re.sub(r"[^\w\- ]+", "", text.strip().lower().replace("\t", " "))
    return kept.replace(" ", "-")[:120] or "section"


def _quoted(text: str, safe: str) -> str:
    return quote(text, safe=safe)
