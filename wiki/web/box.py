"""The decision box: how a proposal stands, in the words of `decide` and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import url_for
from markupsafe import Markup, escape

from wiki.accounts import Account
from wiki.markdown import render_fragment
from wiki.model.acts import Act, Kind, Person
from wiki.model.decide import WARNED, Lapse, Why, answers_by_authors
from wiki.model.explain import rule_in_short
from wiki.model.merge import Weighed
from wiki.model.proposal import Proposal
from wiki.model.relations import adopted_in
from wiki.model.turns import Task, Turn, objection_to_confirm, whose_turn
from wiki.together import may_be_adopted
from wiki.web.here import the_wiki
from wiki.web.naming import called
from wiki.web.reasons import reasons_text
from wiki.web.say import _, ngettext
from wiki.web.shortfall import ShortfallView, shortfall_of
from wiki.web.words import listed, moment, translate, with_markup

SHOWN = 20
NAMED = 100


@dataclass(frozen=True)
class Voice:
    """An endorsement. ``note`` says why it does not count, where it does not."""

    person: Person
    when: int
    note: str | None = None


@dataclass(frozen=True)
class AnswerView:
    """An author's answer to an objection."""

    person: Person
    when: int
    text: Markup


@dataclass(frozen=True)
class ObjectionView:
    """An objection with its answers."""

    id: str
    person: Person
    when: int
    text: Markup
    standing: bool
    note: str | None
    answers: Sequence[AnswerView]
    may_answer: bool


@dataclass(frozen=True)
class TurnView:
    """What is to be done and by whom; ``mine`` where it is for whoever is looking."""

    text: Markup
    mine: bool


@dataclass(frozen=True)
class RuleView:
    """A rule that applies: its pattern, and where it stands in the policy."""

    pages: str
    url: str
    line: int | None


@dataclass(frozen=True)
class Box:
    """Everything the box shows. ``earliest`` is when waiting alone brings it into force, ``closes_at`` when it is
    closed if nothing happens, where that is near (unix seconds). ``endorsers`` are the first few, ``others`` some names
    of the ``more`` that there are. ``weight`` says why more are needed than the rule asks; ``confirm`` is the reader's
    own objection to an earlier text, which they are asked about."""

    state: str
    headline: str
    endorsed: int
    needed: int
    endorsers: Sequence[Voice]
    others: Sequence[str]
    more: int
    lapsed: Sequence[Voice]
    objections: Sequence[ObjectionView]
    reasons: Sequence[Markup]
    turns: Sequence[TurnView]
    weight: str | None
    shortfall: ShortfallView | None
    gone: bool
    earliest: int | None
    closes_at: int | None
    rule: str
    rules: Sequence[RuleView]
    confirm: Act | None
    may_endorse: bool
    may_object: bool
    may_retract: bool
    why_not: str | None
    my_voice: str | None
    my_kind: str | None
    replaces: str | None
    must_sign_in: bool
    sign_in_url: str


def box_of(weighed: Weighed, account: Account | None, in_force_since: int | None) -> Box:
    """The box for whoever is looking."""
    proposal, standing = weighed.proposal, weighed.standing
    state = "in force" if weighed.in_force else "closed" if proposal.closed else "open"
    person = _speaker(proposal, account)
    mine = proposal.voices.get(person.key) if person is not None else None
    my_voice = mine.kind.value if mine is not None and mine.of == proposal.change else None
    author = person is not None and proposal.is_author(person)
    speaks = state == "open" and person is not None and not author
    short = shortfall_of(weighed) if state == "open" else None
    gone = state != "in force" and may_be_adopted(the_wiki(), proposal)
    return Box(
        state=state,
        headline=_headline(weighed, state, in_force_since, gone),
        endorsed=len(standing.valid),
        needed=standing.needed,
        endorsers=[Voice(act.author, act.when) for act in standing.valid[:SHOWN]],
        others=[called(act.author) for act in standing.valid[SHOWN : SHOWN + NAMED]],
        more=max(0, len(standing.valid) - SHOWN),
        lapsed=[Voice(act.author, act.when, _lapse_note(act, cause)) for act, cause in standing.lapsed[:SHOWN]],
        objections=[_objection(weighed, act, author and state == "open") for act in proposal.objections()],
        reasons=reasons_text(standing.reasons) if state == "open" else [],
        turns=_turns(weighed, person, short, gone) if state == "open" else [],
        weight=_weight(weighed) if state == "open" else None,
        shortfall=short,
        gone=gone,
        earliest=standing.earliest if state == "open" else None,
        closes_at=_closes_at(weighed) if state == "open" else None,
        rule=translate(rule_in_short(standing.requirement)),
        rules=_rules(weighed),
        confirm=objection_to_confirm(proposal, standing.objections, person) if person and state == "open" else None,
        may_endorse=speaks and my_voice != Kind.ENDORSE and not weighed.overtaken,
        may_object=speaks and my_voice != Kind.OBJECT,
        may_retract=speaks and mine is not None,
        why_not=_why_not(state, author, my_voice, weighed, mine),
        my_voice=my_voice,
        my_kind=mine.kind.value if mine is not None else None,
        replaces=mine.kind.value if mine is not None and speaks and _holds(proposal, mine) else None,
        must_sign_in=account is None and state == "open",
        sign_in_url=url_for("signin.sign_in", next=url_for("proposals.proposal", n=weighed.n) + "#decision"),
    )


