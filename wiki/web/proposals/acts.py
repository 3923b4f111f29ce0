"""The buttons under the difference: each is one act, and leads back to the decision box."""

from __future__ import annotations

from flask import Response, url_for
from markupsafe import Markup

from wiki.model.acts import Kind, Person
from wiki.model.errors import Conflict
from wiki.web.errors import changed_meanwhile
from wiki.web.here import member, person, proposal_number, the_wiki
from wiki.web.proposals.routes import after, back, blueprint, field
from wiki.web.proposals.versions import between
from wiki.web.say import _


@blueprint.post("/-/proposals/<int:n>/endorse")
def endorse(n: int) -> Response:
    """Endorse the change that the form showed."""
    account, guidelines, seen = member(), the_wiki().guidelines, field("change", 40)
    before = _says(n, account.person)
    try:
        outcome = guidelines.endorse(proposal_number(n), account.person, seen, member_since=account.created_at)
    except Conflict as error:
        return look_again(n, seen, error)
    back = _("Your objection is taken back.") if before is Kind.OBJECT else ""
    return after(outcome, _("Thank you. Your endorsement is noted."), also=back)


def _says(n: int, who: Person) -> Kind | None:
    """What somebody has said of a proposal and not taken back."""
    voice = the_wiki().guidelines.weigh(proposal_number(n)).proposal.voices.get(who.key)
    return voice.kind if voice is not None else None


def look_again(n: int, seen: str, error: Conflict) -> Response:
    """What was acted on is no longer on the table: show how the text changed since."""
    weighed = the_wiki().guidelines.weigh(n)
    known = any(act.id == seen for act in weighed.proposal.acts)
    difference: Markup | None = between(weighed, seen, weighed.proposal.change) if known else None
    return changed_meanwhile(error, url_for("proposals.proposal", n=n), difference)


@blueprint.post("/-/proposals/<int:n>/object")
def object(n: int) -> Response:  # noqa: A001 - the act's own word
    """Object to the change that the form showed."""
    who, seen = person(), field("change", 40)
    before = _says(n, who)
    try:
        outcome = the_wiki().guidelines.object(proposal_number(n), who, seen, field("reason"))
    except Conflict as error:
        return look_again(n, seen, error)
    back = _("Your endorsement is taken back.") if before is Kind.ENDORSE else ""
    return after(outcome, _("Your objection is noted. The authors are asked to answer."), also=back)


@blueprint.post("/-/proposals/<int:n>/answer")
def answer(n: int) -> Response:
    """Answer an objection."""
    outcome = the_wiki().guidelines.answer(proposal_number(n), person(), field("to", 40), field("text"))
    return after(outcome, _("Your answer is noted."))


@blueprint.post("/-/proposals/<int:n>/retract")
def retract(n: int) -> Response:
    """Take back an endorsement or objection."""
    outcome = the_wiki().guidelines.retract(proposal_number(n), person())
    return after(outcome, _("You took back what you had said."))


@blueprint.post("/-/proposals/<int:n>/comment")
def comment(n: int) -> Response:
    """Say something about the whole, about a passage, or to what somebody said."""
    to, at = field("to", 40) or None, field("at", 400) or None
    act = the_wiki().guidelines.comment(proposal_number(n), person(), field("text"), to=to, at=at)
    return back(n, f"#comment-{act[:12]}")


@blueprint.post("/-/proposals/<int:n>/close")
def close(n: int) -> Response:
    """Withdraw."""
    outcome = the_wiki().guidelines.close(proposal_number(n), person(), field("reason"))
    return after(outcome, _("The proposal is withdrawn. You can reopen it."))


@blueprint.post("/-/proposals/<int:n>/reopen")
def reopen(n: int) -> Response:
    """Put it back on the table."""
    outcome = the_wiki().guidelines.reopen(proposal_number(n), person())
    return after(outcome, _("The proposal is on the table again."))


@blueprint.post("/-/proposals/<int:n>/refresh")
def refresh(n: int) -> Response:
    """Bring main in."""
    member()
    outcome = the_wiki().guidelines.refresh(proposal_number(n))
    return after(outcome, _("The proposal is up to date with what is in force."))
