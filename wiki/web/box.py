"""The decision box: how a proposal stands, in the words of `decide` and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup, escape

from wiki.accounts import Account
from wiki.markdown import render_fragment
from wiki.model.acts import Act, Kind, Person
from wiki.model.decide import Lapse, Reason, Why, answers_by_authors
from wiki.model.explain import rule_in_short
from wiki.model.merge import Weighed
from wiki.web.say import _, ngettext
from wiki.web.words import moment, moment_html, translate, with_markup


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
class Box:
    """Everything the box shows. ``earliest`` is when waiting alone brings it into force (unix seconds)."""

    state: str
    headline: str
    endorsed: int
    needed: int
    endorsers: Sequence[Voice]
    lapsed: Sequence[Voice]
    objections: Sequence[ObjectionView]
    reasons: Sequence[Markup]
    earliest: int | None
    rule: str
    may_endorse: bool
    may_object: bool
    may_retract: bool
    why_not: str | None
    my_voice: str | None
    must_sign_in: bool
    sign_in_url: str


def box_of(weighed: Weighed, account: Account | None, in_force_since: int | None) -> Box:
    """The box for whoever is looking."""
    proposal, standing = weighed.proposal, weighed.standing
    state = "in force" if weighed.in_force else "closed" if proposal.closed else "open"
    person = account.person if account is not None else None
    mine = proposal.voices.get(person.key) if person is not None else None
    my_voice = mine.kind.value if mine is not None and mine.of == proposal.change else None
    author = person is not None and proposal.is_author(person)
    speaks = state == "open" and person is not None and not author
    return Box(
        state=state,
        headline=_headline(weighed, state, in_force_since),
        endorsed=len(standing.valid),
        needed=standing.needed,
        endorsers=[Voice(act.author, act.when) for act in standing.valid],
        lapsed=[Voice(act.author, act.when, _lapse_note(act, cause)) for act, cause in standing.lapsed],
        objections=[_objection(weighed, act, author and state == "open") for act in proposal.objections()],
        reasons=[reason_text(reason) for reason in standing.reasons] if state == "open" else [],
        earliest=standing.earliest if state == "open" else None,
        rule=translate(rule_in_short(standing.requirement)),
        may_endorse=speaks and my_voice != Kind.ENDORSE,
        may_object=speaks and my_voice != Kind.OBJECT,
        may_retract=speaks and mine is not None,
        why_not=_why_not(state, author, my_voice, weighed, mine),
        my_voice=my_voice,
        must_sign_in=account is None and state == "open",
        sign_in_url=url_for("signin.sign_in", next=url_for("proposals.proposal", n=weighed.n) + "#decision"),
    )


def _headline(weighed: Weighed, state: str, since: int | None) -> str:
    standing = weighed.standing
    if state == "in force":
        return _("In force since %(moment)s", moment=moment(since)) if since else _("In force")
    if state == "closed":
        return _("Withdrawn. It can be reopened by its authors.")
    if any(reason.why is Why.OVERTAKEN for reason in standing.reasons):
        return _("The text has moved: an author must bring the two versions together")
    if not standing.needed:
        return _("No endorsement is needed unless somebody objects")
    have = len(standing.valid)
    if have > standing.needed:
        return ngettext("%(num)s colleague, %(needed)s needed", "%(num)s colleagues, %(needed)s needed", have,
                        needed=standing.needed)  # fmt: skip
    return ngettext("%(have)s of %(num)s colleague", "%(have)s of %(num)s colleagues", standing.needed, have=have)


def reason_text(reason: Reason) -> Markup:
    """A reason in the reader's language, with its moment."""
    if reason.until is None:
        return escape(translate(reason.sentence))
    when = moment_html(reason.until)
    if reason.why is Why.OPEN:
        return with_markup(_("it stays on the table until %(moment)s"), moment=when)
    return with_markup(_("%(reason)s (until %(moment)s)"), reason=translate(reason.sentence), moment=when)


def _lapse_note(act: Act, cause: Lapse) -> str:
    name = act.author.name
    match cause:
        case Lapse.AUTHOR:
            return _("%(name)s wrote part of this, so the endorsement does not count", name=name)
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


def fragment(text: str, act: str) -> Markup:
    """A colleague's words, rendered safely."""
    return Markup(render_fragment(text, f"a{act[:8]}-"))  # noqa: S704 - the renderer's output has passed the allow-list


def _why_not(state: str, author: bool, my_voice: str | None, weighed: Weighed, mine: Act | None) -> str | None:
    if state != "open":
        return None
    if author:
        return _("You wrote part of this, so your own endorsement would not count.")
    if my_voice == Kind.ENDORSE and mine is not None:
        lapse = next((cause for act, cause in weighed.standing.lapsed if act.id == mine.id), None)
        if lapse is Lapse.TOO_NEW:
            return _("Your endorsement is noted, but your account was too new for it to count.")
        return _("You endorsed this.")
    return None
