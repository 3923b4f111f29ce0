"""The story of a proposal: its acts in the order they were made, many of them told together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from wiki.model.acts import Act, Kind, Person
from wiki.model.merge import Weighed
from wiki.model.relations import adopted_in
from wiki.web.box import fragment
from wiki.web.here import the_wiki
from wiki.web.naming import linked
from wiki.web.say import _, ngettext
from wiki.web.words import listed, with_markup

TOLD = 40
TOGETHER = 4


@dataclass(frozen=True)
class StoryLine:
    """One act, or several endorsements in a row."""

    id: str
    kind: str
    person: Person
    when: int
    sentence: str | Markup
    text: Markup | None


@dataclass(frozen=True)
class Story:
    """The lines, and how many were left out in the middle; ``left_out`` stand before ``later``."""

    first: Sequence[StoryLine]
    left_out: int
    later: Sequence[StoryLine]


def story_of(weighed: Weighed, landing: tuple[str, int] | None, *, whole: bool) -> Story:
    """The story; the middle of a long one is left out unless the ``whole`` is asked for."""
    back = _taken_back(weighed.proposal.acts)
    told = [list(acts) for acts in _chapters(weighed.proposal.acts, back)]
    ending = [_merge_line(landing)] if landing is not None else []
    if whole or len(told) <= TOLD:
        return Story([_line(acts, back) for acts in told] + ending, 0, [])
    first, later = told[:2], told[2 - TOLD :]
    left_out = sum(len(acts) for acts in told[2 : 2 - TOLD])
    return Story([_line(acts, back) for acts in first], left_out, [_line(acts, back) for acts in later] + ending)


def _taken_back(acts: Sequence[Act]) -> dict[str, Kind]:
    """What somebody's act took back of what they had said before, by the act: endorsing and objecting replace each
    other. An endorsement of an earlier text is nothing that could be taken back by objecting."""
    said: dict[str, Act] = {}
    back: dict[str, Kind] = {}
    for act in acts:
        before = said.get(act.author.key)
        if act.kind is Kind.RETRACT:
            gone = said.pop(act.speaks_for, None)
            if gone is not None:
                back[act.id] = gone.kind
        elif act.kind in {Kind.ENDORSE, Kind.OBJECT}:
            replaced = before is not None and before.kind is not act.kind
            if before is not None and replaced and (before.kind is Kind.OBJECT or before.of == act.of):
                back[act.id] = before.kind
            said[act.author.key] = act
    return back


def _chapters(acts: Sequence[Act], back: Mapping[str, Kind]) -> list[list[Act]]:
    """Acts one by one, but long runs of endorsements together."""
    chapters: list[list[Act]] = []
    for endorsing, run in groupby(acts, key=lambda act: act.kind is Kind.ENDORSE and act.id not in back):
        together = list(run)
        if endorsing and len(together) >= TOGETHER:
            chapters.append(together)
        else:
            chapters.extend([act] for act in together)
    return chapters


def _merge_line(landing: tuple[str, int]) -> StoryLine:
    commit, when = landing
    return StoryLine(commit, "merge", the_wiki().repository.system, when, _("The change came into force"), None)


def _line(acts: list[Act], back: Mapping[str, Kind]) -> StoryLine:
    act = acts[-1]
    if len(acts) > 1:
        rest = len(acts) - 2
        names = {"name": linked(acts[0].author), "other": linked(acts[1].author)}
        sentence = ngettext(
            "%(name)s, %(other)s and %(num)s other endorsed it",
            "%(name)s, %(other)s and %(num)s others endorsed it",
            rest,
            **names,
        )
        told = Markup(sentence)  # noqa: S704 - our own words, and names as links
        return StoryLine(act.id, act.kind.value, act.author, act.when, told, None)
    words = act.text if act.kind is not Kind.PROPOSE and adopted_in(act.text) is None else ""
    text = fragment(words, act.id, "s") if words else None
    return StoryLine(act.id, act.kind.value, act.author, act.when, _sentence(act, back.get(act.id)), text)


def _sentence(act: Act, back: Kind | None) -> str | Markup:
    name = linked(act.author)
    if act.kind is Kind.REVISE and act.co_authors:
        others = Markup(listed([linked(person) for person in act.co_authors]))  # noqa: S704 - names as links
        told = _("%(name)s changed the text together with %(others)s; earlier endorsements no longer count")
        return with_markup(told, name=name, others=others)
    if act.kind is Kind.REFRESH and act.kept:
        return _("The proposal was brought up to date with what is in force; endorsements still count")
    if act.kind is Kind.RETRACT and act.by_system:
        return _gone(act.speaks_for or "")
    if act.kind is Kind.CLOSE and act.by_system:
        adopted = adopted_in(act.text)
        if adopted is not None:
            return _("It was adopted as proposal %(n)s", n=adopted)
        return _("Nothing had happened for so long that it was closed; an author can reopen it")
    return with_markup(_told_of_taking_back(act.kind, back) if back is not None else _told(act.kind), name=name)


def _told_of_taking_back(kind: Kind, back: Kind) -> str:
    if kind is Kind.ENDORSE:
        return _("%(name)s endorsed it, and by that took back their objection")
    if kind is Kind.OBJECT:
        return _("%(name)s objected, and by that took back their endorsement")
    if back is Kind.OBJECT:
        return _("%(name)s took back their objection")
    return _("%(name)s took back their endorsement")


def _told(kind: Kind) -> str:
    return {
        Kind.PROPOSE: _("%(name)s proposed the change"),
        Kind.REVISE: _("%(name)s changed the text; endorsements of the earlier text no longer count"),
        Kind.REFRESH: _("The proposal was brought up to date with what is in force"),
        Kind.ENDORSE: _("%(name)s endorsed it"),
        Kind.OBJECT: _("%(name)s objected"),
        Kind.ANSWER: _("%(name)s answered an objection"),
        Kind.RETRACT: _("%(name)s took back what they had said"),
        Kind.CLOSE: _("%(name)s withdrew the proposal"),
        Kind.REOPEN: _("%(name)s reopened the proposal"),
        Kind.COMMENT: _("%(name)s commented"),
    }[kind]


def _gone(address: str) -> Markup:
    """Whose voice the wiki took back, by the address that they spoke under, and why."""
    account = the_wiki().accounts.known_by(address)
    left = _("%(who)s has left; their voice no longer counts")
    if account is None:
        return with_markup(left, who=address.partition("@")[0])
    if account.active and account.email.casefold() != address.casefold():
        moved = _("%(who)s has another address now; what they said under the old one no longer counts")
        return with_markup(moved, who=linked(account.person))
    return with_markup(left, who=linked(account.person))
