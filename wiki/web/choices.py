"""What a reader chose for one device: kept by the browser, so that it holds before anybody signs in."""

from __future__ import annotations

from flask import Response, make_response, redirect, request

from wiki.web.here import the_wiki
from wiki.web.safety import local_path

_YEAR = 365 * 86400


def remembered(cookie: str, chosen: str) -> Response:
    """Back to where the reader was, whose browser keeps the choice."""
    response = make_response(redirect(local_path(request.form.get("next")), 303))
    remember(response, cookie, chosen)
    return response


def remember(response: Response, cookie: str, chosen: str) -> None:
    """Let the browser keep a choice."""
    secure = the_wiki().settings.secure_cookies
    response.set_cookie(cookie, chosen, max_age=_YEAR, samesite="Lax", httponly=True, secure=secure)
