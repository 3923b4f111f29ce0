"""Attachments: pictures and documents beside pages.

`kinds` says by its bytes what a file is, `waiting` takes files that somebody sends with their text, `serving` gives
files out, and `shown` lets pages that are not in force yet show them.
"""

from __future__ import annotations

from wiki.web.attachments import serving, waiting
from wiki.web.attachments.routes import blueprint

__all__ = ["blueprint", "serving", "waiting"]
