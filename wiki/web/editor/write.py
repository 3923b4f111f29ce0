"""Writing: a new page, a change to one, another text of a proposal, a page of a draft."""

from __future__ import annotations

from flask import Response, request

from wiki.model.acts import one_line
from wiki.model.errors import Conflict, NameTaken, Refused, Unavailable
from wiki.model.names import POLICY_PATH, problem_with_name
from wiki.web.editor.beginnings import beginning, untouched
from wiki.web.editor.desk import Desk, desk_for, draft_asked
from wiki.web.editor.forms import EditorForm, wanted, wish_in
from wiki.web.editor.keep import done, keep, propose
from wiki.web.editor.moved import reconcile
from wiki.web.editor.parts import attach, put_together
from wiki.web.editor.routes import blueprint
from wiki.web.editor.sections import part_of
from wiki.web.editor.show import heeding, open_editor, show
from wiki.web.editor.sketching import forget
from wiki.web.errors import missing_page, not_just_now, status_of, with_patience
from wiki.web.here import member
from wiki.web.say import _
from wiki.web.words import translate


@blueprint.route("/-/new", methods=["GET", "POST"])
def new() -> Response:
    """Propose a page that does not exist yet."""
    member()
    asked = request.args.get("name", "")[:300]
    draft = draft_asked()
    if request.method == "GET":
        return open_editor(Desk("new", asked, "", "", "", draft=draft), {"name": asked, "text": beginning(asked)})
    form = EditorForm()
    taken = request.form.get("use", "").partition(" ")[2]
    form.name.data = taken or form.name.data
    name = (form.name.data or "").strip()
    return _handle(Desk("new", name, "", "", "", draft=draft), form)


@blueprint.route("/-/edit/<path:name>", methods=["GET", "POST"])
def edit(name: str) -> Response:
    """Suggest a change to a page, or (with ``?proposal=``) work on one's own proposal."""
    member()
    desk = desk_for(name)
    if desk is None:
        return missing_page(name)
    if request.method == "POST":
        return _handle(desk, EditorForm())
    text = desk.text if desk.text is not None else desk.before
    data = {"name": name, "text": text, "base": desk.base}
    slug = request.args.get("section", "")[:300]
    desk.part = part_of(text, slug, desk.folder) if slug else None
    if desk.part is not None:
        data |= {"text": desk.part.text.strip("\n"), "section": slug}
    return open_editor(desk, data)


def _handle(desk: Desk, form: EditorForm) -> Response:
    if not form.validate_on_submit() or not put_together(desk, form):
        return show(desk, form, status=400)
    if request.files.get("file"):
        return show(desk, form, status=200 if attach(desk, form) else 400)
    wish = wish_in(request.form)
    if wish == "preview":
        return show(desk, form, preview=True)
    if wish == "difference":
        return show(desk, form, difference=True)
    if wish == "check" and desk.path == POLICY_PATH:
        return show(desk, form)
    if not _name_fits(desk, form) or not _own_words(desk, form, wish):
        return show(desk, form, status=400)
    if wish == "propose" and desk.draft is None and not form.meant.data and heeding(desk, form):
        return show(desk, form, difference=True)
    try:
        if wish == "draft" or desk.draft is not None:
            kept = keep(desk, form)
            forget(form)
            return kept
        outcome = propose(desk, form)
        forget(form)
    except Conflict as error:
        return show(reconcile(desk, form, error), form, status=409)
    except Unavailable as error:
        form.text.errors = [not_just_now(error)]
        return with_patience(show(desk, form, status=status_of(error)))
    except Refused as error:
        blamed = form.text if desk.kind == "revise" or one_line(form.title.data or "") else form.title
        named = isinstance(error, NameTaken) and desk.kind in {"new", "change"}
        (form.name if named else blamed).errors = [translate(error.sentence)]
        return show(desk, form, status=status_of(error))
    return done(outcome)


def _own_words(desk: Desk, form: EditorForm, wish: str) -> bool:
    """Whether there is more than the template that the writer began with; a draft may wait with it."""
    if desk.kind != "new" or wish != "propose" or not untouched(form.text.data or ""):
        return True
    form.text.errors = [_("You have not changed the template yet. Put your own words in its place.")]
    return False


def _name_fits(desk: Desk, form: EditorForm) -> bool:
    """Whether the address of a new or renamed page can be one; says at the field why not."""
    address = wanted(form)
    if desk.kind in {"revise", "added"} or (desk.kind == "change" and address in {"", desk.name}):
        return True
    problem = problem_with_name(address)
    if problem is not None:
        form.name.errors = [translate(problem)]
    elif desk.kind == "new" and " " in address and not request.form.get("use"):
        form.name.errors = [_("An address without spaces is easier to type and to pass on.")]
    return not form.name.errors
