"""The blueprint of one's own account, and what its pages share."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, url_for

from wiki.web.here import member, the_wiki
from wiki.web.say import _
from wiki.web.sso.routes import all_providers

blueprint = Blueprint("account", __name__)


def tabs() -> list[tuple[str, str, str, int | None]]:
    """The pages: key, label, address, how many."""
    wiki, account = the_wiki(), member()
    return [
        ("you", _("You"), url_for("account.you"), None),
        ("sessions", _("Signed in"), url_for("account.sessions"), len(wiki.sessions.of(account.id, wiki.now()))),
        ("tokens", _("Programs"), url_for("account.tokens"), len(wiki.tokens.of(account.id))),
        *([("ways", _("Ways to sign in"), url_for("sso.ways"), None)] if all_providers() else []),
        ("data", _("Your data"), url_for("account.data"), None),
    ]


def page(tab: str, status: int = 200, **values: object) -> Response:
    """One of the pages; nobody keeps a copy of it."""
    html = render_template(f"account/{tab}.html", tab=tab, tabs=tabs(), me=member(), **values)
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    return response
