"""Where the links in mail lead that end it: they work without signing in, with one click (RFC 8058)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, current_app, make_response, render_template, request
from itsdangerous import BadSignature, URLSafeSerializer

from wiki.model.errors import NotFound
from wiki.model.words import N_
from wiki.web.here import the_wiki
from wiki.web.inbox.routes import blueprint
from wiki.web.limits import count_try
from wiki.web.safety import csrf

DIGEST, ASKS = "digest", "asks"


@dataclass(frozen=True)
class Leaving:
    """Who ends which mail."""

    account: int
    what: str


def unsubscribe_token(account: int, what: str) -> str:
    """What ends a kind of mail to somebody. It is signed, and works as long as the key of the wiki does."""
    return str(_serializer().dumps([account, what]))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="unsubscribe")


def _read(token: str) -> Leaving:
    try:
        account, what = _serializer().loads(token)
        if what not in (DIGEST, ASKS) or not isinstance(account, int):
            raise BadSignature(token)
    except (BadSignature, ValueError, TypeError):
        raise NotFound(N_("This link is not whole. You can choose in your inbox which mail you get.")) from None
    return Leaving(account, what)


@blueprint.route("/-/inbox/unsubscribe/<token>", methods=["GET", "POST"])
def unsubscribe(token: str) -> Response:
    """GET asks, because mail programs look behind links by themselves; POST does it."""
    count_try("60 per minute", "unsubscribe", request.remote_addr or "")
    leaving = _read(token)
    if request.method == "POST":
        the_wiki().notify.reaching.unsubscribe(leaving.account, from_digest=leaving.what == DIGEST)
    done = request.method == "POST"
    return make_response(render_template("unsubscribe.html", what=leaving.what, done=done, token=token))


csrf.exempt(unsubscribe)
