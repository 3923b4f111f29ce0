"""403 for somebody who is signed in, but may not do this."""

from __future__ import annotations

from flask import Response, url_for

from wiki.web.errors import error_page
from wiki.web.say import _


def not_allowed(why: str) -> Response:
    """The page that says so."""
    return error_page(403, _("Not allowed"), why, [(_("Go to the contents"), url_for("pages.contents"))])
