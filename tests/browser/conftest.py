"""A real server with the demonstration, and a real browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from playwright import sync_api

from tests import warm
from tests.browser.patience import be_patient
from tests.world import DAY, PASSWORD, POLICY, QUICKLY, begin, check_from_outside, open_world, write_pages

CHROMIUM = (
    os.environ.get("CHROMIUM")
    or shutil.which("chromium-headless-shell")
    or shutil.which("chromium")
    or "/usr/bin/chromium"
)

PATIENCE = 60_000
"""For how many milliseconds a page is waited for, where nothing is said of the time: the machine may be busy."""
ONE_PROCESS = ["--renderer-process-limit=1"]
"""Pages of one device share a process, and none is begun in advance."""


TEA = (
    "# Tea\n\nMake enough for all. Taste it first, then pour it.\n\n"
    "## Cups\n\nTake small ones. See [hours](hours.md).\n\n## Milk\n\nPour it later.\n"
)
"""A page whose words stay: no test brings a change of it into force."""


@dataclass
class Device:
    """Where a browser keeps cookies and storage for one reader at a time. A page of it stays, so that the next reader's
    pages find their scripts compiled: to begin a process and compile them anew takes longer than to show a page."""

    context: Any
    stays: Any = None

    def forget(self) -> None:
        """Be as new for the next reader."""
        for page in self.context.pages:
            if page is not self.stays:
                page.close()
        self.context.unroute_all()
        self.context.set_offline(False)
        self.context.clear_permissions()
        self.context.clear_cookies()
        if self.stays:
            self.stays.evaluate("localStorage.clear()")


@dataclass
class Site:
    """A server on a port of its own, the cookies of those who have signed in there, and devices that nobody uses."""

    address: str
    data: Path
    sessions: dict[str, list[Any]] = field(default_factory=dict)
    idle: dict[bool, list[Device]] = field(default_factory=lambda: {True: [], False: []})

    def device(self, browser: Any, scripts: bool) -> Device:
        """One that is as new, with scripts or without."""
        if self.idle[scripts]:
            return self.idle[scripts].pop()
        context = browser.new_context(base_url=self.address, java_script_enabled=scripts)
        if not scripts:
            return Device(context)
        stays = context.new_page()
        stays.goto("/-/health")
        return Device(context, stays)

    def close(self) -> None:
        """Let go of all devices."""
        for device in [*self.idle[True], *self.idle[False]]:
            device.context.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(data: Path) -> Iterator[Site]:
    """`wiki serve` until the end of the test; the repository is checked from outside when it has stopped."""
    port = _free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("WIKI_")}
    environment |= {"WIKI_DATA": str(data), "WIKI_PORT": str(port), "WIKI_WORKERS": "1"}
    environment["WIKI_SIGN_IN_LIMIT_PER_ACCOUNT"] = "1000 per minute"  # every test signs in anew
    said = data.with_name(f"{data.name}-served")
    server = warm.begin(["serve"], environment, [os.devnull, os.devnull, said], first=QUICKLY)
    site = Site(f"http://127.0.0.1:{port}", data)
    try:
        _wait_for(site, server, said)
        with closing(site):
            yield site
    finally:
        server.terminate()
        server.join(PATIENCE / 1000)
        assert server.exitcode is not None, "the server does not end"
    check_from_outside(data / "content.git")


def _wait_for(site: Site, server: BaseProcess, said: Path) -> None:
    until = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < until:
        assert server.is_alive(), f"the server ended: {said.read_text('utf-8')}"
        try:
            urllib.request.urlopen(f"{site.address}/-/health", timeout=10).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small wiki with five colleagues, in which one change came into force three weeks ago."""
    place = tmp_path_factory.mktemp("site")
    data = begin(place / "data", write_pages(write_pages(place / "pages"), {"working/tea.md": TEA}), POLICY)
    with open_world(data) as world:
        world.clock.at = time.time() - 21 * DAY
        text = "# Contracts\n\nTwo of the board sign a contract.\n"
        n = world.propose("dee", {"legal/contracts": text}, "Let two sign")
        world.clock.wait(2)
        world.endorse(n, "ana", "bob", "cyd")
    with serving(data) as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Chromium without a window."""
    if not Path(CHROMIUM).exists():
        pytest.fail("There is no Chromium: `make test` installs one, or set CHROMIUM to it.")
    be_patient()
    sync_api.expect.set_options(timeout=PATIENCE)
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *ONE_PROCESS])
        yield started
        started.close()


def _let_in(context: Any, site: Site, who: str) -> None:
    """Without filling in the form, which other tests do."""
    if who not in site.sessions:
        form = context.request.get("/-/sign-in").text()
        token = re.search('name="csrf_token" value="([^"]+)"', form)
        assert token
        typed = {"csrf_token": token[1], "email": f"{who}@example.com", "password": PASSWORD}
        assert context.request.post("/-/sign-in", form=typed).ok
        site.sessions[who] = context.cookies()
    context.add_cookies(site.sessions[who])


@dataclass
class Complaints:
    """What a browser complained about."""

    found: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def heard(self, said: sync_api.ConsoleMessage) -> None:
        """Keeps what was said as an error, and of which addresses."""
        if said.type == "error":
            self.found.append(said.text)
            self.addresses.append(said.location.get("url", ""))


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Fails the test where a page wrote an error to the console, or broke the content security policy."""
    seen = Complaints()
    yield seen
    assert seen.found == [], seen.addresses


@pytest.fixture
def window(browser: object, site: Site, complaints: Complaints) -> Iterator[Callable[..., object]]:
    """Opens a window of one's own: ``window(width, scripts=True, theme="light")``; with ``who`` of somebody who has
    signed in before."""
    used: list[tuple[bool, Device]] = []

    def open_window(width: int = 1280, *, scripts: bool = True, theme: str = "light", who: str = "") -> object:
        device = site.device(browser, scripts)
        used.append((scripts, device))
        if who:
            _let_in(device.context, site, who)
        page = device.context.new_page()
        page.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_default_timeout(PATIENCE)
        page.on("console", complaints.heard)
        page.on("pageerror", lambda error: complaints.found.append(str(error)))
        return page

    yield open_window
    for scripts, device in used:
        device.forget()
        site.idle[scripts].append(device)
