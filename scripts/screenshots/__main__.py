"""Takes the pictures in docs/screens, with a page that shows them: `make screenshots`.

Each screen in a wide window and on a phone, light and dark. The clock of the wiki and of the browser stand still, so
that a picture changes only where the screen does.
"""

from __future__ import annotations

import argparse
import base64
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from scripts.screenshots.index import index_page
from scripts.screenshots.screens import SCREENS, Screen
from scripts.screenshots.site import HOST, NOW, Site, served

PLACE = Path(__file__).parents[2] / "docs" / "screens"
SIZES = {1280: 800, 390: 844}
THEMES = ("light", "dark")
QUALITY = 70


def main() -> None:
    """Take them all, or those that are named."""
    parser = argparse.ArgumentParser(prog="python -m scripts.screenshots", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *(screen.name for screen in SCREENS)], metavar="NAME")
    parser.add_argument("--to", type=Path, default=PLACE, help="the folder for the pictures (default: docs/screens)")
    parser.add_argument("--whole", action="store_true", help="PNG of whole pages, for looking closely")
    asked = parser.parse_args()
    chosen = [screen for screen in SCREENS if not asked.names or screen.name in asked.names]
    asked.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, served(Path(place) / "data") as site:
        take(site, chosen, asked.to, whole=asked.whole)
    if not asked.whole:
        (asked.to / "README.md").write_text(index_page(SCREENS), encoding="utf-8")
        total = sum(file.stat().st_size for file in asked.to.glob("*.webp"))
        print(f"{len(chosen)} screens; all pictures together {total / 1e6:.1f} MB.")


def take(site: Site, screens: Sequence[Screen], to: Path, *, whole: bool) -> None:
    """All pictures of these screens."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    arguments = [
        "--no-sandbox",
        "--hide-scrollbars",
        f"--host-resolver-rules=MAP {HOST} 127.0.0.1:{site.port}",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for width in SIZES:
            for theme in THEMES:
                _take_all(browser, site, screens, to, width, theme, whole=whole)
        browser.close()


def _take_all(
    browser: Browser, site: Site, screens: Sequence[Screen], to: Path, width: int, theme: str, *, whole: bool
) -> None:
    contexts: dict[tuple[str | None, str], BrowserContext] = {}
    for screen in screens:
        key = (screen.who, screen.language)
        if key not in contexts:
            contexts[key] = _window(browser, site, screen, width, theme)
        page = contexts[key].new_page()
        page.clock.set_fixed_time(NOW * 1000)
        page.goto(screen.address(site))
        if screen.prepare is not None:
            screen.prepare(page)
        _to_its_place(page, screen.at)
        name = f"{screen.name}-{width}-{theme}"
        if whole:
            page.screenshot(path=to / f"{name}.png", full_page=True)
        else:
            (to / f"{name}.webp").write_bytes(_webp(page))
        page.close()
    for context in contexts.values():
        context.close()


def _window(browser: Browser, site: Site, screen: Screen, width: int, theme: str) -> BrowserContext:
    """A window in which they are signed in who shall be. What is typed is not sent to the server as a draft, or the
    next window would offer it."""
    context = browser.new_context(
        base_url=f"http://{HOST}", viewport={"width": width, "height": SIZES[width]}, locale=screen.language,
        color_scheme=theme, timezone_id="UTC", reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(15_000)
    context.route("**/-/sketch**", lambda route: route.abort())
    if screen.who is not None:
        page = context.new_page()
        page.goto("/-/sign-in")
        page.locator("input[type=email]").fill(f"{screen.who}@example.com")
        page.locator("input[type=password]").fill(site.password)
        page.locator("main button").first.click()
        page.wait_for_url("**/")
        page.close()
    return context


def _to_its_place(page: Page, at: str) -> None:
    page.evaluate("() => document.fonts.ready.then(() => true)")
    page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0); }")
    if at:
        page.locator(at).first.evaluate("it => window.scrollTo(0, it.getBoundingClientRect().top + scrollY - 24)")


def _webp(page: Page) -> bytes:
    """What the window shows. Only the protocol below playwright knows WebP."""
    session = page.context.new_cdp_session(page)
    options = {"format": "webp", "quality": QUALITY, "captureBeyondViewport": False}
    return base64.b64decode(session.send("Page.captureScreenshot", options)["data"])


if __name__ == "__main__":
    main()
