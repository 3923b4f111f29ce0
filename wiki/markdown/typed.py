"""Addresses typed plainly, of the web and of mail, which become links: ``https://example.com``, ``a@example.com``.

A rule looks for the sign that such an address has in it and takes what stands before from the text that was read last,
so that text without these signs is passed over as quickly as ever. Nothing within code, links or addresses is touched.
"""

from __future__ import annotations

import re
from itertools import islice, takewhile

from mistune.core import InlineState
from mistune.inline_parser import InlineParser
from mistune.util import escape_url

from wiki.markdown.tokens import unescaped

_INVISIBLE = "\x00-\x1f\x7f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
_HOST = r"[^\W_][\w.-]{0,252}+(?::\d{1,5})?+(?![^\s<>/?#]*@)"
_PATH = rf"[/?#][^\s<>\\{_INVISIBLE}]{{0,2000}}+"
_WEB = rf"(?i:(?<=(?<!\w)http)|(?<=(?<!\w)https))://(?P<after_scheme>{_HOST}(?:{_PATH})?+)(?!\\)"
_SCHEME = re.compile(r"https?\Z", re.IGNORECASE)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAIL = rf"@(?P<domain>(?:{_LABEL}\.){{1,8}}[A-Za-z]{{2,24}})(?![A-Za-z0-9-])"
_LOCAL = re.compile(r"(?<![\w.+/@-])[_.+-]*+([A-Za-z0-9][A-Za-z0-9_.+-]{0,63})\Z")
_FARTHEST = 200
_LONGEST_AFTER = 33
_AFTER = re.compile("(?:[?!.,:;*_~'\"”’»…。、，！？：；]|&[A-Za-z0-9]{1,31};)\\Z")
_PAIRS = {")": "(", "]": "[", "}": "{", "）": "（", "」": "「", "】": "【"}


def register(inlines: InlineParser) -> None:
    """Let a parser know of them."""
    inlines.register("typed_web", _WEB, _parse_web, start_chars=":")
    inlines.register("typed_mail", _MAIL, _parse_mail, start_chars="@")


def _parse_web(inline: InlineParser, match: re.Match[str], state: InlineState) -> int | None:
    rest = _without_end(match["after_scheme"])
    scheme = _SCHEME.search(state.src, max(0, match.start() - len("https")), match.start())
    if not rest or scheme is None or not _may_stand(inline, state) or not _take_back(scheme[0], state):
        return None
    _append(f"{scheme[0]}://{rest}", "", state)
    return match.start("after_scheme") + len(rest)


def _parse_mail(inline: InlineParser, match: re.Match[str], state: InlineState) -> int | None:
    found = _LOCAL.search(state.src[max(0, match.start() - _FARTHEST) : match.start()])
    if found is None or not _may_stand(inline, state) or not _take_back(found[1], state):
        return None
    _append(f"{found[1]}@{match['domain']}", "mailto:", state)
    return match.end()


def _may_stand(inline: InlineParser, state: InlineState) -> bool:
    return not state.in_link and state.depth < inline.max_nested_level


def _append(text: str, scheme: str, state: InlineState) -> None:
    url = escape_url(scheme + unescaped(text))
    state.append_token({"type": "link", "children": [{"type": "text", "raw": text}], "attrs": {"url": url}})


def _take_back(words: str, state: InlineState) -> bool:
    """Take words away from the end of the text that was read last; False, and nothing, where it does not end so."""
    last = list(takewhile(lambda token: token["type"] == "text", islice(reversed(state.tokens), len(words))))
    if not "".join(token["raw"] for token in reversed(last)).endswith(words):
        return False
    left = len(words)
    for token in last:
        size = len(token["raw"])
        token["raw"] = token["raw"][: max(0, size - left)]
        left = max(0, left - size)
    return True


def _without_end(rest: str) -> str:
    """An address without what comes after it: punctuation, and a bracket that was not opened in it."""
    depth = 0
    for at, sign in enumerate(rest):
        depth += (sign == "[") - (sign == "]")
        if depth < 0:
            rest = rest[:at]
            break
    while rest:
        opened, after = _PAIRS.get(rest[-1]), _AFTER.search(rest, max(0, len(rest) - _LONGEST_AFTER))
        if after is not None:
            rest = rest[: after.start()]
        elif opened is not None and rest.count(rest[-1]) > rest.count(opened):
            rest = rest[:-1]
        else:
            break
    return rest
