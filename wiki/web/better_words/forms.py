"""What is asked of whoever suggests better words."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from wiki.model.acts import MAX_TITLE
from wiki.web.editor import MAX_WHY
from wiki.web.say import _l

MAX_WORDS = 20_000
MAX_QUOTE = 5_000
FIELDS = ("quote", "nth", "whole", "at", "of", "words", "why", "title", "offered")
"""What travels in an address through the sign-in."""


class BetterWordsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Other words and why. What they are for: the ``nth`` place of a ``quote`` on the page, or the passage at a line
    (``at``), in the text with the blob ``of``. ``offered`` is the title as long as nobody has chosen another."""

    words = TextAreaField(_l("Better words"), [Length(max=MAX_WORDS)])
    why = TextAreaField(_l("Why?"), [Length(max=MAX_WHY)])
    title = StringField(_l("What changes? A few words"), [Length(max=MAX_TITLE)])
    quote = HiddenField()
    nth = HiddenField()
    whole = HiddenField()
    at = HiddenField()
    of = HiddenField()
    offered = HiddenField()


def typed(form: BetterWordsForm) -> str:
    """What was typed, with the line ends that pages have."""
    return (form.words.data or "").replace("\r\n", "\n").replace("\r", "\n").strip()
