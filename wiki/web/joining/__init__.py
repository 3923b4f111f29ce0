"""Coming in: being invited, joining with an address of a named domain, and a password that was forgotten.

`join`, `forgotten` and `invited` are for people who are not signed in yet, `inviting` for those who let others in.
"""

from __future__ import annotations

from wiki.web.joining import forgotten, invited, inviting, join
from wiki.web.joining.routes import blueprint, install

__all__ = ["blueprint", "forgotten", "install", "invited", "inviting", "join"]
