"""The application: Flask as this wiki needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from wiki.web.request import FormRequest
from wiki.web.sessions import SessionsOnDemand


class Concord(Flask):
    """Flask, with requests and sessions of our own. None of our functions is a coroutine, so it is not looked again,
    at each of the dozen that a request passes, whether one is."""

    request_class = FormRequest
    session_interface = SessionsOnDemand()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func
