"""How often somebody may try.

The `limits` library by itself: Flask-Limiter, which wraps it, looks at every request, and a page view is
to cost as little as Flask allows. Only the few views that are limited ask here.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from functools import lru_cache, partial
from typing import TypeVar, cast

from flask import Flask, current_app
from limits import RateLimitItem, parse_many
from limits.errors import ConfigurationError, StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.web.counting import Near

_EXTENSION = "limits"
_SECONDS = 1
_LOOK_AGAIN = 15
log = logging.getLogger(__name__)
T = TypeVar("T")


class Counting:
    """Counts for all processes in Redis, where there is one; while it is away, and without one, in this process. Then
    somebody may try once with each."""

    def __init__(self, redis_url: str) -> None:
        self._near = FixedWindowRateLimiter(Near())
        self._shared = FixedWindowRateLimiter(_redis(redis_url)) if redis_url else None
        self._look_again = 0.0

    def ask(self, what: Callable[[FixedWindowRateLimiter], T]) -> T:
        """What one of the counters says."""
        if self._shared is not None and time.monotonic() >= self._look_again:
            try:
                return what(self._shared)
            except StorageError as error:
                self._look_again = time.monotonic() + _LOOK_AGAIN
                log.warning("Redis is away, so each process counts tries by itself: %s", error)
        return what(self._near)


def _redis(url: str) -> Storage:
    waiting = {"socket_connect_timeout": _SECONDS, "socket_timeout": _SECONDS}
    try:
        return cast("Storage", storage_from_string(url, wrap_exceptions=True, **waiting))
    except ConfigurationError as error:
        raise Refused(
            N_("The setting “redis_url” needs an address of Redis and its driver (pip install “.[redis]”): "
               "%(why)s"), why=error,
        ) from error  # fmt: skip


def install(app: Flask, redis_url: str = "") -> None:
    """Count in this process, or in Redis."""
    app.extensions[_EXTENSION] = Counting(redis_url)


def count_try(rule: str, *key: str) -> None:
    """Count one try under ``key``; 429 with ``Retry-After`` where ``rule`` ("10 per 15 minutes") allows no more."""
    for item in _items(rule):
        if not _counting().ask(partial(_hit, item, key)):
            raise _too_many(item, key)


def count(rule: str, *key: str) -> None:
    """Count under ``key`` what has been done."""
    for item in _items(rule):
        _counting().ask(partial(_hit, item, key))


def refuse_where_spent(rule: str, *key: str) -> None:
    """429 with ``Retry-After`` where ``rule`` allows no more under ``key``; counts nothing."""
    for item in _items(rule):
        if not _counting().ask(partial(_test, item, key)):
            raise _too_many(item, key)


@lru_cache(maxsize=64)
def _items(rule: str) -> tuple[RateLimitItem, ...]:
    return tuple(parse_many(rule))


def _counting() -> Counting:
    return cast("Counting", current_app.extensions[_EXTENSION])


def _hit(item: RateLimitItem, key: tuple[str, ...], limiter: FixedWindowRateLimiter) -> bool:
    return limiter.hit(item, *key)


def _test(item: RateLimitItem, key: tuple[str, ...], limiter: FixedWindowRateLimiter) -> bool:
    return limiter.test(item, *key)


def _reset(item: RateLimitItem, key: tuple[str, ...], limiter: FixedWindowRateLimiter) -> float:
    return limiter.get_window_stats(item, *key).reset_time


def _too_many(item: RateLimitItem, key: tuple[str, ...]) -> TooManyRequests:
    reset = _counting().ask(partial(_reset, item, key))
    return TooManyRequests(retry_after=max(1, math.ceil(reset - time.time())))
