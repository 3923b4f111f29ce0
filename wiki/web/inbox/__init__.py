"""The inbox: what is told to somebody, what they watch, and how they want to be reached.

`sentences` says each notice in one sentence with a link that lands on it, here and in mail; `page` shows them,
`watching` and `settings` are what people choose, `unsubscribe` is where the links in mail lead.
"""

from __future__ import annotations

from wiki.web.inbox import page, settings, unsubscribe, watching
from wiki.web.inbox.routes import blueprint

__all__ = ["blueprint", "page", "settings", "unsubscribe", "watching"]
