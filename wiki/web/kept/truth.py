"""Why a page that was made before is still true."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import NamedTuple

from wiki.assembly import Wiki
from wiki.kept_query import Pulse


class State(NamedTuple):
    """What every page depends on: the generation of the index, and which names people have had."""

    generation: str = ""
    names: int = 0


class Truth(NamedTuple):
    """In which state of the wiki a page was true. One that shows nothing but some ``pages`` in force, here by their
    paths with what `Index.stirred` told of them, is so as long as none of these is stirred."""

    state: State
    pages: tuple[tuple[str, Hashable], ...] = ()


class _Told(threading.local):
    pulse: Hashable = None
    state = State()


class Present:
    """How the wiki is at this moment; asked at each request, and told in microseconds."""

    def __init__(self, wiki: Wiki) -> None:
        self._wiki = wiki
        self._pulse = Pulse(wiki.engine)
        self._told = _Told()

    def pulse(self) -> Hashable:
        """How the database beats. What is asked for next is of this moment."""
        pulse = self._pulse.now()
        if pulse != self._told.pulse:
            self._told.state = State(self._wiki.index.generation(), self._wiki.former.version())
            self._told.pulse = pulse
        return pulse

    def truth(self, path: str | None) -> Truth:
        """What is true of whatever is made from now on."""
        return Truth(self._told.state, ((path, self._wiki.index.stirred(path)),) if path is not None else ())

    def now(self, true: Truth) -> Truth | None:
        """What is still true as what is true now; None where it no longer is."""
        state = self._told.state
        if true.state == state:
            return true
        if not true.pages or true.state.names != state.names:
            return None
        same = all(stirred == self._wiki.index.stirred(path) for path, stirred in true.pages)
        return true._replace(state=state) if same else None
