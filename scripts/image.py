"""Takes the steps of the Dockerfile one by one where there is no Docker, in roots that are made of Debian's packages.

``python -m scripts.image`` as root, with mmdebstrap. Then it does what the engine would do with the image: starts the
command as the image's user and as the first process of its own world, waits until the health check holds, and stops it
by the signal that the image names. What it cannot show is the base image itself; Debian's own Python stands in for it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
BASE = re.compile(r"python:3\.11\.\d+-slim-bookworm")
PACKAGES = "python3,python3-venv,ca-certificates,tzdata,netbase"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "concord-image" / "bookworm.tar"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_OF_THIS_MACHINE = ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")
_LONGEST = 900


@dataclass
class Stage:
    """A root that the steps since a FROM have made, and what they said of it."""

    root: Path
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": PATH})
    said: dict[str, str] = field(default_factory=lambda: {"WORKDIR": "/", "USER": "0:0", "STOPSIGNAL": "SIGTERM"})

    def command(self, words: list[str], more: Mapping[str, str] | None = None) -> list[str]:
        """What runs these words inside, as the user and in the folder of the stage."""
        told = {**self.environment, **self._home(), **(more or {})}
        pairs = [f"{name}={value}" for name, value in told.items()]
        inside = ["chroot", f"--userspec={self.said['USER']}", str(self.root), "/usr/bin/env", "-i", *pairs]
        here = ["sh", "-c", 'cd "$0" && exec "$@"', self.said["WORKDIR"]]
        return ["unshare", "--mount", "--pid", "--fork", f"--mount-proc={self.root}/proc", *inside, *here, *words]

    def _home(self) -> dict[str, str]:
        lines = (self.root / "etc/passwd").read_text("utf-8").splitlines()
        fields = (line.split(":") for line in lines)
        return {"HOME": next(row[5] for row in fields if row[2] == self.said["USER"].partition(":")[0])}


def instructions(text: str) -> list[tuple[str, str]]:
    """The steps of a Dockerfile: a word, and the rest of its line with those that continue it."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    steps = (line.strip().partition(" ") for line in joined.splitlines() if line.strip())
    return [(word.upper(), rest.strip()) for word, _, rest in steps]


def sent(context: Path, ignored: str) -> Iterator[Path]:
    """The files of a folder that .dockerignore lets through, as paths in it. The last line that fits decides."""
    rules = [line for line in ignored.splitlines() if line and not line.startswith("#")]
    named = {rule.lstrip("!").partition("/")[0] for rule in rules if rule.startswith("!")}
    tops = [top for top in context.iterdir() if rules[0] != "*" or top.name in named]  # .venv is large
    for file in sorted(path for top in tops for path in (top, *top.rglob("*")) if path.is_file()):
        path, out = file.relative_to(context), False
        names = [str(path), *(str(above) for above in path.parents)]
        for rule in rules:
            pattern = rule.lstrip("!").removeprefix("**/")
            tried = names if not rule.lstrip("!").startswith("**/") else [Path(name).name for name in names]
            if any(fnmatch(name, pattern) for name in tried if name not in {"", "."}):
                out = not rule.startswith("!")
        if not out:
            yield path


def build(steps: list[tuple[str, str]], context: Path, folder: Path) -> Stage:
    """Take all steps; the last stage."""
    stages: dict[str, Stage] = {}
    files = list(sent(context, (context / ".dockerignore").read_text("utf-8")))
    stage: Stage | None = None
    for word, rest in steps:
        print(f"{word} {rest[:100]}", file=sys.stderr, flush=True)
        if word == "FROM":
            image, _, name = rest.partition(" AS ")
            stage = stages[name or "image"] = _begin(image, folder / (name or "image"))
        elif stage is not None:
            _take(word, rest, stage, stages, context, files)
    return stages["image"]


