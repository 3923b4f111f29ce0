"""Requests that no browser of ours would send, made up from a seed: the same seed gives the same requests.

Addresses come from the map of addresses and fields from the source of the web, so that what is new there is tried
without anybody listing it. What only a running wiki knows stands as ``{main}``, ``{change}``, ``{token}`` and so on,
and is filled in when a request is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.parse import quote_from_bytes

from flask import Flask
from werkzeug.routing import Rule

from tests.hostile import ALL_NAMES, ALL_TEXTS
from tests.pictures import GIF, JPEG, PDF, SCRIPT, SVG, png
from wiki import places

CHECKOUT = Path(__file__).resolve().parents[2]
BOUNDARY = "fuzz-7d1"
KNOWN = ("{main}", "{founding}", "{change}", "{act}", "{blob}", "{handle}", "{place}")
NUMBERS = (
    "1",
    "2",
    "3",
    "0",
    "-1",
    "007",
    "1e3",
    "0x10",
    "1.5",
    "9" * 10,
    "2147483648",
    "9" * 400,
    "",
    " 1",
    "١",
    "NaN",
)
WORDS = (
    "travel/expenses", "welcome", "travel", "notes/kitchen", "größe/naïve", "policy.toml", "travel/map.png",
    "style.css",
    "open", "propose", "preview", "difference", "draft", "attach", "save", "discard", "on", "off", "dark", "de", "en",
    "light", "y", "yes", "true", "ana@example.com", "bob@example.com", "nobody@example.com", "a calm blue morning",
    "/-/edit/travel/expenses", "/-/new", "/travel/visa", "travel/expenses.md", "travel/expenses.md:3", "2026-01-31",
    "choice-0", "ours", "theirs", "own", "Europe/Berlin", "https://evil.example/", "//evil.example", "git-upload-pack",
)  # fmt: skip
METHODS = (
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "get",
    "BREW",
    "",
)
HEADERS = (
    ("Accept", ("*/*", "application/json", "text/html;q=x", "image/*,", "\x7f", "a/b;q=1e999")),
    ("Accept-Encoding", ("gzip", "gzip;q=0", "br, *;q=0", ";;;", "gzip;q=nan")),
    ("Accept-Language", ("de", "xx-YY", "*;q=0", "de;q=9,en;q=", "a" * 3000, "ja,ar;q=0.5", "-", "\xff\xfe")),
    ("Authorization", ("Bearer {token}", "Bearer ", "Basic \xff", "Basic eDp5", "Negotiate", "Digest username=x", ":")),
    ("Cookie", ("concord=x", "concord=eyJ4IjoxfQ.x.x", "theme=<script>; slash=\x7f; language=../..", "=; ;;",
                "a" * 9000)),
    ("Content-Encoding", ("gzip", "br", "identity", "x-gzip", "\x01")),
    ("Expect", ("100-continue", "x")),
    ("Forwarded", ("for=1.2.3.4;host=evil.example;proto=https",)),
    ("Git-Protocol", ("version=2", "version=1", "version=2:x", "-c x=y", "\xff")),
    ("Host", ("evil.example", "localhost:99999", "a b", "[::1", "localhost\\evil.example", "", "lo\xffcal", "x" * 300,
              "localhost:80@evil.example", "evil.example/x", "-", ":", "[::1]:x")),
    ("If-Match", ('"x"', "*", "W/")),
    ("If-Modified-Since", ("yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 99 Foo 99999 99:99:99 GMT", "0")),
    ("If-None-Match", ("*", '"', 'W/"x"', '"' * 200, ",,,")),
    ("If-Range", ("x", '"x"', "Thu, 01 Jan 1970 00:00:00 GMT")),
    ("Origin", ("http://localhost", "null", "https://evil.example", "http://localhost@evil.example", "http://[",
                "\xff")),
    ("Range", ("bytes=0-0", "bytes=-1", "bytes=5-1", "bytes=0-0,1-1", "x=1", "bytes=" + "9" * 400 + "-")),
    ("Referer", ("http://localhost/", "http://localhost//evil.example", "javascript:trap()", "http://[", "\xff",
                 "x" * 4000)),
    ("Sec-Fetch-Site", ("same-origin", "cross-site", "none", "x")),
    ("Transfer-Encoding", ("chunked", "x", "chunked, chunked")),
    ("User-Agent", ("", "git/2.39", "<script>trap()</script>", "a" * 5000)),
    ("X-CSRFToken", ("{token}", "x", "\xff", "")),
    ("X-Forwarded-For", ("1.2.3.4", "x, y, z", ",", "::1")),
    ("X-Forwarded-Host", ("evil.example", "a b", "")),
    ("X-Forwarded-Proto", ("https", "javascript")),
    ("X-HTTP-Method-Override", ("DELETE", "\x01")),
    ("X-Requested-With", ("XMLHttpRequest",)),
    ("X-Remote-User", ("ana@example.com", "\xff")),
)  # fmt: skip
TYPES = (
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-7",
    f"multipart/form-data; boundary={BOUNDARY}", "multipart/form-data", "multipart/form-data; boundary=", "text/plain",
    'multipart/form-data; boundary="\xff"', "multipart/mixed; boundary=x", "application/json",
    "application/json; charset=x",
    "application/x-git-upload-pack-request", "image/png", "", "x", "application/\x01", ";;",
    "text/html; charset=utf-16",
)  # fmt: skip
BODIES = (
    b"", b"\0", b"\xff\xfe\xfd", b"%", b"%zz=%", b"=&=&==", b"a" * 70_000, b"&" * 3000, b"{", b"[[[[" * 3000,
    b'{"a":1e999}',
    b'{"text": "\\ud800"}', b"null", b"0000", b"0032want " + b"0" * 40 + b"\n00000009done\n", b"--fuzz-7d1--\r\n",
    b"ffff",
    b"--fuzz-7d1\r\n\r\n", b"--fuzz-7d1\r\nContent-Disposition: form-data; name=\"text",
    b"--fuzz-7d1\r\n" + b"A: b\r\n" * 900,
    b"--fuzz-7d1\r\nContent-Disposition: form-data\r\n\r\nx\r\n--fuzz-7d1--\r\n", b"\x1f\x8b\x08\0rubbish",
    b"\r\n" * 500,
)  # fmt: skip
FILES = (png(), GIF, JPEG, PDF, SCRIPT, SVG, b"", b"\x89PNG\r\n\x1a\n", GIF + SCRIPT, b"\0" * 5000)
TEXTS = (
    "", "\0", "\ud800", "[" * 3000, "> " * 2000, "# a\n\n" * 50, "\r\r\n", "x" * 5000, "é", "\u202e", "\U0001f9e8",
    "a\n" * 900,
    "---\na: [" * 40, "[[rule]]\npages = \"**\"\nendorse = 2\n", "endorse = 99999999999999999999", "*" * 500,
    "\u2028", "%00",
    "# Expenses\n\nShorter.\n", "words " * 300,
)  # fmt: skip
_FIELD = re.compile(
    r"""(?:form|args|files|values|cookies|headers)(?:\.get|\.getlist|\.pop)?[\[(]\s*["']([\w-]{1,40})["']"""
    r"""|^\s+(\w{1,40}) = \w*Field\(|\bnumber\(["'](\w+)["']\)|\bname="([\w-]{1,40})\"""",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Asked:
    """One request. ``path`` and ``query`` as bytes, the path without percent signs; ``length`` is what it says of the
    length of its body (None: the truth)."""

    method: str
    path: bytes
    query: bytes
    headers: tuple[tuple[str, str], ...]
    kind: str
    body: bytes
    length: str | None
    signed_in: bool
    endpoint: str


def requests(app: Flask, seed: int, count: int) -> Iterator[Asked]:
    """``count`` requests over every address of an application."""
    chance = Random(seed)
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint, sorted(rule.methods or ())))
    fields = field_names()
    for at in range(count):
        yield _request(chance, rules[at % len(rules)] if chance.random() < 0.5 else chance.choice(rules), fields)


def field_names() -> list[str]:
    """Every name that a form, an address or a header of the wiki has, as the source says."""
    sources = [*(CHECKOUT / "wiki/web").rglob("*.py"), *places.templates().rglob("*.html")]
    found = {name for file in sources for names in _FIELD.findall(file.read_text("utf-8")) for name in names if name}
    return sorted(found)


def _request(chance: Random, rule: Rule, fields: Sequence[str]) -> Asked:
    path, query = _address(chance, rule), _query(chance, fields)
    usual = sorted((rule.methods or {"GET"}) - {"OPTIONS", "HEAD"})
    method = chance.choice(usual) if chance.random() < 0.85 else chance.choice(METHODS)
    kind, body = _body(chance, fields) if method not in {"GET", "HEAD"} or chance.random() < 0.03 else ("", b"")
    headers = dict(_header(chance) for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 4))))
    if method == "POST" and chance.random() < 0.8:
        headers = {**headers, "X-CSRFToken": "{token}"}
        headers.pop("Origin", None)
        headers.pop("Sec-Fetch-Site", None)
    lies = ("0", "1", "-1", "x", "", "9" * 30, str(len(body) + 10), str(max(0, len(body) - 3)), "1_0", "+5")
    length = chance.choice(lies) if chance.random() < 0.04 else None
    return Asked(method, path, query, tuple(headers.items()), kind, body, length, chance.random() < 0.75, rule.endpoint)


