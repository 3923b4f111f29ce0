"""Small changes in words: what it meant for one change how many lines it has, and what comes of waiting."""

from __future__ import annotations

from collections.abc import Mapping

from wiki.model.explain import explain_requirement
from wiki.model.merge import Weighed
from wiki.model.names import POLICY_PATH
from wiki.model.small import explain_small, small_rules
from wiki.web.here import the_wiki
from wiki.web.words import translate


def about_lines(weighed: Weighed) -> list[str]:
    """What the rules for small changes meant for this proposal."""
    lines = {touched.path: touched.lines for touched in weighed.proposal.touched}
    return [translate(explain_small(each)) for each in small_rules(weighed.policy, lines)]


def what_it_needs(texts: Mapping[str, tuple[str, str]]) -> list[str]:
    """What a change that nobody has proposed yet would need, by its files as they are and as they would be; [] for the
    policy, of which more is to be said."""
    wiki = the_wiki()
    if not texts or POLICY_PATH in texts:
        return []
    policy = wiki.repository.policy(wiki.repository.main())
    count = wiki.repository.differences.lines_between
    lines = {path: count(*both) if policy.counts_lines else 0 for path, both in texts.items()}
    needed = explain_requirement(policy.requirement(lines), wiki.accounts.active_members(wiki.now()))
    small = [translate(explain_small(each)) for each in small_rules(policy, lines)]
    return [*small, *(translate(line) for line in needed)]
