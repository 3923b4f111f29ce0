"""Writing: propose a new page, a change, a removal; revise a proposal; work on a page of a draft; preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from wiki.addresses import page_address
from wiki.drafts import Draft, DraftFile
from wiki.guidelines import Outcome
from wiki.index import ProposalRow
from wiki.index.summary import title_from
from wiki.markdown import render_page, split_front_matter
from wiki.model.acts import MAX_TITLE, one_line
from wiki.model.errors import Conflict, NotFound, Refused
from wiki.model.merge import Weighed
from wiki.model.names import POLICY_PATH, problem_with_name
from wiki.model.words import N_
from wiki.together import colleagues, file_begun, moving, removing
from wiki.web.cards import Clash, while_writing
from wiki.web.differences import prose
from wiki.web.errors import missing_page, status_of
from wiki.web.here import member, number, path_of, person, proposal_number, the_wiki
from wiki.web.policy.check import PolicyCheck, check_text
from wiki.web.say import _, _l
from wiki.web.words import translate

blueprint = Blueprint("editor", __name__)
MAX_WHY = 20_000
MAX_TOGETHER = 1_000


class EditorForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A page's text with what it is for. ``base`` is what the writer began from: a blob, or for a revision the
    change, and after a space the commit of main that the text was reconciled with."""

    name = StringField(_l("Address of the page"), [Length(max=300)])
    title = StringField(_l("What changes? A few words"), [Length(max=MAX_TITLE)])
    why = TextAreaField(_l("Why?"), [Length(max=MAX_WHY)])
    text = TextAreaField(_l("Text"))
    together = StringField(_l("Written together with"), [Length(max=MAX_TOGETHER)])
    mend = BooleanField(_l("Mend the links of other pages that lead here"), default=True)
    base = HiddenField()


class RemoveForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Why a page should go."""

    title = StringField(_l("What changes? A few words"), [InputRequired(), Length(max=MAX_TITLE)])
    why = TextAreaField(_l("Why?"), [Length(max=MAX_WHY)])
    lead_to = StringField(_l("Lead its readers to"), [Length(max=300)])
    base = HiddenField()


@dataclass(frozen=True)
class Moved:
    """The page changed while it was being edited: how, whether both texts could be put together, and the passages
    where they could not."""

    difference: Markup
    merged: bool
    clashes: Sequence[Clash] = ()


@dataclass
class Desk:
    """What is being edited: where it is, what it was, and how it is proposed. ``text`` is what the form begins with,
    where that is not what the page was."""

    kind: str
    name: str
    path: str
    before: str
    base: str
    proposal: ProposalRow | None = None
    weighed: Weighed | None = None
    moved: Moved | None = None
    draft: Draft | None = None
    text: str | None = None

    @property
    def page_title(self) -> str:
        """The title of the page, or its name as one."""
        if self.path == POLICY_PATH:
            return _("How we decide")
        title = split_front_matter(self.before)[0].get("title")
        return str(title) if title else title_from(self.name)

    @property
    def heading(self) -> str:
        """What the editor is for."""
        if self.draft is not None:
            return str(
                _("Your draft: “%(title)s”", title=self.page_title) if self.name else _("Your draft: a new page")
            )
        if self.kind == "new":
            return str(_("Propose a page"))
        if self.kind == "suggest":
            return str(_("Suggest other words for “%(title)s”", title=self.page_title))
        if self.kind == "revise":
            return str(_("Revise “%(title)s”", title=self.page_title))
        if self.path == POLICY_PATH:
            return str(_("Suggest a change to how we decide"))
        return str(_("Suggest a change to “%(title)s”", title=self.page_title))

    @property
    def cancel_url(self) -> str:
        """Where to go without proposing."""
        if self.draft is not None:
            return url_for("drafts.draft", number=self.draft.id)
        if self.proposal is not None:
            return self.proposal.url
        if self.path == POLICY_PATH:
            return url_for("policy.page")
        return url_for("pages.contents") if self.kind == "new" else page_address(self.name)


@blueprint.route("/-/new", methods=["GET", "POST"])
def new() -> Response:
    """Propose a page that does not exist yet."""
    member()
    wanted = request.args.get("name", "")[:300]
    draft = _draft_asked()
    if request.method == "GET":
        form = EditorForm(formdata=None, data={"name": wanted, "text": _beginning(wanted)})
        return show(Desk("new", wanted, "", "", "", draft=draft), form)
    form = EditorForm()
    name = (form.name.data or "").strip()
    return _handle(Desk("new", name, "", "", "", draft=draft), form)


def _draft_asked() -> Draft | None:
    """The draft that this page is to be a part of (``?draft=``)."""
    asked = number("draft")
    return the_wiki().drafts.get(asked, member().id) if asked is not None else None


def _beginning(name: str) -> str:
    last = name.rpartition("/")[2]
    return f"# {title_from(last)}\n\n" if last else ""


@blueprint.route("/-/edit/<path:name>", methods=["GET", "POST"])
def edit(name: str) -> Response:
    """Suggest a change to a page, or (with ``?proposal=``) work on one's own proposal."""
    member()
    desk = _desk(name)
    if desk is None:
        return missing_page(name)
    if request.method == "POST":
        return _handle(desk, EditorForm())
    text = desk.text if desk.text is not None else desk.before
    data = {"name": name, "text": text, "base": desk.base}
    return show(desk, EditorForm(formdata=None, data=data))


