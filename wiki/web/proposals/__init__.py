"""Proposals: their lists, the page of one, and everything that can be done with it.

`page` puts the page together from `files`, `talk`, `story`, `suggestions` and the box; `acts` are the buttons under the
difference; `lists`, `versions` and `beginnings` (undoing, adopting) have pages of their own.
"""

from __future__ import annotations

from wiki.web.proposals import acts, beginnings, lists, page, suggestions, versions
from wiki.web.proposals.routes import blueprint

__all__ = ["acts", "beginnings", "blueprint", "lists", "page", "suggestions", "versions"]
