"""Links in the text of a page as it is written: which pages it leads to, and how they follow pages that move.

Read from the source and not from tokens, because a link that is mended must leave every other character as it was.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote, unquote

from wiki.markdown.links import SAFE, page_path

_LINK = re.compile(
    r"""
    (?P<sign>[`~\[\]{])(?:
      (?<=[`~])(?:(?<=^.)|(?<=^[ ].)|(?<=^[ ]{2}.)|(?<=^[ ]{3}.))(?P<more>(?P=sign){2,}+)        # a block of code
        [^\n]*+\n(?:.*+\n)*?(?:[ ]{0,3}(?P=sign)(?P=more)[`~]*+[ \t]*+$|\Z)
    | (?<=`)(?<!``)(?P<ticks>`{0,7})(?!`)[^\n]{1,2000}?(?<!`)`(?P=ticks)(?!`)                   # code in a line
    | (?<=\])\([ ]{0,8}<(?P<angled>[^<>\n]{1,500})>                                           # ](<target>)
    | (?<=\])\([ ]{0,8}(?P<direct>(?!\{%)[^\s<>()]{1,500}(?:\([^\s<>()]{0,200}\)[^\s<>()]{0,200})?)  # ](target)
    | (?<=\[)(?:(?<=^.)|(?<=^[ ].)|(?<=^[ ]{2}.)|(?<=^[ ]{3}.))                                # [name]: target
        (?!\^)[^\]\n]{1,200}\]:[ \t]{0,8}<?(?P<defined>[^\s<>]{1,500})
    | (?<=\[)\[(?P<wiki>[^\[\]|\n]{1,300})                                                   # [[target
    | (?<=\{)%-?[ ]{0,4}(?:page|link)[ ]{1,4}["'](?P<code>[^"'\n{}]{1,500})["']                # {% page "target"
    )
    """,
    re.VERBOSE | re.MULTILINE,
)
"""Begins with the signs that all of these have: what stands between them is passed over quickly. Whether a line begins
here is asked after the sign."""
_KINDS = ("angled", "direct", "defined", "wiki", "code")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|/-/|\\|\{", re.IGNORECASE)


def links_in(text: str, folder: str) -> frozenset[str]:
    """The names of the pages that the text of a page in ``folder`` leads to."""
    found = set()
    for match in _LINK.finditer(text):
        kind = match.lastgroup
        if kind in _KINDS:
            name = _name(match[kind], kind, folder)
            if name:
                found.add(name)
    return frozenset(found)


def mend_links(text: str, folder: str, moved: Mapping[str, str], new_folder: str | None = None) -> str:
    """The text with its links to pages that moved (old name to new name) leading to where they are now.

    ``new_folder`` is where the page itself goes, where it moves too: then links that count from its folder are kept
    leading where they led.
    """
    there = folder if new_folder is None else new_folder

    def mended(match: re.Match[str]) -> str:
        kind = match.lastgroup
        if kind not in _KINDS:
            return match[0]
        name = _name(match[kind], kind, folder)
        from_top = kind == "code" or match[kind].startswith("/")
        if not name or (name not in moved and (there == folder or from_top)):
            return match[0]
        target = _target(match[kind], kind, moved.get(name, name), there)
        return match[0].replace(match[kind], target, 1) if kind != "defined" else _last(match[0], match[kind], target)

    return _LINK.sub(mended, text)


def _last(whole: str, old: str, new: str) -> str:
    head, _, tail = whole.rpartition(old)
    return head + new + tail


def _name(target: str, kind: str, folder: str) -> str:
    """The page that a target means; "" for what leads elsewhere."""
    if _ELSEWHERE.match(target.strip()):
        return ""
    path = re.split(r"[#?]", target.strip(), maxsplit=1)[0]
    if kind == "wiki":
        folder = "" if "/" in path and not path.startswith(".") else folder
        if any(character.isspace() for character in path):
            path = "/".join("-".join(part.split()).lower() for part in path.split("/"))
    else:
        path, folder = unquote(path), "" if kind == "code" else folder
    return page_path(path, folder).strip("/") if path else ""


def _target(old: str, kind: str, name: str, folder: str) -> str:
    """How a link in ``folder`` says this page, in the manner of the old target."""
    tail = _tail(old)
    path = old.strip()[: len(old.strip()) - len(tail)]
    suffix = ".md" if path.endswith(".md") else ""
    if kind == "wiki":
        beside = name.rpartition("/")[0] == folder
        return (name.rpartition("/")[2] if beside else name if "/" in name else f"/{name}") + tail
    if kind == "code":
        return (
            ("/" if path.startswith("/") else "") + quote(name, safe=SAFE) + ("/" if path.endswith("/") else "") + tail
        )
    written = f"/{name}" if path.startswith("/") else posixpath.relpath(name, folder or ".")
    quoting: Callable[[str], str] = (lambda text: text) if kind == "angled" else lambda text: quote(text, safe=SAFE)
    return quoting(written + suffix) + tail


def _tail(target: str) -> str:
    """The query and fragment of a target."""
    found = re.search(r"[#?]", target.strip())
    return target.strip()[found.start() :] if found else ""