def _desk(name: str) -> Desk | None:
    """What is to be edited; None where there is no such page."""
    path = path_of(name)
    draft = _draft_asked()
    if draft is not None:
        return _desk_of_draft(name, path, draft)
    asked = number("proposal")
    if asked is not None:
        return _desk_of_proposal(name, path, proposal_number(asked))
    repository = the_wiki().repository
    blob = repository.file(repository.main(), path)
    if blob is None:
        return None
    return Desk("change", name, path, _text(blob.id), blob.id)


def _desk_of_draft(name: str, path: str, draft: Draft) -> Desk | None:
    """A page in a draft: as the draft has it, or to be put into it."""
    repository = the_wiki().repository
    file = draft.files.get(path)
    there = repository.file(draft.base or repository.main(), path)
    if file is None and there is None:
        return None
    began = file.seen if file is not None else there.id if there is not None else None
    before = _text(began) if began is not None else ""
    text = file.text if file is not None else None
    return Desk("change" if began else "added", name, path, before, began or "", draft=draft, text=text)


def _desk_of_proposal(name: str, path: str, n: int) -> Desk:
    wiki = the_wiki()
    weighed = wiki.guidelines.weigh(n)
    row = wiki.index.proposal(n)
    if not weighed.proposal.is_author(person()):
        raise Refused(N_("Only an author of this proposal can change its text."))
    blob = wiki.repository.file(weighed.proposal.tip.id, path)
    desk = Desk("revise", name, path, _text(blob.id) if blob else "", weighed.proposal.change, row, weighed)
    if weighed.overtaken:
        theirs = wiki.repository.file(weighed.main, path)
        began = wiki.repository.file(weighed.proposal.base, path)
        desk.base = f"{weighed.proposal.change} {weighed.main}"
        if theirs != began:
            changed = prose(_text(began.id) if began else "", _text(theirs.id) if theirs else "", path)
            desk.moved = Moved(changed, merged=False)
    return desk


def _text(blob: str) -> str:
    return the_wiki().repository.content(blob).decode("utf-8", "replace")


