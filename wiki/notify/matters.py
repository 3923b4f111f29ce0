"""Who is told what: pure, from what happened on a proposal and whom it concerns.

`happenings` reads what is new from a weighed proposal and its talk; `told_of` says who hears of each; `still_asks`
whether what a notice asks is still to be done. No clock, no SQL, no git: what they need is passed in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from wiki.model.acts import Act, Kind, Person
from wiki.model.decide import answers_by_authors
from wiki.model.merge import Weighed
from wiki.model.proposal import Proposal, fold
from wiki.model.turns import Task, whose_turn


class Matter(StrEnum):
    """What a notice is about."""

    ASKED = "asked"
    OBJECTED = "objected"
    LAPSED = "lapsed"
    GROUP = "group"
    SUGGESTED = "suggested"
    ANSWERED = "answered"
    REPLIED = "replied"
    PROPOSED = "proposed"
    REVISED = "revised"
    IN_FORCE = "in force"
    CLOSED = "closed"
    REOPENED = "reopened"
    COMMENTED = "commented"


ONLY_CLOSE = frozenset({Matter.COMMENTED, Matter.OBJECTED})
"""Of this only those hear who follow the proposal itself, not everybody who watches a page it touches."""


@dataclass(frozen=True)
class Happening:
    """One thing that happened on a proposal. ``id`` is the act, the merge, or ``suggestion:7``; ``asks`` says, by
    `Person.key`, of whom it asks something and what; ``news`` is what it is to those who follow it, None where it is
    nothing to them. ``about`` is the objection, comment or suggestion that it concerns."""

    id: str
    matter: Matter
    by: Person
    at: int
    asks: Mapping[str, Matter] = field(default_factory=dict)
    news: Matter | None = None
    about: str = ""
    unseen: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Followers:
    """Who follows a proposal, by `Person.key`: its authors, and with the place that they chose to watch everybody who
    watches it, a page it touches, or a folder with one. ``muted`` want to hear nothing of it."""

    authors: frozenset[str] = frozenset()
    watching: Mapping[str, str] = field(default_factory=dict)
    muted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Told:
    """One notice: whose (`Person.key`), of which happening, and whether it asks something of them. ``because`` is what
    they watch (``page:travel/visa``), "author" for their own, "" for what is asked of them."""

    key: str
    happening: Happening
    matter: Matter
    asks: bool
    because: str = ""


AUTHOR, PROPOSAL, PAGE, FOLDER, ASKED = "author", "proposal", "page", "folder", "asked"


def told_of(happening: Happening, followers: Followers) -> list[Told]:
    """Who is told of it, each at most once. What asks something comes before news; nobody is told of what they did
    themselves."""
    told = {
        key: Told(key, happening, matter, True)
        for key, matter in happening.asks.items()
    }  # fmt: skip
    if happening.news is not None:
        because = {**followers.watching, **dict.fromkeys(followers.authors, AUTHOR)}
        for key, why in because.items():
            far = why.startswith((f"{PAGE}:", f"{FOLDER}:"))
            if key not in told and not (far and happening.news in ONLY_CLOSE):
                told[key] = Told(key, happening, happening.news, False, why)
    silent = followers.muted | happening.unseen
    return [one for key, one in sorted(told.items()) if key not in silent]


def happenings(
    weighed: Weighed,
    new: Collection[str],
    comments: Sequence[Act],
    new_comments: Collection[str],
    landed: bool,
    asked: Collection[str] = (),
) -> list[Happening]:
    """What is new on a proposal, in order: of its acts those in ``new``, of its ``comments`` those in ``new_comments``,
    and that it came into force, where it has ``landed`` since. ``asked`` have been asked for their group already."""
    found = [*_of_chain(weighed, new, landed, asked), *_of_talk(weighed.proposal, comments, new_comments)]
    if landed and weighed.in_force is not None:
        found.append(_landing(weighed))
    return found


def _of_chain(weighed: Weighed, new: Collection[str], landed: bool, asked: Collection[str]) -> Iterator[Happening]:
    proposal, asked_now = weighed.proposal, set(asked)
    for at, act in enumerate(proposal.acts):
        if act.id not in new:
            continue
        found = _of_act(proposal, at, act)
        if act.kind in _ASKS_GROUPS:
            members = _members_needed(weighed) - asked_now - {act.author.key}
            asked_now |= members
            asks = {**dict.fromkeys(members, Matter.GROUP), **(found.asks if found else {})}
            if found is None and asks:
                found = Happening(act.id, Matter.GROUP, act.author, act.when)
            found = replace(found, asks=asks) if found else None
        if found is not None:
            overtaken_by_landing = landed and found.news in {Matter.PROPOSED, Matter.REVISED}
            yield replace(found, news=None) if overtaken_by_landing else found


_ASKS_GROUPS = frozenset({Kind.PROPOSE, Kind.REVISE, Kind.REFRESH, Kind.REOPEN})


def _of_act(proposal: Proposal, at: int, act: Act) -> Happening | None:
    """What one act of the chain is to others; None where it concerns nobody by itself."""
    own = frozenset({act.author.key})
    match act.kind:
        case Kind.PROPOSE:
            return Happening(act.id, Matter.PROPOSED, act.author, act.when, news=Matter.PROPOSED, unseen=own)
        case Kind.REVISE | Kind.REFRESH if not act.kept:
            lapsed = dict.fromkeys(_lapsed_by(proposal, at) - own, Matter.LAPSED)
            news = Matter.REVISED if act.kind is Kind.REVISE or lapsed else None
            return Happening(act.id, Matter.REVISED, act.author, act.when, lapsed, news, unseen=own)
        case Kind.OBJECT:
            authors = {author.key: Matter.OBJECTED for author in proposal.authors}
            return Happening(act.id, Matter.OBJECTED, act.author, act.when, authors, Matter.OBJECTED, act.id, own)
        case Kind.ANSWER:
            said = next((one for one in proposal.acts if one.id == act.to), None)
            asks = {said.author.key: Matter.ANSWERED} if said is not None else {}
            return Happening(act.id, Matter.ANSWERED, act.author, act.when, asks, None, act.to or "", own)
        case Kind.CLOSE:
            return Happening(act.id, Matter.CLOSED, act.author, act.when, news=Matter.CLOSED, unseen=own)
        case Kind.REOPEN:
            return Happening(act.id, Matter.REOPENED, act.author, act.when, news=Matter.REOPENED, unseen=own)
        case _:
            return None


def _lapsed_by(proposal: Proposal, at: int) -> frozenset[str]:
    """Whose endorsement counted until the act at this place put another text on the table."""
    before = fold(proposal.acts[:at])
    authors = {author.key for author in proposal.authors}
    endorsed = {voice.author.key for voice in before.endorsements() if voice.of == before.change}
    return frozenset(endorsed - authors)


def _members_needed(weighed: Weighed) -> set[str]:
    """The members of the groups that must still endorse."""
    turns = whose_turn(weighed.proposal, weighed.standing, weighed.policy)
    return {key for turn in turns if turn.task is Task.ENDORSE_FOR_GROUP for key in turn.members}


def _of_talk(proposal: Proposal, comments: Sequence[Act], new: Collection[str]) -> Iterator[Happening]:
    said = {act.id: act for act in comments}
    objections = {act.id: act for act in proposal.acts if act.kind is Kind.OBJECT}
    for act in comments:
        if act.id in new:
            to = said.get(act.to or "") or objections.get(act.to or "")
            asks = {to.author.key: Matter.REPLIED} if to is not None else {}
            own = frozenset({act.author.key})
            yield Happening(act.id, Matter.COMMENTED, act.author, act.when, asks, Matter.COMMENTED, act.id, own)


def _landing(weighed: Weighed) -> Happening:
    """Whoever brought it into force by what they did just then has seen it."""
    tip = weighed.proposal.tip
    saw = frozenset({tip.author.key}) if tip.when == weighed.now else frozenset[str]()
    proposer = weighed.proposal.acts[0].author
    return Happening(
        weighed.in_force or "", Matter.IN_FORCE, proposer, weighed.now, news=Matter.IN_FORCE, unseen=saw
    )  # fmt: skip


def suggestion_made(number: int, by: Person, at: int, proposal: Proposal) -> Happening:
    """Somebody suggested other words to the authors."""
    asks = {author.key: Matter.SUGGESTED for author in proposal.authors}
    own = frozenset({by.key})
    return Happening(f"suggestion:{number}", Matter.SUGGESTED, by, at, asks, None, str(number), own)


@dataclass(frozen=True)
class Asked:
    """What a notice asks: of whom (`Person.key`), what, by which act, and about which objection or suggestion."""

    key: str
    matter: Matter
    act: str
    about: str


def still_asks(
    asked: Asked, weighed: Weighed, comments: Sequence[Act], open_suggestions: Collection[str]
) -> bool:  # fmt: skip
    """Whether what was asked is still to be done by them."""
    proposal = weighed.proposal
    if asked.matter is Matter.REPLIED:
        return not _spoke_after(asked, comments)
    if weighed.in_force is not None or proposal.closed is not None:
        return False
    person = Person("", asked.key)
    voice = proposal.voices.get(asked.key)
    match asked.matter:
        case Matter.ASKED:
            return not proposal.is_author(person)  # that they answered is noted where the requests are
        case Matter.OBJECTED:
            stands = next((act for act in weighed.standing.objections if act.id == asked.about), None)
            return stands is not None and not answers_by_authors(proposal, stands) and proposal.is_author(person)
        case Matter.LAPSED:
            lapsed = voice is not None and voice.kind is Kind.ENDORSE and voice.of != proposal.change
            return lapsed and not proposal.is_author(person) and asked.act == _last_lapse(proposal, asked.key)
        case Matter.GROUP:
            turns = whose_turn(proposal, weighed.standing, weighed.policy)
            return any(t.task is Task.ENDORSE_FOR_GROUP and t.includes(person, proposal) for t in turns)
        case Matter.SUGGESTED:
            return asked.about in open_suggestions and proposal.is_author(person)
        case Matter.ANSWERED:
            return voice is not None and voice.id == asked.about
        case _:
            return False


def _last_lapse(proposal: Proposal, key: str) -> str | None:
    """The act by which the standing endorsement of somebody lapsed: the first other text after the one it is about."""
    of = proposal.voices[key].of
    seen = False
    for act in proposal.versions:
        if seen:
            return act.id
        seen = act.id == of
    return None


def _spoke_after(asked: Asked, comments: Sequence[Act]) -> bool:
    at = next((place for place, act in enumerate(comments) if act.id == asked.act), len(comments))
    return any(act.author.key == asked.key for act in comments[at + 1 :])
