"""Whose turn it is: who can do something about each reason, from the reasons of `decide` and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from wiki.model.acts import Act, Person
from wiki.model.decide import Reason, Standing, Why
from wiki.model.policy import Policy
from wiki.model.proposal import Proposal


class Task(StrEnum):
    """What somebody is asked to do."""

    ENDORSE = "endorse"
    ENDORSE_FOR_GROUP = "endorse for group"
    ANSWER = "answer"
    RECONCILE = "reconcile"
    MEND = "mend"
    WAIT = "wait"


@dataclass(frozen=True)
class Turn:
    """One thing that is to be done. ``people`` may do it (empty: any colleague but the authors); ``members`` are the
    addresses of the group that is needed; ``about`` is the objection to answer, or the group."""

    task: Task
    people: tuple[Person, ...] = ()
    members: tuple[str, ...] = ()
    about: str = ""

    def includes(self, person: Person, proposal: Proposal) -> bool:
        """Whether it is this person's turn."""
        if self.task is Task.ENDORSE:
            return not proposal.is_author(person) and not _spoke(proposal, person)
        if self.task is Task.ENDORSE_FOR_GROUP:
            return person.key in self.members and not _spoke(proposal, person)
        return any(each.key == person.key for each in self.people)


def whose_turn(proposal: Proposal, standing: Standing, policy: Policy) -> tuple[Turn, ...]:
    """What is to be done, in the order of the reasons. A proposal that only waits is nobody's turn. Nobody is asked to
    endorse a text that must be brought together with another first: the words would change, and their voice lapse."""
    moved = any(reason.why is Why.OVERTAKEN for reason in standing.reasons)
    reasons = [reason for reason in standing.reasons if not moved or reason.why not in {Why.FEW, Why.GROUP}]
    turns = [_turn(reason, proposal, standing, policy) for reason in reasons]
    done = tuple(dict.fromkeys(turn for turn in turns if turn is not None))
    if done:
        return done
    return (Turn(Task.WAIT),) if standing.earliest is not None else ()


def _turn(reason: Reason, proposal: Proposal, standing: Standing, policy: Policy) -> Turn | None:
    match reason.why:
        case Why.FEW:
            return Turn(Task.ENDORSE)
        case Why.GROUP:
            members = policy.groups.get(reason.about, frozenset())
            free = sorted(key for key in members if not any(author.key == key for author in proposal.authors))
            return Turn(Task.ENDORSE_FOR_GROUP, members=tuple(free), about=reason.about)
        case Why.UNANSWERED:
            return Turn(Task.ANSWER, proposal.authors, about=reason.about)
        case Why.OVERTAKEN:
            return Turn(Task.RECONCILE, proposal.authors)
        case Why.NOTHING | Why.NAME | Why.MODE | Why.POLICY:
            return Turn(Task.MEND, proposal.authors)
        case _:
            return None


def _spoke(proposal: Proposal, person: Person) -> bool:
    voice = proposal.voices.get(person.key)
    return voice is not None and voice.of == proposal.change


def objection_to_confirm(proposal: Proposal, objections: Sequence[Act], person: Person) -> Act | None:
    """This person's objection to an earlier text that still holds the change: they are asked whether it stands."""
    voice = proposal.voices.get(person.key)
    if voice is None or voice.of == proposal.change:
        return None
    return voice if any(act.id == voice.id for act in objections) else None
