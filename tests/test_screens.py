"""The pictures of the screens: each is shown on their page, and together they stay small."""

from __future__ import annotations

import re
from pathlib import Path

from scripts.screenshots.__main__ import SIZES, THEMES
from scripts.screenshots.index import index_page
from scripts.screenshots.screens import SCREENS

PLACE = Path(__file__).parent.parent / "docs" / "screens"
PICTURES = {path.name for path in PLACE.glob("*.webp")}


def test_there_is_a_picture_of_every_screen_in_every_size_and_theme() -> None:
    wanted = {f"{screen.name}-{width}-{theme}.webp" for screen in SCREENS for width in SIZES for theme in THEMES}
    assert wanted == PICTURES


def test_the_page_shows_them_all() -> None:
    page = (PLACE / "README.md").read_text(encoding="utf-8")
    assert page == index_page(SCREENS)
    assert set(re.findall(r'(?:src|srcset)="([^"]+)"', page)) == PICTURES


def test_together_they_are_small() -> None:
    assert sum(path.stat().st_size for path in PLACE.glob("*.webp")) < 3_500_000
