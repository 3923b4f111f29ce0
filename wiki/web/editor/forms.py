"""What the editor asks, and what was typed into it."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from wiki.model.acts import MAX_TITLE
from wiki.web.say import _l

MAX_WHY = 20_000
MAX_TOGETHER = 1_000


class EditorForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A page's text with what it is for. ``base`` is what the writer began from: a blob, or for a revision the
    change, and after a space the commit of main that the text was reconciled with. ``section`` is the name of the
    heading under which the text stands, where it is a part of the page only; ``sketch`` is the version of the
    `wiki.drafts.Sketch` that holds what was typed; ``meant`` says that what was pointed out is meant so."""

    name = StringField(_l("Address of the page"), [Length(max=300)])
    title = StringField(_l("What changes? A few words"), [Length(max=MAX_TITLE)])
    why = TextAreaField(_l("Why?"), [Length(max=MAX_WHY)])
    text = TextAreaField(_l("Text"))
    together = StringField(_l("Written together with"), [Length(max=MAX_TOGETHER)])
    mend = BooleanField(_l("Mend the links of other pages that lead here"), default=True)
    meant = BooleanField(_l("I mean it as it stands"))
    file = FileField(_l("A picture or document"))
    base = HiddenField()
    section = HiddenField()
    sketch = HiddenField()


class RemoveForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Why a page should go."""

    title = StringField(_l("What changes? A few words"), [InputRequired(), Length(max=MAX_TITLE)])
    why = TextAreaField(_l("Why?"), [Length(max=MAX_WHY)])
    lead_to = StringField(_l("Lead its readers to"), [Length(max=300)])
    base = HiddenField()


def wanted(form: EditorForm) -> str:
    """The address that the page shall have, as it was typed, without slashes at its ends."""
    return (form.name.data or "").strip().strip("/")


def wish_in(sent: Mapping[str, str]) -> str:
    """What is to be done with the text. A button that takes up another name (``use``: a wish, a space, the name) goes
    on with what was wanted before."""
    return sent.get("use", "").partition(" ")[0] or sent.get("do", "propose")


def clean(text: str | None) -> str:
    """A text from a form, with the line ends that pages have."""
    return (text or "").replace("\r\n", "\n")
