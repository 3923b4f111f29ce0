"""What another policy would mean for what is on the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

from wiki.addresses import proposal_address
from wiki.model.decide import Standing, Why
from wiki.model.errors import Damaged, NotFound, Refused
from wiki.model.merge import Weighed
from wiki.model.names import POLICY_PATH
from wiki.model.policy import Policy, PolicyError, parse_policy
from wiki.web.here import the_wiki
from wiki.web.reasons import reason_text
from wiki.web.say import _, ngettext
from wiki.web.words import duration, listed

MOST = 50
MOST_COMPARED = 100
"""So many pairs of proposals are tried together; each takes git a few milliseconds."""


class Effect(StrEnum):
    """What would become of an open proposal."""

    IN_FORCE = "in force"
    LATER = "later"
    MORE = "more"
    FEWER = "fewer"
    SAME = "same"
    BEHIND = "behind"


@dataclass(frozen=True)
class EffectRow:
    """One open proposal: what it needs today, what it would need, and what that comes to."""

    title: str
    url: str
    today: str
    then: str
    effect: Effect
    sentence: str


@dataclass(frozen=True)
class Effects:
    """The first open proposals, of ``total``."""

    rows: Sequence[EffectRow]
    total: int


def policy_effects(policy: Policy, *, but: int | None = None) -> Effects:
    """What would become of the open proposals, the last to move first; ``but`` is left out."""
    wiki = the_wiki()
    rows = [row for row in wiki.index.proposals("open", limit=MOST + 1) if row.n != but][:MOST]
    found: list[EffectRow] = []
    at_once: list[tuple[int, Weighed]] = []
    for row in rows:
        try:
            today, then = wiki.guidelines.weigh_under(row.n, policy, wiki.now())
        except (Damaged, NotFound, Refused):
            continue
        found.append(_row(row.title, today, then))
        if found[-1].effect is Effect.IN_FORCE:
            at_once.append((len(found) - 1, today))
    for at, title in _excluded(at_once):
        said = _("either this or “%(title)s” would come into force at once: both change the same words", title=title)
        found[at] = replace(found[at], sentence=said)
    left_out = wiki.index.proposal(but) if but is not None else None
    return Effects(found, wiki.index.count("open") - (left_out is not None and left_out.state == "open"))


def _excluded(at_once: Sequence[tuple[int, Weighed]]) -> list[tuple[int, str]]:
    """Which of these cannot all come into force as they are, each with the title of one that is in its way."""
    merge, found, left = the_wiki().repository.differences.merge, dict[int, str](), MOST_COMPARED
    for (at, one), (there, other) in combinations(at_once, 2):
        paths = {touched.path for touched in one.proposal.touched}
        if (at in found and there in found) or paths.isdisjoint(each.path for each in other.proposal.touched):
            continue
        if left and merge(one.proposal.tip.id, other.proposal.tip.id)[1]:
            found.setdefault(at, other.proposal.title)
            found.setdefault(there, one.proposal.title)
        left = max(0, left - 1)
    return list(found.items())


def effects_of_proposal(weighed: Weighed) -> Effects | None:
    """What a proposal that changes the policy would mean; None for any other, and for one that is decided."""
    text = weighed.proposal.new_policy
    if not _changes_rules(weighed) or text is None or weighed.in_force or weighed.proposal.closed:
        return None
    try:
        return policy_effects(parse_policy(text), but=weighed.n)
    except PolicyError:
        return None


def _changes_rules(weighed: Weighed) -> bool:
    return any(touched.path == POLICY_PATH for touched in weighed.proposal.touched)


def _row(title: str, today: Weighed, then: Weighed) -> EffectRow:
    effect = Effect.BEHIND if _changes_rules(today) else _effect(today.standing, then.standing)
    sentences = {
        Effect.IN_FORCE: _("would come into force at once"),
        Effect.LATER: _("would stay on the table for longer"),
        Effect.MORE: _("would need more"),
        Effect.FEWER: _("would need less"),
        Effect.SAME: _("unchanged"),
        Effect.BEHIND: _("changes the rules too, so it would have to be brought up to date first"),
    }
    sentence = sentences[effect]
    moved = next((reason for reason in then.standing.reasons if reason.why is Why.OVERTAKEN), None)
    if moved is not None and effect is not Effect.BEHIND:
        effect, sentence = Effect.BEHIND, reason_text(moved)
    return EffectRow(title, proposal_address(today.n), _have(today), _have(then), effect, sentence)


def _have(weighed: Weighed) -> str:
    standing, requirement = weighed.standing, weighed.standing.requirement
    parts = [_("no endorsement needed")]
    if standing.needed:
        parts = [ngettext("%(have)s of %(num)s colleague", "%(have)s of %(num)s colleagues", standing.needed,
                          have=len(standing.valid))]  # fmt: skip
    parts += [_("somebody of “%(group)s”", group=group) for group in requirement.need]
    if requirement.open:
        parts.append(_("%(time)s on the table", time=duration(requirement.open)))
    return listed(parts)


def _effect(today: Standing, then: Standing) -> Effect:
    if today.reasons and not then.reasons:
        return Effect.IN_FORCE
    more = then.needed - len(then.valid) - today.needed + len(today.valid)
    groups = [sum(reason.why is Why.GROUP for reason in each.reasons) for each in (today, then)]
    if more > 0 or groups[1] > groups[0]:
        return Effect.MORE
    if more < 0 or groups[1] < groups[0]:
        return Effect.FEWER
    waits = [max((r.until for r in each.reasons if r.why is Why.OPEN and r.until), default=0) for each in (today, then)]
    return Effect.LATER if waits[1] > waits[0] else Effect.SAME
