"""The page: prose first, figures second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, current_app, make_response, render_template

from wiki.index import ProposalRow
from wiki.model.errors import Damaged, NotFound
from wiki.web.doing import words
from wiki.web.doing.figures import ENOUGH_ENDORSEMENTS, End, Figures, KeptFigures, OfMonth
from wiki.web.doing.picture import Picture, picture
from wiki.web.here import the_wiki
from wiki.web.kept import kept_answer
from wiki.web.say import _
from wiki.web.spans import span
from wiki.web.words import listed, month_of, translate

blueprint = Blueprint("doing", __name__)
_EXTENSION = "how we are doing"


@dataclass(frozen=True)
class Row:
    """A row of a table: what it is about, so many of it, and how long that took."""

    name: str
    count: int
    half: str
    nine: str


@dataclass(frozen=True)
class Share:
    """A part of a whole: what it is, how much, and where it stands in the picture, in percent."""

    name: str
    count: int
    start: float
    percent: float


@dataclass(frozen=True)
class Waiting:
    """An open proposal, and why it is not in force, in the words of the decision."""

    row: ProposalRow
    why: str


def attach(app: Flask) -> None:
    """Begin with nothing reckoned."""
    app.extensions[_EXTENSION] = KeptFigures()


def the_figures() -> Figures:
    """How this wiki is doing."""
    kept: KeptFigures = current_app.extensions[_EXTENSION]
    return kept.of(the_wiki())


@blueprint.get("/-/how-we-are-doing")
def page() -> Response:
    """How long changes take, what they wait for, and what nobody looks after."""
    return kept_answer(_page)


def _page() -> Response:
    figures = the_figures()
    html = render_template(
        "doing.html",
        f=figures,
        to_force=words.to_force(figures.to_force),
        to_endorsement=words.to_endorsement(figures),
        months=[_row(month_of(month.first), month) for month in reversed(figures.months)],
        drawn=_drawn(picture(figures.months) if figures.months else None),
        lacking=[words.lacking(one) for one in figures.table.lacking],
        waiting=[_waiting(row) for row in figures.table.longest],
        ends=shares({words.end(end): count for end, count in figures.ends.items()}),
        first_ends=shares({words.end(end): count for end, count in figures.first_ends.items()}),
        firsts=sum(figures.first_ends.values()),
        welcome=figures.first_ends[End.IN_FORCE],
        voices=words.voices(figures.voices) if figures.voices.count else None,
        five=_five(figures),
        folders=[(one, *words.in_short(one.times)) for one in figures.folders],
        untended=[(one.page, words.signs(one)) for one in figures.pages.first],
    )
    return make_response(html)


def _row(name: str, month: OfMonth) -> Row:
    return Row(name, month.times.count, *words.in_short(month.times))


def _drawn(drawn: Picture | None) -> Mapping[str, object] | None:
    """The picture with what each column says."""
    if drawn is None:
        return None
    says = []
    for column in drawn.columns:
        half = span(column.half_time)
        if column.nine_time is None:
            says.append(_("%(month)s: half within %(half)s", month=month_of(column.month), half=half))
        else:
            nine = span(column.nine_time)
            says.append(
                _("%(month)s: half within %(half)s, nine in ten within %(nine)s",
                  month=month_of(column.month), half=half, nine=nine)
            )  # fmt: skip
    return {
        "picture": drawn,
        "columns": list(zip(drawn.columns, says, strict=True)),
        "longest": span(drawn.longest),
        "first": month_of(drawn.first),
        "last": month_of(drawn.last),
    }


def _waiting(row: ProposalRow) -> Waiting:
    try:
        reasons = the_wiki().guidelines.weigh(row.n).standing.reasons
    except (Damaged, NotFound):
        reasons = ()
    return Waiting(row, listed([translate(reason.sentence) for reason in reasons]))


def _five(figures: Figures) -> Sequence[Share]:
    """The endorsements of the five and of the others; nothing where there is nobody else."""
    of = figures.voices
    if of.count < ENOUGH_ENDORSEMENTS or of.by_five == of.count:
        return ()
    return shares({_("the same five people"): of.by_five, _("everybody else"): of.count - of.by_five})


def shares(counts: Mapping[str, int]) -> Sequence[Share]:
    """Parts of a whole, in their order, without those of which there are none."""
    total, start, found = sum(counts.values()), 0.0, []
    for name, count in counts.items():
        if count:
            part = 100 * count / total
            found.append(Share(name, count, start, part))
            start += part
    return found
