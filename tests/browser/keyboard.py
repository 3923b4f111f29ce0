"""Somebody who has a keyboard and nothing else, and sees where they are."""

from __future__ import annotations

import re
from typing import Any

MOST_STOPS = 90
WHERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  const inside = (x, y) => {
    const seen = document.elementFromPoint(x, y);
    return seen !== null && (at.contains(seen) || seen.contains(at) && getComputedStyle(seen).position === "static");
  };
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  const points = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) =>
    [left + (right - left) * x, top + (bottom - top) * y]));
  const label = at.labels?.[0]?.textContent ?? "";
  return {
    tag: at.tagName.toLowerCase(), id: at.id, name: at.getAttribute("name") ?? "", classes: at.className,
    words: (at.getAttribute("aria-label") ?? (label || at.textContent)).trim().replace(/\\s+/g, " "),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    shown: right > left && bottom > top && points.some(([x, y]) => inside(x, y)),
  };
}"""


class Keyboard:
    """Keys and nothing else. After each that moves the focus, it must be seen where it is."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        """Into whatever has the focus."""
        self.page.keyboard.type(words)

    def at(self) -> dict[str, Any]:
        """What has the focus: its tag, id, name, classes and words."""
        return self.page.evaluate(WHERE) or {}

    def see(self) -> dict[str, Any]:
        """The same; fails where nobody could see it. The text of a page, where the first link leads, needs no ring."""
        at = self.at()
        assert at, f"nothing has the focus at {self.page.url}"
        assert at["shown"], f"the focus is hidden: {at}"
        assert at["ring"] or at["tag"] == "main", f"the focus has no ring: {at}"
        return at

    def tab_to(self, words: str, *, tag: str = "", key: str = "Tab") -> None:
        """Press Tab until the focus is on what is called like this."""
        stops = []
        for _ in range(MOST_STOPS):
            self.press(key)
            at = self.at()
            if not at:
                continue
            self.see()
            if at["words"].startswith(words) and tag in {"", at["tag"]}:
                return
            stops.append(at["words"][:30] or at["tag"])
        raise AssertionError(f"never reached by {key}: {words}; there were {stops}")

    def arrive(self, address: str | re.Pattern[str]) -> None:
        """Wait for the next page."""
        self.page.wait_for_url(address, wait_until="load")

    def lands_on(self, **what: str) -> None:
        """The focus is where it belongs, and seen: ``lands_on(id="decision")``. Classes are compared one by one."""
        self.page.wait_for_function("document.activeElement && document.activeElement !== document.body")
        at = self.see()
        for key, value in what.items():
            assert value in (at[key].split() if key == "classes" else [at[key]]), at
