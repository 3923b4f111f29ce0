"""Drafts: changes over one page or several that only their author sees, until they are proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length

from wiki.drafts import Draft, DraftFile, Intent
from wiki.model.acts import MAX_TITLE, Person, one_line
from wiki.model.errors import Conflict, Refused
from wiki.model.names import POLICY_PATH, PageName, is_attachment, name_of
from wiki.model.proposal import PLAIN_FILE, Blob, Touched
from wiki.model.words import N_
from wiki.together import brought_up, discard_draft, file_begun, moving, old_authors, propose_draft, removing
from wiki.web import differences
from wiki.web.attachments.shown import drafted_in, sides, with_sources
from wiki.web.consequences import Changed, Consequences, consequences
from wiki.web.editor import MAX_TOGETHER, MAX_WHY
from wiki.web.editor.beginnings import untouched
from wiki.web.errors import status_of
from wiki.web.heed import to_heed
from wiki.web.here import member, path_of, the_wiki
from wiki.web.naming import names_in
from wiki.web.proposals.files import moves_in, only_moved
from wiki.web.proposals.files import status_of as what_happens
from wiki.web.proposals.lists import tabs
from wiki.web.proposals.routes import text_of
from wiki.web.say import _, _l
from wiki.web.small import what_it_needs
from wiki.web.titles import title_of
from wiki.web.unfinished import DraftRow, unfinished
from wiki.web.words import listed, translate

blueprint = Blueprint("drafts", __name__)


class DraftForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What a draft is for."""

    title = StringField(_l("What changes? A few words"), [Length(max=MAX_TITLE)])
    why = TextAreaField(_l("Why?"), [Length(max=MAX_WHY)])
    together = StringField(_l("Written together with"), [Length(max=MAX_TOGETHER)])
    meant = BooleanField(_l("I mean it as it stands"))


KINDS = (
    ("change", _l("Change its text")),
    ("add", _l("Add it: there is no such page yet")),
    ("move", _l("Move it to another address")),
    ("remove", _l("Remove it")),
)


class PageForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Another page for a draft."""

    kind = StringField(
        _l("What shall happen to it?"),
        [AnyOf([key for key, _label in KINDS], message=_l("Please choose what shall happen to the page."))],
        default="change",
    )
    name = StringField(_l("Address of the page"), [Length(max=300)])
    other = StringField(_l("New address, or where its readers are led"), [Length(max=300)])
    mend = BooleanField(_l("Mend the links of other pages that lead to it"), default=True)


@dataclass(frozen=True)
class DraftFileView:
    """One page of a draft. ``paths`` are the files it stands for: two where a page moves; ``heed`` is what its writer
    may not have meant, ``changed`` the page as it is and as it would be."""

    title: str
    name: str
    old_name: str | None
    status: str
    difference: Markup
    edit_url: str | None
    paths: tuple[str, ...]
    heed: Sequence[str] = ()
    changed: Changed | None = None


@dataclass(frozen=True)
class Clash:
    """A page that somebody else changed at the same passage meanwhile."""

    title: str
    difference: Markup
    edit_url: str


@blueprint.get("/-/drafts")
def index() -> Response:
    """One's own drafts."""
    account = member()
    rows = [
        DraftRow(
            each.title or _("A draft without a title"),
            url_for("drafts.draft", number=each.id),
            tuple(name_of(path) or path for path in each.files),
            each.updated_at,
        )
        for each in the_wiki().drafts.of(account.id)
    ]
    begun = [unfinished(each) for each in the_wiki().sketches.of(account.id)]
    return make_response(render_template("drafts.html", rows=rows, begun=begun, tabs=tabs(True), tab="drafts"))


def _mine(number: int) -> Draft:
    return the_wiki().drafts.get(number, member().id)


def _form(draft: Draft) -> DraftForm:
    data = {"title": draft.title, "why": draft.why, "together": ", ".join(draft.co_authors)}
    return DraftForm(formdata=None, data=data)


@blueprint.get("/-/drafts/<int:number>")
def draft(number: int) -> Response:
    """A draft: its pages, what it is for, and the way to propose it."""
    mine = _mine(number)
    return _show(mine, _form(mine), PageForm(formdata=None))


def _show(
    mine: Draft, form: DraftForm, page_form: PageForm, *, clashes: list[Clash] | None = None, status: int = 200
) -> Response:
    wiki = the_wiki()
    about, files = mine.proposal or mine.about, _files(mine)
    html = render_template(
        "draft.html",
        draft=mine,
        form=form,
        page_form=page_form,
        files=files,
        touches=_touches(mine, files),
        about=wiki.index.proposal(about) if about is not None else None,
        old_authors=_old_authors(mine),
        clashes=clashes or [],
        kinds=KINDS,
        needs=what_it_needs(_texts(mine)) if mine.proposal is None else [],
    )
    return make_response(html, status)


def _texts(mine: Draft) -> dict[str, tuple[str, str]]:
    """The files of a draft as they are and as they would be; of what is no text only that it is there."""
    return {
        path: (_blob_text(file.seen), file.text or "") if not is_attachment(path) else ("", "")
        for path, file in mine.files.items()
    }


