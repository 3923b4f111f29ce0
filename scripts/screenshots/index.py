"""The page that shows the pictures."""

from __future__ import annotations

from collections.abc import Sequence

from scripts.screenshots.screens import Screen

_HEAD = """# Screens

The demonstration, in a wide window and on a phone. Readers in a dark theme see the dark pictures. `make screenshots`
takes them anew; please look at them before you commit them.
"""


def index_page(screens: Sequence[Screen]) -> str:
    """Markdown with every screen and a line about it."""
    return "\n".join([_HEAD, *map(_shown, screens)])


def _shown(screen: Screen) -> str:
    pictures = "\n".join(_picture(screen, width, shown) for width, shown in ((1280, 620), (390, 190)))
    return f"## {screen.title}\n\n{screen.about}\n\n<p>\n{pictures}\n</p>\n"


def _picture(screen: Screen, width: int, shown: int) -> str:
    name = f"{screen.name}-{width}"
    what = screen.title if width > 1000 else f"{screen.title}, on a phone"
    return (
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="{name}-dark.webp">'
        f'<img src="{name}-light.webp" alt="{what}" width="{shown}"></picture>'
    )
