"""The words of Flask-Babel, with types."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _gettext
from flask_babel import ngettext as _ngettext


def _(message: str, **values: object) -> str:
    """The message in the reader's language."""
    return str(_gettext(message, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The message for this number, in the reader's language."""
    return str(_ngettext(one, many, num, **values))


def _l(message: str) -> LazyString:
    """The message in the language of whoever reads it later."""
    return lazy_gettext(message)
