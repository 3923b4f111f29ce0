"""What begins with somebody's proposal and becomes a draft first: undoing it, adopting it, changing more pages."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, url_for

from wiki.drafts import Draft
from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.together import Begun, begin_adoption, begin_undo
from wiki.web.here import member, proposal_number, the_wiki
from wiki.web.proposals.routes import blueprint
from wiki.web.say import _, kept, ngettext
from wiki.web.titles import title_in_force
from wiki.web.words import listed


def _to_draft(begun: Begun) -> Response:
    if begun.by_hand:
        titles = listed([_("“%(title)s”", title=title_in_force(path)) for path in begun.by_hand])
        told = ngettext(
            "%(titles)s has changed since at the same passage: please look at it yourself.",
            "%(titles)s have changed since at the same passages: please look at them yourself.",
            len(begun.by_hand),
            titles=titles,
        )
        flash(told, "notice")
    return make_response(redirect(url_for("drafts.draft", number=begun.draft.id), 303))


@blueprint.post("/-/proposals/<int:n>/undo")
def undo(n: int) -> Response:
    """Begin a draft that reverses what came into force."""
    wiki, account = the_wiki(), member()
    undone = wiki.guidelines.weigh(proposal_number(n)).proposal.title
    return _to_draft(begin_undo(wiki, account, n, kept(_("Undo “%(title)s”", title=undone))))


@blueprint.post("/-/proposals/<int:n>/adopt")
def adopt(n: int) -> Response:
    """Begin a draft with the text of a proposal whose authors have gone."""
    return _to_draft(begin_adoption(the_wiki(), member(), proposal_number(n)))


@blueprint.post("/-/proposals/<int:n>/more")
def more(n: int) -> Response:
    """Begin a draft that changes further pages of one's own proposal."""
    wiki, account = the_wiki(), member()
    proposal = wiki.guidelines.weigh(proposal_number(n)).proposal
    if wiki.guidelines.author(proposal, account.person) is None:
        raise Refused(N_("Only an author of this proposal can change its text."))
    same = (each for each in wiki.drafts.of(account.id) if each.proposal == n)
    draft = next(same, None) or wiki.drafts.save(
        Draft(account.id, proposal=n, base=proposal.change, title=proposal.title), wiki.now()
    )
    return make_response(redirect(url_for("drafts.draft", number=draft.id), 303))
