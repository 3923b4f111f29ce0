"""Counts in the memory of a process: no thread for each, and nothing kept for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from limits import parse
from limits.strategies import FixedWindowRateLimiter

from wiki.web.counting import Near


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let time pass."""
    passed = [0.0]
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + passed[0])

    def wait(seconds: float) -> None:
        passed[0] += seconds

    return wait


def test_so_many_are_let_through_and_again_when_the_time_is_over(later: Callable[[float], None]) -> None:
    limiter, rule = FixedWindowRateLimiter(Near()), parse("3 per 10 minutes")
    assert [limiter.hit(rule, "ana") for _ in range(5)] == [True] * 3 + [False] * 2
    assert limiter.hit(rule, "bob")
    later(601)
    assert [limiter.hit(rule, "ana") for _ in range(4)] == [True] * 3 + [False]


def test_to_count_begins_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    limiter, rule = FixedWindowRateLimiter(Near()), parse("100 per minute")
    begun: list[threading.Thread] = []
    monkeypatch.setattr(threading.Thread, "start", begun.append)
    for nth in range(20):
        limiter.hit(rule, str(nth))
        time.sleep(0.002)
    assert begun == []


def test_who_came_once_is_forgotten(later: Callable[[float], None]) -> None:
    counts = Near()
    limiter, rule = FixedWindowRateLimiter(counts), parse("3 per minute")
    for nth in range(50):
        limiter.hit(rule, str(nth))
    assert len(counts.storage) == len(counts.expirations) == 50
    later(61)
    limiter.hit(rule, "ana")
    assert len(counts.storage) == len(counts.expirations) == len(counts.locks) == 1


def test_many_threads_count_each_try(later: Callable[[float], None]) -> None:
    limiter, rule = FixedWindowRateLimiter(Near()), parse("1000 per minute")
    counting = [threading.Thread(target=lambda: [limiter.hit(rule, "ana") for _ in range(50)]) for _ in range(8)]
    for each in counting:
        each.start()
    for each in counting:
        each.join()
    assert limiter.get_window_stats(rule, "ana").remaining == 600
