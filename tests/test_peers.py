"""What is measured beside others: what it is called there, and what is said where they are not installed."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from benchmarks import dokuwiki
from benchmarks.line import Line

CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\nSet-Cookie: a=b; path=/\r\n\r\n"
FOUND = b"HTTP/1.1 302 Found\r\nLocation: /x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n0\r\n"


def serve(listening: socket.socket, *parts: bytes) -> None:
    """Answer each request with the next two parts, one after the other."""
    taken, _ = listening.accept()
    with taken:
        for at in range(0, len(parts), 2):
            assert taken.recv(1 << 16).startswith(b"POST /here HTTP/1.1\r\n")
            for part in parts[at : at + 2]:
                taken.sendall(part)


def test_one_request_goes_over_a_line_after_another_and_a_broken_one_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        parts = (CREATED, b"right", FOUND, b"\r\n0\r\n\r\n", CREATED[:30], b"")
        server = threading.Thread(target=serve, args=(listening, *parts))
        server.start()
        line = Line(f"http://127.0.0.1:{listening.getsockname()[1]}")
        created = line.post("/here", "a=é", {"Cookie": ""})
        found = line.post("/here", "", {})
        assert (created.status, created.header("set-cookie"), created.header("Location")) == (201, "a=b; path=/", "")
        assert (found.status, found.header("Location")) == (302, "/x")
        with pytest.raises(ConnectionError):
            line.post("/here", "", {})
        line.close()
        server.join()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("welcome", "welcome"),
        ("Travel/Per Diem", "travel:per_diem"),
        ("a-b/c.d", "a-b:c.d"),
        ("straße/…", "stra_e:x"),
    ],
)
def test_a_page_is_called_there_as_it_would_be(ours: str, theirs: str) -> None:
    assert dokuwiki.page_id(ours) == theirs


def test_without_dokuwiki_nothing_is_measured_and_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dokuwiki, "PROGRAM", tmp_path)
    with pytest.raises(SystemExit, match="scripts/need dokuwiki nginx"):
        dokuwiki.versions()
