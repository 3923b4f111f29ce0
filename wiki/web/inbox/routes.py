"""The blueprint of the inbox, and its tabs."""

from __future__ import annotations

from flask import Blueprint, url_for

from wiki.web.say import _

blueprint = Blueprint("inbox", __name__)
Tab = tuple[str, str, str, int | None]


def tabs() -> list[Tab]:
    """Its pages: key, label, address, and no count."""
    return [
        ("new", _("New"), url_for("inbox.page"), None),
        ("earlier", _("Earlier"), url_for("inbox.earlier"), None),
        ("watching", _("What you watch"), url_for("inbox.watching"), None),
        ("settings", _("Mail"), url_for("inbox.settings"), None),
    ]
