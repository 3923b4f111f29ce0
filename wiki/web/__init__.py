"""The web: thin blueprints, one per subject. A view reads the request, calls one thing, and renders.

`install` gives an application its parts; nothing below this room knows Flask.
"""

from __future__ import annotations

from flask import Flask

from wiki.assembly import Wiki
from wiki.web import (
    account,
    administration,
    api,
    asking,
    attachments,
    authorship,
    better_words,
    book,
    broken_links,
    checking,
    components,
    doing,
    drafts,
    editor,
    errors,
    feeds,
    globals_,
    history,
    inbox,
    joining,
    kept,
    languages,
    limits,
    naming,
    operating,
    pages,
    passages,
    people,
    policy,
    programs,
    proposals,
    quotas,
    reading,
    reconcile,
    safety,
    search,
    signin,
    site,
    sso,
    static_files,
    suggesting,
    waiting,
    who_may_read,
    words,
)


def install(app: Flask, wiki: Wiki) -> None:
    """Everything a person or a browser meets."""
    attach(app, wiki)
    words.install(app)
    naming.install(app)
    sso.believe_proxy(app)
    safety.install(app)
    static_files.install(app)
    signin.install(app)
    programs.install(app)
    who_may_read.install(app)
    sso.install(app)
    globals_.install(app)
    kept.marking.install(app)
    joining.install(app)
    quotas.install(app)
    errors.install(app)
    for blueprint in (
        site.blueprint,
        operating.blueprint,
        languages.blueprint,
        signin.blueprint,
        joining.blueprint,
        administration.blueprint,
        account.blueprint,
        api.blueprint,
        sso.blueprint,
        editor.blueprint,
        attachments.blueprint,
        drafts.blueprint,
        suggesting.blueprint,
        proposals.blueprint,
        asking.blueprint,
        waiting.blueprint,
        reconcile.blueprint,
        history.blueprint,
        book.blueprint,
        broken_links.blueprint,
        doing.blueprint,
        authorship.blueprint,
        passages.blueprint,
        better_words.blueprint,
        people.blueprint,
        reading.blueprint,
        inbox.blueprint,
        feeds.blueprint,
        search.blueprint,
        policy.blueprint,
        checking.blueprint,
        components.blueprint,
        pages.blueprint,
    ):
        app.register_blueprint(blueprint)


def attach(app: Flask, wiki: Wiki) -> None:
    """Serve this wiki from now on, and remember nothing of another."""
    app.extensions["wiki"] = wiki
    limits.install(app, wiki.settings.redis_url)
    kept.install(app)
    sso.attach(app)
    policy.attach(app)
    doing.attach(app)
    inbox.attach(app, wiki)
