"""The page of one proposal: the difference, the decision box, the story, the conversation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from flask import Response, make_response, render_template, request
from markupsafe import Markup

from wiki.accounts import Account
from wiki.addresses import proposal_address
from wiki.index import TouchingRow
from wiki.model.acts import Act, Kind, Person
from wiki.model.merge import Weighed
from wiki.model.names import POLICY_PATH, is_attachment, name_of
from wiki.model.relations import Relation, related_in, without_relation
from wiki.prose import Spot, meeting
from wiki.together import near, spots_in
from wiki.web.asking import asking_of
from wiki.web.box import Box, box_of, fragment
from wiki.web.consequences import Changed, Consequences, consequences
from wiki.web.here import proposal_number, reader, the_wiki
from wiki.web.policy.dry_run import dry_run_of_proposal
from wiki.web.policy.effects import effects_of_proposal
from wiki.web.policy.groups import empty_groups
from wiki.web.proposals.files import Allowed, FileView, files_of, moves_in
from wiki.web.proposals.routes import blueprint, file_at, text_of
from wiki.web.proposals.story import Story, story_of
from wiki.web.proposals.suggestions import SuggestionView, suggestions_for
from wiki.web.proposals.talk import Talk, beside, talk_of
from wiki.web.proposals.versions import between
from wiki.web.say import _
from wiki.web.small import about_lines
from wiki.web.titles import title_of

MOST_OVERLAPS = 10


@dataclass(frozen=True)
class RelationView:
    """A word about another proposal, and where it is."""

    sentence: str
    url: str


@dataclass(frozen=True)
class OverlapView:
    """Another open proposal that would change the same passages of a page, or put something ``new`` in the same place;
    ``first`` says which of the two would have to follow the other."""

    row: TouchingRow
    page: str
    passages: Sequence[str]
    first: str
    new: bool


@dataclass(frozen=True)
class Revised:
    """What an author said of the text that is on the table now, where it is not the first."""

    person: Person
    when: int
    text: Markup


@dataclass(frozen=True)
class May:
    """What the reader may do. ``refresh``: the wiki can bring it up to date by itself, on anybody's wish."""

    revise: bool
    close: bool
    reopen: bool
    comment: bool
    suggest: bool
    undo: bool
    adopt: bool
    refresh: bool


@dataclass(frozen=True)
class ProposalView:
    """Everything the page of a proposal shows. ``since_endorsed`` is the difference to the text that the reader once
    endorsed, where that is no longer the one on the table; ``own`` where they wrote part of it; ``small`` what the
    rules for small changes meant for it."""

    n: int
    title: str
    why: Markup
    revised: Revised | None
    state: str
    author: Person
    authors: Sequence[Person]
    opened_at: int
    change: str
    changed_at: int
    versions: int
    tip: str
    files: Sequence[FileView]
    box: Box
    story: Story
    talk: Talk
    suggestions: Sequence[SuggestionView]
    relations: Sequence[RelationView]
    overlaps: Sequence[OverlapView]
    touches: Consequences | None
    since_endorsed: Markup | None
    merged_commit: str | None
    in_force_since: int | None
    overtaken: bool
    own: bool
    may: May
    small: Sequence[str] = ()


@blueprint.get("/-/proposals/<int:n>")
def proposal(n: int) -> Response:
    """One proposal."""
    weighed = the_wiki().guidelines.weigh(proposal_number(n))
    needed = weighed.standing.requirement.need
    undecided = weighed.in_force is None and weighed.proposal.closed is None
    empty = empty_groups(weighed.policy, needed) if needed and undecided else []
    effects = effects_of_proposal(weighed)
    html = render_template(
        "proposal.html",
        p=view_of(weighed),
        empty_groups=empty,
        effects=effects,
        dry_run=dry_run_of_proposal(weighed),
        asking=asking_of(weighed),
    )
    return make_response(html)


def view_of(weighed: Weighed) -> ProposalView:
    """What the page shows to whoever is looking."""
    wiki, folded, account = the_wiki(), weighed.proposal, reader()
    landing = wiki.index.landing(weighed.n) if weighed.in_force else None
    box = box_of(weighed, account, landing[1] if landing else None)
    may = _may(weighed, box)
    talk = talk_of(weighed)
    return ProposalView(
        n=weighed.n,
        title=folded.title,
        why=fragment(without_relation(folded.acts[0].why), folded.acts[0].id),
        revised=_revised(folded.acts),
        state=box.state,
        author=folded.acts[0].author,
        authors=folded.authors,
        opened_at=folded.acts[0].when,
        change=folded.change,
        changed_at=folded.change_at,
        versions=len(folded.versions),
        tip=folded.tip.id,
        files=files_of(
            weighed, Allowed(may.revise, may.suggest), lambda path: beside(weighed, talk, path, may.comment)
        ),
        box=box,
        story=story_of(weighed, landing, whole=request.args.get("story") == "all"),
        talk=talk,
        suggestions=suggestions_for(weighed, box.state),
        relations=_relations(weighed),
        overlaps=_overlaps(weighed) if box.state == "open" else [],
        touches=_touches(weighed) if box.state == "open" else None,
        since_endorsed=since_endorsed(weighed, account) if box.may_endorse else None,
        merged_commit=landing[0] if landing else None,
        in_force_since=landing[1] if landing else None,
        overtaken=weighed.overtaken and box.state == "open",
        own=account is not None and folded.is_author(account.person),
        may=may,
        small=about_lines(weighed),
    )


