"""Why a proposal is not in force yet, in the reader's language; what one objection does is said in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from wiki.model.decide import Reason, Why
from wiki.web.say import _
from wiki.web.titles import title_in_force
from wiki.web.words import moment_html, translate, with_markup


def reasons_text(reasons: Sequence[Reason]) -> list[Markup]:
    """All of them, in their order."""
    held = {reason.about: reason for reason in reasons if reason.why is Why.HELD}
    unanswered = {reason.about for reason in reasons if reason.why is Why.UNANSWERED}
    return [
        _of_objection(reason, held.get(reason.about)) if reason.why is Why.UNANSWERED else reason_text(reason)
        for reason in reasons
        if reason.why is not Why.HELD or reason.about not in unanswered
    ]


def reason_text(reason: Reason) -> Markup:
    """One reason, with its moment."""
    if reason.why is Why.OVERTAKEN:
        sentence = _("“%(path)s” has changed since; the proposal must be brought up to date")
        return with_markup(sentence, path=title_in_force(reason.about))
    if reason.until is None:
        return escape(translate(reason.sentence))
    when = moment_html(reason.until)
    if reason.why is Why.OPEN:
        return with_markup(
            _("everybody has until %(moment)s to read it; it cannot come into force before"), moment=when
        )
    return with_markup(_("%(reason)s (until %(moment)s)"), reason=translate(reason.sentence), moment=when)


def _of_objection(unanswered: Reason, held: Reason | None) -> Markup:
    """What an objection without an answer does, and when that ends: one to an earlier text by itself, and earlier where
    an author answers."""
    last = moment_html(unanswered.until) if unanswered.until is not None else None
    first = moment_html(held.until) if held is not None and held.until is not None else None
    name = unanswered.sentence.values["name"]
    if last is None and first is None:
        return escape(translate(unanswered.sentence))
    if last is None:
        sentence = _("%(name)s objected: an author must answer, and the change is held until %(moment)s in any case")
        return with_markup(sentence, name=name, moment=first)
    if first is None:
        sentence = _("%(name)s objected to an earlier version: until %(last)s an author must answer")
        return with_markup(sentence, name=name, last=last)
    if held is not None and held.until == unanswered.until:
        sentence = _("%(name)s objected to an earlier version, which holds the change until %(last)s")
        return with_markup(sentence, name=name, last=last)
    sentence = _(
        "%(name)s objected to an earlier version, which holds the change until %(last)s, or only until %(moment)s if "
        "an author answers"
    )
    return with_markup(sentence, name=name, last=last, moment=first)
