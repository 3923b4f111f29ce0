"""Proposals: their lists, the page of one, and the buttons under the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from wiki.guidelines import Outcome
from wiki.index import ProposalRow
from wiki.index.summary import title_from
from wiki.markdown import split_front_matter
from wiki.model.acts import Act, Kind, Person
from wiki.model.errors import Conflict, NotFound, Refused
from wiki.model.merge import Weighed
from wiki.model.names import POLICY_PATH, name_of
from wiki.model.proposal import Blob, Touched
from wiki.model.words import N_
from wiki.web import differences
from wiki.web.box import Box, box_of, fragment
from wiki.web.crumbs import Pager
from wiki.web.errors import changed_meanwhile
from wiki.web.here import member, number, person, proposal_number, reader, the_wiki
from wiki.web.say import _

blueprint = Blueprint("proposals", __name__)
PER_PAGE = 50
MAX_TEXT = 20_000


@dataclass(frozen=True)
class FileView:
    """One page of a proposal: what it is, and what would change."""

    name: str
    path: str
    title: str
    old_name: str | None
    status: str
    difference: Markup
    source: Markup
    edit_url: str | None
    is_policy: bool


@dataclass(frozen=True)
class StoryLine:
    """One act in the story of a proposal."""

    id: str
    kind: str
    person: Person
    when: int
    sentence: str
    text: Markup | None


@dataclass
class CommentView:
    """A comment with what was said to it."""

    id: str
    person: Person
    when: int
    text: Markup
    at: str | None
    replies: list[CommentView] = field(default_factory=list)


@dataclass(frozen=True)
class ProposalView:
    """Everything the page of a proposal shows."""

    n: int
    title: str
    why: Markup
    state: str
    author: Person
    authors: Sequence[Person]
    opened_at: int
    change: str
    tip: str
    files: Sequence[FileView]
    box: Box
    story: Sequence[StoryLine]
    comments: Sequence[CommentView]
    merged_commit: str | None
    in_force_since: int | None
    may_revise: bool
    may_close: bool
    may_reopen: bool
    may_comment: bool
    overtaken: bool
    add_page_url: str | None


@blueprint.get("/-/proposals")
def index() -> Response:
    """The lists."""
    account = reader()
    tab = request.args.get("tab", "waiting" if account else "open")
    page = min(number("page") or 1, 10_000)
    offset = (page - 1) * PER_PAGE
    rows = _rows(tab, offset)
    older = url_for("proposals.index", tab=tab, page=page + 1) if len(rows) > PER_PAGE else None
    newer = url_for("proposals.index", tab=tab, page=page - 1) if page > 1 else None
    html = render_template(
        "proposals.html", rows=rows[:PER_PAGE], tab=tab, tabs=_tabs(account is not None), pager=Pager(newer, older)
    )
    return make_response(html)


def _rows(tab: str, offset: int) -> list[ProposalRow]:
    found = the_wiki().index
    if tab == "waiting":
        return found.proposals_waiting(member().person.key, offset, PER_PAGE + 1)
    if tab == "mine":
        return found.proposals_by(member().person.key, offset, PER_PAGE + 1)
    if tab in {"open", "in force", "closed"}:
        return found.proposals(tab, offset, PER_PAGE + 1)
    raise NotFound(N_("There is no such list of proposals."))


def _tabs(signed_in: bool) -> list[tuple[str, str, str, int | None]]:
    found = the_wiki().index
    tabs: list[tuple[str, str, int | None]] = []
    if signed_in:
        tabs.append(("waiting", _("Waiting for you"), found.count_waiting(person().key)))
    tabs.append(("open", _("Open"), found.count("open")))
    if signed_in:
        tabs.append(("mine", _("Yours"), None))
    tabs += [("in force", _("In force"), None), ("closed", _("Closed"), None)]
    return [(key, label, url_for("proposals.index", tab=key), count) for key, label, count in tabs]


@blueprint.get("/-/proposals/<int:n>")
def proposal(n: int) -> Response:
    """One proposal: the difference, the decision box, the story, the conversation."""
    weighed = the_wiki().guidelines.weigh(proposal_number(n))
    return make_response(render_template("proposal.html", p=_view(weighed)))


def _view(weighed: Weighed) -> ProposalView:
    wiki, folded, account = the_wiki(), weighed.proposal, reader()
    landing = wiki.index.landing(weighed.n) if weighed.in_force else None
    box = box_of(weighed, account, landing[1] if landing else None)
    author = account is not None and folded.is_author(account.person)
    may_revise = author and box.state == "open"
    return ProposalView(
        n=weighed.n,
        title=folded.title,
        why=fragment(folded.acts[0].why, folded.acts[0].id),
        state=box.state,
        author=folded.acts[0].author,
        authors=folded.authors,
        opened_at=folded.acts[0].when,
        change=folded.change,
        tip=folded.tip.id,
        files=_files(weighed, may_revise),
        box=box,
        story=_story(weighed, landing),
        comments=_comments(weighed.n),
        merged_commit=landing[0] if landing else None,
        in_force_since=landing[1] if landing else None,
        may_revise=may_revise,
        may_close=may_revise,
        may_reopen=author and box.state == "closed",
        may_comment=account is not None,
        overtaken=weighed.overtaken and box.state == "open",
        add_page_url=None,
    )


def _files(weighed: Weighed, may_revise: bool) -> list[FileView]:
    """The pages, a page that moved shown as one."""
    touched = weighed.proposal.touched
    moved = _moves(touched)
    left = {former.path for former in moved.values()}
    return [_file(weighed, each, moved.get(each.path), may_revise) for each in touched if each.path not in left]


def _moves(touched: Sequence[Touched]) -> dict[str, Touched]:
    """The pages that only have another address, by that address: those whose text is the same, and the one page
    that went where one came with mostly its lines."""
    gone = [each for each in touched if each.after is None]
    come = [each for each in touched if each.before is None]
    moves: dict[str, Touched] = {}
    for each in come:
        same = next((former for former in gone if former.before == each.after), None)
        if same is not None:
            gone.remove(same)
            moves[each.path] = same
    rest = [each for each in come if each.path not in moves]
    if len(gone) == len(rest) == 1 and _mostly_the_same(_text(gone[0].before), _text(rest[0].after)):
        moves[rest[0].path] = gone[0]
    return moves


def _mostly_the_same(before: str, after: str) -> bool:
    old, new = set(before.split("\n")), set(after.split("\n"))
    return 2 * len(old & new) >= max(len(old), len(new))


def _file(weighed: Weighed, touched: Touched, moved: Touched | None, may_revise: bool) -> FileView:
    before, after = _text(moved.before if moved else touched.before), _text(touched.after)
    name = name_of(touched.path) or touched.path
    status = "changed"
    if touched.before is None:
        status = "renamed" if moved else "added"
    elif touched.after is None:
        status = "removed"
    is_policy = touched.path == POLICY_PATH
    title = _("How we decide") if is_policy else split_front_matter(after or before)[0].get("title")
    may_edit = may_revise and touched.after is not None
    return FileView(
        name=name,
        path=touched.path,
        title=str(title) if title else title_from(name),
        old_name=name_of(moved.path) if moved else None,
        status=status,
        difference=differences.prose(before, after),
        source=differences.line_by_line(before, after),
        edit_url=url_for("editor.edit", name=name, proposal=weighed.n) if may_edit else None,
        is_policy=is_policy,
    )


def _text(blob: Blob | None) -> str:
    return the_wiki().repository.content(blob).decode("utf-8", "replace") if blob is not None else ""


def _story(weighed: Weighed, landing: tuple[str, int] | None) -> list[StoryLine]:
    lines = [_line(act) for act in weighed.proposal.acts]
    if landing is not None:
        commit, when = landing
        system = the_wiki().repository.system
        lines.append(StoryLine(commit, "merge", system, when, _("The change came into force"), None))
    return lines


def _line(act: Act) -> StoryLine:
    name = act.author.name
    sentences = {
        Kind.PROPOSE: _("%(name)s proposed the change", name=name),
        Kind.REVISE: _("%(name)s changed the text; endorsements of the earlier text no longer count", name=name),
        Kind.REFRESH: _("The proposal was brought up to date with what is in force"),
        Kind.ENDORSE: _("%(name)s endorsed it", name=name),
        Kind.OBJECT: _("%(name)s objected", name=name),
        Kind.ANSWER: _("%(name)s answered an objection", name=name),
        Kind.RETRACT: _("%(name)s took back what they had said", name=name),
        Kind.CLOSE: _("%(name)s withdrew the proposal", name=name),
        Kind.REOPEN: _("%(name)s reopened the proposal", name=name),
        Kind.COMMENT: _("%(name)s commented", name=name),
    }
    sentence = sentences[act.kind]
    if act.kind is Kind.REFRESH and act.kept:
        sentence = _("The proposal was brought up to date with what is in force; endorsements still count")
    if act.kind is Kind.RETRACT and act.by_system:
        sentence = _("%(who)s has left; their voice no longer counts", who=act.speaks_for)
    words = act.text if act.kind is not Kind.PROPOSE else ""
    return StoryLine(act.id, act.kind.value, act.author, act.when, sentence, fragment(words, act.id) if words else None)


def _comments(n: int) -> list[CommentView]:
    top: list[CommentView] = []
    seen: dict[str, CommentView] = {}
    for act in the_wiki().guidelines.talk(n):
        view = CommentView(act.id, act.author, act.when, fragment(act.text, act.id), act.at)
        seen[act.id] = view
        parent = seen.get(act.to or "")
        (parent.replies if parent is not None else top).append(view)
    return top


# The buttons


def _field(name: str, most: int = MAX_TEXT) -> str:
    value = request.form.get(name, "")
    if len(value) > most:
        raise Refused(N_("That is too long: at most %(most)s characters."), most=most)
    return value


def _back(n: int, anchor: str = "") -> Response:
    return make_response(redirect(url_for("proposals.proposal", n=n) + anchor, 303))


def _after(outcome: Outcome, otherwise: str) -> Response:
    if outcome.in_force:
        flash(_("That was enough: the change is in force."), "celebrate")
    else:
        flash(otherwise, "success")
    return _back(outcome.n, "#decision")


@blueprint.post("/-/proposals/<int:n>/endorse")
def endorse(n: int) -> Response:
    """Endorse the change that the form showed."""
    account, guidelines, seen = member(), the_wiki().guidelines, _field("change", 40)
    try:
        outcome = guidelines.endorse(proposal_number(n), account.person, seen, member_since=account.created_at)
    except Conflict as error:
        return _look_again(n, seen, error)
    return _after(outcome, _("Thank you. Your endorsement is noted."))


def _look_again(n: int, seen: str, error: Conflict) -> Response:
    """What was voted on is no longer on the table: show how the text changed since."""
    weighed = the_wiki().guidelines.weigh(n)
    difference = None
    if any(act.id == seen for act in weighed.proposal.acts):
        paths = [touched.path for touched in weighed.proposal.touched]
        texts = [(_text(_file_at(seen, path)), _text(_file_at(weighed.proposal.change, path))) for path in paths]
        difference = Markup().join(differences.prose(*pair) for pair in texts if pair[0] != pair[1])
    return changed_meanwhile(error, url_for("proposals.proposal", n=n), difference or None)


def _file_at(commit: str, path: str) -> Blob | None:
    return the_wiki().repository.file(commit, path)


@blueprint.post("/-/proposals/<int:n>/object")
def object(n: int) -> Response:  # noqa: A001 - the act's own word
    """Object to the change that the form showed."""
    seen = _field("change", 40)
    try:
        outcome = the_wiki().guidelines.object(proposal_number(n), person(), seen, _field("reason"))
    except Conflict as error:
        return _look_again(n, seen, error)
    return _after(outcome, _("Your objection is noted. The authors are asked to answer."))


@blueprint.post("/-/proposals/<int:n>/answer")
def answer(n: int) -> Response:
    """Answer an objection."""
    outcome = the_wiki().guidelines.answer(proposal_number(n), person(), _field("to", 40), _field("text"))
    return _after(outcome, _("Your answer is noted."))


@blueprint.post("/-/proposals/<int:n>/retract")
def retract(n: int) -> Response:
    """Take back an endorsement or objection."""
    outcome = the_wiki().guidelines.retract(proposal_number(n), person())
    return _after(outcome, _("You took back what you had said."))


@blueprint.post("/-/proposals/<int:n>/comment")
def comment(n: int) -> Response:
    """Say something."""
    to = _field("to", 40) or None
    act = the_wiki().guidelines.comment(proposal_number(n), person(), _field("text"), to=to)
    return _back(n, f"#comment-{act[:12]}")


@blueprint.post("/-/proposals/<int:n>/close")
def close(n: int) -> Response:
    """Withdraw."""
    outcome = the_wiki().guidelines.close(proposal_number(n), person(), _field("reason"))
    return _after(outcome, _("The proposal is withdrawn. You can reopen it."))


@blueprint.post("/-/proposals/<int:n>/reopen")
def reopen(n: int) -> Response:
    """Put it back on the table."""
    outcome = the_wiki().guidelines.reopen(proposal_number(n), person())
    return _after(outcome, _("The proposal is on the table again."))


@blueprint.post("/-/proposals/<int:n>/refresh")
def refresh(n: int) -> Response:
    """Bring main in."""
    member()
    outcome = the_wiki().guidelines.refresh(proposal_number(n))
    return _after(outcome, _("The proposal is up to date with what is in force."))