def _holds(proposal: Proposal, voice: Act) -> bool:
    """Whether somebody would miss it: an endorsement of an earlier text counts for nothing any more."""
    return voice.kind is Kind.OBJECT or voice.of == proposal.change


def _speaker(proposal: Proposal, account: Account | None) -> Person | None:
    """Who looks; an author who has another address by now is still the author."""
    if account is None:
        return None
    return the_wiki().guidelines.author(proposal, account.person) or account.person


def _closes_at(weighed: Weighed) -> int | None:
    due = weighed.standing.closes_at
    return due if due is not None and weighed.now >= due - WARNED else None


def _weight(weighed: Weighed) -> str | None:
    """Why the rule's number is not the one that is needed."""
    standing = weighed.standing
    extra = weighed.policy.weigh * len(standing.objections)
    if not extra:
        return None
    return ngettext(
        "%(rule)s by the rule, and %(extra)s more because of %(num)s objection",
        "%(rule)s by the rule, and %(extra)s more because of %(num)s objections",
        len(standing.objections),
        rule=standing.needed - extra,
        extra=extra,
    )


def _rules(weighed: Weighed) -> list[RuleView]:
    """The rules that apply, in the policy of that moment."""
    numbers = {rule: nth for nth, rule in enumerate(weighed.policy.rules, start=1)}
    policy = url_for("policy.page")
    return [
        RuleView(rule.pages, f"{policy}#rule-{numbers[rule]}", rule.line)
        for rule in weighed.standing.requirement.rules
        if rule in numbers
    ]


_FOR_AUTHORS = {Task.ANSWER, Task.RECONCILE, Task.MEND}


def _turns(weighed: Weighed, person: Person | None, short: ShortfallView | None, gone: bool) -> list[TurnView]:
    """Whose turn it is; nobody is asked for what they cannot do."""
    proposal = weighed.proposal
    turns = whose_turn(proposal, weighed.standing, weighed.policy)
    views = []
    for turn in turns:
        if gone and turn.task in _FOR_AUTHORS:
            continue
        if short is not None and turn.task is Task.ENDORSE_FOR_GROUP and turn.about in short.groups:
            continue
        mine = person is not None and turn.includes(person, proposal)
        asked = mine and turn.task in {Task.ENDORSE, Task.ENDORSE_FOR_GROUP}
        text = escape(_("Read it, then endorse it or say what you object to.")) if asked else _turn(weighed, turn)
        views.append(TurnView(text, mine))
    if gone and any(turn.task in _FOR_AUTHORS for turn in turns):
        views.append(TurnView(_to_adopt(weighed.n, person is not None), False))
    return views


def _to_adopt(n: int, signed_in: bool) -> Markup:
    here = url_for("proposals.proposal", n=n) + "#adopt"  # `format` escapes it, and our word for it
    link = Markup('<a href="{}">{}</a>').format(
        "#adopt" if signed_in else url_for("signin.sign_in", next=here), _("adopt it")
    )
    return with_markup(_("Its authors have gone: anyone can %(adopt)s."), adopt=link)


def _turn(weighed: Weighed, turn: Turn) -> Markup:
    names = listed([called(person) for person in turn.people[:5]])
    match turn.task:
        case Task.ENDORSE:
            return escape(_("Any colleague who did not write it may endorse or object."))
        case Task.ENDORSE_FOR_GROUP:
            return _group_turn(turn)
        case Task.ANSWER:
            objector = next((called(act.author) for act in weighed.proposal.acts if act.id == turn.about), "")
            return escape(_("%(names)s: answer what %(name)s objects to.", names=names, name=objector))
        case Task.RECONCILE:
            return escape(_("%(names)s: bring the two versions of the text together.", names=names))
        case Task.MEND:
            return escape(_("%(names)s: mend the text.", names=names))
        case _:
            return escape(_("Nobody's. Time alone brings it into force, unless somebody objects."))


