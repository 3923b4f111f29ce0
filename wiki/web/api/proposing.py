"""Proposing and revising, for programs, in the name of whoever gave them the token."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, url_for

from wiki.addresses import proposal_address
from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.web.api.proposals import described
from wiki.web.api.routes import answer, blueprint, proposer, sent, whole
from wiki.web.here import path_of, proposal_number, the_wiki
from wiki.web.limits import count_try

MOST_AN_HOUR = "120 per hour"


@blueprint.post("/proposals")
def propose() -> Response:
    """Put a change on the table; its number."""
    account = proposer().account
    count_try(MOST_AN_HOUR, "api", str(account.id))
    values = sent(required={"title": str, "pages": dict}, optional={"why": str, "seen": dict})
    edits, seen = _texts(values["pages"]), _texts(values.get("seen", {}))
    outcome = the_wiki().guidelines.propose(account.person, values["title"], values.get("why", ""), edits, seen=seen)
    place = {"url": whole(proposal_address(outcome.n)), "api": whole(url_for("api.proposal", n=outcome.n))}
    return answer({"number": outcome.n, "in_force": outcome.in_force is not None, **place}, 201)


@blueprint.post("/proposals/<int:n>/revise")
def revise(n: int) -> Response:
    """Put another text on the table, for a proposal of one's own."""
    account, guidelines = proposer().account, the_wiki().guidelines
    count_try(MOST_AN_HOUR, "api", str(account.id))
    values = sent(required={"change": str, "pages": dict}, optional={"note": str})
    edits = _texts(values["pages"])
    guidelines.revise(proposal_number(n), account.person, edits, note=values.get("note", ""), seen=values["change"])
    return answer(described(guidelines.weigh(n)))


def _texts(pages: Mapping[str, object]) -> dict[str, str | None]:
    """Pages by file: their text, null for none."""
    for name, text in pages.items():
        if text is not None and not isinstance(text, str):
            raise Refused(N_("“%(name)s” must be a text, or null where there shall be no such page."), name=name[:100])
    return {path_of(name): text for name, text in pages.items() if text is None or isinstance(text, str)}
