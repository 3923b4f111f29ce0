"""How we decide: the policy in plain words, and what a change to a given page would need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request, url_for

from wiki.model.errors import Refused
from wiki.model.explain import explain_general, explain_requirement, explain_rules
from wiki.model.names import POLICY_PATH, PageName
from wiki.model.policy import Policy
from wiki.web.here import the_wiki
from wiki.web.words import sentence_case, translate

blueprint = Blueprint("policy", __name__)


@dataclass(frozen=True)
class RuleView:
    """One rule in words."""

    pages: str
    lines: Sequence[str]


@blueprint.get("/-/policy")
def page() -> Response:
    """The policy in force."""
    wiki = the_wiki()
    main = wiki.repository.main()
    policy = wiki.repository.policy(main)
    path = request.args.get("path", "").strip().strip("/")[:300]
    html = render_template(
        "policy.html",
        general=[translate(line) for line in explain_general(policy)],
        rules=[RuleView(rule.pages, [translate(line) for line in rule.lines]) for rule in explain_rules(policy)],
        source=wiki.repository.policy_text(main),
        problem=None,
        edit_url=url_for("editor.edit", name=POLICY_PATH),
        history_url=url_for("history.page", name=POLICY_PATH),
        path=path,
        answer=_answer(policy, path) if path else None,
    )
    return make_response(html)


def _answer(policy: Policy, path: str) -> list[str]:
    """What a change to this page needs now."""
    try:
        file = path if path == POLICY_PATH else PageName(path.removesuffix(".md")).path
    except Refused as error:
        return [sentence_case(translate(error.sentence))]
    wiki = the_wiki()
    active = wiki.accounts.active_members(wiki.now())
    requirement = policy.requirement({file: 10**6})
    return [translate(line) for line in explain_requirement(requirement, active)]
