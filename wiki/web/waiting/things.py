"""Everything that needs somebody, the most useful first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from wiki.accounts import Account
from wiki.addresses import proposal_address
from wiki.model.errors import Damaged, NotFound
from wiki.model.merge import Weighed
from wiki.model.turns import Task, whose_turn
from wiki.notify import Matter, Notice
from wiki.web.here import the_wiki
from wiki.web.inbox.sentences import address_of, because_of, sentence_of
from wiki.web.proposals.routes import file_at, text_of
from wiki.web.say import _
from wiki.web.shortfall import shortfall_of

MOST_OWN = 20
MOST_SHORT = 10


class Need(IntEnum):
    """What is needed of somebody, in the order in which the list has it."""

    ASKED = 1
    GROUP = 2
    LAPSED = 3
    OBJECTED = 4
    MINE = 5
    STUCK = 6
    SHORT = 7


VOICES = frozenset({Need.ASKED, Need.GROUP, Need.LAPSED, Need.SHORT})
"""Where an endorsement or an objection is what is needed."""
_FROM_ANYBODY = frozenset({Need.ASKED, Need.GROUP, Need.SHORT})
"""Where somebody else can give it as well."""
_NEEDS = {
    Matter.ASKED: Need.ASKED,
    Matter.GROUP: Need.GROUP,
    Matter.LAPSED: Need.LAPSED,
    Matter.OBJECTED: Need.OBJECTED,
    Matter.SUGGESTED: Need.OBJECTED,
    Matter.ANSWERED: Need.OBJECTED,
}


@dataclass(frozen=True)
class Thing:
    """One thing that needs somebody: in a sentence, where it leads, why it is them, since when (unix seconds)."""

    need: Need
    n: int
    title: str
    sentence: str
    url: str
    because: str
    at: int

    @property
    def since_last_act(self) -> bool:
        """Whether ``at`` is the last act of the proposal, and not when they were told."""
        return self.need in {Need.MINE, Need.STUCK, Need.SHORT}

    @property
    def asks_for_voice(self) -> bool:
        """Whether an endorsement or objection is what is needed."""
        return self.need in VOICES


def things_for(account: Account) -> list[Thing]:
    """What needs this person: each proposal once, for the most pressing of its reasons. Where they said that they
    cannot look at one, or only an author can bring it on, their voice is not asked for."""
    passed = the_wiki().asking.passed_by(account.id)
    told = [one for one in _told(account) if one.n not in passed or one.need not in _FROM_ANYBODY]
    stuck = the_wiki().index.overtaken_among({one.n for one in told if one.asks_for_voice})
    told = [one for one in told if one.n not in stuck or not one.asks_for_voice]
    once: dict[int, Thing] = {}
    for one in sorted([*told, *_own(account), *_short(account, passed)], key=lambda one: (one.need, one.at, one.n)):
        once.setdefault(one.n, one)
    return list(once.values())


def waiting_address(n: int) -> str:
    """Where mail leads: to the decision under the difference, through the sign-in where that is needed."""
    return f"/-/waiting/{n}"


def texts_of(weighed: Weighed, endorser: Account | None) -> list[tuple[str, str, str]]:
    """Each page that the proposal touches, as it was in force, or in the text that somebody endorsed, and as it would
    be."""
    voice = weighed.proposal.voices.get(endorser.person.key) if endorser is not None else None
    known = next((act.id for act in weighed.proposal.acts if voice is not None and act.id == voice.of), None)
    return [
        (
            each.path,
            text_of(file_at(known, each.path) if known is not None else each.before),
            text_of(each.after),
        )
        for each in weighed.proposal.touched
    ]


def weighed_or_none(n: int) -> Weighed | None:
    """A proposal as it stands; None where it cannot be read."""
    try:
        return the_wiki().guidelines.weigh(n)
    except (Damaged, NotFound):
        return None


def _told(account: Account) -> Iterator[Thing]:
    for notice in the_wiki().notify.inbox.undone(account.id):
        if notice.matter in _NEEDS:
            yield _thing(_NEEDS[notice.matter], notice)


def _thing(need: Need, notice: Notice) -> Thing:
    return Thing(
        need, notice.n, notice.title, sentence_of(notice), address_of(notice), because_of(notice), notice.at
    )  # fmt: skip


def _own(account: Account) -> Iterator[Thing]:
    """Their own proposals that do not get on by themselves."""
    for row in the_wiki().index.proposals_by(account.person.key, limit=MOST_OWN, state="open"):
        weighed = weighed_or_none(row.n)
        found = _stuck(weighed, row.title) if weighed is not None else None
        if found is not None:
            need, sentence, because = found
            yield Thing(
                need, row.n, row.title, sentence, proposal_address(row.n) + "#decision", because, row.last_act_at
            )


def _stuck(weighed: Weighed, title: str) -> tuple[Need, str, str] | None:
    """What a proposal needs of its authors, in a sentence, and why or what helps; None where it waits for others."""
    tasks = {turn.task for turn in whose_turn(weighed.proposal, weighed.standing, weighed.policy)}
    wrote = _("You wrote it.")
    if Task.RECONCILE in tasks:
        said = _("The page of “%(title)s” has changed: bring the two versions together.", title=title)
        return Need.MINE, said, wrote
    if Task.MEND in tasks:
        return Need.MINE, _("“%(title)s” cannot come into force as it is: mend the text.", title=title), wrote
    if Task.ANSWER in tasks:
        return Need.OBJECTED, _("“%(title)s” has an objection: answer it.", title=title), wrote
    short = shortfall_of(weighed)
    if short is not None:
        said = _("“%(title)s” cannot come into force as things are: too few colleagues could endorse it.", title=title)
        return Need.STUCK, said, short.helps
    if weighed.standing.objections and tasks & {Task.ENDORSE, Task.ENDORSE_FOR_GROUP}:
        helps = _("Find words that meet it, or ask more colleagues to endorse yours.")
        return Need.STUCK, _("An objection to “%(title)s” still stands.", title=title), helps
    return None


def _short(account: Account, passed: Collection[int]) -> Sequence[Thing]:
    """Proposals of others for which one more voice is enough, and whose text need not be brought together first."""
    rows = the_wiki().index.proposals_waiting(account.person.key, limit=MOST_SHORT, short=True, without=passed)
    return [
        Thing(
            Need.SHORT,
            row.n,
            row.title,
            _("One more colleague is enough for “%(title)s”.", title=row.title),
            proposal_address(row.n) + "#decision",
            "",
            row.last_act_at,
        )
        for row in rows
    ]
