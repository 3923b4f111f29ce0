"""The words of Flask-Babel, with types, and with numbers as the reader's language writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from babel import Locale
from flask import g
from flask_babel import LazyString, format_decimal, get_domain, get_locale, lazy_gettext
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from wiki.web.quotations import quoted_in


class _Spoken(NamedTuple):
    """The language that something is said in, and its messages."""

    locale: Locale | None
    messages: Any
    from_right_to_left: bool


def _spoken() -> _Spoken:
    """The reader's language. A page has a hundred messages, so it is looked up once for all that are in the same."""
    locale = get_locale()
    found: _Spoken | None = g.get("spoken") if locale is not None else None
    if found is None or found.locale is not locale:
        rightwards = locale is None or locale.text_direction == "ltr"
        found = _Spoken(locale, get_domain().get_translations(), not rightwards)
        if locale is not None:
            g.spoken = found
    return found


def _(message: str, **values: object) -> str:
    """The message in the reader's language."""
    spoken = _spoken()
    words = str(spoken.messages.ugettext(message))
    return words % _filling(spoken, words, values) if values else words


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The message for this number, in the reader's language."""
    spoken = _spoken()
    words = str(spoken.messages.ungettext(one, many, num))
    return words % {**_filling(spoken, words, values), "num": format_decimal(num)}


@pass_context
def gettext_in_templates(context: Context, message: str, **values: object) -> str:
    """The message in a template, where what is no markup is escaped."""
    spoken = _spoken()
    words = spoken.messages.ugettext(message)
    chosen: str = Markup(words) if context.eval_ctx.autoescape else words  # noqa: S704 - our own words
    return chosen % _filling(spoken, words, values) if values or "%" in words else chosen


@pass_context
def ngettext_in_templates(context: Context, one: str, many: str, num: int, **values: object) -> str:
    """The same in a template, where what is no markup is escaped."""
    spoken = _spoken()
    words = spoken.messages.ungettext(one, many, num)
    chosen: str = Markup(words) if context.eval_ctx.autoescape else words  # noqa: S704 - our own words
    return chosen % {**_filling(spoken, words, values), "num": format_decimal(num)}


def isolated(values: Mapping[str, object]) -> dict[str, object]:
    """What fills a message in. From right to left, names and paths are kept from mixing with the words around them;
    markup sees to itself."""
    return _isolated(_spoken(), values)


def _isolated(spoken: _Spoken, values: Mapping[str, object]) -> dict[str, object]:
    if not spoken.from_right_to_left:
        return dict(values)
    return {
        key: f"\u2068{value}\u2069" if isinstance(value, str) and not isinstance(value, Markup) else value
        for key, value in values.items()
    }


def _filling(spoken: _Spoken, words: str, values: Mapping[str, object]) -> dict[str, object]:
    """What fills in a message that is translated."""
    return quoted_in(words, _isolated(spoken, values))


def kept(text: str) -> str:
    """A message that becomes somebody's own words, such as a title to begin with: nothing invisible stays in git."""
    return text.replace("\u2068", "").replace("\u2069", "")


def _l(message: str) -> LazyString:
    """The message in the language of whoever reads it later."""
    return lazy_gettext(message)
