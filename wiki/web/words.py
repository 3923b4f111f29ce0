"""Words on the screen: sentences of the model translated, moments and durations in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from flask_babel import format_date, format_datetime, format_timedelta, get_locale
from markupsafe import Markup, escape

from wiki.addresses import page_address
from wiki.model.words import Sentence
from wiki.web.here import the_wiki
from wiki.web.say import _, ngettext

HOUR, DAY, WEEK = 3600, 86400, 604800


def translate(sentence: Sentence) -> str:
    """The sentence in the reader's language, and those inside it too."""
    values = {
        key: translate(value) if isinstance(value, Sentence) else value
        for key, value in sentence.values.items()
        if key != "num"
    }
    if sentence.plural is not None:
        num = int(str(sentence.values["num"]))
        return ngettext(sentence.template, sentence.plural, num, **values)
    return _(sentence.template, **values)


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
    when = datetime.fromtimestamp(at, UTC)
    return str(format_datetime(when, "d MMMM y, HH:mm"))


def moment_html(at: int) -> Markup:
    """The moment as HTML that a script can rewrite in the reader's own zone."""
    return Markup('<time datetime="{}" data-moment>{} UTC</time>').format(iso(at), moment(at))


def with_markup(template: str, **values: object) -> Markup:
    """A translated template filled with values, each escaped unless it is markup."""
    return escape(template) % {key: escape(value) for key, value in values.items()}


def day(at: int) -> str:
    """``12 May 2026``."""
    return str(format_date(datetime.fromtimestamp(at, UTC).date(), "d MMMM y"))


def iso(at: int) -> str:
    """``2026-05-12T14:10:00Z``."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ago(at: int) -> str:
    """``3 hours ago``."""
    past = datetime.now(UTC) - datetime.fromtimestamp(at, UTC)
    if abs(past) < timedelta(minutes=1):
        return _("just now")
    return str(format_timedelta(-past, add_direction=True, threshold=1.1))


def language() -> str:
    """The language tag of the page."""
    languages = the_wiki().settings.languages
    return languages[0] if len(languages) == 1 else str(get_locale() or languages[0]).replace("_", "-")


def install(app: Flask) -> None:
    """Give the filters to the templates."""
    app.jinja_env.filters.update(
        moment=moment, day=day, iso=iso, ago=ago, page_url=page_address, duration=duration, sentence=translate
    )
