"""What programs ask that look after the server: does it live, can it serve, how much is there.

`/-/healthz` is about the process alone: one that does not answer is started again. `/-/readyz` is about what it needs:
a process that is not ready gets no requests for a while. `/-/metrics` is for Prometheus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network
from threading import Lock
from time import monotonic
from typing import cast

from flask import Blueprint, Flask, Response, abort, current_app, request

from wiki import __version__
from wiki.assembly import Wiki
from wiki.database import found_anew
from wiki.health.bounds import LATE
from wiki.model.errors import WikiError
from wiki.settings import Settings
from wiki.versions import known_versions, schema_version
from wiki.web.counters import Counters
from wiki.web.here import the_request, the_wiki
from wiki.web.observed import ASKED, Observed

blueprint = Blueprint("operating", __name__)
PROBES = frozenset({"operating.healthz", "operating.readyz", "operating.metrics"})
"""Asked under any name, and by programs that have no account."""
GAUGES_KEPT = 10
"""For so many seconds the numbers of the whole wiki are told again, however often somebody asks."""
_SOUGHT = "zzzzz"
"""Hardly anybody has written it, so to look for it costs little."""
_EXTENSION = "operating"


class _Operating:
    """The counters of this process, and the numbers of the wiki as they were told last."""

    def __init__(self) -> None:
        self.counters = Counters()
        self.lock = Lock()
        self.told: tuple[float, Wiki, list[str]] | None = None


def install(app: Flask, settings: Settings) -> None:
    """Count and time everything from here on inwards."""
    state = app.extensions[_EXTENSION] = _Operating()
    app.url_value_preprocessor(_note_what_is_asked)
    app.wsgi_app = Observed(app.wsgi_app, state.counters, settings.trusted_proxies)  # type: ignore[method-assign]


def _note_what_is_asked(_endpoint: str | None, _values: object) -> None:
    asked = the_request()
    asked.environ[ASKED] = asked.url_rule


@blueprint.get("/-/healthz")
def healthz() -> Response:
    """The process answers."""
    return _told("ok")


@blueprint.get("/-/readyz")
def readyz() -> Response:
    """Whether requests can be answered; else 503, and in one word what is missing: git, sql, schema, index, proposals,
    pages or search. Of the last three a little is read, as whoever asks for them reads it."""
    wiki = the_wiki()
    checks: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("git", lambda: bool(wiki.repository.main())),
        ("sql", lambda: bool(wiki.index.generation()) and found_anew(wiki.engine)),
        ("schema", lambda: schema_version(wiki.engine) == known_versions()[-1]),
        ("index", lambda: wiki.index.behind(wiki.now()) < LATE),
        ("proposals", lambda: _answered(wiki.index.proposals("open", limit=1))),
        ("pages", lambda: _answered(wiki.index.some_page())),
        ("search", lambda: _answered(wiki.index.search.suggest(_SOUGHT))),
    )
    missing = next((word for word, look in checks if not _holds(look)), None)
    return _told("ok") if missing is None else _told(missing, 503)


@blueprint.get("/-/metrics")
def metrics() -> Response:
    """For this machine, and for the addresses of the setting ``metrics_from``; nobody else finds it."""
    if not _may_measure():
        abort(404)
    state = cast("_Operating", current_app.extensions[_EXTENSION])
    lines = [*state.counters.lines(), *_of_the_wiki(state, the_wiki())]
    return _told("\n".join(lines), kind="text/plain; version=0.0.4; charset=utf-8")


def _told(text: str, status: int = 200, kind: str = "text/plain; charset=utf-8") -> Response:
    return Response(f"{text}\n", status, content_type=kind, headers={"Cache-Control": "no-store"})


def _holds(look: Callable[[], bool]) -> bool:
    try:
        return look()
    except (WikiError, OSError):
        return False


def _answered(_answer: object) -> bool:
    """It was, whatever is said."""
    return True


def _may_measure() -> bool:
    """A request that a proxy forwards whom nobody named may come from anywhere, though the proxy be on this machine."""
    forwarded = any(header in request.headers for header in ("X-Forwarded-For", "Forwarded", "X-Real-Ip"))
    if forwarded and "werkzeug.proxy_fix.orig" not in request.environ:
        return False
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return address.is_loopback or any(address in ip_network(each) for each in the_wiki().settings.metrics_from)


def _of_the_wiki(state: _Operating, wiki: Wiki) -> list[str]:
    """The same whichever worker is asked."""
    with state.lock:
        kept = state.told
        if kept is None or kept[1] is not wiki or monotonic() - kept[0] > GAUGES_KEPT:
            kept = state.told = (monotonic(), wiki, list(_gauges(wiki)))
        return kept[2]


def _gauges(wiki: Wiki) -> Iterator[str]:
    yield from _gauge("info", "Which version this is.", 1, f'{{version="{__version__}"}}')
    git, sql = _holds(lambda: bool(wiki.repository.main())), True
    numbers: list[tuple[str, str, int | None]] = []
    try:
        numbers = list(_numbers(wiki, git))
    except WikiError:
        sql = False
    yield "# HELP concord_up Whether git and SQL can be read. Where they cannot, what depends on them is left out."
    yield "# TYPE concord_up gauge"
    yield f'concord_up{{part="git"}} {int(git)}'
    yield f'concord_up{{part="sql"}} {int(sql)}'
    for name, about, value in numbers:
        if value is not None:
            yield from _gauge(name, about, value)


def _numbers(wiki: Wiki, git: bool) -> Iterator[tuple[str, str, int | None]]:
    now, tallies = wiki.now(), wiki.index.tallies()
    waiting, beat = wiki.outbox.waiting(now), wiki.health.last_tick()
    yield "acts", "Acts on proposals, since the founding.", tallies.acts
    yield "merges", "Changes that came into force, since the founding.", tallies.merges
    yield "open_proposals", "Proposals on the table.", tallies.open
    yield "outbox_waiting", "Letters and web hooks that wait to be sent.", waiting.waiting
    oldest = max(0, now - waiting.oldest) if waiting.oldest is not None else 0
    yield "outbox_oldest_seconds", "For how long the first of them has waited.", oldest
    yield "outbox_given_up", "How many were given up in the last week.", waiting.given_up
    yield "index_behind_seconds", "How long main has held what is not indexed.", wiki.index.behind(now) if git else None
    if git:
        clutter = wiki.repository.upkeep.clutter()
        yield "git_loose_objects", "Objects of git that are files of their own.", clutter.objects
        yield "git_packs", "Packs of git.", clutter.packs
        yield "git_loose_refs", "Refs of git that are files of their own.", clutter.refs
    yield "clock_age_seconds", "How long ago the clock last ran.", max(0, now - beat) if beat is not None else None


def _gauge(name: str, about: str, value: int, labels: str = "") -> Iterator[str]:
    yield f"# HELP concord_{name} {about}"
    yield f"# TYPE concord_{name} gauge"
    yield f"concord_{name}{labels} {value}"
