"""What is still to be written of who read what: whoever reads does not stand in line behind those who write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, Timer

from sqlalchemy import Connection, Engine, delete, insert
from sqlalchemy.exc import IntegrityError

from wiki.database import writing
from wiki.model.errors import Unavailable
from wiki.visits.schema import visit

_A_MOMENT = 0.5


@dataclass(frozen=True)
class Note:
    """That an account has seen a page, as the row has it; ``names`` are its own and those it had before."""

    account: int
    names: tuple[str, ...]
    seen: str
    seen_seq: int
    seen_at: int
    before: str | None
    before_at: int | None

    @property
    def name(self) -> str:
        """What the page is called now."""
        return self.names[0]


class Notes:
    """The notes of one process. They are written at once where nobody else is writing, else with the next one, half a
    second later, or at the end of the process: a process that is killed loses what waited so."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._waiting: dict[tuple[int, str], Note] = {}

    def take(self, note: Note) -> None:
        """Note it."""
        with self._lock:
            self._waiting[note.account, note.name] = note
        self.write_down(waits=False)

    def get(self, account: int, name: str) -> Note | None:
        """What is not written yet of a page."""
        return self._waiting.get((account, name))

    def write_down(self, *, waits: bool = True) -> None:
        """Write what waits."""
        with self._lock:
            waiting = list(self._waiting.values())
        for note in waiting:
            try:
                with writing(self._engine, heals=True, waits=waits) as connection:
                    _write(connection, note)
            except Unavailable:
                if not waits:
                    _later(self.write_down)
                return
            except IntegrityError:  # the account is gone, or another process has just noted the same
                pass
            with self._lock:
                if self._waiting.get((note.account, note.name)) is note:
                    del self._waiting[note.account, note.name]


def _later(do: Callable[[], None]) -> None:
    timer = Timer(_A_MOMENT, do)
    timer.daemon = True
    timer.start()


def _write(connection: Connection, note: Note) -> None:
    connection.execute(delete(visit).where(visit.c.account_id == note.account, visit.c.name.in_(note.names)))
    values = {"seen": note.seen, "seen_seq": note.seen_seq, "seen_at": note.seen_at, "before": note.before,
              "before_at": note.before_at}  # fmt: skip
    connection.execute(insert(visit).values(account_id=note.account, name=note.name, **values))
