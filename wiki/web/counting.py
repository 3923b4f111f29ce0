"""Counts in the memory of this process."""

from __future__ import annotations

import time

from limits.storage import MemoryStorage

_FORGET_EVERY = 60
"""Seconds after which what is over is forgotten, so that who comes once takes no room for ever."""


class Near(MemoryStorage):
    """As the library counts, but that it begins no thread at each count to look through all that is counted."""

    _forget_at = 0.0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count under a key that is over in so many seconds; how much was counted."""
        now = time.time()
        if now >= self._forget_at or self._forget_at > now + _FORGET_EVERY:
            self._forget_at = now + _FORGET_EVERY
            for each in [each for each, until in list(self.expirations.items()) if until <= now]:
                self.clear(each)
        self.get(key)  # takes away what is over
        with self.locks[key]:
            self.storage[key] += amount
            if self.storage[key] == amount:
                self.expirations[key] = now + expiry
            return self.storage[key]