def _revised(acts: Sequence[Act]) -> Revised | None:
    """The words of the latest revision that has some."""
    said = next((act for act in reversed(acts) if act.kind is Kind.REVISE and act.text), None)
    return Revised(said.author, said.when, fragment(said.text, said.id, "r")) if said is not None else None


def _may(weighed: Weighed, box: Box) -> May:
    account, state = reader(), box.state
    author = account is not None and the_wiki().guidelines.author(weighed.proposal, account.person) is not None
    someone = account is not None
    return May(
        revise=author and state == "open",
        close=author and state == "open",
        reopen=author and state == "closed",
        comment=someone,
        suggest=someone and not author and state == "open",
        undo=someone and state == "in force",
        adopt=someone and not author and box.gone,
        refresh=someone and state == "open" and weighed.overtaken and _fits_by_itself(weighed),
    )


def _fits_by_itself(weighed: Weighed) -> bool:
    """Whether nobody has to decide words that changed on both sides."""
    _tree, conflicts = the_wiki().repository.differences.merge(weighed.proposal.tip.id, weighed.main)
    return not conflicts


def since_endorsed(weighed: Weighed, account: Account | None) -> Markup | None:
    """What changed since somebody endorsed, where they endorsed an earlier text."""
    voice = weighed.proposal.voices.get(account.person.key) if account is not None else None
    if voice is None or voice.kind is not Kind.ENDORSE or voice.of == weighed.proposal.change:
        return None
    known = next((act.id for act in weighed.proposal.acts if act.id == voice.of), None)
    return between(weighed, known, weighed.proposal.change) if known is not None else None


def _relations(weighed: Weighed) -> list[RelationView]:
    """What this proposal says of others, and others of it."""
    index = the_wiki().index
    mine = related_in(weighed.proposal.acts[0].why)
    found = [(mine.relation, mine.n, True)] if mine is not None else []
    found += [(Relation(relation), n, False) for relation, n in index.related_to(weighed.n)]
    views = []
    for relation, n, own in found:
        row = index.proposal(n)
        if row is None or n == weighed.n:
            continue
        sentences = {
            (Relation.UNDOES, True): _("Undoes “%(title)s”", title=row.title),
            (Relation.UNDOES, False): _("To be undone by “%(title)s”", title=row.title),
            (Relation.ADOPTS, True): _("Goes on with “%(title)s”, whose authors have gone", title=row.title),
            (Relation.ADOPTS, False): _("Adopted as “%(title)s”", title=row.title),
        }
        if relation is Relation.UNDOES and not own and row.state == "in force":
            sentences[relation, own] = _("Undone by “%(title)s”", title=row.title)
        views.append(RelationView(sentences[relation, own], proposal_address(n)))
    return views


def _overlaps(weighed: Weighed) -> list[OverlapView]:
    """Other open proposals that touch the same passages: whichever comes into force first, the other must follow."""
    met = list(islice(_met(weighed), MOST_OVERLAPS))
    row = the_wiki().index.proposal(weighed.n) if met else None
    missing = max(0, row.needed - row.endorsements) if row is not None else 0
    return [
        OverlapView(
            other, page, [each.shown for each in there[:3]], _first(missing, other), all(each.added for each in there)
        )
        for other, page, there in met
    ]


def _met(weighed: Weighed) -> Iterator[tuple[TouchingRow, str, list[Spot]]]:
    """The proposals that this one meets: which, on which page, and where."""
    wiki = the_wiki()
    for touched in weighed.proposal.touched:
        there = wiki.repository.file(weighed.main, touched.path)
        if there is None or touched.path == POLICY_PATH or is_attachment(touched.path):
            continue
        own = spots_in(wiki, there.id, *(blob.id if blob else None for blob in (touched.before, touched.after)))
        title = title_of(touched.path, text_of(there))
        for one in near(wiki, touched.path, there.id, without=weighed.n):
            passages = meeting(one.spots, own)
            if passages:
                yield one.row, title, passages


def _first(missing: int, other: TouchingRow) -> str:
    """Which of two is nearer to coming into force, and what that means for the other. ``missing`` are the endorsements
    that this one waits for."""
    if other.missing < missing:
        return _("As it stands, that one is nearer: then this one would have to be brought up to date.")
    if missing < other.missing:
        return _("As it stands, this one is nearer: then that one would have to be brought up to date.")
    return _("Both need as many endorsements. Whichever comes into force first, the other must be brought up to date.")


def _touches(weighed: Weighed) -> Consequences | None:
    """What the proposal would touch besides the texts of its pages."""
    pages = [each for each in weighed.proposal.touched if name_of(each.path) is not None]
    moved = moves_in(pages)
    left = {former.path for former in moved.values()}
    changed = []
    for each in pages:
        if each.path in left:
            continue
        path = moved[each.path].path if each.path in moved else each.path
        there = file_at(weighed.main, path)
        before = text_of(there) if there is not None else None
        after = text_of(each.after) if each.after is not None else None
        name, new_name = name_of(path), name_of(each.path)
        changed.append(Changed(name if there else None, new_name if each.after else None, before, after))
    files = {each.path for each in weighed.proposal.touched if each.after is not None and is_attachment(each.path)}
    return consequences(changed, files)
