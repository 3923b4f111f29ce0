"""The parts of administration."""

from __future__ import annotations

from flask import url_for

from wiki.web.say import _

Tab = tuple[str, str, str, int | None]


def administration_tabs() -> list[Tab]:
    """Key, label, address, and no count."""
    labels = {
        "people": (_("People"), "administration.people"),
        "invitations": (_("Invitations"), "joining.invitations"),
        "settings": (_("Settings"), "administration.settings"),
        "health": (_("Health"), "administration.health"),
        "log": (_("Log"), "administration.log"),
    }
    return [(key, label, url_for(endpoint), None) for key, (label, endpoint) in labels.items()]