def _address(chance: Random, rule: Rule) -> bytes:
    parts = []
    for at, piece in enumerate(re.split(r"<(?:([\w()=,]+):)?(\w+)>", rule.rule)):
        if at % 3 == 0:
            parts.append(piece.encode())
        elif at % 3 == 2:
            parts.append(_part(chance, piece))
        elif piece is not None and piece.startswith("int"):
            parts.append(b"")
    path = b"".join(parts)
    if chance.random() < 0.08:
        at = chance.randrange(len(path) + 1)
        path = (
            path[:at]
            + chance.choice((b"/", b"//", b"\0", b"\xff", b"..", b"/../", b"%", b";", b"\\", b"\r\n"))
            + path[at:]
        )
    return (
        path
        if chance.random() < 0.99
        else chance.choice((b"", b"*", b"//evil.example/x", b"http://evil.example/", b"x"))
    )


def _part(chance: Random, name: str) -> bytes:
    number = name in {"n", "number"} or name.endswith(("_id", "_number"))
    pool = chance.random()
    if pool < 0.55:
        likely: Sequence[str] = NUMBERS[:3] if number else (*KNOWN, *WORDS[:9])
        return chance.choice(likely).encode()
    if pool < 0.7:
        return chance.choice(NUMBERS).encode("utf-8", "surrogatepass")
    return chance.choice(ALL_NAMES if pool < 0.93 else ALL_TEXTS).encode("utf-8", "surrogatepass")


