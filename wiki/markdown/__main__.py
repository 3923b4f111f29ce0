"""The child of `apart.py`: one question on standard input, its answer on standard output, and not much time."""

from __future__ import annotations

import json
import resource
import signal
import sys
from dataclasses import asdict

from wiki.markdown import SECONDS
from wiki.markdown.render import fragment, page
from wiki.model.errors import Refused

MEMORY = 1 << 30


def main() -> None:
    """Answer; the kernel ends this process where that takes too long."""
    question = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        if "folder" in question:
            answer = asdict(page(question["text"], question["folder"], lines=question["lines"]))
        else:
            answer = {"html": fragment(question["text"], question["prefix"])}
    except Refused as refused:
        answer = {"refused": refused.sentence.template}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
