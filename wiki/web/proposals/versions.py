"""The versions of a proposal, and the difference between any two of them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request
from markupsafe import Markup

from wiki.model.acts import Act, Kind, Person
from wiki.model.errors import NotFound
from wiki.model.merge import Weighed
from wiki.model.words import N_
from wiki.web import differences
from wiki.web.box import fragment
from wiki.web.here import number, proposal_number, the_wiki
from wiki.web.naming import called
from wiki.web.proposals.routes import blueprint, file_at, text_of
from wiki.web.say import _
from wiki.web.titles import title_of
from wiki.web.words import listed


@dataclass(frozen=True)
class VersionView:
    """One text that was on the table; number 0 is the text it was read against. ``endorsed`` counts the colleagues who
    endorsed just this one."""

    number: int
    person: Person | None
    when: int
    sentence: str
    note: Markup | None
    endorsed: int


@dataclass(frozen=True)
class FileDifference:
    """One page in two versions."""

    title: str
    difference: Markup
    source: Markup


@blueprint.get("/-/proposals/<int:n>/versions")
def versions(n: int) -> Response:
    """All versions, and two of them compared: the last two, or those that are asked for (``?a=1&b=3``)."""
    weighed = the_wiki().guidelines.weigh(proposal_number(n))
    last = len(weighed.proposal.versions)
    a, b = number("a"), number("b")
    b = last if b is None else b
    a = max(0, b - 1) if a is None else a
    if not (0 <= a <= last and 0 <= b <= last):
        raise NotFound(N_("This proposal has %(last)s versions."), last=last)
    a, b = min(a, b), max(a, b)
    html = render_template(
        "versions.html",
        n=n,
        title=weighed.proposal.title,
        versions=_versions(weighed),
        a=a,
        b=b,
        files=_compared(weighed, _commit(weighed, a), _commit(weighed, b)),
        asked=bool(request.query_string),
    )
    return make_response(html)


def _commit(weighed: Weighed, version: int) -> str:
    proposal = weighed.proposal
    return proposal.versions[version - 1].id if version else proposal.base


def _versions(weighed: Weighed) -> list[VersionView]:
    proposal = weighed.proposal
    base = the_wiki().repository.commit(proposal.base)
    views = [VersionView(0, None, base.when, _("What was in force"), None, 0)]
    for at, act in enumerate(proposal.versions, start=1):
        given = {each.author.key for each in proposal.acts if each.kind is Kind.ENDORSE and each.of == act.id}
        note = fragment(act.text, act.id) if act.kind is Kind.REVISE and act.text else None
        views.append(VersionView(at, act.author, act.when, _sentence(act), note, len(given)))
    return views[::-1]


def _sentence(act: Act) -> str:
    if act.kind is Kind.PROPOSE:
        return _("proposed by %(name)s", name=called(act.author))
    if act.kind is Kind.REFRESH:
        return _("brought up to date with what is in force; the passage around it had changed")
    if act.co_authors:
        others = listed([called(person) for person in act.co_authors])
        return _("changed by %(name)s together with %(others)s", name=called(act.author), others=others)
    return _("changed by %(name)s", name=called(act.author))


def _compared(weighed: Weighed, old: str, new: str) -> list[FileDifference]:
    found = []
    for path in _paths(weighed, old, new):
        before, after = text_of(file_at(old, path)), text_of(file_at(new, path))
        if before != after:
            shown = differences.prose(before, after, path), differences.line_by_line(before, after)
            found.append(FileDifference(title_of(path, after or before), *shown))
    return found


def _paths(weighed: Weighed, *commits: str) -> list[str]:
    """The files that any of these texts of the proposal touches."""
    repository = the_wiki().repository
    paths = {touched.path for touched in weighed.proposal.touched}
    acts = {act.id: act for act in weighed.proposal.acts}
    for commit in commits:
        if commit in acts:
            began = _base_of(weighed, commit)
            touched = repository.differences.touched(repository.commit(began).tree, acts[commit].tree)
            paths |= {each.path for each in touched}
    return sorted(paths)


def _base_of(weighed: Weighed, version: str) -> str:
    """The commit of main that a text of the proposal was read against."""
    base = weighed.proposal.acts[0].parents[0]
    for act in weighed.proposal.acts:
        if act.kind is Kind.REFRESH:
            base = act.parents[1]
        if act.id == version:
            break
    return base


def between(weighed: Weighed, old: str, new: str) -> Markup | None:
    """How the text of a proposal changed from one act to another; None where nothing that people read did."""
    parts = [each.difference for each in _compared(weighed, old, new)]
    return Markup().join(parts) if parts else None
