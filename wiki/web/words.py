"""Words on the screen: sentences of the model translated, moments and durations in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from babel import Locale
from babel.dates import format_date, format_skeleton, get_datetime_format
from babel.lists import format_list
from babel.numbers import format_percent
from babel.units import format_unit
from flask import Flask
from flask_babel import format_decimal, format_timedelta, get_locale
from markupsafe import Markup, escape

from wiki.addresses import page_address
from wiki.model.words import Sentence, Size
from wiki.web.here import the_wiki
from wiki.web.say import _, gettext_in_templates, ngettext, ngettext_in_templates
from wiki.web.sharing import asked_when

HOUR, DAY, WEEK = 3600, 86400, 604800
_NEXT_UNIT = 0.979
"""From this share of a unit on it is told in that unit: never "24 hours" nor "60 minutes"."""


def translate(sentence: Sentence) -> str:
    """The sentence in the reader's language, and those inside it too."""
    values = {key: _in_words(value) for key, value in sentence.values.items() if key != "num"}
    if sentence.plural is not None:
        num = int(str(sentence.values["num"]))
        return ngettext(sentence.template, sentence.plural, num, **values)
    return _(sentence.template, **values)


def _in_words(value: object) -> object:
    if isinstance(value, Sentence):
        return translate(value)
    return size(value) if isinstance(value, Size) else value


def size(what: Size) -> str:
    """``5 MB``, ``5 Mo``."""
    large = what.megabytes
    unit, number = ("digital-megabyte", large) if large is not None else ("digital-kilobyte", what.kilobytes)
    return str(format_unit(number, unit, length="short", locale=_locale()))


def sentence_case(text: str) -> str:
    """With a capital at the beginning."""
    return text[:1].upper() + text[1:]


def duration(seconds: int) -> str:
    """``3 days``, ``36 hours``: in the largest unit that divides it."""
    if seconds == 0:
        return _("no waiting")
    if seconds % WEEK == 0:
        return ngettext("%(num)s week", "%(num)s weeks", seconds // WEEK)
    if seconds % DAY == 0:
        return ngettext("%(num)s day", "%(num)s days", seconds // DAY)
    return ngettext("%(num)s hour", "%(num)s hours", seconds // HOUR)


def moment(at: int) -> str:
    """``12 May 2026, 14:10``, in UTC; a script rewrites it in the reader's own zone."""
    when, locale = datetime.fromtimestamp(at, UTC), _locale()
    day_and_time = str(get_datetime_format("medium", locale=locale))
    return day_and_time.replace("{1}", long_date(when.date())).replace("{0}", f"{when:%H:%M}")


def moment_html(at: int) -> Markup:
    """The moment as HTML that a script can rewrite in the reader's own zone."""
    return Markup('<time datetime="{}" data-moment>{} UTC</time>').format(iso(at), moment(at))


def with_markup(template: str, **values: object) -> Markup:
    """A translated template filled with values, each escaped unless it is markup."""
    return escape(template) % {key: escape(value) for key, value in values.items()}


def day(at: int) -> str:
    """``12 May 2026``."""
    return long_date(datetime.fromtimestamp(at, UTC).date())


def long_date(when: date) -> str:
    """The day as the reader's language writes it in full."""
    return str(format_date(when, "long", locale=_locale()))


def month_of(when: date) -> str:
    """``May 2026``."""
    return str(format_skeleton("yMMMM", datetime(when.year, when.month, 1, tzinfo=UTC), locale=_locale()))


def month(day: str) -> str:
    """``May 2026``, of an ISO date."""
    return month_of(date.fromisoformat(day))


def listed(items: Sequence[str]) -> str:
    """``one, two and three``."""
    return str(format_list(list(items), locale=_locale()))


def comma() -> str:
    """What stands between the items of a list that goes on."""
    return str(_locale().list_patterns["standard"]["start"].format("", ""))


def percent(share: float) -> str:
    """``35%``, of a share out of a hundred. What is little is not told as nothing, nor what is not all as all."""
    whole, locale = round(share), _locale()
    if whole == share or 0 < whole < 100:
        return str(format_percent(whole / 100, locale=locale))
    tenths = min(max(round(share, 1), 0.1), 99.9)
    pattern = "0.0".join(locale.percent_formats[None].pattern.rsplit("0", 1))
    return str(format_percent(tenths / 100, format=pattern, locale=locale))


def _locale() -> Locale:
    """English as most of the world writes its dates: the day before the month."""
    locale = get_locale() or Locale("en")
    return Locale("en", "GB") if str(locale) == "en" else locale


def iso(at: int) -> str:
    """``2026-05-12T14:10:00Z``."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ago(at: int) -> str:
    """``3 hours ago``."""
    asked_when()
    past = timedelta(seconds=the_wiki().now() - at)
    if abs(past) < timedelta(minutes=1):
        return _("just now")
    return str(format_timedelta(-past, add_direction=True, threshold=_NEXT_UNIT))


def install(app: Flask) -> None:
    """Give the filters to the templates."""
    app.jinja_env.globals.update(
        _=gettext_in_templates, gettext=gettext_in_templates, ngettext=ngettext_in_templates, comma=comma
    )
    app.jinja_env.filters.update(
        number=format_decimal,
        listed=listed,
        percent=percent,
        moment=moment,
        day=day,
        month=month,
        iso=iso,
        ago=ago,
        page_url=page_address,
        duration=duration,
        sentence=translate,
        size=size,
    )
