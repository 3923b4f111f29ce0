"""gunicorn with the settings of deploy/: two processes that read and write."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from lxml import html

from benchmarks.reads import wait_until_open
from tests.conftest import CHECKOUT
from tests.operating.test_while_it_serves import ask
from tests.post_office import free_port
from tests.world import PASSWORD, check_from_outside, close, settings_for, write_pages
from wiki.assembly import open_wiki
from wiki.model.acts import Person
from wiki.repository.founding import found

POLICY = '[[rule]]\npages = "**"\nendorse = 0\n'


def test_two_processes_serve_pages_and_let_somebody_propose(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "data", secret_key="")
    pages = write_pages(tmp_path / "pages", {"calm.md": "# Calm\n\nFirst.\n"})
    founded = found(settings.content_git, pages, POLICY, Person("Concord", "concord@localhost"), int(time.time()) - 60)
    founded.store.close()
    wiki = open_wiki(settings)
    wiki.index.rebuild()
    wiki.accounts.add("ana@example.com", "Ana", PASSWORD, int(time.time()) - 60)
    close(wiki)
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        CHECKOUT / "deploy" / "gunicorn.conf.py",
        "wiki:create_app()",
    ]
    env = {**os.environ, "WIKI_DATA": str(settings.data), "GUNICORN_BIND": f"127.0.0.1:{port}", "WIKI_WORKERS": "2"}
    server = subprocess.Popen(command, env=env, cwd=tmp_path)
    try:
        _act(port, server)
    finally:
        server.terminate()
        server.wait(40)
    check_from_outside(settings.content_git)


def _act(port: int, server: subprocess.Popen[bytes]) -> None:
    wait_until_open(port, server)
    urllib.request.urlopen(f"http://127.0.0.1:{port}/-/readyz", timeout=120).close()
    workers = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text("ascii").split()
    assert len(workers) == 2
    assert all(ask(port, "/calm")[0] == 200 for _ in range(20))
    _, page, cookie = ask(port, "/-/sign-in")
    form = {"csrf_token": _token(page), "email": "ana@example.com", "password": PASSWORD, "next": "/"}
    cookie = ask(port, "/-/sign-in", form, cookie)[2]
    for nth in range(4):
        _, page, renewed = ask(port, "/-/edit/calm", cookie=cookie)
        cookie = renewed or cookie
        edit = next(form for form in html.fromstring(page).forms if set(form.inputs.keys()) >= {"text", "csrf_token"})
        sent = {name: value for name, value in edit.fields.items() if value is not None}
        sent |= {"text": f"# Calm\n\nRound {nth}.\n", "title": "On", "do": "propose"}
        status, said, _ = ask(port, "/-/edit/calm", sent, cookie)
        assert status in {302, 303}, said
        assert all(f"Round {nth}." in ask(port, "/calm")[1] for _ in range(6)), "whichever of the two answers"


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]
