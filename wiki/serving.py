"""Serving: granian with the settings that measured best, and the clock beside it.

All processes are forked from the first one, which has imported everything and holds nothing open: to import the web
takes longer than all else that a start does, so it is done once.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from wiki import create_app, logs
from wiki.assembly import Wiki, open_wiki
from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

THREADS = 2
"""In each web process: what is at hand is given out while something else is made or waits for the disk. With one, a
tenth to a fifth more is given out where nobody writes; one of a hundred readers waits a third longer where many do."""
_PATIENCE = 30
"""Seconds that web processes have to end what they are at, when the server is stopped."""
_LOOK_SECONDS = 5
"""How often it is looked whether the clock is still there."""
log = logging.getLogger(__name__)


def check_port(host: str, port: int) -> None:
    """`Refused` where nobody can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                N_(
                    "Nothing can be served at %(host)s:%(port)s: %(why)s. Choose another with --port, or by "
                    "WIKI_PORT=8080 before the command."
                ),
                host=host,
                port=port,
                why=(error.strerror or str(error)).lower(),
            ) from error


def serve(settings: Settings, host: str, port: int, *, clock: bool = True) -> None:
    """Serve until stopped, with a clock or without. The data directory has been checked by the caller, who has closed
    what that took: it is here that the processes part."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from wiki import web  # noqa: F401 - for all the processes that are forked from this one

    gc.freeze()  # so that none of the processes looks through it, and all go on sharing it
    gc.enable()
    multiprocessing.set_start_method("fork", force=True)  # granian does as it is set here
    os.register_at_fork(after_in_child=end_when_told)
    with _clock(settings) if clock else nullcontext():
        Granian(
            "wiki.serving:worker",
            factory=True,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=settings.workers,
            blocking_threads=THREADS,
            respawn_failed_workers=True,
            workers_kill_timeout=_PATIENCE,
            log_access=False,
            log_level=LogLevels.warning,
            log_dictconfig=logs.configuration(settings.log_format, access=settings.log_access),
        ).serve()


def end_when_told() -> None:
    """From now on this process ends when it is told to. A forked one would answer as the first one does, which takes
    note and waits for the others; those that serve see to it themselves once they do."""
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.SIG_DFL)


@contextmanager
def _clock(settings: Settings) -> Iterator[None]:
    """A clock in a process of its own, as long as the block lasts; another where it has ended before, as by a kill."""
    over, kept = threading.Event(), [_begun(settings)]

    def look_after() -> None:
        while not over.wait(_LOOK_SECONDS):
            if not kept[0].is_alive():
                log.error("the clock has ended (%s), and another is begun", kept[0].exitcode)
                kept[0] = _begun(settings)

    watch = threading.Thread(target=look_after, daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()
        kept[0].terminate()
        kept[0].join(timeout=10)
        kept[0].kill()


def _begun(settings: Settings) -> multiprocessing.Process:
    process = multiprocessing.Process(target=keep_clock, args=(settings,))
    process.start()
    return process


def keep_clock(settings: Settings) -> None:
    """Keep the clock of a wiki until the process that began this one is gone, or somebody stops it."""
    from wiki.clock import keep_time

    logs.configure(settings.log_format, access=settings.log_access)
    keep_time(with_words(open_wiki(settings)))


def with_words(wiki: Wiki) -> Wiki:
    """The wiki with the words of the web, in which letters are written."""
    create_app(wiki=wiki)
    return wiki


def worker() -> Flask:
    """What a web process serves. It ends with the process that began it, however that one ended, so that the
    next start finds the port free."""
    from wiki.web.kept import ahead_of

    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    app = create_app()
    ahead_of(app).begin()
    return app


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)
