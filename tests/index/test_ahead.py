"""What a process says is read while something else is done: whole, in order, no further than somebody wants."""

from __future__ import annotations

import io
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pytest

from wiki.repository import ahead as room
from wiki.repository.ahead import ahead


@contextmanager
def saying(script: str) -> Iterator[IO[bytes]]:
    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield process.stdout
        process.kill()


def test_all_of_it_comes_in_its_order() -> None:
    expected = "".join(f"{at}\n" for at in range(1, 1_000_001)).encode()
    with saying("seq 1000000") as out, ahead(out) as pieces:
        assert b"".join(pieces) == expected
    with saying("true") as out, ahead(out) as pieces:
        assert list(pieces) == []


def test_it_is_read_before_anybody_asks() -> None:
    with saying("seq 1000000") as out, ahead(out) as pieces:
        deadline = time.monotonic() + 20
        while any(thread.is_alive() for thread in threading.enumerate() if thread.name == "reads ahead"):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert out.read() == b""
        assert len(b"".join(pieces)) == 6_888_896


def test_no_more_is_held_than_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_PIECES", 2)
    monkeypatch.setattr(room, "_PIECE", 10)
    out = io.BytesIO(bytes(1_000))
    with ahead(out) as pieces:
        time.sleep(0.2)
        assert out.tell() == 30
        assert len(b"".join(pieces)) == 1_000


def test_who_leaves_early_leaves_no_thread_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_PIECES", 1)
    before = threading.active_count()
    with saying("yes") as out, ahead(out) as pieces:
        assert threading.active_count() == before + 1
    with saying("yes") as out, ahead(out) as pieces:
        assert next(pieces).startswith(b"y\ny")
    assert threading.active_count() == before


def test_an_error_of_reading_is_raised_where_the_rest_would_have_come() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError("gone")
            return super().read(3)

    with ahead(Broken(b"whole")) as pieces:
        assert next(pieces) == b"who"
        with pytest.raises(OSError, match="gone"):
            next(pieces)
