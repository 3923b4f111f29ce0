"""Who is reading: what their cookies say, and what the wiki knows of them at this moment."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

from wiki.accounts import Account, Session
from wiki.accounts.sessions import NOTED_EVERY
from wiki.assembly import Wiki
from wiki.web.kept.own import NOTING, ON_EVERY_PAGE, Value, value_of
from wiki.web.kept.shelf import Shelf
from wiki.web.sharing import Place

_BELIEVED = 60
"""For so many seconds a signature that was right is not looked at again."""
_ROOM = 8 << 20
_SIZE = 2_000
_DAY = 86400


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with a session. ``secret`` and ``token`` are of their forms, ``key`` opens their account ("" for those
    who are not signed in), ``by_proxy`` is whom a proxy named. The account and what stands in places of their own hold
    as long as nothing in the database has changed, which is told by ``pulse``."""

    key: str
    secret: str
    token: str
    by_proxy: bool
    believed_at: float
    pulse: Hashable = None
    account: Account | None = None
    session: Session | None = None
    values: dict[Place, Value] = field(default_factory=dict)
    """What stands in the places that every page has."""

    @property
    def kind(self) -> str:
        """Whether they are signed in."""
        return "member" if self.account is not None else "visitor"

    def value(self, wiki: Wiki, place: Place) -> Value:
        """What stands in a place for them."""
        if place in self.values:
            return self.values[place]
        assert self.account is not None  # noqa: S101 - others have no places
        value = value_of(wiki, self.account, place.name, place.about)
        if place.name in ON_EVERY_PAGE:
            self.values[place] = value
        return value

    def unseen(self, wiki: Wiki, place: Place) -> Value:
        """The same while nobody looks: what would note that they come is left out."""
        return None if place.name in NOTING else self.value(wiki, place)


class Readers:
    """The readers with a session that came last, by their cookie."""

    def __init__(self, app: Flask, wiki: Wiki) -> None:
        self._wiki = wiki
        self._kept: Shelf[str, Reader] = Shelf(_ROOM)
        self._sessions = SecureCookieSessionInterface().get_signing_serializer(app)
        self._lasts = int(app.permanent_session_lifetime.total_seconds())
        self._tokens = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")

    def of(self, cookie: str, pulse: Hashable) -> Reader | None:
        """Who sends this cookie; None where that is not for sure, or Flask has something to do for them: they have
        messages to read, no token yet, or a session that is over."""
        reader = self._kept.get(cookie)
        if reader is None or monotonic() - reader.believed_at > _BELIEVED:
            reader = self._read(cookie)
            if reader is None:
                return None
            self._kept.put(cookie, reader, _SIZE + len(cookie))
        if reader.key:
            reader = self._found(cookie, reader, pulse)
            if reader.session is None or reader.session.began_at <= self._wiki.now() - self._wiki.sessions.lasts:
                return None
        return reader

    def to_be_noted(self, reader: Reader) -> bool:
        """Whether it is time to note that a session goes on."""
        now, session, account = self._wiki.now(), reader.session, reader.account
        if session is None or account is None:
            return False
        last = account.last_sign_in_at
        return now - session.seen_at >= NOTED_EVERY or last is None or now - last >= _DAY

    def _found(self, cookie: str, reader: Reader, pulse: Hashable) -> Reader:
        if reader.pulse == pulse:
            return reader
        account, session = self._wiki.sessions.find(reader.key, self._wiki.now()) or (None, None)
        reader = replace(reader, pulse=pulse, account=account, session=session, values={})
        self._kept.put(cookie, reader, _SIZE + len(cookie))
        return reader

    def _read(self, cookie: str) -> Reader | None:
        if self._sessions is None:
            return None
        try:
            told: dict[str, Any] = self._sessions.loads(cookie, max_age=self._lasts)
        except BadSignature:
            return None
        secret, key = told.get("csrf_token"), told.get("_user_id", "")
        if not isinstance(secret, str) or not isinstance(key, str) or "_flashes" in told:
            return None
        token = self._tokens.dumps(secret)
        return Reader(key, secret, str(token), "signed_in_by_header" in told, monotonic())
