"""Checking a policy while it is being written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, make_response, render_template, request

from wiki.model.explain import problem_with_bar
from wiki.model.names import POLICY_PATH
from wiki.model.policy import Policy, PolicyError, parse_policy
from wiki.web.here import member, number, the_wiki
from wiki.web.policy.dry_run import DryRun, dry_run
from wiki.web.policy.effects import Effects, policy_effects
from wiki.web.policy.groups import EmptyGroup, empty_groups
from wiki.web.policy.plain import Changed, changed
from wiki.web.policy.routes import blueprint
from wiki.web.words import sentence_case, translate
from wiki.wording import clean_page


@dataclass(frozen=True)
class PolicyCheck:
    """What there is to say of a text: the ``problem`` and its ``line``, or how it differs and what it would mean.
    A valid one has an ``obstacle`` where it could not come into force as things are, and ``empty_groups`` where it
    needs groups in which nobody has an account. What says the same as the rules in force means nothing new."""

    problem: str | None = None
    line: int | None = None
    obstacle: str | None = None
    empty_groups: Sequence[EmptyGroup] = ()
    changed: Changed | None = None
    effects: Effects | None = None
    dry_run: DryRun | None = None


def check_text(text: str, but: int | None = None) -> PolicyCheck:
    """Check a text as a policy; ``but`` is the proposal it belongs to, which is not weighed against it."""
    wiki = the_wiki()
    try:
        policy = parse_policy(clean_page(text))
    except PolicyError as error:
        return PolicyCheck(sentence_case(translate(error.why)), error.line)
    before = wiki.repository.policy(wiki.repository.main())
    return PolicyCheck(
        obstacle=_obstacle(before, policy),
        empty_groups=empty_groups(policy),
        changed=changed(before, policy),
        effects=policy_effects(policy, but=but) if policy != before else None,
        dry_run=dry_run(policy, but) if policy != before else None,
    )


def _obstacle(before: Policy, after: Policy) -> str | None:
    """Why the policy could not come into force, with the endorsers that the one before it asks for."""
    wiki = the_wiki()
    active = wiki.accounts.active_members(wiki.now())
    endorsers = before.requirement({POLICY_PATH: 0}).endorsements(active)
    problem = problem_with_bar(after, max(active, 1 + endorsers))
    return sentence_case(translate(problem)) if problem is not None else None


@blueprint.post("/-/policy/check")
def check() -> Response:
    """The same as a piece of HTML, for whoever is typing; ``?proposal=`` is the one that is being revised."""
    member()
    found = check_text(request.form.get("text", ""), number("proposal"))
    response = make_response(render_template("_policy_check.html", check=found))
    if found.line is not None:
        response.headers["Policy-Line"] = str(found.line)
    return response
