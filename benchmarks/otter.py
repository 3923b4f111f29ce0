"""What looking back is compared with: An Otter Wiki, another wiki in Flask over git, as gunicorn serves it.

It lives in an environment of its own, since it pins other versions of the same libraries.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from benchmarks import reads

OTTER, GUNICORN = "2.26.1", "27.0.1"
NAME = f"An Otter Wiki {OTTER}"
LONGEST = 90
_SHORT = 6
_INSTALLING, _CLONING = 600, 300


def install(cache: Path) -> Path | None:
    """The Python of an environment that has it, made once below ``cache``; None where it cannot be installed."""
    home = cache / f"otterwiki-{OTTER}-gunicorn-{GUNICORN}"
    python = home / "bin" / "python"
    if (home / "made").exists():
        return python
    print(f"Installing {NAME} and gunicorn {GUNICORN} …", file=sys.stderr)
    pip = [
        str(python),
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--timeout",
        "15",
        "--retries",
        "2",
    ]
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True, timeout=_INSTALLING)
        wanted = [f"otterwiki=={OTTER}", f"gunicorn=={GUNICORN}"]
        subprocess.run([*pip, *wanted], check=True, timeout=_INSTALLING, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        _not_there(str(error.stderr or error).strip().rpartition("\n")[2])
        return None
    except subprocess.TimeoutExpired:
        _not_there(f"it took more than {_INSTALLING} s")
        return None
    (home / "made").touch()
    return python


def _not_there(why: str) -> None:
    print(f"\n*** {NAME} COULD NOT BE INSTALLED: nothing is compared with it. ({why}) ***\n", file=sys.stderr)


@contextmanager
def serving(python: Path, repository: Path, folder: Path) -> Iterator[str]:
    """It over a clone of a repository, kept in ``folder``, up when this yields its address."""
    clone = folder / "pages"
    environ = {
        "REPOSITORY": str(clone),
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'otter.sqlite'}",
        "SECRET_KEY": "only for a measurement on loopback",
        "READ_ACCESS": "ANONYMOUS",
        "RETAIN_PAGE_NAME_CASE": "true",
        "HOME_PAGE": "/-/about",
        "LOG_LEVEL": "WARNING",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    command = ["git", "clone", "-q", "--single-branch", "--branch", "main", str(repository), str(clone)]
    subprocess.run(command, check=True, timeout=_CLONING, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull})
    with _gunicorn(python, 1, environ):
        pass  # two workers that both make the tables would be in each other's way
    with _gunicorn(python, reads.WORKERS, environ) as address:
        yield address


@contextmanager
def _gunicorn(python: Path, workers: int, environ: dict[str, str]) -> Iterator[str]:
    port = reads.free_port()
    command = [str(python), "-m", "gunicorn", "--workers", str(workers), "--bind", f"127.0.0.1:{port}"]
    command += ["--timeout", str(LONGEST + 10), "--graceful-timeout", "5", "otterwiki.server:app"]
    with reads.serving(command, port, environ) as address:
        yield address


def page(name: str) -> str:
    """A page."""
    return f"/{quote(name)}"


def history(name: str) -> str:
    """The revisions of a page."""
    return f"{page(name)}/history"


def blame(name: str) -> str:
    """Who wrote each line of a page."""
    return f"{page(name)}/blame"


def difference(name: str, older: str, newer: str) -> str:
    """Two revisions compared. It compares all pages, and shows this one first."""
    return f"{page(name)}/diff/{older[:_SHORT]}/{newer[:_SHORT]}"


def changes(commit: str = "") -> str:
    """Its book of changes, from a commit on; from the newest without."""
    return f"/-/changelog/{commit[:_SHORT]}" if commit else "/-/changelog"


def feed() -> str:
    """What changed, as Atom."""
    return "/-/changelog/feed.atom"


def search(words: str) -> str:
    """Pages with these words."""
    return f"/-/search/{quote(words)}"
