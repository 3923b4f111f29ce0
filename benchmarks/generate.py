"""A made-up handbook of any size, the same for the same numbers: one ``git fast-import`` stream, fixed seed."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

SEED = 20_240_229
FOLDERS = 100
AUTHORS = 400
BEGAN = 1_400_000_000
_WORDS = [
    "colleague",
    "team",
    "journey",
    "customer",
    "letter",
    "meeting",
    "question",
    "answer",
    "reason",
    "paper",
    "house",
    "morning",
    "train",
    "number",
    "name",
    "friend",
    "work",
    "week",
    "hand",
    "mistake",
    "word",
    "rule",
    "promise",
    "room",
    "plan",
    "change",
    "small",
    "clear",
    "early",
    "together",
    "always",
    "never",
    "only",
    "before",
    "after",
    "between",
    "without",
    "because",
    "should",
    "could",
    "would",
    "write",
    "read",
    "ask",
    "tell",
    "keep",
    "find",
    "bring",
    "leave",
    "begin",
]


def generate(path: Path, pages: int, commits: int) -> Path:
    """A bare repository with this many pages and commits, made once and kept at ``path``."""
    if (path / "made").exists():
        return path
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", path], check=True, env=env)
    command = ["git", "-C", path, "fast-import", "--quiet", "--done"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=env) as process:
        assert process.stdin is not None
        _write(process.stdin, pages, commits)
        process.stdin.close()
        if process.wait() != 0:
            raise SystemExit("git fast-import failed")
    (path / "made").touch()
    return path


def page_names(pages: int) -> list[str]:
    """The names of the pages, in the order in which they are made."""
    return [f"folder-{nth % FOLDERS:03}/page-{nth:05}" for nth in range(pages)]


def _write(out: IO[bytes], pages: int, commits: int) -> None:
    chance = random.Random(SEED)
    paragraphs = [_paragraph(chance) for _ in range(600)]
    names = page_names(pages)
    texts: list[list[int]] = []
    for nth in range(commits):
        if nth < pages:
            at = nth
            texts.append([chance.randrange(600) for _ in range(chance.randint(4, 9))])
        else:
            at = chance.randrange(pages)
            texts[at][chance.randrange(len(texts[at]))] = chance.randrange(600)
        for line in _commit(nth, names[at], texts[at], paragraphs, chance):
            out.write(line)
    out.write(b"done\n")


def _commit(nth: int, name: str, text: list[int], paragraphs: list[str], chance: random.Random) -> Iterator[bytes]:
    who = chance.randrange(AUTHORS)
    title = name.rpartition("/")[2].replace("-", " ").capitalize()
    body = f"---\ntitle: {title}\n---\n\n" + "\n\n".join(paragraphs[p] for p in text) + "\n"
    data = body.encode()
    message = f"Change {name} for the {nth}th time\n".encode()
    when = BEGAN + nth * 2_000
    yield f"commit refs/heads/main\nauthor Author {who} <author{who}@example.com> {when} +0000\n".encode()
    yield f"committer Author {who} <author{who}@example.com> {when} +0000\ndata {len(message)}\n".encode() + message
    yield f"M 100644 inline {name}.md\ndata {len(data)}\n".encode() + data + b"\n"


def _paragraph(chance: random.Random) -> str:
    sentences = [" ".join(chance.choices(_WORDS, k=chance.randint(8, 16))).capitalize() + "." for _ in range(4)]
    return " ".join(sentences)