def _begin(image: str, root: Path) -> Stage:
    if not BASE.fullmatch(image):
        raise SystemExit(f"{image} is no base that Debian's packages can stand in for.")
    if not CACHE.exists():
        CACHE.parent.mkdir(parents=True, exist_ok=True)
        made, sources = (
            CACHE.with_suffix(".making.tar"),
            list(map(str, Path("/etc/apt/sources.list.d").glob("*.sources"))),
        )
        command = [
            "mmdebstrap",
            "--quiet",
            "--variant=minbase",
            f"--include={PACKAGES}",
            "bookworm",
            str(made),
            *sources,
        ]
        subprocess.run(command, check=True, timeout=_LONGEST)
        made.rename(CACHE)
    root.mkdir()
    subprocess.run(["tar", "-xf", CACHE, "-C", root], check=True, timeout=_LONGEST)
    (root / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    for place in map(Path, _OF_THIS_MACHINE):
        if place.exists():
            shutil.copy(place, root / str(place).lstrip("/"))
    for name, minor in (("null", 3), ("zero", 5), ("random", 8), ("urandom", 9)):
        if not (root / "dev" / name).exists():
            os.mknod(root / "dev" / name, stat.S_IFCHR | 0o666, os.makedev(1, minor))
            (root / "dev" / name).chmod(0o666)
    return Stage(root)


def _take(word: str, rest: str, stage: Stage, stages: Mapping[str, Stage], context: Path, files: list[Path]) -> None:
    """One step that is no FROM."""
    if word == "RUN":
        passed = {key: value for key, value in os.environ.items() if key.lower().endswith("_proxy")}
        subprocess.run(stage.command(["sh", "-c", rest], passed), check=True, timeout=_LONGEST)
    elif word == "COPY":
        _copy(shlex.split(rest), stage, stages, context, files)
    elif word == "ENV":
        pairs = (pair.partition("=") for pair in shlex.split(rest))
        known = stage.environment
        known.update({name: re.sub(r"\$(\w+)", lambda at: known.get(at[1], ""), value) for name, _, value in pairs})
    elif word in {"WORKDIR", "USER", "STOPSIGNAL", "CMD", "HEALTHCHECK", "VOLUME", "EXPOSE"}:
        stage.said[word] = rest
        if word == "WORKDIR":
            (stage.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
    elif word != "LABEL":
        raise SystemExit(f"What is {word}?")


def _copy(words: list[str], stage: Stage, stages: Mapping[str, Stage], context: Path, files: list[Path]) -> None:
    other = next((stages[word.partition("=")[2]] for word in words if word.startswith("--from=")), None)
    *sources, target = (word for word in words if not word.startswith("--"))
    place = stage.root / str(Path(stage.said["WORKDIR"]) / target).lstrip("/")
    for source in sources:
        if other is not None:
            shutil.copytree(other.root / source.lstrip("/"), place, symlinks=True, dirs_exist_ok=True)
            continue
        found = [path for path in files if path == Path(source) or path.is_relative_to(source)]
        if not found:
            raise SystemExit(f"COPY {source}: there is no such thing, or .dockerignore holds it back.")
        for path in found:
            to = place / (path.relative_to(source) if path != Path(source) else path.name)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(context / path, to)


@contextmanager
def started(stage: Stage, port: int) -> Iterator[int]:
    """The command of the image at a port, as the engine starts it; the id of its first process, as this machine counts.
    When that one is killed, the kernel ends everything inside."""
    command = stage.command(json.loads(stage.said["CMD"]), {"WIKI_PORT": str(port)})
    process = subprocess.Popen(command)
    inside = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not (first := inside.read_text("ascii").split()):
        time.sleep(0.1)
    try:
        yield int(first[0])
    finally:
        if inside.exists() and inside.read_text("ascii").split() == first:
            os.kill(int(first[0]), signal.SIGKILL)
        process.wait(20)


def try_out(stage: Stage, port: int) -> None:
    """Start it, wait for its health, ask it something, and stop it."""
    check = json.loads(stage.said["HEALTHCHECK"].partition("CMD ")[2])
    with started(stage, port) as first:
        ends = time.monotonic() + 120
        while subprocess.run(
            stage.command(check, {"WIKI_PORT": str(port)}), capture_output=True, check=False
        ).returncode:
            if time.monotonic() > ends:
                raise SystemExit("The health check did not hold within two minutes.")
            time.sleep(0.5)
        for path in ("/-/healthz", "/-/readyz", "/welcome"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
                print(f"{path}: {answer.status}", file=sys.stderr)
        status = Path(f"/proc/{first}/status").read_text("ascii")
        user = stage.said["USER"].partition(":")[0]
        if not re.search(rf"^Uid:\t{user}\t{user}\t", status, re.M):
            raise SystemExit(f"It does not run as the user {user}.")
        began = time.monotonic()
        os.kill(first, getattr(signal, stage.said["STOPSIGNAL"]))
        while Path(f"/proc/{first}").exists():
            if time.monotonic() - began > 10:
                raise SystemExit("It did not stop within the ten seconds that Docker gives it.")
            time.sleep(0.1)
        print(f"It stopped within {time.monotonic() - began:.1f} s.", file=sys.stderr)


def main() -> None:
    """Build it, look into it, try it out."""
    if os.geteuid() != 0 or shutil.which("mmdebstrap") is None:
        raise SystemExit("Only root can make a root, and with mmdebstrap (on Debian: apt-get install mmdebstrap).")
    from benchmarks.reads import free_port

    with tempfile.TemporaryDirectory(prefix="concord-image-") as folder:
        stage = build(instructions((CHECKOUT / "Dockerfile").read_text("utf-8")), CHECKOUT, Path(folder))
        for words in (
            ["git", "--version"],
            ["wiki", "--help"],
            ["sh", "-c", "! touch /opt/wiki/x 2>/dev/null && test -w /data"],
        ):
            subprocess.run(stage.command(words), check=True, stdout=subprocess.DEVNULL)
        added = sum(file.lstat().st_size for file in (stage.root / "opt").rglob("*") if not file.is_dir())
        print(f"The wiki and what it needs of Python: {added / 1e6:.0f} MB.", file=sys.stderr)
        try_out(stage, free_port())


if __name__ == "__main__":
    main()
