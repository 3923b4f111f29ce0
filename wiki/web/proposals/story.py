"""The story of a proposal: its acts in the order they were made, many of them told together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from wiki.model.acts import Act, Kind, Person
from wiki.model.merge import Weighed
from wiki.model.relations import adopted_in
from wiki.web.box import fragment
from wiki.web.here import the_wiki
from wiki.web.naming import called
from wiki.web.say import _, ngettext
from wiki.web.words import listed

TOLD = 40
TOGETHER = 4


@dataclass(frozen=True)
class StoryLine:
    """One act, or several endorsements in a row."""

    id: str
    kind: str
    person: Person
    when: int
    sentence: str
    text: Markup | None


@dataclass(frozen=True)
class Story:
    """The lines, and how many were left out in the middle; ``left_out`` stand before ``later``."""

    first: Sequence[StoryLine]
    left_out: int
    later: Sequence[StoryLine]


def story_of(weighed: Weighed, landing: tuple[str, int] | None, *, whole: bool) -> Story:
    """The story; the middle of a long one is left out unless the ``whole`` is asked for."""
    told = [list(acts) for acts in _chapters(weighed.proposal.acts)]
    ending = [_merge_line(landing)] if landing is not None else []
    if whole or len(told) <= TOLD:
        return Story([_line(acts) for acts in told] + ending, 0, [])
    first, later = told[:2], told[2 - TOLD :]
    left_out = sum(len(acts) for acts in told[2 : 2 - TOLD])
    return Story([_line(acts) for acts in first], left_out, [_line(acts) for acts in later] + ending)


def _chapters(acts: Sequence[Act]) -> list[list[Act]]:
    """Acts one by one, but long runs of endorsements together."""
    chapters: list[list[Act]] = []
    for endorsing, run in groupby(acts, key=lambda act: act.kind is Kind.ENDORSE):
        together = list(run)
        if endorsing and len(together) >= TOGETHER:
            chapters.append(together)
        else:
            chapters.extend([act] for act in together)
    return chapters


def _merge_line(landing: tuple[str, int]) -> StoryLine:
    commit, when = landing
    return StoryLine(commit, "merge", the_wiki().repository.system, when, _("The change came into force"), None)


def _line(acts: list[Act]) -> StoryLine:
    act = acts[-1]
    if len(acts) > 1:
        rest = len(acts) - 2
        names = {"name": called(acts[0].author), "other": called(acts[1].author)}
        sentence = ngettext(
            "%(name)s, %(other)s and %(num)s other endorsed it",
            "%(name)s, %(other)s and %(num)s others endorsed it",
            rest,
            **names,
        )
        return StoryLine(act.id, act.kind.value, act.author, act.when, sentence, None)
    words = act.text if act.kind is not Kind.PROPOSE and adopted_in(act.text) is None else ""
    text = fragment(words, act.id) if words else None
    return StoryLine(act.id, act.kind.value, act.author, act.when, _sentence(act), text)


def _sentence(act: Act) -> str:
    name = called(act.author)
    if act.kind is Kind.REVISE and act.co_authors:
        others = listed([called(person) for person in act.co_authors])
        return _("%(name)s changed the text together with %(others)s; earlier endorsements no longer count",
                 name=name, others=others)  # fmt: skip
    if act.kind is Kind.REFRESH and act.kept:
        return _("The proposal was brought up to date with what is in force; endorsements still count")
    if act.kind is Kind.RETRACT and act.by_system:
        return _gone(act.speaks_for or "")
    if act.kind is Kind.CLOSE and act.by_system:
        adopted = adopted_in(act.text)
        if adopted is not None:
            return _("It was adopted as proposal %(n)s", n=adopted)
        return _("Nothing had happened for so long that it was closed; an author can reopen it")
    return {
        Kind.PROPOSE: _("%(name)s proposed the change", name=name),
        Kind.REVISE: _("%(name)s changed the text; endorsements of the earlier text no longer count", name=name),
        Kind.REFRESH: _("The proposal was brought up to date with what is in force"),
        Kind.ENDORSE: _("%(name)s endorsed it", name=name),
        Kind.OBJECT: _("%(name)s objected", name=name),
        Kind.ANSWER: _("%(name)s answered an objection", name=name),
        Kind.RETRACT: _("%(name)s took back what they had said", name=name),
        Kind.CLOSE: _("%(name)s withdrew the proposal", name=name),
        Kind.REOPEN: _("%(name)s reopened the proposal", name=name),
        Kind.COMMENT: _("%(name)s commented", name=name),
    }[act.kind]


def _gone(address: str) -> str:
    """Whose voice the wiki took back, by the address that they spoke under, and why."""
    account = the_wiki().accounts.known_by(address)
    if account is None:
        return _("%(who)s has left; their voice no longer counts", who=address.partition("@")[0])
    if account.active and account.email.casefold() != address.casefold():
        return _("%(who)s has another address now; what they said under the old one no longer counts", who=account.name)
    return _("%(who)s has left; their voice no longer counts", who=account.name)
