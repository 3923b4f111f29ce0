"""Another program that listens on loopback, and keeps what it is sent."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Sent:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """A program that answers with ``status``; with ``slow`` it takes its time between the bytes of an answer that never
    ends; with ``leads_to`` it sends elsewhere."""

    port: int = 0
    status: int = 204
    slow: bool = False
    leads_to: str = ""
    sent: list[Sent] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=1"


@contextmanager
def open_receiver() -> Iterator[Receiver]:
    """Listening, as long as the block lasts."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.sent.append(Sent(self.path, dict(self.headers.items()), body))
            if receiver.slow:
                self._drip()
                return
            self.send_response(receiver.status)
            if receiver.leads_to:
                self.send_header("Location", receiver.leads_to)
            self.end_headers()

        def _drip(self) -> None:
            for _ in range(300):
                try:
                    self.wfile.write(b"H")
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.1)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
