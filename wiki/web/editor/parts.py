"""What came with the form besides the whole text: a section of it, a file."""

from __future__ import annotations

from flask import request

from wiki.model.errors import Refused
from wiki.model.names import POLICY_PATH
from wiki.model.words import N_
from wiki.web.attachments.waiting import take, written
from wiki.web.editor.desk import Desk
from wiki.web.editor.forms import EditorForm, clean
from wiki.web.editor.moved import began
from wiki.web.editor.sections import part_of
from wiki.web.place import place_here
from wiki.web.say import _
from wiki.web.words import translate


def put_together(desk: Desk, form: EditorForm) -> bool:
    """Where a section alone was edited, put it into the text that it was taken from; the form holds the whole from then
    on. Says at the field where that cannot be done."""
    slug = form.section.data or ""
    if not slug:
        return True
    text = _text_of_part(desk, form)
    desk.part = part_of(text, slug, desk.folder)
    if desk.part is None:
        form.text.errors = [
            _("The section that you edit cannot be found in the page. Copy your words, and edit the whole page.")
        ]
        return False
    form.text.data = desk.part.whole(clean(form.text.data))
    return True


def _text_of_part(desk: Desk, form: EditorForm) -> str:
    if desk.text is not None:
        return desk.text
    seen = (form.base.data or "").partition(" ")[0]
    return desk.before if seen == desk.base.partition(" ")[0] else began(desk, seen)


def attach(desk: Desk, form: EditorForm) -> bool:
    """Keep the file that was chosen, and show it at the end of the text. Says at the field why not."""
    sent = request.files["file"]
    try:
        if desk.path == POLICY_PATH or desk.kind == "suggest":
            raise Refused(N_("No files can be added to this text."))
        kept = take(sent, place_here())
    except Refused as error:
        form.file.errors = [translate(error.sentence)]
        return False
    form.text.data = with_words(desk, clean(form.text.data), written(kept, sent.filename or ""))
    return True


def with_words(desk: Desk, text: str, words: str) -> str:
    """The text with these words as its last paragraph, or as the last of the section that is edited."""
    part = desk.part
    body = part.within(text) if part is not None else text
    more = f"{body.rstrip(chr(10))}\n\n{words}".lstrip("\n")
    return part.whole(more) if part is not None else f"{more}\n"
