"""What it means that only the day of the next look changes, in words."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import format_timedelta

from wiki.together import confirmed_until
from wiki.web.calendar import today
from wiki.web.say import _
from wiki.web.words import long_date


def confirmation(before: str | None, after: str | None) -> str | None:
    """What a change says that only moves the day of the next look; None for any other."""
    until = confirmed_until(before, after) if before is not None and after is not None else None
    if until is None:
        return None
    return _("Confirms that this page is still right until %(day)s. Not a word of it changes.", day=long_date(until))


def how_far(day: date) -> str:
    """How long a day has passed, or how soon it comes."""
    days = (day - today()).days
    if days == 0:
        return _("today")
    span = format_timedelta(timedelta(days=abs(days)), threshold=2)
    return _("%(span)s overdue", span=span) if days < 0 else _("in %(span)s", span=span)
