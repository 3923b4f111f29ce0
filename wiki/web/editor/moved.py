"""The text moved while it was being edited."""

from __future__ import annotations

from wiki.model.errors import Conflict, NotFound
from wiki.web.cards import while_writing
from wiki.web.differences import prose
from wiki.web.editor.desk import Desk, Moved, text_of
from wiki.web.editor.forms import EditorForm, clean
from wiki.web.here import the_wiki
from wiki.web.say import _
from wiki.web.words import translate


def reconcile(desk: Desk, form: EditorForm, error: Conflict) -> Desk:
    """The text moved while it was being edited: put both texts together where that is clean, show what
    changed, and let the writer look again. What was typed stays."""
    seen = (form.base.data or "").partition(" ")[0]
    form.base.data = desk.base
    if desk.kind == "new":
        form.name.errors = [_("There is a page with this address already. Choose another, or suggest a change to it.")]
        return desk
    if desk.weighed is not None and seen == desk.weighed.proposal.change:
        form.text.errors = [translate(error.sentence)]
        return desk
    desk.part, form.section.data = None, ""
    old, mine = began(desk, seen), clean(form.text.data)
    merged, clashes = while_writing(desk.path, old, mine, desk.before) if old else (None, [])
    desk.moved = Moved(prose(old, desk.before, desk.path), merged is not None, clashes)
    if merged is not None:
        form.text.data = merged
    return desk


def began(desk: Desk, seen: str) -> str:
    """The text that the writer began from: a blob, or a page as an act left it; "" where that is not known."""
    repository = the_wiki().repository
    try:
        if desk.weighed is None:
            return text_of(seen)
        if not any(act.id == seen for act in desk.weighed.proposal.acts):
            return ""
        blob = repository.file(seen, desk.path)
    except NotFound:
        return ""
    return text_of(blob.id) if blob is not None else ""
