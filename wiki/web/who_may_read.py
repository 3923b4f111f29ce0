"""Who may read: everybody, or only those who have an account (the setting ``reading``).

Where only members may, everything is closed but what is named here, so that what is added later is closed as well.
"""

from __future__ import annotations

from flask import Flask, Response, abort, request

from wiki.web.here import reader, the_wiki
from wiki.web.operating import PROBES
from wiki.web.programs import program, token_wanted
from wiki.web.say import _

OPEN = frozenset({
    "static", "site.health", "site.icon", "site.robots", "site.theme", "site.slash", "languages.choose",
    "inbox.unsubscribe", *PROBES,
})  # fmt: skip
"""Views that show nothing of the guidelines."""
OPEN_BLUEPRINTS = frozenset({"signin", "joining", "sso"})
"""Ways in."""
_FOR_PROGRAMS = ("/-/feeds/", "/-/guidelines.git", "/-/api/")


def install(app: Flask) -> None:
    """Ask before every view, and let nobody on the way keep what only members may see."""
    app.before_request(_ask)
    app.after_request(_keep_private)


def _is_open() -> bool:
    return request.endpoint in OPEN or request.blueprint in OPEN_BLUEPRINTS


def _ask() -> None:
    """401 for strangers: people are led to the sign-in, programs are asked for a token."""
    if not the_wiki().settings.members_only or _is_open() or reader() is not None or program() is not None:
        return
    if request.path.startswith(_FOR_PROGRAMS):
        abort(token_wanted(_("Only members can read here. Send a token of yours as the password.")))
    abort(401)


def _keep_private(response: Response) -> Response:
    if the_wiki().settings.members_only and not _is_open():
        said = response.headers.get("Cache-Control", "")
        if "no-store" not in said and "private" not in said:
            kept = said.replace("public", "").strip(", ")
            response.headers["Cache-Control"] = f"private, {kept}" if kept else "private, no-cache"
    return response
