"""Lengths of time as they passed, in words: “2 days 4 hours”."""

from __future__ import annotations

from wiki.web.say import _, ngettext

MINUTE, HOUR, DAY = 60, 3600, 86400


def span(seconds: int) -> str:
    """In the two largest units that matter, rounded up, so that “within” is true of it."""
    if seconds <= MINUTE:
        return _("a minute")
    if seconds <= 59 * MINUTE:
        return _minutes(-(-seconds // MINUTE))
    if seconds <= 23 * HOUR:
        return _hours(-(-seconds // HOUR))
    if seconds > 7 * DAY - HOUR:
        return _days(-(-seconds // DAY))
    days, hours = divmod(-(-seconds // HOUR), 24)
    return _("%(days)s %(hours)s", days=_days(days), hours=_hours(hours)) if hours else _days(days)


def _minutes(number: int) -> str:
    return ngettext("%(num)s minute", "%(num)s minutes", number)


def _hours(number: int) -> str:
    return ngettext("%(num)s hour", "%(num)s hours", number)


def _days(number: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", number)
