"""What every template may use."""

from __future__ import annotations

from flask import Flask, request

from wiki.notify import Watched
from wiki.web.here import reader, the_wiki
from wiki.web.languages import chosen_language, direction_of, language, spoken_languages, writing_in, written_in
from wiki.web.looks import SLASH, SLASH_COOKIE, THEME_COOKIE, THEMES


def theme() -> str:
    """The theme that the reader chose."""
    chosen = request.cookies.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def slash() -> str:
    """Whether the key "/" leads to the search, as the reader chose. Who speaks to their computer may not want it."""
    chosen = request.cookies.get(SLASH_COOKIE, "on")
    return chosen if chosen in SLASH else "on"


def watched(kind: str, target: object) -> Watched | None:
    """Whether the person who is signed in watches this, or has muted it."""
    account = reader()
    return the_wiki().notify.watches.get(account.id, kind, str(target)) if account is not None else None


def install(app: Flask) -> None:
    """Put the globals into every template."""
    app.jinja_env.globals.update(written_in=written_in, writing_in=writing_in, watched=watched)

    @app.context_processor
    def _globals() -> dict[str, object]:
        settings = the_wiki().settings
        return {
            "site_name": settings.site_name,
            "demonstration": settings.demonstration,
            "members_only": settings.members_only,
            "theme": theme(),
            "slash": slash(),
            "lang": language(),
            "text_direction": direction_of(language()),
            "chosen_language": chosen_language(),
            "languages": spoken_languages(),
        }
