"""Signing in elsewhere: with OpenID Connect, or by a proxy in front that says who is there.

`routes` has the blueprint and what its views share; `views` lead to a provider and back, `arriving` asks what is to
become of somebody new, `ways` lists the ways into an account. `client` talks to a provider through `asking`, `tokens`
checks what it says, `begun` is what a browser keeps meanwhile. `header` believes a proxy.
"""

from wiki.web.sso import arriving, views, ways
from wiki.web.sso.header import install as believe_proxy
from wiki.web.sso.routes import blueprint, install

__all__ = ["arriving", "believe_proxy", "blueprint", "install", "views", "ways"]