def _group_turn(turn: Turn) -> Markup:
    accounts = the_wiki().accounts.among(turn.members)
    active = [account.name for account in accounts.values() if account.active]
    names = listed(sorted(active)[:8])
    return escape(_("Somebody of the group “%(group)s”: %(names)s.", group=turn.about, names=names))


def _headline(weighed: Weighed, state: str, since: int | None, gone: bool) -> str:
    standing = weighed.standing
    if state == "in force":
        return _("In force since %(moment)s", moment=moment(since)) if since else _("In force")
    if state == "closed":
        return _closed(weighed, gone)
    if any(reason.why is Why.OVERTAKEN for reason in standing.reasons):
        return _("The text has moved: an author must bring the two versions together")
    if not standing.needed:
        return _("No endorsement is needed unless somebody objects")
    have = len(standing.valid)
    if have > standing.needed:
        return ngettext("%(num)s colleague, %(needed)s needed", "%(num)s colleagues, %(needed)s needed", have,
                        needed=standing.needed)  # fmt: skip
    return ngettext("%(have)s of %(num)s colleague", "%(have)s of %(num)s colleagues", standing.needed, have=have)


def _closed(weighed: Weighed, gone: bool) -> str:
    act = weighed.proposal.closed
    adopted = adopted_in(act.text) if act is not None and act.by_system else None
    if adopted is not None:
        return _("Adopted as proposal %(n)s", n=adopted)
    if act is not None and act.by_system:
        if gone:
            return _("Closed, because nothing happened for so long. Its authors have gone: anyone can adopt it.")
        return _("Closed, because nothing happened for so long. Its authors can reopen it.")
    if gone:
        return _("Withdrawn. Its authors have gone: anyone can adopt it.")
    return _("Withdrawn. It can be reopened by its authors.")


def _lapse_note(act: Act, cause: Lapse) -> str:
    name = called(act.author)
    match cause:
        case Lapse.AUTHOR:
            return _("%(name)s wrote part of this, so the endorsement does not count", name=name)
        case Lapse.LEFT:
            if the_wiki().former.called(act.author).key != act.author.key:
                return _(
                    "%(name)s has another address now, so the endorsement under the old one no longer counts", name=name
                )
            return _("%(name)s has left, so the endorsement no longer counts", name=name)
        case Lapse.TOO_NEW:
            return _("%(name)s's account was too new when the endorsement came", name=name)
        case _:
            return _("%(name)s endorsed an earlier version; the text has changed since", name=name)


def _objection(weighed: Weighed, act: Act, may_answer: bool) -> ObjectionView:
    stands = act in weighed.standing.objections
    note = None
    if act.of != weighed.proposal.change:
        note = _("about an earlier version") if stands else _("about an earlier version; it no longer holds the change")
    return ObjectionView(
        id=act.id,
        person=act.author,
        when=act.when,
        text=fragment(act.text, act.id),
        standing=stands,
        note=note,
        answers=[
            AnswerView(answer.author, answer.when, fragment(answer.text, answer.id))
            for answer in answers_by_authors(weighed.proposal, act)
        ],
        may_answer=may_answer and stands,
    )


def fragment(text: str, act: str, place: str = "a") -> Markup:
    """A colleague's words, rendered safely. ``place`` is a letter that keeps their footnotes apart from those of the
    same words elsewhere on the page."""
    return Markup(_rendered(text, f"{place}{act[:8]}-"))  # noqa: S704 - the renderer's output has passed the allow-list


@lru_cache(maxsize=4_096)
def _rendered(text: str, prefix: str) -> str:
    return render_fragment(text, prefix)


def _why_not(state: str, author: bool, my_voice: str | None, weighed: Weighed, mine: Act | None) -> str | None:
    if state != "open":
        return None
    if author:
        if len(weighed.proposal.authors) == 1:
            return _("You wrote this, so your own endorsement would not count.")
        return _("You wrote part of this, so your own endorsement would not count.")
    if my_voice == Kind.ENDORSE and mine is not None:
        lapse = next((cause for act, cause in weighed.standing.lapsed if act.id == mine.id), None)
        if lapse is Lapse.TOO_NEW:
            return _("Your endorsement is noted, but your account was too new for it to count.")
        return _("You endorsed this.")
    if weighed.overtaken:
        return _(
            "An author must bring the two versions together first. That changes the words, so an endorsement of these "
            "would not last."
        )
    return None
