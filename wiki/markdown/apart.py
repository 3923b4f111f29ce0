"""Rendering where it can be killed: a child process that the kernel ends when its time is over.

Only for long texts: a child costs a start of Python. The clock that `grammar.py` looks at stops all but a single
slow step; this stops that too. The other end is `__main__.py`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from wiki.markdown.grammar import TooSlow
from wiki.markdown.render import Rendered
from wiki.markdown.writer import TocEntry
from wiki.model.errors import Refused, Unavailable
from wiki.model.words import N_

_START_SECONDS = 20
_places = threading.BoundedSemaphore(2)


def page_apart(text: str, folder: str, lines: bool = False) -> Rendered:
    """`render.page` in a child. `TooSlow` when it had to be killed."""
    values = _ask({"text": text, "folder": folder, "lines": lines})
    return Rendered(
        html=values["html"],
        title=values["title"],
        lead=values["lead"],
        toc=tuple(TocEntry(**entry) for entry in values["toc"]),
        words=values["words"],
        aliases=tuple(values["aliases"]),
        redirect_to=values["redirect_to"],
        review_by=values["review_by"],
        facts=tuple((label, value) for label, value in values["facts"]),
        language=values["language"],
    )


def fragment_apart(text: str, prefix: str) -> str:
    """`render.fragment` in a child. `TooSlow` when it had to be killed."""
    written: str = _ask({"text": text, "prefix": prefix})["html"]
    return written


def _ask(question: dict[str, Any]) -> dict[str, Any]:
    if not _places.acquire(timeout=_START_SECONDS):
        raise Unavailable(N_("The wiki is busy showing long pages. Please try again in a moment."))
    try:
        child = subprocess.run(
            [sys.executable, "-m", "wiki.markdown"],
            input=json.dumps(question),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=2 * _START_SECONDS,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "utf-8"},
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise TooSlow from late
    finally:
        _places.release()
    if child.returncode != 0:
        raise TooSlow
    answer: dict[str, Any] = json.loads(child.stdout)
    if "refused" in answer:
        raise Refused(answer["refused"])
    return answer
