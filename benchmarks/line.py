"""A line to a web server, over which one request goes after another, as cheap as Python allows: who measures runs on
the processors of what is measured."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_PATIENCE = 60
_AT_ONCE = 1 << 16
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_LAST_CHUNK = b"0\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    """What came back, without the text."""

    status: int
    head: bytes

    def header(self, name: str) -> str:
        """The first header of this name, "" where there is none."""
        found = re.search(rb"\r\n" + name.encode("ascii") + rb": *([^\r]*)", self.head, re.IGNORECASE)
        return found[1].decode("latin-1") if found is not None else ""


class Line:
    """To the server at an address; `OSError` where it breaks."""

    def __init__(self, address: str) -> None:
        where = urlsplit(address)
        self._host = where.netloc
        self._socket = socket.create_connection((where.hostname, where.port), _PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, path: str, text: str, headers: Mapping[str, str]) -> Answer:
        """Send a text, and read the whole answer."""
        body = text.encode("utf-8")
        lines = [f"POST {path} HTTP/1.1", f"Host: {self._host}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items() if value]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        return self._answer()

    def _answer(self) -> Answer:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, rest = got.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if length is None and _CHUNKED.search(head) is None:
            raise ConnectionError("it is not said where the answer ends")
        while len(rest) < int(length[1]) if length is not None else not rest.endswith(_LAST_CHUNK):
            rest += self._more()
        return Answer(int(head[9:12]), head)

    def _more(self) -> bytes:
        got = self._socket.recv(_AT_ONCE)
        if not got:
            raise ConnectionError("the server has hung up")
        return got

    def close(self) -> None:
        """Hang up."""
        self._socket.close()
