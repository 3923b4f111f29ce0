"""Asking a provider over HTTP: never for long, never for much, and never sent on to another place."""

from __future__ import annotations

import time
from typing import Any

from authlib.integrations.requests_client import OAuth2Session
from requests import PreparedRequest, Response, Session
from requests.exceptions import ConnectionError as Unreachable
from requests.exceptions import RequestException

from wiki.providers import Provider, trustworthy
from wiki.web.sso.problems import Down

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 3, 5, 10
MOST_BYTES = 1 << 20
_PIECE = 1 << 14


class Asking(OAuth2Session):  # type: ignore[misc]  # Authlib has no types
    """A client of one provider. A server thread waits for an answer, so an answer that comes in drops is cut off."""

    def __init__(self, provider: Provider, **others: Any) -> None:
        super().__init__(
            provider.client_id,
            provider.client_secret or None,
            scope=" ".join(provider.scopes),
            code_challenge_method="S256",
            **others,
        )
        self.headers["Accept"] = "application/json"

    def send(self, request: PreparedRequest, **options: Any) -> Response:
        """Send a request and read the whole answer."""
        until = time.monotonic() + WHOLE_SECONDS
        options |= {"timeout": (CONNECT_SECONDS, READ_SECONDS), "allow_redirects": False, "stream": True}
        response = Session.send(self, request, **options)
        body = bytearray()
        while piece := response.raw.read1(_PIECE, decode_content=True):
            body += piece
            if len(body) > MOST_BYTES or time.monotonic() > until:
                response.close()
                raise Unreachable("the answer is too long or too slow")
        response._content = bytes(body)
        response.close()
        return response


def document(provider: Provider, url: str, **others: Any) -> dict[str, Any]:
    """The JSON object at an address of a provider; `Down` where there is none."""
    if not trustworthy(url):
        raise Down(provider, f"{url} is no address to ask")
    try:
        with Asking(provider) as asking:
            response = asking.get(url, withhold_token=True, **others)
            response.raise_for_status()
            found = response.json() if response.status_code == 200 else None
    except (RequestException, OSError, ValueError) as error:
        raise Down(provider, f"{url}: {error}") from error
    if not isinstance(found, dict):
        raise Down(provider, f"{url} holds no JSON object")
    return found
