"""For templates: ``lasting`` marks what stays as it is while something else on its page changes; it is made once.

    {% call lasting('text', page.name, page.text) %}…{% endcall %}

What is between must follow from the language, from what pages and people are called, and from what ``lasting`` is told,
and from nothing else of the request or of the session; where it asks who is reading, or when, it is made anew each
time. Within another such part, or one that is ``fixed``, it is a part of that. It is kept as long as a page is kept
that holds it, by all such pages together. What is costly there is best worked out there: a view that has done so
already saves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from weakref import WeakValueDictionary

from flask import Flask, current_app, request
from markupsafe import Markup

from wiki.web.kept.marking import is_token_to_come
from wiki.web.languages import language
from wiki.web.sharing import Piece, being_made, for_all, marked_lasting

_EXTENSION = "lasting parts"


def lasting(name: str, *about: Hashable, caller: Callable[[], Markup]) -> Markup:
    """What the template makes of such a part."""
    made = being_made()
    if made is None or made.within or made.within_lasting or is_token_to_come():
        return caller()
    parts: WeakValueDictionary[Hashable, Piece] = current_app.extensions[_EXTENSION]
    key = name, made.names, language(), request.script_root, *about
    piece = parts.get(key)
    if piece is None:
        words, same = for_all(made, caller)
        if not same:
            return words
        piece = parts[key] = Piece.of(words.encode())
    return marked_lasting(made, piece)


def install(app: Flask) -> None:
    """Give it to the templates, with nothing made yet."""
    app.extensions[_EXTENSION] = WeakValueDictionary()
    app.jinja_env.globals.update(lasting=lasting)
