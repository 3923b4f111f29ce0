"""Bringing two versions together: an author decides the words where main has moved under a proposal.

What was chosen and typed is in the form, under names that stay while the texts are the same; nothing is kept here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from wiki.guidelines import Outcome
from wiki.model.errors import Conflict, Refused
from wiki.model.merge import Weighed
from wiki.prose.three import Choice, result, settled
from wiki.web import cards
from wiki.web.answers import own_words
from wiki.web.cards import Question, SheetView
from wiki.web.errors import error_page, status_of
from wiki.web.here import member, person, proposal_number, the_wiki
from wiki.web.naming import called
from wiki.web.say import _
from wiki.web.sheets import Edits, Sheet, digest_of, sheets_of, state_of
from wiki.web.words import listed, sentence_case, translate
from wiki.wording import MAX_FILES

blueprint = Blueprint("reconcile", __name__)
MAX_NOTE = 20_000
TRIES = 3


@dataclass
class Work:
    """One proposal on the way to one text: its sheets as they are shown, with what was answered."""

    weighed: Weighed
    sheets: list[Sheet]
    answers: Mapping[str, str]
    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    views: list[SheetView] = field(init=False)

    def __post_init__(self) -> None:
        self.views = [cards.view_of(sheet, self.answers) for sheet in self.sheets]

    @property
    def questions(self) -> list[Question]:
        """All that is to be decided, in order."""
        return [question for view in self.views for question in view.questions]

    @property
    def mistakes(self) -> list[Question]:
        """The questions without an answer that can be used."""
        return [question for question in self.questions if question.mistake]

    @property
    def state(self) -> str:
        """Equal as long as nothing that was shown has changed."""
        return state_of(self.sheets)

    @property
    def edits(self) -> Edits:
        """What would be written. Only where there are no mistakes."""
        files: dict[str, str | None] = {}
        for view in self.views:
            texts = [settled(q.passage, Choice(q.chosen or ""), q.words) for q in view.decisions if q.passage]
            text = result(view.sheet.passages, texts)
            at_theirs = view.where is not None and view.where.chosen == Choice.THEIRS
            files.update(view.sheet.edits(text, at_theirs=at_theirs))
        return files

    @property
    def nothing_left(self) -> bool:
        """Whether the proposal would change nothing any more."""
        edits = self.edits
        others = [touched for touched in self.weighed.proposal.touched if touched.path not in edits]
        return not others and all(_text_at(self.weighed.main, path) == text for path, text in edits.items())

    @property
    def leftovers(self) -> dict[str, str]:
        """One's own words for passages that are no longer to be decided, by their keys."""
        return own_words(self.answers, frozenset(question.words_name for question in self.questions))


def _text_at(commit: str, path: str) -> str | None:
    repository = the_wiki().repository
    blob = repository.file(commit, path)
    return repository.content(blob).decode("utf-8", "replace") if blob is not None else None


@blueprint.get("/-/reconcile/<int:n>")
def page(n: int) -> Response:
    """Both versions, passage by passage, with what is to be decided. What is chosen in the address is chosen here."""
    weighed, refusal = _weighed(n)
    if refusal is not None:
        return refusal
    return _show(Work(weighed, sheets_of(the_wiki(), weighed), request.args.to_dict()))


@blueprint.post("/-/reconcile/<int:n>")
def decide(n: int) -> Response:
    """Show what the choices lead to (``do=preview``), or put it on the table (``do=put``)."""
    weighed, refusal = _weighed(n)
    if refusal is not None:
        return _put_already(n) or refusal
    work = Work(weighed, sheets_of(the_wiki(), weighed), request.form.to_dict())
    if work.answers.get("state") != work.state:
        moved = _("The text changed once more while you were deciding. What still applies is kept; please look again.")
        work.notices.append(moved)
        return _show(work, status=409)
    if work.mistakes:
        return _show(work, status=400, blame=True)
    if request.form.get("do") != "put" or work.nothing_left:
        return _show(work, looked=True)
    if work.answers.get("agreed") != digest_of(work.edits):
        work.notices.append(_("You chose something else since you last looked. This is what it leads to now."))
        return _show(work, looked=True)
    return _put(work)


def _put(work: Work) -> Response:
    note = work.answers.get("why", "")[:MAX_NOTE]
    for _try in range(TRIES):
        seen, onto = work.weighed.proposal.change, work.weighed.main
        try:
            outcome = the_wiki().guidelines.revise(
                work.weighed.n, person(), work.edits, note=note, seen=seen, onto=onto
            )
        except Conflict as error:
            again = the_wiki().guidelines.weigh(work.weighed.n)
            fresh = Work(again, sheets_of(the_wiki(), again), work.answers)
            if fresh.state != work.state or again.proposal.change != seen:
                fresh.notices.append(translate(error.sentence))
                return _show(fresh, status=409)
            work = fresh
        except Refused as error:
            work.problems.append(sentence_case(translate(error.sentence)))
            return _show(work, looked=True, status=status_of(error))
        else:
            return _done(outcome)
    work.notices.append(_("The guidelines are changing a lot just now. Please try again in a moment."))
    return _show(work, looked=True, status=409)


