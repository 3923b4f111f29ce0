"""What several machines share beside the database: Redis, where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from wiki.doctor.finding import Finding
from wiki.settings import Settings

_SECONDS = 5
_MEANWHILE = "Meanwhile each process counts tries by itself, and each clock beats by itself."


def redis(settings: Settings) -> Iterator[Finding]:
    """Whether Redis answers; nothing where none is set."""
    if not settings.redis_url:
        return
    try:
        from redis import Redis
        from redis.exceptions import RedisError
    except ImportError:
        yield Finding("redis", False, f"its driver is missing: pip install “.[redis]”. {_MEANWHILE}")
        return
    parts = urlsplit(settings.redis_url)
    place = f"{parts.hostname}:{parts.port or 6379}" if parts.hostname else parts.path
    try:
        with Redis.from_url(settings.redis_url, socket_connect_timeout=_SECONDS, socket_timeout=_SECONDS) as connection:
            connection.ping()
    except (RedisError, ValueError) as error:
        said = " ".join(str(error).split()).rstrip(".")
        yield Finding("redis", False, f"{place} cannot be reached: {said}. {_MEANWHILE}")
    else:
        yield Finding("redis", True, f"{place} answers")
