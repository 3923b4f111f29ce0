"""The interface for programs, described in docs/api.md: `pages` and `proposals` read, `proposing` writes. Cookies open
nothing here that is not open to every reader; who writes shows a token."""

from wiki.web.api import pages, proposals, proposing
from wiki.web.api.routes import blueprint

__all__ = ["blueprint", "pages", "proposals", "proposing"]
