"""What is about the site itself: its theme, its keys, its health."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request, session, url_for

from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.outbox import HOOK
from wiki.web.choices import remembered
from wiki.web.here import the_wiki
from wiki.web.looks import SLASH, SLASH_COOKIE, THEME_COOKIE, THEMES
from wiki.web.safety import csrf

blueprint = Blueprint("site", __name__)
DAY = 86400
ENDLESS = ("search", "compare", "history",
           "who", "growth", "changes", "feeds", "passage", "revision", "people", "verify",
           "remove", "drafts", "uploads", "act", "account", "api")  # fmt: skip
"""What begins the addresses of lists, differences and the past."""


@blueprint.post("/-/theme")
def theme() -> Response:
    """Choose light, dark or whatever the system has. Pages for readers without a session are the same for all,
    so their form has no token; what it sets is theirs alone, and other sites are refused before."""
    if session:
        csrf.protect()
    chosen = request.form.get("theme", "")
    if chosen not in THEMES:
        raise Refused(N_("There is no such theme."))
    return remembered(THEME_COOKIE, chosen)


csrf.exempt(theme)


@blueprint.post("/-/slash")
def slash() -> Response:
    """Choose whether the key "/" leads to the search. As with the theme, pages without a session have no token."""
    if session:
        csrf.protect()
    chosen = request.form.get("slash", "")
    if chosen not in SLASH:
        raise Refused(N_("The key can only be switched on or off."))
    return remembered(SLASH_COOKIE, chosen)


csrf.exempt(slash)


@blueprint.get("/-/health")
def health() -> Response:
    """Whether the wiki can read its guidelines and its index; and which hooks were given up within the last day."""
    wiki = the_wiki()
    wiki.repository.main()
    wiki.index.generation()
    lost = {one.recipient for one in wiki.outbox.lost(HOOK, wiki.now() - DAY)} if wiki.settings.hook else set()
    hosts = sorted({hook.host for hook in wiki.settings.hook if hook.id in lost})
    return Response("ok\n" + "".join(f"hook given up: {host}\n" for host in hosts), mimetype="text/plain")


@blueprint.get("/favicon.ico")
def icon() -> Response:
    """Browsers ask here whatever the page says."""
    return make_response(redirect(url_for("static", filename="icon.svg"), 301))


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Machines may read pages and what is proposed; what can be asked in endless ways is for people."""
    if the_wiki().settings.members_only:
        return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")
    rules = "".join(f"Disallow: /-/{place}\n" for place in ENDLESS)
    return Response(f"User-agent: *\n{rules}", mimetype="text/plain")