def _done(outcome: Outcome) -> Response:
    if outcome.in_force:
        flash(_("Your change is in force."), "success")
    else:
        flash(
            _("Both versions are brought together, and on the table again. Colleagues can endorse it now."), "success"
        )
    return make_response(redirect(url_for("proposals.proposal", n=outcome.n) + "#decision", 303))


# Who may, and when


def _weighed(n: int) -> tuple[Weighed, Response | None]:
    """The proposal, and the page that says why there is nothing to do on it here, or not for this person."""
    member()
    weighed = the_wiki().guidelines.weigh(proposal_number(n))
    proposal = weighed.proposal
    back = [(_("Go to the proposal"), url_for("proposals.proposal", n=n))]
    typed = "\n\n".join(own_words(request.form).values()) or None
    status = 409 if request.method == "POST" else 200
    if weighed.in_force:
        message = _("“%(title)s” is in force. There is nothing to bring together any more.", title=proposal.title)
        return weighed, _nothing_to_do(_("This proposal is in force"), message, back, status, typed)
    if the_wiki().guidelines.author(proposal, person()) is None:
        names = listed([called(author) for author in proposal.authors])
        message = _("Only those who wrote “%(title)s” can decide its words: %(names)s. You can tell them what you "
                    "think in the conversation.", title=proposal.title, names=names)  # fmt: skip
        return weighed, error_page(403, _("The authors decide the words"), message, back, typed=typed)
    if proposal.closed is not None:
        message = _(
            "“%(title)s” is withdrawn. Reopen it first, then bring both versions together.", title=proposal.title
        )
        return weighed, _nothing_to_do(_("This proposal is withdrawn"), message, back, status, typed)
    if not weighed.overtaken:
        message = _("“%(title)s” fits what is in force now. There is nothing to bring together.", title=proposal.title)
        return weighed, _nothing_to_do(_("This proposal is up to date"), message, back, status, typed)
    return weighed, None


def _nothing_to_do(
    heading: str, message: str, actions: Sequence[tuple[str, str]], status: int, typed: str | None
) -> Response:
    html = render_template("error.html", heading=heading, message=message, actions=actions, typed=typed)
    return make_response(html, status)


def _put_already(n: int) -> Response | None:
    """The answer to a button that was pressed twice: on the table is just what this form holds."""
    proposal = the_wiki().guidelines.weigh(n).proposal
    if the_wiki().guidelines.author(proposal, person()) is None or request.form.get("do") != "put":
        return None
    seen = next((act.id for act in proposal.acts if act.id == request.form.get("change")), None)
    if seen is None or seen == proposal.change:
        return None
    paths = request.form.get("paths", "").splitlines()[:MAX_FILES]
    there = {path: _text_at(proposal.change, path) for path in paths}
    if digest_of(there) != request.form.get("agreed"):
        return None
    return make_response(redirect(url_for("proposals.proposal", n=n) + "#decision", 303))


# The page


def _show(work: Work, *, looked: bool = False, blame: bool = False, status: int = 200) -> Response:
    """The page. ``looked``: with what the choices lead to; ``blame``: with what is missing."""
    weighed, proposal = work.weighed, work.weighed.proposal
    if not work.questions:
        looked = True
    edits = work.edits if looked and not work.mistakes else None
    if not the_wiki().repository.differences.merge(proposal.tip.id, weighed.main)[1]:
        work.notices.append(_("The two versions fit together by themselves. “Bring up to date” on the page of the "
                              "proposal does it, and endorsements may stay."))  # fmt: skip
    html = render_template(
        "reconcile.html",
        n=weighed.n,
        title=proposal.title,
        proposal_url=url_for("proposals.proposal", n=weighed.n),
        change=proposal.change,
        state=work.state,
        views=work.views,
        questions=work.questions,
        mistakes=work.mistakes if blame else [],
        problems=work.problems,
        notices=work.notices,
        leftovers=work.leftovers,
        note=work.answers.get("why", ""),
        results=_results(work, edits) if edits is not None else None,
        agreed=digest_of(edits) if edits is not None else "",
        paths="\n".join(edits or ()),
        nothing_left=edits is not None and work.nothing_left,
        endorsed=bool(proposal.endorsements()),
    )
    return make_response(html, status)


def _results(work: Work, edits: Edits) -> list[cards.Result]:
    results = []
    for place, view in enumerate(work.views, 1):
        mine = view.sheet.edits(None)
        path = next((path for path in mine if edits.get(path) is not None), None)
        text = edits[path] if path is not None else None
        results.append(cards.result_of(view, text, path or view.sheet.ours.path, f"page-{place}-"))
    return results
