"""A made-up handbook of any size, the same for the same numbers: one ``git fast-import`` stream, fixed seed."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SEED = 20_240_229
FOLDERS = 100
AUTHORS = 400
BEGAN = 1_400_000_000
APART, SPAN = 2_000, 200_000_000
PARAGRAPHS = (4, 9)
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


def generate(
    path: Path, pages: int, commits: int, paragraphs: tuple[int, int] = PARAGRAPHS, longest: float = 1_800
) -> Path:
    """A bare repository with this many pages and commits, made once and kept at ``path``. Pages have from so many to
    so many paragraphs, of about 300 bytes each. `SystemExit` where it takes more than ``longest`` seconds."""
    if (path / "made").exists():
        return path
    shutil.rmtree(path, ignore_errors=True)
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="making-", dir=path.parent) as folder:
        making = Path(folder) / path.name
        subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", making], check=True, env=env)
        _import(making, _stream(pages, commits, paragraphs), env, longest)
        (making / "made").touch()
        making.rename(path)
    return path


def _import(repository: Path, stream: Iterator[bytes], env: dict[str, str], longest: float) -> None:
    """Without the ``done`` at the end of the stream, fast-import fails: that is how it ends when time is up."""
    until = time.monotonic() + longest
    command = ["git", "-C", str(repository), "fast-import", "--quiet", "--done"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=env) as process:
        assert process.stdin is not None
        for line in stream:
            if time.monotonic() > until:
                break
            process.stdin.write(line)
        process.stdin.close()
        if process.wait() != 0:
            raise SystemExit(f"git fast-import failed, or took more than {longest:,.0f} s")


def page_names(pages: int) -> list[str]:
    """The names of the pages, in the order in which they are made."""
    return [f"folder-{nth % FOLDERS:03}/page-{nth:05}" for nth in range(pages)]


def _stream(pages: int, commits: int, lengths: tuple[int, int]) -> Iterator[bytes]:
    """What fast-import reads, in pieces."""
    chance = random.Random(SEED)
    paragraphs = [_paragraph(chance) for _ in range(600)]
    apart = min(APART, SPAN // commits)
    names = page_names(pages)
    texts: list[list[int]] = []
    for nth in range(commits):
        if nth < pages:
            at = nth
            texts.append([chance.randrange(600) for _ in range(chance.randint(*lengths))])
        else:
            at = chance.randrange(pages)
            texts[at][chance.randrange(len(texts[at]))] = chance.randrange(600)
        body = "\n\n".join(paragraphs[p] for p in texts[at])
        yield from _commit(nth, names[at], body, BEGAN + nth * apart, chance)
    yield b"done\n"


def _commit(nth: int, name: str, text: str, when: int, chance: random.Random) -> Iterator[bytes]:
    who = chance.randrange(AUTHORS)
    title = name.rpartition("/")[2].replace("-", " ").capitalize()
    data = f"---\ntitle: {title}\n---\n\n{text}\n".encode()
    message = f"Change {name} for the {nth}th time\n".encode()
    yield f"commit refs/heads/main\nauthor Author {who} <author{who}@example.com> {when} +0000\n".encode()
    yield f"committer Author {who} <author{who}@example.com> {when} +0000\ndata {len(message)}\n".encode() + message
    yield f"M 100644 inline {name}.md\ndata {len(data)}\n".encode() + data + b"\n"


def _paragraph(chance: random.Random) -> str:
    sentences = [" ".join(chance.choices(_WORDS, k=chance.randint(8, 16))).capitalize() + "." for _ in range(4)]
    return " ".join(sentences)
