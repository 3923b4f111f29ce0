"""An archive that is made while the wiki serves and colleagues write, and the wiki that is made of it."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from tests import warm
from tests.post_office import free_port
from tests.service.actors import ended, start
from tests.world import PASSWORD, check_from_outside, close, settings_for, write_pages
from wiki.archive import back_up, restore
from wiki.assembly import open_wiki
from wiki.cli import main
from wiki.model.acts import Person
from wiki.repository.founding import found

ACTOR = Path(__file__).parent.parent / "service" / "actor.py"
ACTORS = 3
SECONDS = 8
ACTS = 8
POLICY = '[objection]\nhold = "1h"\nweigh = 1\n\n[[rule]]\npages = "**"\nendorse = 2\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with one account, founded a minute ago by this machine's clock."""
    place = tmp_path / "data"
    pages = write_pages(tmp_path / "pages", {"shared.md": "# Shared\n\nFor all.\n"})
    settings = settings_for(place)
    system = Person("Concord", "concord@localhost")
    found(settings.content_git, pages, POLICY, system, int(time.time()) - 60).store.close()
    wiki = open_wiki(settings)
    wiki.index.rebuild()
    wiki.accounts.add("ana@example.com", "Ana", PASSWORD, int(time.time()) - 60)
    close(wiki)
    return place


@contextmanager
def served(data: Path) -> Iterator[int]:
    """The wiki at a port, as long as the block lasts."""
    port = free_port()
    env = {**os.environ, "WIKI_DATA": str(data), "WIKI_WORKERS": "1"}
    server = warm.begin(["serve", "--port", str(port)], env)
    try:
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            try:
                if ask(port, "/-/readyz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.join(20)


def ask(port: int, path: str, form: dict[str, str] | None = None, cookie: str = "") -> tuple[int, str, str]:
    """Status, body, and the cookies that were set."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Cookie": cookie} if cookie else {}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("POST" if form is not None else "GET", path, urlencode(form) if form else None, headers)
    answer = connection.getresponse()
    body, jar = answer.read().decode(), SimpleCookie()
    for line in answer.headers.get_all("Set-Cookie") or []:
        jar.load(line)
    connection.close()
    return answer.status, body, "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())


def acknowledged(data: Path) -> list[str]:
    """The ids of all acts that anybody was told of by now."""
    lines = [line for file in data.glob("told?") for line in file.read_text().splitlines(keepends=True)]
    return [line.split()[1] for line in lines if line.endswith("\n")]


def acts_in(repository: Path) -> set[str]:
    """Every commit that a ref leads to."""
    command = ["git", "--git-dir", repository, "rev-list", "--all"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.slow
def test_everything_acknowledged_before_is_in_an_archive_that_is_made_while_colleagues_write(
    data: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """They write as fast as they can, and on a slow machine the copying of git waits for eight of their acts."""
    asked: list[int] = []

    def between_sql_and_git() -> float:
        asked.append(len(acknowledged(data)))
        while len(asked) == 2 and len(acknowledged(data)) < asked[0] + ACTS:
            time.sleep(0.01)
        return time.time()

    with served(data) as port:
        actors = [start(ACTOR, data, number, SECONDS, data / f"told{number}") for number in range(ACTORS)]
        while len(acknowledged(data)) < ACTS:
            time.sleep(0.02)
        before = acknowledged(data)
        back_up(settings_for(data), tmp_path / "wiki.backup", "0", clock=between_sql_and_git)
        assert len(acknowledged(data)) - len(before) >= ACTS
        assert ask(port, "/shared")[0] == 200
        assert [ended(each, 120) for each in actors] == [0] * ACTORS
    record_property("acts a second", len(acknowledged(data)) / SECONDS)

    assert restore(tmp_path / "wiki.backup", {}, tmp_path / "new").accounts == 1
    there = acts_in(tmp_path / "new" / "content.git")
    assert [act for act in before if act not in there] == []
    check_from_outside(tmp_path / "new" / "content.git")
    _it_serves(tmp_path / "new", len(there))


def _it_serves(data: Path, commits: int) -> None:
    """People sign in, read what is on the table, and act."""
    with served(data) as port:
        _, page, cookie = ask(port, "/-/sign-in")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        form = {"csrf_token": token[1], "email": "ana@example.com", "password": PASSWORD, "next": "/"}
        status, _, signed_in = ask(port, "/-/sign-in", form, cookie)
        assert status in {302, 303}
        status, page, _ = ask(port, "/-/proposals?tab=open", cookie=signed_in)
        assert status == 200
        assert "Ana" in page
    wiki = open_wiki(settings_for(data))
    try:
        wiki.guidelines.propose(Person("Ana", "ana@example.com"), "Go on", "", {"shared.md": "# Shared\n\nOn.\n"})
    finally:
        close(wiki)
    assert len(acts_in(data / "content.git")) > commits


def test_the_commands_say_what_is_in_it_and_who_may_read_it(data: Path, tmp_path: Path) -> None:
    def say(place: Path, *arguments: str | Path) -> tuple[int, str]:
        ran = CliRunner().invoke(main, [*map(str, arguments)], env={"WIKI_DATA": str(place)})
        return ran.exit_code, ran.output

    status, told = say(data, "backup", tmp_path / "wiki.backup")
    assert status == 0, told
    assert "content.bundle, wiki.db" in told
    assert "mode 600" in told
    status, told = say(data, "backup", tmp_path / "wiki.backup")
    assert (status, "--force" in told) == (1, True)
    assert say(data, "backup", "--force", tmp_path / "wiki.backup")[0] == 0
    status, told = say(data, "restore", tmp_path / "wiki.backup")
    assert (status, "new data directory" in told) == (1, True)
    status, told = say(tmp_path / "new", "restore", tmp_path / "nothing")
    assert (status, "no archive" in told) == (1, True)
    assert not (tmp_path / "new").exists()
    status, told = say(tmp_path / "new", "restore", tmp_path / "wiki.backup")
    assert (status, "; 1 account." in told) == (0, True)


def test_a_backup_that_is_killed_leaves_a_whole_archive_or_none_and_the_next_one_is_whole(
    data: Path, tmp_path: Path
) -> None:
    going = warm.begin(["backup", str(tmp_path / "wiki.backup")], {**os.environ, "WIKI_DATA": str(data)})
    while not list(tmp_path.glob(".wiki.backup.*.making/wiki.db")) and going.is_alive():
        time.sleep(0.001)
    going.kill()
    going.join(20)
    if (tmp_path / "wiki.backup").exists():  # it was quicker
        restore(tmp_path / "wiki.backup", {}, tmp_path / "before")
    back_up(settings_for(data), tmp_path / "wiki.backup", "0", force=True)
    assert restore(tmp_path / "wiki.backup", {}, tmp_path / "new").accounts == 1
