"""Keys that are random enough to need no salt: links, sessions, tokens."""

from __future__ import annotations

import hashlib


def hash_of(key: str) -> str:
    """What is kept of a key, from which it cannot be found."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
