"""Checking everything in force when an administrator asks for it: a process of its own, begun by the clock.

It is the same `wiki verify` that anybody runs on a clone. What it comes to is kept in `wiki.health`.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading

from wiki.assembly import Wiki
from wiki.calm import stand_back
from wiki.health.health import LONGEST_CHECK
from wiki.model.errors import WikiError

MOST_TOLD = 10
LONGEST_SENTENCE = 500
_CALM = 10
log = logging.getLogger(__name__)


def verify_in_background(wiki: Wiki) -> threading.Thread | None:
    """Begin the check that somebody asked for, and do not wait for it. None where nobody did."""
    number = wiki.health.begin(wiki.now())
    if number is None:
        return None
    thread = threading.Thread(target=_verify, args=(wiki, number), daemon=True)
    thread.start()
    return thread


def _verify(wiki: Wiki, number: int) -> None:
    try:
        changes, acts, violations, told = _check(wiki)
        wiki.health.end(number, wiki.now(), changes, acts, violations, told)
    except WikiError as error:
        log.warning("what the check came to could not be kept: %s", error)


def _check(wiki: Wiki, longest: int = LONGEST_CHECK) -> tuple[int | None, int | None, int | None, list[str]]:
    """Changes, acts, how many violations, and the first of them in words."""
    command = [sys.executable, "-m", "wiki.cli", "verify", "--json", str(wiki.settings.content_git)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        stand_back(_CALM, process.pid)
        try:
            said, complained = process.communicate(timeout=longest)
        except subprocess.TimeoutExpired:
            process.kill()
            return None, None, None, [f"It was given up after {longest} seconds."]
    try:
        report = json.loads(said)
    except ValueError:
        lines = complained.strip().splitlines() or ["It ended without a word."]
        return None, None, None, [lines[-1][:LONGEST_SENTENCE]]
    violations = report["violations"]
    told = [f"{each['commit']}: {each['sentence']}"[:LONGEST_SENTENCE] for each in violations[:MOST_TOLD]]
    return report["changes"], report["acts"], len(violations), told
