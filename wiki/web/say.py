"""The words of Flask-Babel, with types, and with numbers as the reader's language writes them."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, format_decimal, get_domain, get_locale, lazy_gettext
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from wiki.web.quotations import quoted_in


def _(message: str, **values: object) -> str:
    """The message in the reader's language."""
    words = str(get_domain().get_translations().ugettext(message))
    return words % _filling(words, values) if values else words


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The message for this number, in the reader's language."""
    words = _numbered(one, many, num)
    return words % {**_filling(words, values), "num": format_decimal(num)}


@pass_context
def gettext_in_templates(context: Context, message: str, **values: object) -> str:
    """The message in a template, where what is no markup is escaped."""
    words = get_domain().get_translations().ugettext(message)
    chosen: str = Markup(words) if context.eval_ctx.autoescape else words  # noqa: S704 - our own words
    return chosen % _filling(words, values)


@pass_context
def ngettext_in_templates(context: Context, one: str, many: str, num: int, **values: object) -> str:
    """The same in a template, where what is no markup is escaped."""
    words = _numbered(one, many, num)
    chosen: str = Markup(words) if context.eval_ctx.autoescape else words  # noqa: S704 - our own words
    return chosen % {**_filling(words, values), "num": format_decimal(num)}


def isolated(values: Mapping[str, object]) -> dict[str, object]:
    """What fills a message in. From right to left, names and paths are kept from mixing with the words around them;
    markup sees to itself."""
    locale = get_locale()
    if locale is None or locale.text_direction == "ltr":
        return dict(values)
    return {
        key: f"\u2068{value}\u2069" if isinstance(value, str) and not isinstance(value, Markup) else value
        for key, value in values.items()
    }


def _filling(words: str, values: Mapping[str, object]) -> dict[str, object]:
    """What fills in a message that is translated."""
    return quoted_in(words, isolated(values))


def kept(text: str) -> str:
    """A message that becomes somebody's own words, such as a title to begin with: nothing invisible stays in git."""
    return text.replace("\u2068", "").replace("\u2069", "")


def _numbered(one: str, many: str, num: int) -> str:
    return str(get_domain().get_translations().ungettext(one, many, num))


def _l(message: str) -> LazyString:
    """The message in the language of whoever reads it later."""
    return lazy_gettext(message)
