"""The dry run of a policy: what it would have meant for the last proposals, had people done what they did."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, current_app

from wiki.addresses import proposal_address
from wiki.guidelines.pasts import Pasts, last_pasts
from wiki.model.explain import rule_in_short
from wiki.model.merge import Weighed
from wiki.model.names import POLICY_PATH
from wiki.model.policy import Policy, PolicyError, parse_policy
from wiki.model.replay import Ending, Past, Rehearsed, rehearse
from wiki.web.here import the_wiki
from wiki.web.say import _, ngettext
from wiki.web.spans import span
from wiki.web.words import day, listed, translate

LAST = 200
"""How many proposals are replayed."""
MOST_OF_A_RULE = 10
MOST_TOLD = 40
_KEPT = 16
_HOUR = 3600
_EXTENSION = "dry runs"
_ORDER = (Ending.LOST, Ending.LATER, Ending.EARLIER, Ending.GAINED)


@dataclass(frozen=True)
class Line:
    """A proposal that would have ended otherwise, and how."""

    title: str
    url: str
    sentence: str


@dataclass(frozen=True)
class OfRule:
    """The proposals that a rule decides and that would have ended otherwise: the first of them, and how many more."""

    rule: str
    lines: Sequence[Line]
    more: int


@dataclass(frozen=True)
class DryRun:
    """What it comes to. ``reckoned`` proposals were replayed, ``same`` of them would have ended as they did,
    ``left_out`` could not be; ``sentences`` count what would be different."""

    reckoned: int
    same: int
    left_out: int
    sentences: Sequence[str]
    rules: Sequence[OfRule]


class DryRuns:
    """Replays that were made, until the index changes; what is still on the table is looked at anew every hour."""

    def __init__(self) -> None:
        self._pasts: tuple[tuple[str, bool], Pasts] | None = None
        self._made: OrderedDict[tuple[str, str, int], tuple[Rehearsed, ...]] = OrderedDict()

    def rehearsed(self, policy: Policy) -> tuple[Pasts, Sequence[Rehearsed]]:
        """The last proposals, and how each would have ended."""
        wiki = the_wiki()
        generation, now = wiki.index.generation(), wiki.now()
        pasts = self._told(generation, policy.counts_lines)
        key = str(policy), generation, now // _HOUR
        made = self._made.get(key)
        if made is None:
            made = tuple(rehearse(past, policy, now) for past in pasts.told)
            self._made[key] = made
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
        return pasts, made

    def _told(self, generation: str, lines: bool) -> Pasts:
        kept = self._pasts
        if kept is None or kept[0] != (generation, lines):
            wiki = the_wiki()
            pasts = last_pasts(
                wiki.repository, lambda: wiki.accounts.active_members(wiki.now()), LAST, count_lines=lines
            )
            kept = self._pasts = (generation, lines), pasts
        return kept[1]


def attach(app: Flask) -> None:
    """Begin with nothing replayed."""
    app.extensions[_EXTENSION] = DryRuns()


def dry_run(policy: Policy, but: int | None = None) -> DryRun:
    """What a policy would have meant; ``but`` is left out."""
    runs: DryRuns = current_app.extensions[_EXTENSION]
    pasts, every = runs.rehearsed(policy)
    titles = {past.n: _title(past) for past in pasts.told}
    some = [one for one in every if one.n != but]
    otherwise = [one for one in some if one.ending is not Ending.SAME]
    return DryRun(
        reckoned=len(some),
        same=len(some) - len(otherwise),
        left_out=pasts.asked - len(pasts.told),
        sentences=_counted(otherwise),
        rules=_by_rule(otherwise, titles),
    )


def dry_run_of_proposal(weighed: Weighed) -> DryRun | None:
    """What a proposal that changes the policy would have meant; None for any other, and for one that is decided."""
    text = weighed.proposal.new_policy
    changes = any(touched.path == POLICY_PATH for touched in weighed.proposal.touched)
    if not changes or text is None or weighed.in_force or weighed.proposal.closed:
        return None
    try:
        return dry_run(parse_policy(text), weighed.n)
    except PolicyError:
        return None


def _title(past: Past) -> str:
    return past.stages[-1].proposal.title


def _counted(otherwise: Sequence[Rehearsed]) -> list[str]:
    counts = {ending: sum(one.ending is ending for one in otherwise) for ending in _ORDER}
    sentences = {
        Ending.LOST: ngettext(
            "%(num)s that is in force would not be.", "%(num)s that are in force would not be.", counts[Ending.LOST]
        ),
        Ending.LATER: ngettext(
            "%(num)s would have come into force later.", "%(num)s would have come into force later.",
            counts[Ending.LATER],
        ),
        Ending.EARLIER: ngettext(
            "%(num)s would have come into force earlier.", "%(num)s would have come into force earlier.",
            counts[Ending.EARLIER],
        ),
        Ending.GAINED: ngettext(
            "%(num)s that is not in force would be.", "%(num)s that are not in force would be.", counts[Ending.GAINED]
        ),
    }  # fmt: skip
    return [sentence for ending, sentence in sentences.items() if counts[ending]]


def _by_rule(otherwise: Sequence[Rehearsed], titles: dict[int, str]) -> list[OfRule]:
    """Most first. What there is no room for is counted."""
    found: dict[str, list[Rehearsed]] = {}
    for one in sorted(otherwise, key=lambda one: (_ORDER.index(one.ending), -one.n)):
        found.setdefault(translate(rule_in_short(one.then.standing.requirement)), []).append(one)
    room, rules = MOST_TOLD, []
    for rule, some in sorted(found.items(), key=lambda each: -len(each[1])):
        shown = some[: min(MOST_OF_A_RULE, room)]
        room -= len(shown)
        lines = [Line(titles[one.n], proposal_address(one.n), _sentence(one)) for one in shown]
        rules.append(OfRule(rule, lines, len(some) - len(shown)))
    return rules


def _sentence(one: Rehearsed) -> str:
    then, standing = one.then.at, one.then.standing
    if then is None:
        if standing.earliest is not None:
            return _("would not be in force before %(day)s", day=day(standing.earliest))
        missing = listed([translate(reason.sentence) for reason in standing.reasons])
        return _("would not be in force: %(why)s", why=missing)
    if one.was is None:
        return _("is not in force, but would be since %(day)s", day=day(then))
    if then < one.was:
        return _("would have come into force %(time)s earlier", time=span(one.was - then))
    return _("would have come into force %(time)s later", time=span(then - one.was))