def _handle(desk: Desk, form: EditorForm) -> Response:
    if not form.validate_on_submit():
        return show(desk, form, status=400)
    wish = request.form.get("do", "propose")
    if wish == "preview":
        preview = render_page(form.text.data or "", desk.name.rpartition("/")[0]).html
        return show(desk, form, preview=preview)
    if wish == "difference":
        return show(desk, form, changed=prose(desk.before, _clean(form.text.data), desk.path))
    if wish == "check" and desk.path == POLICY_PATH:
        return show(desk, form)
    if not _name_fits(desk, form):
        return show(desk, form, status=400)
    try:
        if wish == "draft" or desk.draft is not None:
            return _keep(desk, form)
        outcome = _propose(desk, form)
    except Conflict as error:
        return show(_reconcile(desk, form, error), form, status=409)
    except Refused as error:
        blamed = form.text if desk.kind == "revise" or one_line(form.title.data or "") else form.title
        blamed.errors = [translate(error.sentence)]
        return show(desk, form, status=status_of(error))
    return _done(outcome)


def _name_fits(desk: Desk, form: EditorForm) -> bool:
    """Whether the address of a new or renamed page can be one; says at the field why not."""
    wanted = _wanted(form)
    if desk.kind in {"revise", "added"} or (desk.kind == "change" and wanted in {"", desk.name}):
        return True
    problem = problem_with_name(wanted)
    if problem is not None:
        form.name.errors = [translate(problem)]
    return problem is None


def _wanted(form: EditorForm) -> str:
    return (form.name.data or "").strip().strip("/")


