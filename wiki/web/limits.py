"""How often somebody may try.

The `limits` library by itself: Flask-Limiter, which wraps it, looks at every request, and a page view is
to cost as little as Flask allows. Only the few views that are limited ask here.
"""

from __future__ import annotations

import math
import time

from flask import Flask, current_app
from limits import RateLimitItem, parse_many
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

_EXTENSION = "limits"


def install(app: Flask, storage_uri: str = "memory://") -> None:
    """Count in this process, or where ``storage_uri`` leads."""
    app.extensions[_EXTENSION] = FixedWindowRateLimiter(storage_from_string(storage_uri))


def count_try(rule: str, *key: str) -> None:
    """Count one try under ``key``; 429 with ``Retry-After`` where ``rule`` ("10 per 15 minutes") allows no more."""
    limiter = current_app.extensions[_EXTENSION]
    for item in parse_many(rule):
        if not limiter.hit(item, *key):
            raise _too_many(limiter, item, *key)


def count(rule: str, *key: str) -> None:
    """Count under ``key`` what has been done."""
    for item in parse_many(rule):
        current_app.extensions[_EXTENSION].hit(item, *key)


def refuse_where_spent(rule: str, *key: str) -> None:
    """429 with ``Retry-After`` where ``rule`` allows no more under ``key``; counts nothing."""
    limiter = current_app.extensions[_EXTENSION]
    for item in parse_many(rule):
        if not limiter.test(item, *key):
            raise _too_many(limiter, item, *key)


def _too_many(limiter: FixedWindowRateLimiter, item: RateLimitItem, *key: str) -> TooManyRequests:
    reset = limiter.get_window_stats(item, *key).reset_time
    return TooManyRequests(retry_after=max(1, math.ceil(reset - time.time())))