def _old_authors(mine: Draft) -> tuple[Person, ...]:
    return old_authors(the_wiki(), mine) if mine.intent is Intent.ADOPT else ()


def _files(mine: Draft) -> list[DraftFileView]:
    batch = the_wiki().repository.batch()
    texts: dict[str, str] = {}
    touched = []
    for path, file in sorted(mine.files.items()):
        before = Blob(PLAIN_FILE, file.seen) if file.seen is not None else None
        blob = batch.blob(file.text.encode()) if file.text is not None else file.blob
        after = Blob(PLAIN_FILE, blob) if blob is not None else None
        if after is not None:
            texts[after.id] = file.text or ""
        touched.append(Touched(path, before, after))
    moved = moves_in(touched, lambda blob: texts[blob.id] if blob.id in texts else text_of(blob))
    left = {former.path for former in moved.values()}
    return [_file(mine, each, moved.get(each.path)) for each in touched if each.path not in left]


def _file(mine: Draft, touched: Touched, moved: Touched | None) -> DraftFileView:
    if is_attachment(touched.path):
        return _attachment(mine, touched)
    began = moved.before if moved is not None else touched.before
    before = text_of(began)
    text = mine.files[touched.path].text
    name = name_of(touched.path) or touched.path
    return DraftFileView(
        title=title_of(touched.path, text or before),
        name=name,
        old_name=name_of(moved.path) if moved is not None else None,
        status=what_happens(touched, moved),
        difference=only_moved() if moved and before == text else _difference(mine, before, text or "", touched.path),
        edit_url=url_for("editor.edit", name=name, draft=mine.id) if text is not None else None,
        paths=(touched.path, *([moved.path] if moved is not None else [])),
        heed=to_heed(touched.path, before, text) if text is not None else (),
        changed=_changed(name, name_of(moved.path) if moved is not None else name, before if began else None, text),
    )


def _changed(name: str, was: str | None, before: str | None, text: str | None) -> Changed | None:
    if name == POLICY_PATH:
        return None
    return Changed(was if before is not None else None, name if text is not None else None, before, text)


def _touches(mine: Draft, files: Sequence[DraftFileView]) -> Consequences | None:
    """What all of it would touch besides its own text; what its writer may not have meant stands at each page."""
    coming = [path for path, file in mine.files.items() if file.blob is not None]
    return consequences([file.changed for file in files if file.changed is not None], coming, heads=False)


def _difference(mine: Draft, before: str, after: str, path: str) -> Markup:
    shown = with_sources(differences.prose(before, after, path), drafted_in(mine))
    return Markup(shown)  # noqa: S704 - the difference, with other addresses of ours


def _attachment(mine: Draft, touched: Touched) -> DraftFileView:
    path = touched.path
    before = url_for("attachments.in_force", path=path) if touched.before is not None else None
    after = url_for("attachments.drafted", number=mine.id, path=path) if touched.after is not None else None
    name = path.rpartition("/")[2]
    return DraftFileView(name, path, None, what_happens(touched), sides(path, before, after), None, (path,))


@blueprint.post("/-/drafts/<int:number>")
def save(number: int) -> Response:
    """Keep, propose or discard a draft."""
    wiki, mine, form = the_wiki(), _mine(number), DraftForm()
    if request.form.get("do") == "discard":
        discard_draft(wiki, mine)
        flash(_thrown_away(mine), "success")
        return make_response(redirect(url_for("proposals.index"), 303))
    if not form.validate_on_submit():
        return _show(mine, form, PageForm(formdata=None), status=400)
    names = names_in(form.together.data)
    mine = wiki.drafts.save(
        replace(mine, title=one_line(form.title.data or ""), why=form.why.data or "", co_authors=names), wiki.now()
    )
    if request.form.get("do") != "propose":
        flash(_("Kept. Only you can see this draft."), "success")
        return make_response(redirect(url_for("drafts.draft", number=mine.id), 303))
    return _propose(mine, form)


def _thrown_away(mine: Draft) -> str:
    title = mine.title or _("A draft without a title")
    pages = listed([name_of(path) or path for path in sorted(mine.files)[:5]])
    if not pages:
        return _("The draft “%(title)s” is thrown away.", title=title)
    return _("The draft “%(title)s” is thrown away, and with it: %(pages)s.", title=title, pages=pages)


def _propose(mine: Draft, form: DraftForm) -> Response:
    as_begun = [path for path, file in mine.files.items() if file.seen is None and file.text and untouched(file.text)]
    if as_begun:
        title = title_of(as_begun[0], "")
        told = _("You have not changed the template of “%(title)s” yet. Put your own words in its place.", title=title)
        form.form_errors.append(told)
        return _show(mine, form, PageForm(formdata=None), status=400)
    if not form.meant.data and any(file.heed for file in _files(mine)):
        form.form_errors.append(_("Is this what you mean? Below stands what would not be read."))
        return _show(mine, form, PageForm(formdata=None), status=400)
    try:
        outcome = propose_draft(the_wiki(), member(), mine)
    except Conflict as error:
        return _moved(mine, error)
    except Refused as error:
        form.title.errors = [translate(error.sentence)]
        return _show(mine, form, PageForm(formdata=None), status=status_of(error))
    if outcome.in_force:
        flash(_("Your change is in force."), "success")
    else:
        flash(_("Your proposal is on the table. Colleagues can endorse it now."), "success")
    return make_response(redirect(url_for("proposals.proposal", n=outcome.n), 303))


