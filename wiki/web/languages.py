"""Which language a reader meets: the one they chose, else the first of their browser that the wiki speaks."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from flask import Blueprint, Response, request, session
from flask_babel import get_locale
from markupsafe import Markup

from wiki.accounts import Account
from wiki.markdown import language_of
from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.web.choices import remember, remembered
from wiki.web.here import reader, the_wiki
from wiki.web.looks import AS_IN_BROWSER, LANGUAGE_COOKIE, language_for
from wiki.web.safety import csrf

blueprint = Blueprint("languages", __name__)


def chosen_language() -> str:
    """The language that the reader chose; `AS_IN_BROWSER` where they chose none that the wiki speaks."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in the_wiki().settings.languages else AS_IN_BROWSER


def best_language() -> str:
    """The language of this answer, for Flask-Babel."""
    chosen, header = request.cookies.get(LANGUAGE_COOKIE, ""), request.headers.get("Accept-Language", "")
    return language_for(the_wiki().settings.languages, chosen, header)


def language() -> str:
    """The tag of that language, as HTML wants it."""
    locale = get_locale()
    return _tag_of(locale) if locale is not None else best_language().replace("_", "-")


@lru_cache(maxsize=64)
def _tag_of(locale: Locale) -> str:
    return str(locale).replace("_", "-")


@lru_cache(maxsize=64)
def direction_of(tag: str) -> str:
    """``rtl`` for a language written from right to left, ``ltr`` for any other and for what is no language."""
    try:
        return str(Locale.parse(tag, sep="-").text_direction)
    except ValueError:
        return "ltr"


def spoken_languages() -> list[tuple[str, str]]:
    """The languages to choose from, each by its tag and its own name."""
    tags = the_wiki().settings.languages
    return [(tag, _own_name(tag)) for tag in tags] if len(tags) > 1 else []


@lru_cache(maxsize=64)
def _own_name(tag: str) -> str:
    name = Locale.parse(tag, sep="-").get_display_name() or tag
    return name[:1].upper() + name[1:]


def written_in(tag: str | None = None) -> Markup:
    """The attributes of an element that holds words of a page: their language, by its tag, and its direction. Nothing
    where that is the language of everything around it. Without a tag it is the language that pages are written in."""
    told = Markup()
    for name, value in writing_in(tag).items():
        told += Markup(' {}="{}"').format(name, value)
    return told


def writing_in(tag: str | None = None) -> dict[str, str]:
    """The same attributes by their names, for the field of a form."""
    tag = tag or the_wiki().settings.content_language
    return {} if tag == language() else {"lang": tag, "dir": direction_of(tag)}


def told_among(text: str) -> Markup:
    """The attributes of an element with words of ours among those of a page with this text; nothing where both are in
    one language."""
    tag = language_of(text) or the_wiki().settings.content_language
    own = language()
    return Markup() if tag == own else Markup(' lang="{}" dir="{}"').format(own, direction_of(own))


def in_its_language(shown: str, text: str) -> Markup:
    """What is shown of a page with this text, inside an element that is in the language of that page where it is not
    the one that pages are written in. It is safe HTML."""
    tag, html = language_of(text), Markup(shown)  # noqa: S704 - made safe by its maker
    if tag is None or tag == the_wiki().settings.content_language:
        return html
    return Markup('<div lang="{}" dir="{}">{}</div>').format(tag, direction_of(tag), html)


def recall(response: Response, account: Account) -> None:
    """On a device where somebody has just signed in: what they chose elsewhere, unless they chose something here."""
    if account.language and chosen_language() == AS_IN_BROWSER:
        remember(response, LANGUAGE_COOKIE, account.language)


@blueprint.post("/-/language")
def choose() -> Response:
    """Choose the language of the interface. As with the theme, pages without a session have a form without a token."""
    if session:
        csrf.protect()
    chosen = request.form.get("language", "")
    if chosen != AS_IN_BROWSER and chosen not in the_wiki().settings.languages:
        raise Refused(N_("This wiki does not speak that language yet."))
    account = reader()
    if account is not None:
        the_wiki().accounts.choose_language(account, None if chosen == AS_IN_BROWSER else chosen)
    return remembered(LANGUAGE_COOKIE, chosen)


csrf.exempt(choose)
