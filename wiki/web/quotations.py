"""Quotation marks inside quotation marks are of the other kind: what says “a title” says “a title with ‘words’ in it”.

Which kinds a language has follows from the marks that the translated message puts around what fills it in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup

_INNER = {"“": "‘{}’", "„": "‚{}‘", "«": "“{}”", "「": "『{}』"}
_PLACE = re.compile(r"(?:([“„「])|(«)\s?)%\((\w+)\)s")
_QUOTATION = re.compile(r"“([^“”]*)”|„([^„“”]*)[“”]|«\s?([^«»]*?)\s?»|「([^「」]*)」")


def quoted_in(message: str, values: dict[str, object]) -> dict[str, object]:
    """The values that fill a message in; where it quotes one, the quotations in that are of the inner kind."""
    for key, inner in _places(message).items():
        value = values.get(key)
        if isinstance(value, str) and _QUOTATION.search(value) is not None:
            changed = _requoted(value, inner)
            values[key] = Markup(changed) if isinstance(value, Markup) else changed  # noqa: S704 - only marks differ
    return values


@lru_cache(maxsize=1024)
def _places(message: str) -> Mapping[str, str]:
    """What a message quotes, and how that is quoted inside of it."""
    return {found[3]: _INNER[found[1] or found[2]] for found in _PLACE.finditer(message)}


def _requoted(text: str, inner: str) -> str:
    return _QUOTATION.sub(lambda found: inner.format(found[1] or found[2] or found[3] or found[4] or ""), text)
