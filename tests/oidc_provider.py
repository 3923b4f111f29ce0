"""A real OpenID Connect provider on loopback, in a process of its own, and a front before it that spoils its answers.

The provider is `oidc-provider-mock`. What it does not do itself, the front does: it insists on PKCE, signs tokens anew
with other claims, keys and algorithms, changes what the provider says of itself, answers late, in drops or not at all.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

CONTROL = "/-front"
PATIENCE = 60
CLIENT_ID, CLIENT_SECRET = "concord", "between us"


class Front:
    """The WSGI application before the provider. ``spoil`` says what is done to its answers:

    ``claims`` over those of tokens (null takes one away), ``token`` in place of one, ``alg`` ("none", "HS256", "unknown
    key", "same name"), ``rotate`` (a number; a new one makes new keys), ``discovery`` over what it says of itself,
    ``answers`` by path: ``status``, ``body``, ``delay`` and ``drip`` in seconds."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        from joserfc.jwk import RSAKey

        self.app, self.make_key = app, lambda: RSAKey.generate_key(2048, auto_kid=True)
        self.keys, self.rotated = [self.make_key()], 0
        self.spoil: dict[str, Any] = {}
        self.challenges: dict[str, str] = {}
        self.seen: list[dict[str, str]] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        from werkzeug.wrappers import Request, Response

        request = Request(environ)
        if request.path == CONTROL:
            return Response(json.dumps(self._controlled(request)))(environ, start)
        body = request.get_data(cache=True, parse_form_data=False).decode()
        self.seen.append({"path": request.path, "query": request.query_string.decode(), "body": body,
                          "authorization": request.headers.get("Authorization", "")})  # fmt: skip
        ordered = self.spoil.get("answers", {}).get(request.path)
        if ordered is not None:
            return self._as_ordered(ordered)(environ, start)
        environ["wsgi.input"] = BytesIO(body.encode())
        response = Response.from_app(self.app, environ)
        changed = self._changed(request, body, response)
        return (changed or response)(environ, start)

    def _controlled(self, request: Any) -> object:
        if request.method == "POST":
            self.spoil, self.seen = request.get_json(), []
            if self.spoil.get("rotate", 0) != self.rotated:
                self.keys, self.rotated = [self.make_key()], self.spoil.get("rotate", 0)
        return self.seen

    def _as_ordered(self, ordered: dict[str, Any]) -> Any:
        from werkzeug.wrappers import Response

        time.sleep(ordered.get("delay", 0))
        body = str(ordered.get("body", "{}")).encode()

        def drops() -> Iterator[bytes]:
            for at in range(len(body)):
                time.sleep(ordered["drip"])
                yield body[at : at + 1]

        headers = {"Content-Type": "application/json", **ordered.get("headers", {})}
        return Response(drops() if "drip" in ordered else body, ordered.get("status", 200), headers)

    def _changed(self, request: Any, body: str, response: Any) -> Any:
        from werkzeug.wrappers import Response

        def answer(found: object, status: int = 200) -> Any:
            return Response(json.dumps(found), status, content_type="application/json")

        if request.path == "/oauth2/authorize" and request.method == "POST":
            sent = parse_qs(urlsplit(response.headers.get("Location", "")).query)
            self.challenges[sent.get("code", [""])[0]] = request.args.get("code_challenge", "")
        if request.path == "/oauth2/token":
            fields = {key: values[0] for key, values in parse_qs(body).items()}
            digest = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.challenges.get(fields.get("code", "")):
                return answer({"error": "invalid_grant", "error_description": "PKCE"}, 400)
            found = response.get_json()
            return answer({**found, "id_token": self._token(found["id_token"])}) if "id_token" in found else None
        if request.path == "/jwks":
            mine = [key.as_dict(private=False) for key in self.keys]
            return answer({"keys": mine if self.rotated else [*response.get_json()["keys"], *mine]})
        if request.path.endswith("openid-configuration"):
            return answer(_over(response.get_json(), self.spoil.get("discovery", {})))
        return None

    def _token(self, token: str) -> str:
        from joserfc import jwt

        if not {"claims", "alg", "token", "rotate"} & self.spoil.keys():
            return token
        if "token" in self.spoil:
            return str(self.spoil["token"])
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        claims = _over(claims, self.spoil.get("claims", {}))
        key, alg = self.keys[0], self.spoil.get("alg", "RS256")
        if alg == "none":
            parts = ({"alg": "none", "typ": "JWT"}, claims)
            return ".".join(_encoded(part) for part in parts) + "."
        if alg == "HS256":
            signed = ".".join(_encoded(part) for part in ({"alg": "HS256", "kid": key.kid}, claims))
            made = hmac.digest(key.as_pem(private=False), signed.encode(), "sha256")
            return f"{signed}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"
        if alg == "unknown key":
            key = self.make_key()
        if alg == "same name":
            return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, self.make_key())
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def _over(found: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**found, **others}.items() if value is not None}


def _encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@dataclass
class ProviderNextDoor:
    """The provider, as a test sees it."""

    port: int

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def knows(self, subject: str, **claims: object) -> None:
        """Somebody has an account there."""
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=PATIENCE).raise_for_status()

    def spoil(self, **how: object) -> None:
        """From now on its answers are as `Front` says; and what was asked before is forgotten."""
        requests.post(f"{self.issuer}{CONTROL}", json=how, timeout=PATIENCE).raise_for_status()

    @property
    def seen(self) -> list[dict[str, str]]:
        """What it was asked since."""
        found: list[dict[str, str]] = requests.get(f"{self.issuer}{CONTROL}", timeout=PATIENCE).json()
        return found

    def asked(self, path: str) -> int:
        """How often a path was asked for since."""
        return sum(one["path"] == path for one in self.seen)

    def sign_in(self, url: str, subject: str | None) -> str:
        """Somebody signs in on its page, or, without a subject, does not want to; where it sends them on to."""
        form = {"sub": subject} if subject is not None else {"action": "deny"}
        answer = requests.post(url, data=form, allow_redirects=False, timeout=PATIENCE)
        assert answer.status_code == 302, answer.text
        return str(answer.headers["Location"])


@contextmanager
def open_provider(port: int | None = None) -> Iterator[ProviderNextDoor]:
    """A provider, as long as the block lasts."""
    from tests.post_office import free_port

    provider = ProviderNextDoor(port or free_port())
    server = subprocess.Popen([sys.executable, "-W", "ignore", __file__, str(provider.port)],
                              stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        for _ in range(300):
            assert server.poll() is None, "the provider ended"
            try:
                provider.spoil()
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield provider
    finally:
        server.terminate()
        server.wait(10)


def main() -> None:
    """Serve on the port of the first argument."""
    import os

    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    import oidc_provider_mock
    from werkzeug.serving import make_server

    app = Front(oidc_provider_mock.app())
    make_server("127.0.0.1", int(sys.argv[1]), app, threaded=True).serve_forever()


if __name__ == "__main__":
    main()
