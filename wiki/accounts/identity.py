"""Names and e-mail addresses of people: which can be used, and which are the same."""

from __future__ import annotations

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from wiki.model.acts import Person, clean_person, one_line
from wiki.model.errors import Refused
from wiki.model.words import N_

MAX_NAME = 100
MAX_EMAIL = 320
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")


def check_name(name: str) -> str:
    """A display name on one line; `Refused` where git or people could not read it."""
    if any(_is_invisible(char) for char in name.strip()) or "<" in name or ">" in name:
        raise Refused(N_("A name is written on one line, without < or > and without invisible characters."))
    cleaned = one_line(name)
    if not cleaned or len(cleaned) > MAX_NAME or not cleaned.strip(" .,:;'\"\\"):
        raise Refused(N_("Please give a name of 1 to %(most)s characters."), most=MAX_NAME)
    return clean_person(Person(cleaned, "somebody@example.com")).name


def _is_invisible(char: str) -> bool:
    """Whether a name with this character looks like one without it, or like none."""
    return unicodedata.category(char) in _INVISIBLE or _BLANK.match(char) is not None


def name_key(name: str) -> str:
    """Two names with the same key look the same."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def check_email(email: str) -> str:
    """An address as it is kept, however it was typed; `Refused` where mail or git could not use it."""
    try:
        if len(email) > MAX_EMAIL:
            raise EmailNotValidError
        checked = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Refused(N_("This is not an e-mail address that can be used.")) from None
    return clean_person(Person("somebody", checked.normalized)).email


def email_key(email: str) -> str | None:
    """Two addresses with the same key are the same; None for what is no address."""
    try:
        return check_email(email).casefold()
    except Refused:
        return None
