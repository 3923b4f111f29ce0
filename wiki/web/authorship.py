"""Who wrote this: a page in force with the author, the proposal and the endorsers of each of its passages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from flask import Blueprint, Response, get_template_attribute, make_response, redirect, render_template, url_for
from markupsafe import Markup

from wiki.addresses import page_address, passage_address, proposal_address, revision_address
from wiki.index import Origin, PageRecord
from wiki.markdown import Rendered, lines_above_body, render_page
from wiki.model.acts import OBJECT_ID, Person
from wiki.model.counting import words_of
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_
from wiki.prose import Beside, Note, annotated
from wiki.repository import Hunk
from wiki.web.growth import Picture, picture
from wiki.web.here import the_wiki
from wiki.web.kept import kept_answer
from wiki.web.naming import called
from wiki.web.say import _

blueprint = Blueprint("authorship", __name__)
MOST_CREDITS = 3
MOST_SHARES = 7
_SHORT_ID = re.compile(r"[0-9a-f]{7,39}")


@dataclass(frozen=True)
class Credit:
    """Whose words they are: since when (unix seconds), by which change, how many endorsed that, and the first few of
    them."""

    author: Person
    when: int
    title: str
    url: str | None
    endorsements: int
    endorsers: Sequence[Person] = ()


@dataclass
class Stretch:
    """Passages in a row with the same credits; ``more`` are those that are not named."""

    credits: Sequence[Credit]
    more: int
    passages: list[Markup] = field(default_factory=list)


@dataclass(frozen=True)
class Share:
    """How much of the page somebody wrote: words, percent of all, and where their part begins in the picture. ``key``
    stands for them (their handle); None for the rest together."""

    key: str | None
    name: str
    words: int
    percent: float
    start: float


@blueprint.get("/-/who/<path:name>")
def page(name: str) -> Response:
    """Who wrote each passage of a page in force."""
    return kept_answer(lambda: _who(name))


@blueprint.get("/-/growth/<path:name>")
def growth(name: str) -> Response:
    """How a page in force grew. A page of its own, for many more words are followed than those it has now."""
    return kept_answer(lambda: _growth(name))


def _who(name: str) -> Response:
    found = _found(name, "authorship.page")
    if isinstance(found, Response):
        return found
    record, shown, lines = found
    html = render_template(
        "who.html",
        page=record,
        title=shown.title or record.title,
        url=page_address(record.name),
        tabs=_tabs(record),
        language=shown.language,
        stretches=lines.stretches(),
        shares=lines.shares(),
    )
    return make_response(html)


def _growth(name: str) -> Response:
    found = _found(name, "authorship.growth")
    if isinstance(found, Response):
        return found
    record, shown, lines = found
    shares = lines.shares()
    html = render_template(
        "growth.html",
        page=record,
        title=shown.title or record.title,
        url=page_address(record.name),
        tabs=_tabs(record),
        shares=shares,
        grown=_grown(record, shares),
    )
    return make_response(html)


def _found(name: str, endpoint: str) -> tuple[PageRecord, Rendered, _Lines] | Response:
    """The page with its lines, or the way to where it is called something else now; of a removed one, to its
    history, wherever its readers are sent."""
    index = the_wiki().index
    found = index.page(name)
    if found is not None:
        record, shown = found
        return record, shown, _Lines(record, index.who_wrote(record))
    told = index.history(name, limit=1)
    if told and told[0].status == "removed":
        return make_response(redirect(url_for("history.page", name=name)))
    forwarded = index.forwarded(name)
    if forwarded is not None:
        return make_response(redirect(url_for(endpoint, name=forwarded)))
    raise NotFound(N_("There is no page “%(name)s”."), name=name)


def _tabs(record: PageRecord) -> list[tuple[str, str, str, None]]:
    """The two ways to see whose words a page is made of; one, where it never changed."""
    if record.revisions < 2:
        return []
    return [
        ("now", _("Passage by passage"), url_for("authorship.page", name=record.name), None),
        ("growth", _("How it grew"), url_for("authorship.growth", name=record.name), None),
    ]


def _grown(record: PageRecord, shares: Sequence[Share]) -> Picture | None:
    today = {share.key: share.name for share in shares if share.key is not None}
    points = the_wiki().index.growth.of(record) if record.revisions > 1 else ()
    return picture(points, today, called, _("Others"))


@blueprint.get("/-/act/<act>")
def act(act: str) -> Response:
    """Where an act, or a commit of main, is told of."""
    wiki, act = the_wiki(), act.lower()
    if _SHORT_ID.fullmatch(act):
        act = wiki.index.course.whole_act(act) or wiki.index.whole_id(act) or act
    n = wiki.index.act_of(act) if OBJECT_ID.fullmatch(act) else None
    if n is not None:
        return make_response(redirect(f"{proposal_address(n)}?story=all#act-{act}"))
    origin = wiki.index.origins([act]).get(act) if OBJECT_ID.fullmatch(act) else None
    if origin is None or origin.proposal is None:
        raise NotFound(N_("There is no act %(id)s."), id=act[:50])
    return make_response(redirect(proposal_address(origin.proposal)))


class _Lines:
    """The lines of one page, and whose they are."""

    def __init__(self, record: PageRecord, hunks: Sequence[Hunk]) -> None:
        wiki = the_wiki()
        self.record = record
        self.quiet = get_template_attribute("_copy.html", "quiet")
        self.text = wiki.repository.content(record.blob).decode("utf-8", "replace").replace("\r\n", "\n")
        self.lines = self.text.split("\n")
        self.by_line: dict[int, list[Hunk]] = {}
        for hunk in hunks:
            for line in range(hunk.first, hunk.first + hunk.count):
                self.by_line.setdefault(line, []).append(hunk)
        self.origins = wiki.index.origins(sorted({hunk.commit for hunk in hunks}))
        numbers = {origin.proposal for origin in self.origins.values() if origin.proposal is not None}
        self.endorsers = wiki.index.colleagues.endorsers(sorted(numbers))

    def stretches(self) -> list[Stretch]:
        """The page, passage by passage."""
        folder = self.record.name.rpartition("/")[0]
        try:
            html = render_page(self.text, folder, lines=True).html
        except Refused:
            html = ""
        if not html:
            return []
        stretches: list[Stretch] = []
        keys: list[tuple[tuple[str, str], ...]] = []
        for lines, passage in annotated(html, self._beside()):
            ranked = self._ranked(lines)
            key = tuple(map(_whose, ranked))
            if not stretches or (ranked and keys[-1] != key):
                named = [self._credit(hunk) for hunk in ranked[:MOST_CREDITS]]
                stretches.append(Stretch(named, len(ranked) - len(named)))
                keys.append(key)
            own = self._link(lines.start)
            shown = passage.replace(own, "") + own if own else passage
            stretches[-1].passages.append(Markup(shown))  # noqa: S704 - what the renderer let through, and a link of ours
        return stretches

    def _beside(self) -> Beside:
        """The address of each passage; where the author changes within a list or a table, that is said at the item."""
        tag = get_template_attribute("_who.html", "tag")
        last: list[tuple[str, str]] = []

        def note(line: int, lines: range) -> Note:
            ranked = self._ranked(range(max(lines.start, line), lines.stop))
            if not ranked:
                return Note(self._link(line))
            whose = _whose(ranked[0])
            known, last[:] = last[:1] == [whose], [whose]
            return Note(("" if known else str(tag(self._credit(ranked[0])))) + self._link(line))

        return note

    def _link(self, line: int) -> str:
        """The way to the address that a passage keeps; "" for one whose line is not known."""
        address = passage_address(self.record.revision, self.record.name, line)
        return str(self.quiet(address, _("Link to this passage"))) if line else ""

    def _ranked(self, lines: range) -> list[Hunk]:
        """Who wrote these lines, each once for every change, whoever wrote most first."""
        weights: dict[tuple[str, str], float] = defaultdict(float)
        hunks: dict[tuple[str, str], Hunk] = {}
        for line in range(max(lines.start, 1), min(lines.stop, len(self.lines) + 1)):
            length = len(self.lines[line - 1]) if self.lines[line - 1].strip() else 0
            theirs = self.by_line.get(line, []) if length else []
            for hunk in theirs:
                hunks[_whose(hunk)] = hunk
                weights[_whose(hunk)] += length * max(1, hunk.words) / sum(max(1, other.words) for other in theirs)
        return [hunks[whose] for whose in sorted(weights, key=lambda whose: -weights[whose])]

    def _credit(self, hunk: Hunk) -> Credit:
        origin = self.origins.get(hunk.commit)
        if origin is None:
            return Credit(hunk.author, hunk.when, "", None, 0)
        named = self.endorsers.get(origin.proposal, ()) if origin.proposal is not None else ()
        return Credit(hunk.author, origin.when, origin.title, self._url(origin), origin.endorsements, named)

    def _url(self, origin: Origin) -> str:
        if origin.proposal is not None:
            return proposal_address(origin.proposal)
        return revision_address(origin.commit, self.record.name)

    def shares(self) -> list[Share]:
        """How many words of the page below its front matter each of its authors wrote, under whatever address, who
        wrote most first; the rest as one."""
        words: Counter[str] = Counter()
        names: dict[str, str] = {}
        above = lines_above_body(self.text)
        people = {hunk.author.key: hunk.author.handle for theirs in self.by_line.values() for hunk in theirs}
        handles = people | the_wiki().index.colleagues.handles(people)
        for line, theirs in self.by_line.items():
            for hunk in theirs if above < line <= len(self.lines) else ():
                who = handles[hunk.author.key]
                words[who] += hunk.words or len(words_of(self.lines[line - 1]))
                names[who] = called(hunk.author)
        return list(_shares([(key, names[key], count) for key, count in words.most_common() if count]))


def _whose(hunk: Hunk) -> tuple[str, str]:
    """What lines have in common that somebody wrote by one change."""
    return hunk.commit, hunk.author.key


def _shares(counted: Sequence[tuple[str, str, int]]) -> Iterator[Share]:
    total = sum(count for *_who, count in counted)
    shown: list[tuple[str | None, str, int]] = list(counted[:MOST_SHARES])
    rest = total - sum(count for *_who, count in shown)
    if rest:
        shown.append((None, _("Others"), rest))
    starts = accumulate((count for *_who, count in shown), initial=0)
    for (key, name, count), start in zip(shown, starts, strict=False):
        yield Share(key, name, count, 100 * count / total, 100 * start / total)
