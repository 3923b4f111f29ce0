"""Acting: in each process one act at a time.

Threads of one process that act at once get in each other's way: whatever one says to the database or to a file lets the
other go on, and it then waits for its own turn again. So each act takes half as much again of the processor, and none
comes sooner. Who reads goes on meanwhile, and so do other processes.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from threading import RLock
from typing import Concatenate, ParamSpec, Protocol, TypeVar


class Acting(Protocol):
    """What acts; ``acting`` is held by the thread that does."""

    acting: RLock


A = TypeVar("A", bound=Acting)
P = ParamSpec("P")
R = TypeVar("R")


def one_at_a_time(act: Callable[Concatenate[A, P], R]) -> Callable[Concatenate[A, P], R]:
    """Do this while no other thread of this process acts; one act may lead to others."""

    @functools.wraps(act)
    def done(self: A, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self.acting:
            return act(self, *args, **kwargs)

    return done
