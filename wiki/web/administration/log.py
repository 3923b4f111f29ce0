"""What administrators did, for all administrators to see."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, make_response, render_template, url_for
from markupsafe import Markup

from wiki.accounts.administration_log import Deed, LogRow, recent_deeds
from wiki.web.administration.routes import blueprint
from wiki.web.administration.tabs import administration_tabs
from wiki.web.crumbs import Pager
from wiki.web.here import number, the_wiki
from wiki.web.say import _
from wiki.web.words import with_markup

PER_PAGE = 50


@blueprint.get("/-/administration/log")
def log() -> Response:
    """The latest deeds, older ones page by page."""
    before = number("before")
    rows = recent_deeds(the_wiki().accounts, before, PER_PAGE + 1)
    older = url_for("administration.log", before=rows[PER_PAGE - 1].id) if len(rows) > PER_PAGE else None
    newer = url_for("administration.log") if before is not None else None
    html = render_template(
        "administration_log.html",
        rows=[(row.at, in_words(row)) for row in rows[:PER_PAGE]],
        pager=Pager(newer, older),
        tabs=administration_tabs(),
    )
    return make_response(html)


def in_words(row: LogRow) -> Markup:
    """A deed as a sentence, with names set apart from it."""
    who = row.who or _("Somebody on the command line")
    template = _templates()[row.deed]() if row.whom or row.deed is not Deed.REVOKED else _("%(who)s took back a link")
    return with_markup(template, who=_apart(who), whom=_apart(row.whom))


def _templates() -> dict[Deed, Callable[[], str]]:
    return {
        Deed.ADDED: lambda: _("%(who)s made an account for %(whom)s"),
        Deed.INVITED: lambda: _("%(who)s invited %(whom)s"),
        Deed.OPENED: lambda: _("%(who)s made a link for new people"),
        Deed.REVOKED: lambda: _("%(who)s took back the invitation of %(whom)s"),
        Deed.DEACTIVATED: lambda: _("%(who)s deactivated %(whom)s"),
        Deed.REACTIVATED: lambda: _("%(who)s let %(whom)s back in"),
        Deed.MADE_ADMINISTRATOR: lambda: _("%(who)s made %(whom)s an administrator"),
        Deed.UNMADE_ADMINISTRATOR: lambda: _("%(who)s made %(whom)s an administrator no longer"),
        Deed.SENT_LINK: lambda: _("%(who)s sent %(whom)s a link to a new password"),
        Deed.ASKED_TO_VERIFY: lambda: _("%(who)s asked for a check of everything in force"),
    }


def _apart(name: str) -> Markup:
    """A name in its own direction; `format` escapes it."""
    return Markup("<bdi>{}</bdi>").format(name)