def _moved(mine: Draft, error: Conflict) -> Response:
    """What the draft was begun from has changed: bring in what fits, and show the rest."""
    wiki = the_wiki()
    before = dict(mine.files)
    mine, clashing = brought_up(wiki, mine)
    mine = wiki.drafts.save(mine, wiki.now())
    form = _form(mine)
    form.title.errors = [translate(error.sentence)]
    clashes = []
    for path in clashing:
        if is_attachment(path):
            continue
        old = wiki.repository.content(before[path].seen or "").decode("utf-8", "replace") if before[path].seen else ""
        seen = mine.files[path].seen
        new = wiki.repository.content(seen).decode("utf-8", "replace") if seen else ""
        name = name_of(path) or path
        clashes.append(
            Clash(
                title_of(path, new or old),
                differences.prose(old, new, path),
                url_for("editor.edit", name=name, draft=mine.id),
            )
        )
    return _show(mine, form, PageForm(formdata=None), clashes=clashes, status=409)


def _blob_text(blob: str | None) -> str:
    return text_of(Blob(PLAIN_FILE, blob)) if blob is not None else ""


@blueprint.post("/-/drafts/<int:number>/pages")
def add_page(number: int) -> Response:
    """Another page for the draft: to the editor for its text, or at once for a move or removal."""
    mine, form = _mine(number), PageForm()
    if not form.validate_on_submit():
        return _show(mine, _form(mine), form, status=400)
    kind, name = form.kind.data, (form.name.data or "").strip().strip("/").removesuffix(".md")
    other = (form.other.data or "").strip().strip("/").removesuffix(".md")
    try:
        if kind in {"change", "add"}:
            return _to_editor(mine, kind, name)
        files = _rearranged(mine, kind, name, other, mend=bool(form.mend.data))
    except Refused as error:
        form.name.errors = [translate(error.sentence)]
        return _show(mine, _form(mine), form, status=status_of(error))
    wiki = the_wiki()
    wiki.drafts.save(mine.with_files(files), wiki.now())
    return make_response(redirect(url_for("drafts.draft", number=mine.id), 303))


def _to_editor(mine: Draft, kind: str, name: str) -> Response:
    path = path_of(name)
    repository = the_wiki().repository
    there = path in mine.files or repository.file(mine.base or repository.main(), path) is not None
    if kind == "change" and not there:
        raise Refused(N_("There is no page “%(name)s” yet. You can add it."), name=name)
    if kind == "add" and there:
        raise Refused(N_("There is a page “%(name)s” already. You can change it."), name=name)
    endpoint = "editor.edit" if kind == "change" else "editor.new"
    return make_response(redirect(url_for(endpoint, name=name, draft=mine.id), 303))


def _rearranged(mine: Draft, kind: str, name: str, other: str, *, mend: bool) -> dict[str, DraftFile]:
    wiki = the_wiki()
    PageName(name)
    if mine.proposal is not None or f"{name}.md" in mine.files:
        return _rearranged_in_draft(mine, kind, name, other)
    if kind == "remove":
        return removing(wiki, name, other, mine.files)
    PageName(other)
    if wiki.repository.file(wiki.repository.main(), f"{other}.md") is not None:
        raise Refused(N_("There is a page “%(name)s” already. You can change it."), name=other)
    return moving(wiki, name, other, mend=mend, others=mine.files)


def _rearranged_in_draft(mine: Draft, kind: str, name: str, other: str) -> dict[str, DraftFile]:
    """A page that the draft or the proposal has changed already: its words go with it, nobody else's are touched."""
    wiki = the_wiki()
    path = path_of(name)
    commit = mine.base or wiki.repository.main()
    here = mine.files.get(path) or file_begun(wiki, commit, path, None)
    blob = wiki.repository.file(commit, path)
    text = here.text if path in mine.files else text_of(blob) if blob is not None else None
    if text is None:
        raise Refused(N_("There is no page “%(name)s” yet. You can add it."), name=name)
    gone = {path: DraftFile(None, here.seen)}
    return gone if kind == "remove" else {**gone, path_of(other): file_begun(wiki, commit, path_of(other), text)}


@blueprint.post("/-/drafts/<int:number>/out")
def take_out(number: int) -> Response:
    """Leave a page as it is in force."""
    wiki, mine = the_wiki(), _mine(number)
    for path in request.form.getlist("path")[:5]:
        mine = mine.without(path)
    wiki.drafts.save(mine, wiki.now())
    return make_response(redirect(url_for("drafts.draft", number=mine.id), 303))
