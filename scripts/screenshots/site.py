"""The demonstration, served by this process under a name that stays, with a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread

from werkzeug.serving import WSGIRequestHandler, make_server

from wiki import create_app
from wiki.assembly import Wiki, open_wiki
from wiki.demo import make_demonstration
from wiki.settings import Settings

NOW = 1_781_517_600
"""15 June 2026, ten o'clock, in unix seconds."""
HOST = "guidelines.example.com"
"""The browser is told that this is our own server, so that no picture shows a port."""


@dataclass(frozen=True)
class Site:
    """The wiki being served: on which port of the loopback, and with which password everybody signs in."""

    wiki: Wiki
    port: int
    password: str

    def proposal(self, title: str) -> int:
        """The number of the proposal with this title."""
        guidelines = self.wiki.guidelines
        return next(n for n in range(1, guidelines.count() + 1) if guidelines.weigh(n).proposal.title == title)


class _Silent(WSGIRequestHandler):
    def log(self, kind: str, message: str, *parts: object) -> None:
        """Nobody reads along."""


@contextmanager
def served(data: Path) -> Iterator[Site]:
    """Make the demonstration in a new data directory, and serve it until the end of the block."""
    settings = Settings.load({"WIKI_DATA": str(data)})
    *_, last = make_demonstration(settings, NOW)
    wiki = open_wiki(replace(settings, demonstration=False), lambda: NOW)
    ana = wiki.accounts.by_email("ana@example.com")
    if ana is not None:
        wiki.administration.make_administrator(None, ana.id, NOW)
    server = make_server("127.0.0.1", 0, create_app(wiki=wiki), threaded=True, request_handler=_Silent)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(wiki, server.port, last.split()[-1])
    finally:
        server.shutdown()
        thread.join(10)
        wiki.engine.dispose()
