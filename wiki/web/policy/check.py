"""Checking a policy while it is being written."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request

from wiki.model.explain import problem_with_bar
from wiki.model.policy import PolicyError, parse_policy
from wiki.web.here import member, the_wiki
from wiki.web.policy.effects import Effects, policy_effects
from wiki.web.policy.plain import Changed, changed
from wiki.web.policy.routes import blueprint
from wiki.web.words import sentence_case, translate
from wiki.wording import clean_page


@dataclass(frozen=True)
class PolicyCheck:
    """What there is to say of a text: the ``problem`` and its ``line``, or how it differs and what it would mean."""

    problem: str | None = None
    line: int | None = None
    changed: Changed | None = None
    effects: Effects | None = None


def check_text(text: str, but: int | None = None) -> PolicyCheck:
    """Check a text as a policy."""
    wiki = the_wiki()
    try:
        policy = parse_policy(clean_page(text))
    except PolicyError as error:
        return PolicyCheck(sentence_case(translate(error.why)), error.line)
    problem = problem_with_bar(policy, wiki.accounts.active_members(wiki.now()))
    if problem is not None:
        return PolicyCheck(sentence_case(translate(problem)))
    before = wiki.repository.policy(wiki.repository.main())
    return PolicyCheck(changed=changed(before, policy), effects=policy_effects(policy, but=but))


@blueprint.post("/-/policy/check")
def check() -> Response:
    """The same as a piece of HTML, for whoever is typing."""
    member()
    found = check_text(request.form.get("text", ""))
    response = make_response(render_template("_policy_check.html", check=found))
    if found.line is not None:
        response.headers["Policy-Line"] = str(found.line)
    return response
