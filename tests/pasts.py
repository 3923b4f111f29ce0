"""Pasts: histories made with git itself, commit by commit, that a wiki then begins with.

A commit is given as the whole tree that it has, so that a merge can say anything. Bytes are bytes: names, messages
and authors may be in any encoding or in none.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

DAY = 86400
FIRST = 1_500_000_000
FILE, PROGRAM, LINK, SUBMODULE = b"100644", b"100755", b"120000", b"160000"

Content = str | bytes | tuple[bytes, str | bytes]
Files = Mapping[str | bytes, Content]


def git(where: Path, *arguments: str | bytes | Path, stdin: bytes = b"") -> bytes:
    """Plain git, without the settings of this machine."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-C", where, *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, env=environment, check=True).stdout


def lines(word: str, count: int = 12) -> str:
    """A text that is like no other: its lines all say ``word``."""
    return f"# {word.title()}\n\n" + "".join(f"The {word} has a line {n}, and says {word}.\n" for n in range(count))


@dataclass
class Past:
    """A history that is being made. Commits are numbered from 1; `done` gives the repository."""

    place: Path
    branch: str = "main"
    tips: dict[str, int] = field(default_factory=dict)
    _stream: list[bytes] = field(default_factory=list)
    _count: int = 0

    def commit(
        self,
        files: Files,
        message: str | bytes = b"Something",
        parents: Sequence[int] | None = None,
        who: str | bytes = "Ana Souza <ana@example.com>",
        when: int | None = None,
        zone: str = "+0000",
        encoding: str | None = None,
    ) -> int:
        """A commit with exactly these files, after the last one where no ``parents`` are given; its number."""
        after = parents if parents is not None else [self._count] if self._count else []
        self._count += 1
        at = FIRST + self._count * DAY if when is None else when
        out = [b"commit refs/heads/building%d\n" % self._count, b"mark :%d\n" % self._count]
        out += [b"%s %s %d %s\n" % (role, _bytes(who), at, zone.encode()) for role in (b"author", b"committer")]
        if encoding is not None:
            out.append(b"encoding %s\n" % encoding.encode())
        out.append(_counted(_bytes(message)))
        out += [b"%s :%d\n" % (b"merge" if n else b"from", parent) for n, parent in enumerate(after)]
        out.append(b"deleteall\n")
        for path, content in files.items():
            mode, data = content if isinstance(content, tuple) else (FILE, content)
            out.append(_file(mode, _bytes(path), _bytes(data)))
        self._stream.append(b"".join(out) + b"\n")
        return self._count

    def done(self) -> Path:
        """Make it with git; the last commit is the tip of ``branch``."""
        self.place.mkdir(parents=True, exist_ok=True)
        git(self.place, "init", "-q", "--bare", f"--initial-branch={self.branch}")
        if self._stream:
            marks = self.place / "marks"
            git(self.place, "fast-import", "--quiet", "--date-format=raw-permissive", f"--export-marks={marks}",
                stdin=b"".join(self._stream))  # fmt: skip
            ids = dict(line.split() for line in marks.read_text().splitlines())
            self.ids = {int(mark[1:]): commit for mark, commit in ids.items()}
            tips = {self.branch: self._count} | self.tips
            moved = [f"update refs/heads/{name} {self.ids[n]}\n" for name, n in tips.items()]
            moved += [f"delete refs/heads/building{n}\n" for n in range(1, self._count + 1)]
            git(self.place, "update-ref", "--stdin", stdin="".join(moved).encode())
        return self.place

    ids: dict[int, str] = field(default_factory=dict)


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _counted(data: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(data), data)


def _file(mode: bytes, path: bytes, data: bytes) -> bytes:
    quoted = b'"%s"' % b"".join(b"\\%03o" % byte for byte in path)
    if mode == SUBMODULE:
        return b"M %s %s %s\n" % (mode, data, quoted)
    return b"M %s inline %s\n%s" % (mode, quoted, _counted(data))


def raw_commit(repository: Path, content: bytes, branch: str = "main") -> str:
    """Put a commit of just these bytes, sound or not, on a branch; its id."""
    stored = git(repository, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=content)
    commit = stored.decode().strip()
    git(repository, "update-ref", f"refs/heads/{branch}", commit)
    return commit
