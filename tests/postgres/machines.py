"""Servers on ports of their own that share guidelines, PostgreSQL and Redis, and colleagues at browsers without scripts
who meet them over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

import requests
from lxml import html

from tests import warm
from tests.servers import free_port
from tests.world import PASSWORD, QUICKLY

PATIENCE = 90


@dataclass
class Machine:
    """One server of the wiki, with a worker and a clock."""

    data: Path
    database_url: str
    redis_url: str
    port: int = field(default_factory=free_port)
    process: BaseProcess | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        own = {"WIKI_DATA": str(self.data), "WIKI_DATABASE_URL": self.database_url, "WIKI_REDIS_URL": self.redis_url,
               "WIKI_WORKERS": "1", "WIKI_SECRET_KEY": "k" * 40}  # fmt: skip
        arguments = ["serve", "--port", str(self.port)]
        self.process = warm.begin(arguments, {**os.environ, **own}, apart=True, first=QUICKLY)

    def ready(self) -> tuple[int, str]:
        """What it says of itself; 0 where it does not answer."""
        try:
            told = requests.get(f"{self.address}/-/readyz", timeout=30)
        except requests.RequestException:
            return 0, ""
        return told.status_code, told.text.strip()

    def wait(self, status: int = 200) -> str:
        """Until it says this of itself."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found, said = self.ready()
            if found == status:
                return said
            time.sleep(0.1)
        raise AssertionError(f"{self.address} does not say {status}, but {self.ready()}")

    def kill(self) -> None:
        """With all its processes, at once."""
        self._send(signal.SIGKILL)

    def end(self) -> None:
        self._send(signal.SIGTERM)

    def _send(self, how: int) -> None:
        if self.process is not None:
            group = self.process.pid or 0
            with suppress(ProcessLookupError):
                os.killpg(group, how)
            self.process.join(20)
            if self.process.exitcode is None:
                os.killpg(group, signal.SIGKILL)
                self.process.join(20)
            self.process = None


class Wire:
    """Leads to a port of this machine until it is cut: then what went over it hears no more of the other end."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.cut = False
        self._ends: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._take, daemon=True).start()

    def sever(self) -> None:
        """End all connections, and refuse new ones."""
        self.cut = True
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def mend(self) -> None:
        self.cut = False

    def close(self) -> None:
        self.sever()
        self._listening.close()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listening.accept()
                if self.cut:
                    here.close()
                    continue
                there = socket.create_connection(("127.0.0.1", self.to))
                self._ends += [here, there]
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(1 << 16):
            other.sendall(piece)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


class Refused(Exception):
    """The wiki answered that it could not, or did not answer."""


class Browser:
    """A colleague at one of the machines. The session goes on at another one."""

    def __init__(self, machine: Machine, who: str) -> None:
        self.machine = machine
        self.who = who
        self.session = requests.Session()

    def close(self) -> None:
        self.session.close()

    def open(self, path: str) -> requests.Response:
        return self._answer("get", path)

    def sign_in(self) -> None:
        done = self.submit("/-/sign-in", "/-/sign-in", email=f"{self.who}@example.com", password=PASSWORD)
        if "/-/sign-in" in done.url:
            raise Refused(done.url)

    def submit(self, path: str, action: str, button: str | None = None, **fields: str) -> requests.Response:
        """Fill in the form of a page, and send it."""
        page, own = html.fromstring(self.open(path).text), path.partition("?")[0]
        forms = [form for form in page.xpath("//form[@method='post']") if (form.get("action") or own).endswith(action)]
        if not forms:
            raise Refused(f"no form {action} at {path}")
        values = {key: value for key, value in forms[0].fields.items() if value is not None}
        values |= fields | ({"do": button} if button else {})
        return self._answer("post", forms[0].get("action") or path, data=values,
                            headers={"Referer": f"{self.machine.address}{path}"})  # fmt: skip

    def _answer(self, how: str, path: str, **options: object) -> requests.Response:
        try:
            answer = self.session.request(how, f"{self.machine.address}{path}", timeout=60, **options)  # type: ignore[arg-type]
        except requests.RequestException as error:
            raise Refused(str(error)) from error
        if answer.status_code >= 400:
            raise Refused(f"{answer.status_code} {path}")
        return answer
