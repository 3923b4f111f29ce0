"""Signing in elsewhere: with OpenID Connect, or by a proxy in front that says who is there.

`routes` has the blueprint and what its views share; `views` lead to a provider and back, `arriving` asks what is to
become of somebody new, `ways` lists the ways into an account. `client` talks to a provider through `asking`, `tokens`
checks what it says, `begun` is what a browser keeps meanwhile. `header` believes a proxy,
`groups` shows what providers say of groups.
"""

from flask import Flask

from wiki.web.sso import arriving, groups, routes, views, ways
from wiki.web.sso.header import install as believe_proxy
from wiki.web.sso.routes import attach, blueprint

__all__ = ["arriving", "attach", "believe_proxy", "blueprint", "groups", "install", "views", "ways"]


def install(app: Flask) -> None:
    """Know the providers of the settings, and what templates say of them."""
    routes.install(app)
    app.jinja_env.globals.update(told_groups=groups.told_groups, trusted_for_groups=groups.trusted_for_groups)
