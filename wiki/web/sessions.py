"""Sessions for those who have one."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

SESSION_COOKIE = "concord"


class SessionsOnDemand(SecureCookieSessionInterface):
    """Flask's signed cookies; a request without one is not made to wait for the signer."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request."""
        if "HTTP_COOKIE" not in request.environ or self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)
