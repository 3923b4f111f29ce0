"""For templates: ``mine`` marks what stands on a page for its reader alone, with what they have there.

    {% call(count) mine('inbox') %}…{% endcall %}

What is between must follow from the value alone (and from what ``mine`` is told besides the name).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, g
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from wiki.web.here import member, the_wiki
from wiki.web.kept.own import ForOnce, value_of
from wiki.web.sharing import TOKEN, Place, asked_who, being_made, marked, within_a_place


class _Whoever:
    """Who is signed in, for templates. To ask for more than whether somebody is, is to ask who is reading; in a part
    that lasts, to ask that is, too."""

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is signed in."""
        made = being_made()
        if made is not None and made.within_lasting:
            asked_who()
        return bool(current_user.is_authenticated)

    def __getattr__(self, name: str) -> Any:
        asked_who()
        return getattr(current_user, name)


def mine(name: str, *about: Hashable, caller: Callable[[object], Markup]) -> Markup:
    """What the template makes of what its reader has in such a place."""
    made, place = being_made(), Place(name, about)
    if made is None or made.within or made.within_lasting:
        return caller(_plain(value_of(the_wiki(), member(), name, about)))
    with within_a_place(made):
        if made.value is None:
            return caller(_plain(value_of(the_wiki(), member(), name, about)))
        value = made.value(place)
        words = caller(_plain(value))
    return marked(made, place, value, words)


def token_of_forms() -> str:
    """The token of forms; what stands for it while something is made that may be kept."""
    token = str(generate_csrf())
    return TOKEN if being_made() is not None or is_token_to_come() else token


def is_token_to_come() -> bool:
    """Whether something is being made that is the same on every page."""
    return bool(g.get("token_to_come", False))


@contextmanager
def token_to_come() -> Iterator[None]:
    """Until this ends, the token of forms is put in later."""
    before, g.token_to_come = g.get("token_to_come", False), True
    try:
        yield
    finally:
        g.token_to_come = before


def _plain(value: object) -> object:
    return value.value if isinstance(value, ForOnce) else value


def install(app: Flask) -> None:
    """Give these to the templates."""
    app.jinja_env.globals.update(mine=mine, csrf_token=token_of_forms)
    app.context_processor(lambda: {"current_user": _Whoever(), "csrf_token": token_of_forms})
