"""Administration: people, settings, health, and the log of what administrators did.

Nothing here has any power over a text: no view calls the service that writes guidelines. What shows in git is one
thing: the voices of somebody who was deactivated are taken back.
"""

from __future__ import annotations

from wiki.web.administration import health, log, people, settings
from wiki.web.administration.routes import blueprint

__all__ = ["blueprint", "health", "log", "people", "settings"]
