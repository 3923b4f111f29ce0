"""Code with its parts told apart, by Pygments, in a child process that the kernel ends when its time is over.

The grammars of Pygments are searches that a few kilobytes can keep busy for hours, so they never run in the server.
One child sees to all the code of a page; what it does not finish, and a language that it does not know, stays plain. It
runs as a script of its own (`coloured_child.py`), because it starts faster without the rest of the wiki.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

MAX_CODE = 64 * 1024
MAX_BLOCKS = 100
_WAIT_SECONDS = 15
_LANGUAGE = re.compile(r"[\w+#.-]{1,40}")
_CHILD = Path(__file__).with_name("coloured_child.py")
_places = threading.BoundedSemaphore(2)

Run = tuple[str, str]
"""A class (`sanitise.CODE_CLASSES`, "" for none) and the text it is for."""


def colour(tokens: Sequence[dict[str, Any]]) -> None:
    """Give the blocks of code whose language is known their ``runs``."""
    blocks: list[tuple[dict[str, Any], str]] = []
    room = MAX_CODE
    for token in _code_in(tokens):
        language = language_of(token)
        if _LANGUAGE.fullmatch(language) and len(token["raw"]) <= room and len(blocks) < MAX_BLOCKS:
            room -= len(token["raw"])
            blocks.append((token, language))
    if not blocks:
        return
    answers = _ask([[language, token["raw"]] for token, language in blocks])
    for (token, _), runs in zip(blocks, answers, strict=False):
        if runs and "".join(text for _, text in runs) == token["raw"]:
            token["runs"] = [(kind, text) for kind, text in runs]


def language_of(token: dict[str, Any]) -> str:
    """The language that a block of code says it is in; "" for none."""
    info = ((token.get("attrs") or {}).get("info") or "").split()
    return str(info[0]) if info else ""


def _code_in(tokens: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for token in tokens:
        if token["type"] == "block_code":
            yield token
        elif "children" in token:
            yield from _code_in(token["children"])


def _ask(question: list[list[str]]) -> list[list[Run] | None]:
    """What the child says, as far as it came."""
    if not _places.acquire(timeout=_WAIT_SECONDS):
        return []
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-X", "utf8", str(_CHILD)],
            input=json.dumps(question),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_WAIT_SECONDS,
            encoding="utf-8",
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return []
    finally:
        _places.release()
    return [json.loads(line) for line in child.stdout.splitlines(keepends=True) if line.endswith("\n")]
