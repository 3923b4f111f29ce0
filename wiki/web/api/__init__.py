"""The interface for programs, described in docs/api.md: `pages`, `proposals` and `doing` read, `proposing` writes.
Cookies open nothing here that is not open to every reader; who writes shows a token."""

from wiki.web.api import doing, pages, proposals, proposing
from wiki.web.api.routes import blueprint

__all__ = ["blueprint", "doing", "pages", "proposals", "proposing"]
