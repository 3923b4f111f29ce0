"""Whoever clicks or types waits until the page has read its scripts, as people do who look first.

Playwright takes a click on a link as done when the next page begins, so what is clicked or typed there next may come
before the scripts that listen for it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from playwright.sync_api import Keyboard, Locator, Page

DEEDS = ("check", "clear", "click", "fill", "focus", "press", "press_sequentially", "select_option", "set_input_files")


def be_patient() -> None:
    """From now on, for all pages of this process."""
    for name in DEEDS:
        setattr(Locator, name, _patient(getattr(Locator, name)))
    Page.keyboard = property(_patient_keyboard)  # type: ignore[assignment]


def _patient(deed: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(deed)
    def waiting(locator: Locator, *arguments: Any, **options: Any) -> Any:
        locator.page.wait_for_load_state("domcontentloaded")
        return deed(locator, *arguments, **options)

    return waiting


_keyboard: Callable[[Page], Keyboard] = Page.keyboard.fget  # type: ignore[attr-defined]


def _patient_keyboard(page: Page) -> Keyboard:
    page.wait_for_load_state("domcontentloaded")
    return _keyboard(page)
