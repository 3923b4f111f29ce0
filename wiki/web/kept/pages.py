"""Keeping pages: what views use to have their answers kept, and what gives them out again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any, NamedTuple, cast

from flask import Flask, Response, current_app, g, request, session
from flask_wtf.csrf import generate_csrf
from werkzeug.routing import Rule

from wiki.assembly import Wiki
from wiki.web.door import FOREIGN
from wiki.web.here import reader
from wiki.web.kept import finished
from wiki.web.kept.finished import Finished, Page, Redirect
from wiki.web.kept.own import ForOnce, Value
from wiki.web.kept.readers import Reader, Readers
from wiki.web.kept.shelf import Shelf
from wiki.web.kept.showing import Showing
from wiki.web.kept.truth import Present, Truth
from wiki.web.looks import Looks, as_cookies, language_for, looks_of
from wiki.web.observed import ASKED
from wiki.web.proxies import TOLD_USER
from wiki.web.sharing import Making, Piece, Place, Shared, digest_of, making, put_together

_MINUTE, _DAY = 60, 86400
_EXTENSION = "kept pages"
_OK, _MOVED = 200, (301, 302)
_BESIDE = 400
_MOST_TOGETHER = 4
"""For so many readers it is kept what a page is for each, as long as nothing has changed."""
_COMPRESSED = 1.4
"""A page and the same compressed, of the size of the page."""
AHEAD = "wiki.ahead"
"""In the environment of a request that nobody waits for: when somebody last did (`monotonic`)."""
_OF_A_REQUEST = (
    "SCRIPT_NAME", "PATH_INFO", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "REMOTE_ADDR", "HTTP_HOST",
    "HTTP_ACCEPT_LANGUAGE", "wsgi.url_scheme",
)  # fmt: skip
"""What a page that may be kept is made of, besides the cookies."""
STRANGER = "stranger"
"""The kind of a reader without a session; others have theirs (`Reader.kind`)."""


class Sight(NamedTuple):
    """What a page depends on besides the state of the wiki: where it is, and how and by what kind of reader it is
    looked at. ``day`` is the number of the day."""

    path: str
    kind: str
    language: str
    chosen: str
    theme: str
    slash: str
    day: int


class _Own(NamedTuple):
    """What a piece in a marked place depends on."""

    language: str
    place: Place
    value: Value


class _Together(NamedTuple):
    """A page with what stands on it for the reader with this cookie, in the state of the database that ``pulse`` tells:
    its pieces, and what tells this answer from others."""

    cookie: str
    pulse: Hashable
    pieces: list[Piece]
    digest: str


@dataclass(slots=True, eq=False, weakref_slot=True)
class _Kept:
    sight: Sight
    page: Page | Shared | Redirect
    rule: Rule | None
    until: int
    """In unix seconds; how long ago something was is told to the minute."""
    true: Truth
    asked: dict[str, Any]
    """Of a page in force, the request that it was asked for with when it was made."""
    looks: Looks
    """Of whoever asked for it last."""
    asked_at: float
    """By `monotonic`."""
    together: tuple[_Together, ...] = ()
    """For whoever read it last."""


class Again(NamedTuple):
    """A page that may have to be made again, and how it was asked for when (`monotonic`)."""

    sight: Sight
    asked: dict[str, Any]
    looks: Looks
    asked_at: float


class _Asked(NamedTuple):
    """A request for a page that may be kept, and the state of the wiki when it came."""

    environ: dict[str, Any]
    sight: Sight
    true: Truth
    who: Reader | None
    has_session: bool
    until: int


class KeptPages:
    """The pages that were asked for last, as long as they are still true."""

    def __init__(self, app: Flask, wiki: Wiki) -> None:
        room = wiki.settings.kept_megabytes << 20
        self.wiki = wiki
        self.readers = Readers(app, wiki)
        self.pages: Shelf[Sight, _Kept] = Shelf(room * 3 // 4)
        self.showing: Showing[_Kept] = Showing()
        self.pieces: Shelf[_Own, Piece] = Shelf(room // 4)
        self.present = Present(wiki)
        self.asked_at = 0.0
        """When anything was last asked for that may be kept, by `monotonic`."""

    # Giving out

    def answer(self, environ: dict[str, Any]) -> Finished | None:
        """What is kept for this request; None where Flask has to be asked. `Unavailable` without SQL."""
        if not self._may_be_kept(environ):
            return None
        looks = looks_of(environ.get("HTTP_COOKIE", ""))
        pulse = self.present.pulse()
        self.asked_at = monotonic()
        if not looks.session:
            return self._kept_for_everybody(environ, looks)
        return self._kept_for_one(environ, looks, pulse)

    def _kept_for_everybody(self, environ: dict[str, Any], looks: Looks) -> Finished | None:
        kept = self._get(self.sight(environ, looks, STRANGER))
        if kept is None or self.wiki.settings.members_only:
            return None
        environ[ASKED] = kept.rule
        if isinstance(kept.page, Redirect):
            return finished.elsewhere(environ, kept.page, self._control(STRANGER))
        return finished.for_everybody(environ, kept.page) if isinstance(kept.page, Page) else None

    def _kept_for_one(self, environ: dict[str, Any], looks: Looks, pulse: Hashable) -> Finished | None:
        who = self.readers.of(looks.session, pulse)
        if who is None or who.by_proxy or self.readers.to_be_noted(who):
            return None
        if self.wiki.settings.members_only and who.account is None:
            return None
        sight = self.sight(environ, looks, who.kind)
        kept = self._get(sight)
        if kept is None or isinstance(kept.page, Page):
            return None
        kept.looks = looks
        environ[ASKED] = kept.rule
        if isinstance(kept.page, Redirect):
            return finished.elsewhere(environ, kept.page, self._control(sight.kind))
        found = self._together(kept, kept.page, who, looks.session, sight.language)
        return _for_one(environ, found.pieces, found.digest, who.token) if found is not None else None

    def _together(self, kept: _Kept, page: Shared, who: Reader, cookie: str, language: str) -> _Together | None:
        """What is kept, with what stands there for a reader; None where a part of that has not been made yet."""
        for each in kept.together:
            if each.cookie == cookie and each.pulse == who.pulse:
                return each
        pieces = self._pieces(page, who, language)
        if pieces is None:
            return None
        made = _Together(cookie, who.pulse, pieces, digest_of(pieces, who.secret))
        kept.together = (made, *kept.together[: _MOST_TOGETHER - 1])
        return made

    def _get(self, sight: Sight) -> _Kept | None:
        kept = self.pages.get(sight)
        if kept is None or self.wiki.now() >= kept.until:
            return None
        true = self.present.now(kept.true)
        if true is None:
            return None
        kept.true = true
        kept.asked_at = self.asked_at
        return kept

    def _may_be_kept(self, environ: dict[str, Any]) -> bool:
        return (
            environ["REQUEST_METHOD"] in ("GET", "HEAD")
            and not environ.get("QUERY_STRING")
            and not environ.get("SCRIPT_NAME")
            and "HTTP_AUTHORIZATION" not in environ
            and FOREIGN not in environ
            and not environ.get(TOLD_USER)
        )

    def sight(self, environ: dict[str, Any], looks: Looks, kind: str) -> Sight:
        """How this request looks at its page."""
        spoken = self.wiki.settings.languages
        language = language_for(spoken, looks.language, environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        return Sight(
            environ.get("PATH_INFO", ""),
            kind,
            language,
            looks.language if looks.language in spoken else "",
            looks.theme if looks.theme in ("light", "dark") else "",
            "off" if looks.slash == "off" else "",
            self.wiki.now() // _DAY,
        )

    def _pieces(self, page: Shared, who: Reader, language: str) -> list[Piece] | None:
        pieces = []
        for part in page.parts:
            if isinstance(part, Piece):
                pieces.append(part)
                continue
            piece = self._piece(part, who, language)
            if piece is None:
                return None
            pieces.append(piece)
        return pieces

    def _piece(self, place: Place, who: Reader, language: str) -> Piece | None:
        value = who.value(self.wiki, place)
        return self.pieces.get(_Own(language, place, value)) if not isinstance(value, ForOnce) else None

    # Making again

    def asked_since(self, when: float, paths: Collection[str] | None) -> list[Again]:
        """The pages in force at these paths (None: at any) that were asked for since, the last one first."""
        every = self.showing.at(paths) if paths is not None else [kept for kept in self.pages.all() if kept.true.pages]
        lately = [kept for kept in every if kept.asked_at >= when]
        found = [Again(kept.sight, kept.asked, kept.looks, kept.asked_at) for kept in lately]
        return sorted(found, key=lambda again: again.asked_at, reverse=True)

    def is_to_be_made(self, again: Again) -> bool:
        """Whether such a page is no longer true, and can be asked for as it was without noting that somebody came."""
        pulse = self.present.pulse()
        kept = self.pages.get(again.sight)
        if kept is None or self.present.now(kept.true) is not None:
            return False
        if again.sight.kind == STRANGER:
            return True
        who = self.readers.of(looks_of(as_cookies(again.looks)).session, pulse)
        return who is not None and who.kind == again.sight.kind and not self.readers.to_be_noted(who)

    # Keeping

    def made(self, environ: dict[str, Any], make: Callable[[], Response], path: str | None) -> Response:
        """The answer of a view, kept where it may be. It may turn out to show only the page in force at this path."""
        asked = self._asked(environ, path)
        value = partial(asked.who.unseen if AHEAD in environ else asked.who.value, self.wiki) if asked.who else None
        with making(value, (asked.true.state.names, self.wiki.index.names_stirred())) as page:
            response = make()
        if response.direct_passthrough or response.mimetype != "text/html":
            return response
        shared, pieces = page.taken_apart(response.get_data())
        stranger = asked.who is None and not asked.has_session and not session
        for_many = stranger or (asked.who is not None and not page.asked and not _holds(shared, asked.who))
        keeps = for_many and self._may_be_kept(environ)
        true = asked.true
        pages = (*true.pages, *page.others) if page.of_one_page else ()
        asked = asked._replace(true=true._replace(pages=pages))
        if page.fleeting:
            asked = asked._replace(until=self.wiki.now() + _MINUTE)
        if response.status_code in _MOVED and keeps:
            return self._moved(asked, response)
        if response.status_code != _OK:
            response.set_data(put_together(pieces, _token()))
            return response
        if stranger and not request.query_string:
            return self._made_for_everybody(asked, pieces, keeps)
        if keeps:
            self._keep(asked, shared, shared.size + _MOST_TOGETHER * _BESIDE)
            self._keep_pieces(asked.sight.language, page)
        secret = asked.who.secret if asked.who is not None else str(session.get("csrf_token", ""))
        token = asked.who.token if asked.who is not None else _token()
        return _for_one(environ, pieces, digest_of(pieces, secret), token).response()

    def _asked(self, environ: dict[str, Any], path: str | None) -> _Asked:
        """What is true before a page is made: what comes later makes it another state."""
        looks = looks_of(environ.get("HTTP_COOKIE", ""))
        reader()  # that their session goes on is noted first, for that is a change of the database
        pulse = self.present.pulse()
        who = self.readers.of(looks.session, pulse) if looks.session and "_flashes" not in session else None
        sight = self.sight(environ, looks, who.kind if who is not None else STRANGER)
        true = self.present.truth(path)
        return _Asked(environ, sight, true, who, bool(looks.session), (sight.day + 1) * _DAY)

    def _made_for_everybody(self, asked: _Asked, pieces: list[Piece], keeps: bool) -> Response:
        page = Page(digest_of(pieces, ""), [piece.without_token() for piece in pieces])
        if keeps:
            self._keep(asked, page, int(page.size * _COMPRESSED))
        return finished.for_everybody(asked.environ, page, self._control(STRANGER)).response()

    def _moved(self, asked: _Asked, response: Response) -> Response:
        way = Redirect(response.status, response.headers["Location"], response.get_data())
        self._keep(asked, way, len(way.body) + _BESIDE)
        return finished.elsewhere(asked.environ, way, self._control(asked.sight.kind)).response()

    def _control(self, kind: str) -> str:
        """Who may keep an answer on the way to such a reader."""
        return finished.SHARED if kind == STRANGER and not self.wiki.settings.members_only else finished.PRIVATE

    def _keep(self, asked: _Asked, page: Page | Shared | Redirect, size: int) -> None:
        environ = asked.environ if asked.true.pages else {}
        like = {key: environ[key] for key in _OF_A_REQUEST if key in environ}
        looks = looks_of(environ.get("HTTP_COOKIE", ""))
        size += sum(map(len, like.values())) + len(looks.session)
        at, rule = environ.get(AHEAD, monotonic()), request.url_rule
        kept = _Kept(asked.sight, page, rule, asked.until, asked.true, like, looks, at)
        self.pages.put(asked.sight, kept, size + len(asked.sight.path))
        self.showing.note(kept, [path for path, _stirred in asked.true.pages])

    def _keep_pieces(self, language: str, page: Making) -> None:
        for place, (value, piece) in page.own.items():
            if not isinstance(value, ForOnce):
                self.pieces.put(_Own(language, place, value), piece, len(piece.body) + _BESIDE)


def _for_one(environ: dict[str, Any], pieces: list[Piece], digest: str, token: str) -> Finished:
    return finished.for_one(environ, digest, lambda: put_together(pieces, token))


def _holds(shared: Shared, who: Reader) -> bool:
    """Whether the token of somebody's forms has come into what is shared by another way than ours."""
    tokens = [token.encode() for token in (who.secret, who.token, str(g.get("csrf_token", ""))) if token]
    return any(token in part.body for part in shared.parts if isinstance(part, Piece) for token in tokens)


def _token() -> str:
    """The token of forms of this session; "" where it has none yet, and then no form had one."""
    return str(generate_csrf()) if "csrf_token" in session else ""


def install(app: Flask) -> None:
    """Begin with nothing kept."""
    app.extensions[_EXTENSION] = KeptPages(app, app.extensions["wiki"])


def kept_pages(app: Flask) -> KeptPages:
    """The pages that an application keeps."""
    return cast("KeptPages", app.extensions[_EXTENSION])


def kept_answer(make: Callable[[], Response], path: str | None = None) -> Response:
    """The answer of a view that shows the same to everybody but in the places that its template marks by ``mine``.
    Where it turns out to show only the page in force at this path (`wiki.web.sharing.shows_one_page`), it is kept as
    long as that is not stirred."""
    return kept_pages(current_app).made(request.environ, make, path)
