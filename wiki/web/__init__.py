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
    home,
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
    still_right,
    suggesting,
    titles,
    waiting,
    who_may_read,
    words,
)

SUBJECTS = (
    site, operating, languages, signin, joining, administration, account, api, sso, editor, attachments, drafts,
    suggesting, proposals, asking, waiting, reconcile, history, book, broken_links, doing, authorship, passages,
    still_right, better_words, people, reading, inbox, feeds, search, policy, checking, components, pages,
)  # fmt: skip
"""What has a blueprint. Pages own all addresses that nobody else has, so they come last."""


def install(app: Flask, wiki: Wiki) -> None:
    """Everything a person or a browser meets."""
    attach(app, wiki)
    words.install(app)
    naming.install(app)
    titles.install(app)
    home.install(app)
    sso.believe_proxy(app)
    safety.install(app)
    static_files.install(app)
    signin.install(app)
    programs.install(app)
    who_may_read.install(app)
    sso.install(app)
    globals_.install(app)
    kept.marking.install(app)
    kept.fixed.install(app)
    kept.lasting.install(app)
    joining.install(app)
    quotas.install(app)
    errors.install(app)
    for subject in SUBJECTS:
        app.register_blueprint(subject.blueprint)


def attach(app: Flask, wiki: Wiki) -> None:
    """Serve this wiki from now on, and remember nothing of another."""
    app.extensions["wiki"] = wiki
    limits.install(app, wiki.settings.redis_url)
    kept.install(app)
    sso.attach(app)
    policy.attach(app)
    doing.attach(app)
    inbox.attach(app, wiki)
