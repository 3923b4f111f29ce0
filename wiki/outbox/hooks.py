"""Web hooks: where other programs are told of what happens, signed, and sent from the outbox."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.outbox.outbox import Failed, Parcel

HOOK = "hook"
SECONDS = 5
KINDS = ("json", "slack", "teams")
EVENTS = ("proposed", "revised", "objected", "answered", "commented", "closed", "reopened", "in_force")
_KEYS = frozenset({"url", "secret", "kind", "events", "folder"})
_GONE = 410
_SHORTEST_SECRET = 16


@dataclass(frozen=True)
class Hook:
    """Where another program listens. ``secret`` signs what it is sent ("" for none, as Slack and Teams have it in the
    address); ``kind`` is the form; ``events`` what it hears of, () for everything; with ``folder`` only of what touches
    a page in it."""

    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    kind: str = "json"
    events: tuple[str, ...] = ()
    folder: str = ""

    @property
    def id(self) -> str:
        """What stands for it in rows: its address may hold a secret."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:16]

    @property
    def host(self) -> str:
        """Where it is, for people."""
        return urlsplit(self.url).hostname or ""

    @classmethod
    def parse(cls, table: object) -> Hook:
        """From a table ``[[hook]]`` of the settings. `Refused` says what is wrong with it."""
        if not isinstance(table, dict) or not table.keys() <= _KEYS:
            raise Refused(N_("A hook has url, secret, kind, events and folder, and nothing else."))
        texts = {key: table.get(key, "json" if key == "kind" else "") for key in ("url", "secret", "kind", "folder")}
        events = table.get("events", [])
        if not all(isinstance(value, str) for value in texts.values()) or not isinstance(events, list):
            raise Refused(N_("In a hook, everything is text, and “events” is a list of texts."))
        if texts["kind"] not in KINDS or not all(event in EVENTS for event in events):
            raise Refused(
                N_("A hook is of one of the kinds %(kinds)s, and hears of some of %(events)s."),
                kinds=", ".join(KINDS),
                events=", ".join(EVENTS),
            )
        if texts["kind"] == "json" and len(texts["secret"]) < _SHORTEST_SECRET:
            raise Refused(N_("A hook of the kind json needs a secret of at least %(least)s characters."),
                          least=_SHORTEST_SECRET)  # fmt: skip
        return cls(texts["url"], texts["secret"], texts["kind"], tuple(events), texts["folder"].strip("/"))

    def check(self, private: bool) -> None:
        """`Refused` where nothing may be sent there: only by https, unless private places are allowed."""
        try:
            parts = urlsplit(self.url)
            whole = bool(parts.hostname) and parts.port != 0 and parts.username is None and parts.fragment == ""
        except ValueError:
            whole = False
        if not whole or parts.scheme not in (("https", "http") if private else ("https",)):
            raise Refused(N_("The url of a hook must begin with https:// (or be allowed by “hooks_private”)."))


class HookSender:
    """Sends to the hooks that are set. ``form`` makes the body for a hook of what the row holds; ``private`` allows
    places on this machine and in the own network."""

    def __init__(
        self, hooks: Sequence[Hook], form: Callable[[Hook, dict[str, Any]], dict[str, Any]], private: bool
    ) -> None:
        self.hooks = {hook.id: hook for hook in hooks}
        self.form = form
        self.private = private
        self._silent: set[str] = set()

    def __call__(self, parcel: Parcel, now: int) -> Failed | None:
        """Send one. Whatever is answered but success is tried again later, except that it is gone for good."""
        hook = self.hooks.get(parcel.recipient)
        if hook is None:
            return Failed("this hook is no longer set", final=True)
        if hook.id in self._silent:
            return Failed(f"{hook.host} could not be spoken to a moment ago")
        facts = json.loads(parcel.content)
        body = json.dumps(self.form(hook, facts), ensure_ascii=False).encode()
        try:
            status = _post(hook.url, body, _headers(hook, facts, body, now), self.private)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._silent.add(hook.id)
            return Failed(f"{hook.host}: {str(error) or type(error).__name__}")
        if 200 <= status < 300:
            return None
        return Failed(f"{hook.host} answered {status}", final=status == _GONE)

    def close(self) -> None:
        """Next time, those that could not be spoken to are tried again. Until then nobody else waits for them."""
        self._silent.clear()


def _headers(hook: Hook, facts: dict[str, Any], body: bytes, now: int) -> dict[str, str]:
    """The time is part of what is signed, so that nobody sends it again later."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Concord",
        "X-Concord-Event": str(facts["event"]),
        "X-Concord-Id": str(facts["id"]),
        "X-Concord-Timestamp": str(now),
    }
    if hook.secret:
        headers["X-Concord-Signature-256"] = f"sha256={signature(hook.secret, now, body)}"
    return headers


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """HMAC with SHA-256 over the time, a dot and the body, in hexadecimal."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def _post(url: str, body: bytes, headers: dict[str, str], private: bool) -> int:
    """The status of the answer. The address that was looked up is the one that is spoken to, redirects are not
    followed, and of the answer nothing is read but its head, all within a few seconds."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    plain = socket.create_connection((_place(host, port, private), port), timeout=SECONDS)
    deadline = threading.Timer(SECONDS, _shut, (plain,))
    deadline.daemon = True
    deadline.start()
    try:
        connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, body, headers)
            return connection.getresponse().status
        finally:
            connection.close()
    finally:
        deadline.cancel()
        plain.close()


def _shut(plain: socket.socket) -> None:
    with suppress(OSError):
        plain.shutdown(socket.SHUT_RDWR)


def _place(host: str, port: int, private: bool) -> str:
    """The address of a host. `OSError` where it is one that may not be spoken to."""
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not private and not all(ip_address(place.partition("%")[0]).is_global for place in found):
        raise OSError("it is on this machine or in a private network, which “hooks_private” does not allow")
    return found[0]
