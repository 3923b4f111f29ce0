"""The inbox: what is told to somebody, what they watch, and how they want to be reached.

`sentences` says each notice in one sentence with a link that lands on it, here and in mail; `page` shows them,
`watching` and `settings` are what people choose, `letters` is how it is told by mail, and `unsubscribe` is where the
links in mail lead that end it.
"""

from __future__ import annotations

from flask import Flask

from wiki.assembly import Wiki
from wiki.web.inbox import page, settings, unsubscribe, watching
from wiki.web.inbox.letters import Letters, in_our_language
from wiki.web.inbox.routes import blueprint

__all__ = ["attach", "blueprint", "page", "settings", "unsubscribe", "watching"]


def attach(app: Flask, wiki: Wiki) -> None:
    """Let this application write the letters of its wiki, and what other programs are told in words."""
    wiki.notify.posting.writer = Letters(app)
    wiki.notify.hooks.words = in_our_language(app)
