"""The figures in sentences."""

from __future__ import annotations

from wiki.index.doing import Lacking
from wiki.model.decide import Why
from wiki.web.doing.figures import ENOUGH_ENDORSEMENTS, End, Figures, Times, Untended, Voices
from wiki.web.say import _, ngettext
from wiki.web.spans import span
from wiki.web.words import listed, percent


def to_force(times: Times) -> str:
    """How long it took until changes came into force."""
    if not times.count:
        return _("No change has come into force here by a proposal yet.")
    if times.half is None:
        return ngettext(
            "%(num)s change came into force: too few for a median.",
            "%(num)s changes came into force: too few for a median.",
            times.count,
        )
    if times.nine is None:
        return _("Half of all changes came into force within %(half)s.", half=span(times.half))
    half, nine = span(times.half), span(times.nine)
    if half == nine:
        return _("Nine in ten changes came into force within %(nine)s.", nine=nine)
    return _("Half of all changes came into force within %(half)s; nine in ten within %(nine)s.", half=half, nine=nine)


def to_endorsement(figures: Figures) -> list[str]:
    """How long it took until somebody endorsed."""
    times, sentences = figures.to_endorsement, []
    half = span(times.half) if times.half is not None else ""
    nine = span(times.nine) if times.nine is not None else half
    if half != nine:
        sentences.append(
            _(
                "Of the proposals that were endorsed, half had their first endorsement within %(half)s, nine in ten "
                "within %(nine)s.",
                half=half,
                nine=nine,
            )
        )
    elif half:
        sentences.append(_("Half of the proposals that were endorsed had their first one within %(half)s.", half=half))
    if figures.unendorsed:
        sentences.append(
            ngettext(
                "%(num)s proposal on the table has no endorsement yet.",
                "%(num)s proposals on the table have no endorsement yet.",
                figures.unendorsed,
            )
        )
    return sentences


def in_short(times: Times) -> tuple[str, str]:
    """The half and the nine in ten, for a table."""
    if not times.count:
        return "–", "–"
    few = ngettext("%(num)s change: too few", "%(num)s changes: too few", times.count)
    half = span(times.half) if times.half is not None else few
    return half, span(times.nine) if times.nine is not None else few


def lacking(one: Lacking) -> str:
    """How many proposals wait for something, in the words of the decision."""
    sentences = {
        Why.FEW: lambda: ngettext(
            "%(num)s needs the voices of more colleagues", "%(num)s need the voices of more colleagues", one.count
        ),
        Why.GROUP: lambda: ngettext(
            "%(num)s needs somebody of the group “%(group)s”", "%(num)s need somebody of the group “%(group)s”",
            one.count, group=one.about,
        ),
        Why.UNANSWERED: lambda: ngettext(
            "%(num)s has an objection that no author has answered",
            "%(num)s have an objection that no author has answered", one.count,
        ),
        Why.HELD: lambda: ngettext(
            "%(num)s is held for a while by an objection", "%(num)s are held for a while by an objection", one.count
        ),
        Why.OPEN: lambda: ngettext(
            "%(num)s stays on the table for a while yet", "%(num)s stay on the table for a while yet", one.count
        ),
        Why.OVERTAKEN: lambda: ngettext(
            "%(num)s must be brought up to date, because a page has changed since",
            "%(num)s must be brought up to date, because a page has changed since", one.count,
        ),
    }  # fmt: skip
    if one.why in sentences:
        return sentences[Why(one.why)]()
    return ngettext(
        "%(num)s cannot come into force as it is written", "%(num)s cannot come into force as they are written",
        one.count,
    )  # fmt: skip


def end(ending: End) -> str:
    """How a proposal ended, as a heading of a row."""
    return {
        End.IN_FORCE: _("came into force"),
        End.OPEN: _("still on the table"),
        End.WITHDRAWN: _("withdrawn by its authors"),
        End.QUIET: _("closed because nothing happened for long"),
        End.ADOPTED: _("went on as another proposal"),
    }[ending]


def voices(of: Voices) -> str:
    """How much hangs on a few."""
    if of.count < ENOUGH_ENDORSEMENTS:
        return ngettext(
            "%(num)s endorsement brought changes into force: too few to say on how many shoulders that rests.",
            "%(num)s endorsements brought changes into force: too few to say on how many shoulders that rests.",
            of.count,
        )
    if of.by_five == of.count:
        return ngettext(
            "All %(count)s endorsements of these changes came from %(num)s colleague.",
            "All %(count)s endorsements of these changes came from %(num)s colleagues.",
            of.colleagues,
            count=of.count,
        )
    return ngettext(
        "%(share)s of the %(count)s endorsements of these changes came from the same five people, the rest from "
        "%(num)s other colleague.",
        "%(share)s of the %(count)s endorsements of these changes came from the same five people, the rest from "
        "%(num)s other colleagues.",
        of.colleagues - 5,
        share=percent(100 * of.by_five / of.count),
        count=of.count,
    )


def signs(of: Untended) -> str:
    """What shows that nobody looks after a page."""
    found = []
    if of.due:
        found.append(_("it should have been looked at again by now"))
    if of.founding:
        found.append(_("it is founding text that no colleague has changed yet"))
    elif of.orphaned:
        found.append(_("none of its authors has an account here"))
    if of.untouched:
        found.append(_("nobody revised it for a year"))
    return listed(found)
