"""For templates: ``fixed`` marks what looks the same on every page, so that it is made once.

    {% call(address) fixed('menu', address, theme, slash) %}…{% endcall %}

What is between must follow from the language and from what ``fixed`` is told besides the name. It may hold the token of
forms, and the address of the page that it stands on; nothing there may depend on who is reading.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable

from flask import Flask, current_app, request
from markupsafe import Markup, escape

from wiki.web.kept.marking import token_of_forms, token_to_come
from wiki.web.languages import language
from wiki.web.sharing import TOKEN

_EXTENSION = "fixed parts"
_MOST = 1_000
_ADDRESS = f"\x02{secrets.token_hex(12)}@\x03"
"""Stands for the address."""


def fixed(name: str, address: str, *about: Hashable, caller: Callable[[str], Markup]) -> Markup:
    """What the template makes of such a part, on the page at this address."""
    parts: dict[Hashable, Markup] = current_app.extensions[_EXTENSION]
    key = name, language(), request.script_root, *about
    made = parts.get(key)
    if made is None:
        if len(parts) >= _MOST:
            parts.clear()
        with token_to_come():
            made = parts[key] = caller(_ADDRESS)
    here = made.replace(_ADDRESS, escape(address))
    return here.replace(TOKEN, token_of_forms()) if TOKEN in here else here


def install(app: Flask) -> None:
    """Give it to the templates, with nothing made yet."""
    app.extensions[_EXTENSION] = {}
    app.jinja_env.globals.update(fixed=fixed)
