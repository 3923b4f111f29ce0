"""Concord: guidelines that everyone may change and colleagues bring into force.

`create_app` is the only place where the parts are put together for the web.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from wiki.assembly import Wiki
    from wiki.settings import Settings

__version__ = "0.1.0"


def create_app(settings: Settings | None = None, wiki: Wiki | None = None) -> Flask:
    """The WSGI application. Settings come from the environment where none are given."""
    from flask_babel import Babel

    from wiki import logs, places, web
    from wiki.assembly import open_wiki, start
    from wiki.settings import Settings as Loaded
    from wiki.web.application import Concord
    from wiki.web.compiled import KeptBeside
    from wiki.web.door import Door
    from wiki.web.kept import Front, kept_pages
    from wiki.web.languages import best_language
    from wiki.web.proxies import TrustedProxies

    if settings is None and wiki is None:  # a process of its own
        settings = Loaded.load(os.environ)
        logs.configure(settings.log_format, access=settings.log_access)
    settings = settings or wiki.settings  # type: ignore[union-attr]
    app = Concord(
        "wiki",
        template_folder=str(places.templates()),
        static_folder=str(places.static()),
        static_url_path="/-/static",
    )
    app.config.from_mapping(_configuration(settings))
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    Babel(app, default_translation_directories=str(places.translations()), locale_selector=best_language)
    app.jinja_env.bytecode_cache = KeptBeside(places.templates(), app.jinja_env)
    if wiki is None:
        wiki = open_wiki(settings)
        start(wiki)
    web.install(app, wiki)
    app.wsgi_app = Front(app.wsgi_app, partial(kept_pages, app))  # type: ignore[method-assign]
    app.wsgi_app = Door(app.wsgi_app, settings.hosts)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        headers = settings.proxy_user_header, settings.proxy_name_header
        app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies, *headers)  # type: ignore[method-assign]
    web.operating.install(app, settings)
    return app


def _configuration(settings: Settings) -> Mapping[str, object]:
    from wiki.web.sessions import SESSION_COOKIE

    return {
        "SECRET_KEY": settings.session_secret(),
        "SESSION_COOKIE_NAME": SESSION_COOKIE,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=settings.session_days),
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": 4 * settings.max_page_bytes,
        "MAX_FORM_MEMORY_SIZE": 4 * settings.max_page_bytes,
        "MAX_FORM_PARTS": 200,
        "BABEL_DEFAULT_LOCALE": settings.languages[0],
        "BABEL_DEFAULT_TIMEZONE": "UTC",
        "TEMPLATES_AUTO_RELOAD": False,
    }
