"""Hostile texts in a real browser: nothing in them runs, even where no policy would stop it, and nothing leads out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.browser.conftest import PATIENCE
from tests.hostile import ALL_TEXTS
from tests.hostile.typed import type_everything
from tests.world import World, begin, open_world, write_pages
from wiki.markdown import render_fragment, render_page
from wiki.web.safety import CONTENT_SECURITY_POLICY

pytestmark = pytest.mark.browser
TRAP = """
  window.sprung = [];
  window.trap = (...what) => { sprung.push(String(what) || location.href); };
  addEventListener("securitypolicyviolation", (it) => sprung.push(`policy: ${it.blockedURI || it.sample}`));
  for (const each of ["alert", "open", "print"]) window[each] = () => sprung.push(each);
"""
LOOK = """() => {
  const found = [...sprung];
  const own = [typeof trap, typeof document.cookie, typeof document.getElementById, typeof document.forms].join();
  if (own !== "function,string,function,object" || !(document.body instanceof HTMLElement)
    || !(location instanceof Location))
    found.push("something of the page's own was replaced");
  for (const it of document.querySelectorAll("*")) {
    for (const { name } of it.attributes) if (/^on|^style$|^srcdoc$/i.test(name)) found.push(`${it.tagName} ${name}`);
    for (const kind of ["mouseover", "pointerenter", "focus", "error", "load", "toggle", "animationstart", "keydown"])
      it.dispatchEvent(new Event(kind));
  }
  for (const it of document.querySelectorAll("a[href], area[href]"))
    if (!["http:", "https:", "mailto:", "tel:"].includes(it.protocol)) found.push(`leads to ${it.protocol}`);
  for (const it of document.querySelectorAll("form"))
    if (new URL(it.getAttribute("action") || "/", location).origin !== location.origin) found.push("sends elsewhere");
  const foreign = "iframe, frame, object, embed, base, applet, portal, style, meta[http-equiv], "
    + "script:not([src^='/-/static/'])";
  for (const it of document.querySelectorAll(foreign)) found.push(it.tagName);
  return [...found, ...sprung.slice(found.length)];
}"""


@contextmanager
def served(world: World) -> Iterator[str]:
    """The wiki of a test on a port of loopback."""
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Walker:
    """A window with the trap in it, that notes what springs it and what it asks of other places."""

    def __init__(self, browser: Any, address: str, *, bypass: bool) -> None:
        self.address = address
        self.found: list[str] = []
        self.context = browser.new_context(base_url=address, bypass_csp=bypass, reduced_motion="reduce")
        self.context.add_init_script(TRAP)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", self._asked)
        self.page.on("dialog", lambda dialog: (self.found.append("a dialog"), dialog.dismiss()))

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.found.append(f"asked {request.url}")

    def look(self, address: str) -> None:
        """Open a page, and look at it."""
        self.page.goto(address, wait_until="load")
        self.found += [f"{address}: {each}" for each in self.page.evaluate(LOOK)]

    def show(self, bodies: list[str]) -> None:
        """Open a page of our own making, with the headers of the wiki."""
        html = "<!doctype html><title>Texts</title><main>" + "".join(f"<section>{each}</section>" for each in bodies)
        headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Content-Type": "text/html; charset=utf-8"}
        self.page.route("**/-/all-texts", lambda route: route.fulfill(body=html, headers=headers))
        self.look("/-/all-texts")
        self.page.unroute("**/-/all-texts")


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, list[str]]]:
    """A wiki into which everything was typed, and where it is shown."""
    place = tmp_path_factory.mktemp("typed")
    with open_world(begin(place / "data", write_pages(place / "pages"))) as world:
        yield world, type_everything(world)


@pytest.mark.parametrize("bypass", [False, True], ids=["policy", "no policy"])
def test_every_text_by_itself_does_nothing(browser: Any, typed: tuple[World, list[str]], bypass: bool) -> None:
    world, _addresses = typed
    shown = [render_page(text, "notes").html for text in ALL_TEXTS]
    shown += [render_fragment(text, f"act-{at}") for at, text in enumerate(ALL_TEXTS)]
    with served(world) as address:
        walker = Walker(browser, address, bypass=bypass)
        for at in range(0, len(shown), 150):
            walker.show(shown[at : at + 150])
        walker.context.close()
    assert walker.found == []


def test_no_page_that_shows_them_runs_any_of_them(browser: Any, typed: tuple[World, list[str]]) -> None:
    world, addresses = typed
    chosen = [*addresses[::4], *(each for each in addresses if each in {"/", "/-/proposals", "/-/contents"})]
    with served(world) as address:
        walker = Walker(browser, address, bypass=True)
        for each in chosen:
            walker.look(each)
        walker.context.close()
    assert walker.found == []
    assert len(chosen) > 30


@pytest.mark.parametrize(
    "bad", ["<img src=/x onerror=trap()>", "<svg onload=trap()>", "<a href=javascript:trap()>a</a>",
     "<iframe srcdoc=a></iframe>",
            "<img src=//evil.example/x>", "<form action=//evil.example></form>", "<form name=cookie></form>"]
)  # fmt: skip
def test_the_trap_can_spring(browser: Any, typed: tuple[World, list[str]], bad: str) -> None:
    world, _addresses = typed
    with served(world) as address:
        walker = Walker(browser, address, bypass=True)
        walker.page.route("**/evil.example/**", lambda route: route.abort())
        walker.show([bad])
        walker.context.close()
    assert walker.found