def _value(chance: Random) -> bytes:
    pools: Sequence[Sequence[str]] = (WORDS, WORDS, KNOWN, NUMBERS, TEXTS, ALL_TEXTS, ALL_NAMES)
    return chance.choice(chance.choice(pools)).encode("utf-8", "surrogatepass")


def _query(chance: Random, fields: Sequence[str]) -> bytes:
    if chance.random() < 0.6:
        return b""
    if chance.random() < 0.05:
        return chance.choice(
            (b"%", b"%ff=%ff", b"&&&=", b"a[]=1&a[0]=2", b"=" * 500, b"\xff", b"before=1&before=x", b"?" * 9)
        )
    return _pairs(chance, fields, 4)


def _pairs(chance: Random, fields: Sequence[str], most: int) -> bytes:
    named = [(chance.choice(fields), _value(chance)) for _ in range(chance.randint(1, most))]
    return b"&".join(name.encode() + b"=" + _quoted(value) for name, value in named)


def _quoted(value: bytes) -> bytes:
    """Quoted for an address; what is filled in later stays as it is."""
    return value if value.decode("latin-1") in KNOWN else quote_from_bytes(value).encode()


def _body(chance: Random, fields: Sequence[str]) -> tuple[str, bytes]:
    pool = chance.random()
    if pool < 0.55:
        return TYPES[0], _pairs(chance, fields, 9)
    if pool < 0.8:
        return TYPES[2], _multipart(chance, fields)
    if pool < 0.805:
        return TYPES[0], b"text=" + b"x" * (5 << 20)
    return chance.choice(TYPES), chance.choice(BODIES)


def _multipart(chance: Random, fields: Sequence[str]) -> bytes:
    parts = []
    for _ in range(chance.randint(1, 7)):
        name = chance.choice(fields)
        if chance.random() < 0.2:
            sent = chance.choice((*ALL_NAMES, "map.png", "")).encode("utf-8", "surrogatepass")
            sent = sent.replace(b"\r", b" ").replace(b"\n", b" ").replace(b'"', b"%22")
            more, data = b'; filename="' + sent + b'"\r\nContent-Type: image/png', chance.choice(FILES)
        else:
            more, data = b"", _value(chance)
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        parts.append(head + more + b"\r\n\r\n" + data + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def _header(chance: Random) -> tuple[str, str]:
    name, values = chance.choice(HEADERS)
    return name, chance.choice(values)