def _clean(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")


def _propose(desk: Desk, form: EditorForm) -> Outcome:
    wiki = the_wiki()
    text = _clean(form.text.data)
    co_authors = colleagues(wiki, (form.together.data or "").split(","))
    if desk.kind == "revise":
        assert desk.weighed is not None  # noqa: S101 - a revision is of a proposal
        change, _space, onto = (form.base.data or "").partition(" ")
        edits: dict[str, str | None] = {desk.path: text}
        return wiki.guidelines.revise(
            desk.weighed.n,
            person(),
            edits,
            note=form.why.data or "",
            seen=change or None,
            onto=onto or None,
            co_authors=co_authors,
        )
    draft = Draft(member().id).with_files(_files(desk, form, text))
    title, why = form.title.data or "", form.why.data or ""
    return wiki.guidelines.propose(person(), title, why, draft.edits, seen=draft.seen, co_authors=co_authors)


def _files(desk: Desk, form: EditorForm, text: str) -> Mapping[str, DraftFile]:
    """The files that the form would change, with what each was when it was begun."""
    wanted = _wanted(form)
    if desk.kind == "new":
        return {path_of(wanted): DraftFile(text, None)}
    if desk.kind == "change" and wanted and wanted != desk.name and desk.path != POLICY_PATH:
        files = moving(the_wiki(), desk.name, wanted, text, mend=bool(form.mend.data))
        return {**files, desk.path: DraftFile(None, form.base.data or None)}
    return {desk.path: DraftFile(text, form.base.data or None)}


def _keep(desk: Desk, form: EditorForm) -> Response:
    """Put what was written into a draft that only its author sees."""
    wiki, account = the_wiki(), member()
    text = _clean(form.text.data)
    if desk.path != POLICY_PATH:
        text = wiki.guidelines.check_text(desk.path or path_of(_wanted(form)), text)
    draft = desk.draft
    if draft is None:
        names = tuple(name.strip() for name in (form.together.data or "").split(",") if name.strip())
        draft = Draft(account.id, title=one_line(form.title.data or ""), why=form.why.data or "", co_authors=names)
        if desk.weighed is not None:
            change = (form.base.data or "").partition(" ")[0]
            draft = replace(draft, proposal=desk.weighed.n, base=change, title=desk.weighed.proposal.title)
            return _kept(draft.with_files({desk.path: file_begun(wiki, change, desk.path, text)}))
    return _kept(draft.with_files(_files(desk, form, text)))


def _kept(draft: Draft) -> Response:
    wiki = the_wiki()
    saved = wiki.drafts.save(draft, wiki.now())
    flash(_("Kept. Only you can see this draft."), "success")
    return make_response(redirect(url_for("drafts.draft", number=saved.id), 303))


def _reconcile(desk: Desk, form: EditorForm, error: Conflict) -> Desk:
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
    began, mine = _began(desk, seen), _clean(form.text.data)
    merged, clashes = while_writing(desk.path, began, mine, desk.before) if began else (None, [])
    desk.moved = Moved(prose(began, desk.before, desk.path), merged is not None, clashes)
    if merged is not None:
        form.text.data = merged
    return desk


def _began(desk: Desk, seen: str) -> str:
    """The text that the writer began from: a blob, or a page as an act left it; "" where that is not known."""
    repository = the_wiki().repository
    try:
        if desk.weighed is None:
            return _text(seen)
        if not any(act.id == seen for act in desk.weighed.proposal.acts):
            return ""
        blob = repository.file(seen, desk.path)
    except NotFound:
        return ""
    return _text(blob.id) if blob is not None else ""


def show(
    desk: Desk, form: EditorForm, *, preview: str | None = None, changed: Markup | None = None, status: int = 200
) -> Response:
    """The editor, with what was typed into it."""
    html = render_template(
        "editor.html",
        form=form,
        kind=desk.kind,
        page_name=desk.name,
        page_title=desk.page_title,
        proposal=desk.proposal,
        preview=Markup(preview) if preview is not None else None,  # noqa: S704 - the renderer's output
        difference=changed,
        moved=desk.moved,
        cancel_url=desk.cancel_url,
        heading=desk.heading,
        is_policy=desk.path == POLICY_PATH,
        policy_check=_policy_check(desk, form) if desk.path == POLICY_PATH else None,
        draft=desk.draft,
        linking=_linking(desk) if desk.kind == "change" else 0,
    )
    return make_response(html, status)


def _policy_check(desk: Desk, form: EditorForm) -> PolicyCheck | None:
    """What the text would mean; nothing is said of the policy in force that has just been opened."""
    if request.method == "GET" and desk.kind == "change" and desk.draft is None:
        return None
    revised = desk.draft.proposal if desk.draft is not None else desk.weighed.n if desk.weighed is not None else None
    return check_text(_clean(form.text.data), revised)


def _linking(desk: Desk) -> int:
    """How many other pages lead to this one."""
    return sum(row.name != desk.name for row in the_wiki().index.linking_to(desk.name))


def _done(outcome: Outcome) -> Response:
    if outcome.in_force:
        flash(_("Your change is in force."), "success")
    else:
        flash(_("Your proposal is on the table. Colleagues can endorse it now."), "success")
    return make_response(redirect(url_for("proposals.proposal", n=outcome.n), 303))


@blueprint.route("/-/remove/<path:name>", methods=["GET", "POST"])
def remove(name: str) -> Response:
    """Propose to take a page away."""
    member()
    wiki = the_wiki()
    path = path_of(name)
    blob = wiki.repository.file(wiki.repository.main(), path)
    if blob is None:
        return missing_page(name)
    desk = Desk("remove", name, path, _text(blob.id), blob.id)
    form = RemoveForm() if request.method == "POST" else RemoveForm(data={"base": blob.id})
    status = 200
    if request.method == "POST":
        status = 400
        if form.validate_on_submit():
            try:
                title, why = form.title.data or "", form.why.data or ""
                lead_to = (form.lead_to.data or "").strip().strip("/")
                files = {**removing(wiki, name, lead_to), path: DraftFile(None, form.base.data or None)}
                draft = Draft(member().id, files=files)
                return _done(wiki.guidelines.propose(person(), title, why, draft.edits, seen=draft.seen))
            except Refused as error:
                form.title.errors = [translate(error.sentence)]
                form.base.data = blob.id
                status = status_of(error)
    html = render_template("remove.html", form=form, page_name=name, page_title=desk.page_title)
    return make_response(html, status)


@blueprint.post("/-/preview")
def preview() -> Response:
    """The text as it would look, for the live preview."""
    member()
    name = request.form.get("name", "")[:300]
    rendered = render_page(request.form.get("text", ""), name.strip("/").rpartition("/")[0])
    return make_response(rendered.html)
