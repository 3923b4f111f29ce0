"""Proposals and how they stand, for programs."""

from __future__ import annotations

from flask import Response, request, url_for

from wiki.addresses import proposal_address
from wiki.index import ProposalRow
from wiki.model.acts import Act
from wiki.model.decide import answers_by_authors
from wiki.model.errors import NotFound
from wiki.model.merge import Weighed
from wiki.model.names import is_attachment, name_of
from wiki.model.proposal import Touched
from wiki.model.words import N_
from wiki.web.api.routes import PER_PAGE, answer, blueprint, further, moment, page_of_list, told, whole
from wiki.web.here import proposal_number, the_wiki
from wiki.web.words import translate

_STATES = {"open": "open", "in-force": "in force", "closed": "closed"}


@blueprint.get("/proposals")
def proposals() -> Response:
    """Proposals in one state, the last to move first, some at a time."""
    state = request.args.get("state", "open")
    if state not in _STATES:
        raise NotFound(N_("There is no such list: “state” is open, in-force or closed."))
    at = page_of_list()
    rows = the_wiki().index.proposals(_STATES[state], (at - 1) * PER_PAGE, PER_PAGE + 1)
    found = [_row(row) for row in rows[:PER_PAGE]]
    return answer({"proposals": found, "next": further("api.proposals", at, len(rows) > PER_PAGE, state=state)})


def _row(row: ProposalRow) -> dict[str, object]:
    return {
        "number": row.n,
        "title": row.title,
        "state": row.state.replace(" ", "-"),
        "author": told(row.author),
        "pages": list(row.pages),
        "endorsements": row.endorsements,
        "needed": row.needed,
        "objections": row.objections,
        "opened": moment(row.opened_at),
        "last_act": moment(row.last_act_at),
        "url": whole(row.url),
        "api": whole(url_for("api.proposal", n=row.n)),
    }


@blueprint.get("/proposals/<int:n>")
def proposal(n: int) -> Response:
    """One proposal: what it would change, and how it stands."""
    return answer(described(the_wiki().guidelines.weigh(proposal_number(n))))


def described(weighed: Weighed) -> dict[str, object]:
    """A proposal as programs are told of it."""
    folded = weighed.proposal
    state = "in-force" if weighed.in_force else "closed" if folded.closed else "open"
    return {
        "number": weighed.n,
        "title": folded.title,
        "why": folded.acts[0].why,
        "state": state,
        "url": whole(proposal_address(weighed.n)),
        "change": folded.change,
        "authors": [told(each) for each in folded.authors],
        "opened": moment(folded.opened_at),
        "changes": [_change(each) for each in folded.touched],
        "decision": _decision(weighed, state),
    }


def _change(touched: Touched) -> dict[str, object]:
    told_of = "removed" if touched.after is None else "added" if touched.before is None else "changed"
    text = None
    if touched.after is not None and not is_attachment(touched.path):
        text = the_wiki().repository.content(touched.after).decode("utf-8", "replace")
    return {"page": name_of(touched.path), "file": touched.path, "what": told_of, "text": text}


def _decision(weighed: Weighed, state: str) -> dict[str, object]:
    standing = weighed.standing
    return {
        "endorsements": len(standing.valid),
        "needed": standing.needed,
        "endorsed_by": [_said(act) for act in standing.valid],
        "no_longer_counted": [{**_said(act), "because": cause.value} for act, cause in standing.lapsed],
        "objections": [_objection(weighed, act) for act in weighed.proposal.objections()],
        "not_yet_because": [translate(reason.sentence) for reason in standing.reasons] if state == "open" else [],
        "earliest": moment(standing.earliest) if state == "open" else None,
        "merged_as": weighed.in_force,
    }


def _said(act: Act) -> dict[str, object]:
    return {**told(act.author), "at": moment(act.when), "act": act.id}


def _objection(weighed: Weighed, act: Act) -> dict[str, object]:
    answered = bool(answers_by_authors(weighed.proposal, act))
    return {**_said(act), "reason": act.text, "stands": act in weighed.standing.objections, "answered": answered}
