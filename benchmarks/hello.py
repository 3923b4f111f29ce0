"""What reads are compared with: Flask saying hello, under the same server and settings as the wiki."""

from __future__ import annotations

import sys

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Thirteen bytes."""
    return "Hello, world!"


THREADS = 2


def serve(port: int, workers: int) -> None:
    """As `wiki.serving` does it."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "benchmarks.hello:app",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
