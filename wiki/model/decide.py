"""Deciding: is it enough, and if not, why not.

`decide` is the one function that answers. It merges, explains and verifies; there is no second opinion.
`standing` is the same weighing with everything on the table, for whoever must show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from wiki.model.acts import Act
from wiki.model.explain import problem_with_bar
from wiki.model.names import POLICY_PATH, Neighbours, collisions, problem_with_path
from wiki.model.policy import Policy, PolicyError, Requirement, parse_policy
from wiki.model.proposal import PLAIN_FILE, Blob, Proposal
from wiki.model.words import N_, Sentence, say, say_number

WARNED = 10 * 86400
"""How long before a quiet proposal is closed everybody is told, in seconds."""


class Why(StrEnum):
    """The kinds of reasons for which a proposal is not in force."""

    CLOSED = "closed"
    NOTHING = "nothing"
    NAME = "name"
    MODE = "mode"
    OVERTAKEN = "overtaken"
    FEW = "few"
    GROUP = "group"
    UNANSWERED = "unanswered"
    HELD = "held"
    OPEN = "open"
    POLICY = "policy"


@dataclass(frozen=True)
class Reason:
    """Why not yet. ``until`` is the moment (unix seconds) at which it passes by itself, where it does;
    ``about`` the file, group or act it speaks of."""

    why: Why
    sentence: Sentence
    until: int | None = None
    about: str = ""

    def __str__(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True)
class Main:
    """What main holds where the proposal touches it.

    ``blobs`` has each touched file as it is on main, None where there is none; ``policy_changed_at`` is the
    time of the last commit of main that changed policy.toml.
    """

    id: str
    when: int
    blobs: Mapping[str, Blob | None]
    policy_changed_at: int
    neighbours: Neighbours


class Lapse(StrEnum):
    """Why an endorsement does not count."""

    EARLIER_TEXT = "earlier text"
    AUTHOR = "author"
    TOO_NEW = "too new"
    LEFT = "left"


@dataclass(frozen=True)
class Standing:
    """Everything that was weighed.

    ``needed`` is the number of valid endorsements asked, with the weight of objections in it. ``earliest`` is
    when the change may come into force by waiting alone, or None where something else is missing.
    ``moments`` are the future times at which the weighing may come out otherwise without an act. ``closes_at`` is when
    the quiet period ends, None for what is closed or only waits.
    """

    requirement: Requirement
    needed: int
    valid: tuple[Act, ...]
    lapsed: tuple[tuple[Act, Lapse], ...]
    objections: tuple[Act, ...]
    reasons: tuple[Reason, ...]
    earliest: int | None
    moments: tuple[int, ...]
    closes_at: int | None


def decide(proposal: Proposal, main: Main, policy: Policy, now: int, active_members: int) -> list[Reason]:
    """Why the proposal may not come into force; empty means: merge it. ``now`` in unix seconds."""
    return list(standing(proposal, main, policy, now, active_members).reasons)


def standing(proposal: Proposal, main: Main, policy: Policy, now: int, active_members: int) -> Standing:
    """Weigh the proposal against main and the policy in force there."""
    requirement = policy.requirement({t.path: t.lines for t in proposal.touched})
    valid, lapsed = _sort_endorsements(proposal, policy)
    objections = standing_objections(proposal, policy, now)
    needed = requirement.endorsements(active_members) + policy.weigh * len(objections)
    reasons = [
        *_about_state(proposal),
        *_about_files(proposal, main),
        *_about_policy(proposal, valid, active_members),
        *_about_endorsements(requirement, valid, needed, policy),
        *_about_objections(proposal, objections, policy, now),
        *_about_time(proposal, main, requirement, now),
    ]
    times = [reason.until for reason in reasons]
    waits_only = bool(reasons) and all(reason.until is not None for reason in reasons)
    earliest = max(t for t in times if t is not None) if waits_only else None
    decayed = [proposal.change_at + policy.hold for act in objections if act.of != proposal.change]
    return Standing(
        requirement=requirement,
        needed=needed,
        valid=valid,
        lapsed=lapsed,
        objections=objections,
        reasons=tuple(reasons),
        earliest=earliest,
        moments=tuple(sorted({t for t in [*times, *decayed] if t is not None and t > now})),
        closes_at=None if waits_only or not reasons else _closes_at(proposal, main, policy),
    )


def _closes_at(proposal: Proposal, main: Main, policy: Policy) -> int | None:
    """When an open proposal is closed if nothing happens. A policy that has just shortened the quiet period leaves
    everybody the time of the warning."""
    if proposal.closed is not None or not policy.quiet:
        return None
    return max(proposal.tip.when + policy.quiet, main.policy_changed_at + min(WARNED, policy.quiet))


def standing_objections(proposal: Proposal, policy: Policy, now: int) -> tuple[Act, ...]:
    """Objections to the text on the table, and those to an earlier one while ``hold`` runs from the edit."""
    fresh = now < proposal.change_at + policy.hold
    return tuple(act for act in proposal.objections() if act.of == proposal.change or fresh)


def answers_by_authors(proposal: Proposal, objection: Act) -> tuple[Act, ...]:
    """The answers that count: those of authors."""
    return tuple(a for a in proposal.answers.get(objection.id, ()) if proposal.is_author(a.author))


def _sort_endorsements(proposal: Proposal, policy: Policy) -> tuple[tuple[Act, ...], tuple[tuple[Act, Lapse], ...]]:
    valid, lapsed = [], []
    authors = {author.key for author in proposal.authors}
    for act in proposal.endorsements():
        cause = _lapse(act, proposal.change, authors, policy)
        if cause is None:
            valid.append(act)
        else:
            lapsed.append((act, cause))
    lapsed += [(act, Lapse.LEFT) for act in proposal.departed]
    return tuple(valid), tuple(lapsed)


def _lapse(act: Act, change: str, authors: set[str], policy: Policy) -> Lapse | None:
    if act.author.key in authors:
        return Lapse.AUTHOR
    if act.of != change:
        return Lapse.EARLIER_TEXT
    if act.member_since is None or act.when - act.member_since < policy.members_since:
        return Lapse.TOO_NEW
    return None


def _about_state(proposal: Proposal) -> list[Reason]:
    reasons = []
    if proposal.closed is not None:
        reasons.append(Reason(Why.CLOSED, say(N_("it is closed")), about=proposal.closed.id))
    if not proposal.touched:
        reasons.append(Reason(Why.NOTHING, say(N_("it changes nothing of what is in force"))))
    return reasons


def _about_files(proposal: Proposal, main: Main) -> list[Reason]:
    reasons = []
    for touched in proposal.touched:
        problem = problem_with_path(touched.path)
        if problem is not None:
            reasons.append(Reason(Why.NAME, problem, about=touched.path))
        if touched.after is not None and touched.after.mode != PLAIN_FILE:
            sentence = say(N_("“%(path)s” is not a plain file"), path=touched.path)
            reasons.append(Reason(Why.MODE, sentence, about=touched.path))
        if main.blobs.get(touched.path) != touched.before:
            sentence = say(
                N_("“%(path)s” has changed since; the proposal must be brought up to date"), path=touched.path
            )
            reasons.append(Reason(Why.OVERTAKEN, sentence, about=touched.path))
    added = [t.path for t in proposal.touched if t.before is None and main.blobs.get(t.path) is None]
    removed = [t.path for t in proposal.touched if t.after is None]
    clashes = collisions(added, main.neighbours, removed)
    return [*reasons, *(Reason(Why.NAME, sentence) for sentence in clashes)]


def _about_policy(proposal: Proposal, valid: tuple[Act, ...], active_members: int) -> list[Reason]:
    touched = next((t for t in proposal.touched if t.path == POLICY_PATH), None)
    if touched is None:
        return []
    if touched.after is None:
        return [Reason(Why.POLICY, say(N_("the policy cannot be removed")), about=POLICY_PATH)]
    try:
        policy = parse_policy(proposal.new_policy or "")
    except PolicyError as error:
        sentence = say(N_("the new policy is not valid: %(problem)s"), problem=error.sentence)
        return [Reason(Why.POLICY, sentence, about=POLICY_PATH)]
    people = max(active_members, len(proposal.authors) + len(valid))
    problem = problem_with_bar(policy, people)
    return [Reason(Why.POLICY, problem, about=POLICY_PATH)] if problem is not None else []


def _about_endorsements(requirement: Requirement, valid: tuple[Act, ...], needed: int, policy: Policy) -> list[Reason]:
    reasons = []
    missing = needed - len(valid)
    if missing > 0:
        sentence = say_number(
            missing,
            "one more colleague must endorse it",
            "%(num)s more colleagues must endorse it",
        )
        reasons.append(Reason(Why.FEW, sentence))
    voices = {act.author.key for act in valid}
    for group in requirement.need:
        if not voices & policy.groups.get(group, frozenset()):
            sentence = say(N_("somebody of the group “%(group)s” must endorse it"), group=group)
            reasons.append(Reason(Why.GROUP, sentence, about=group))
    return reasons


def _about_objections(proposal: Proposal, objections: tuple[Act, ...], policy: Policy, now: int) -> list[Reason]:
    reasons = []
    for act in objections:
        decays = None if act.of == proposal.change else proposal.change_at + policy.hold
        if not answers_by_authors(proposal, act):
            sentence = say(N_("%(name)s objected, and an author must answer"), name=act.author.name)
            reasons.append(Reason(Why.UNANSWERED, sentence, until=decays, about=act.id))
        until = act.when + policy.hold
        if now < until:
            sentence = say(N_("%(name)s objected; the change is held for a while"), name=act.author.name)
            reasons.append(Reason(Why.HELD, sentence, until=min(until, decays or until), about=act.id))
    return reasons


def _about_time(proposal: Proposal, main: Main, requirement: Requirement, now: int) -> list[Reason]:
    until = max(proposal.change_at, proposal.opened_at, main.policy_changed_at) + requirement.open
    if now >= until:
        return []
    return [Reason(Why.OPEN, say(N_("it stays on the table for a while yet")), until=until)]
