"""Suggested edits: shown with the proposal, taken or declined by its authors."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, flash, request
from markupsafe import Markup

from wiki.drafts import Fate, Suggestion
from wiki.model.acts import Person, clean_text
from wiki.model.errors import Conflict, Refused
from wiki.model.merge import Weighed
from wiki.model.words import N_
from wiki.together import suggested_text, take_suggestions
from wiki.web import differences
from wiki.web.box import fragment
from wiki.web.here import member, person, proposal_number, reader, the_wiki
from wiki.web.proposals.acts import look_again
from wiki.web.proposals.routes import after, back, blueprint, field, file_at, text_of
from wiki.web.say import _
from wiki.web.titles import title_of


@dataclass(frozen=True)
class SuggestionView:
    """A suggestion as the page of the proposal shows it. ``stale`` where its passage has changed since."""

    id: int
    person: Person
    when: int
    note: Markup | None
    page: str
    difference: Markup
    fate: str
    answer: Markup | None
    stale: bool
    may_take: bool
    may_withdraw: bool


def suggestions_for(weighed: Weighed, state: str) -> list[SuggestionView]:
    """The suggestions for a proposal, the open ones first."""
    found = the_wiki().suggestions.of(weighed.n)
    ordered = sorted(found, key=lambda each: (each.fate is not Fate.OPEN, each.id))
    return [_view(weighed, each, state) for each in ordered if each.fate is not Fate.WITHDRAWN]


def _view(weighed: Weighed, suggestion: Suggestion, state: str) -> SuggestionView:
    account, wiki = reader(), the_wiki()
    open_still = suggestion.fate is Fate.OPEN and state == "open"
    began = text_of(file_at(suggestion.change, suggestion.path))
    now, merged = began, suggestion.text
    stale = False
    if open_still:
        found = suggested_text(wiki, weighed.proposal, suggestion)
        stale = found is None
        if found is not None:
            now, merged = text_of(file_at(weighed.proposal.tip.id, suggestion.path)), found
    author = account is not None and wiki.guidelines.author(weighed.proposal, account.person) is not None
    own = account is not None and account.person.key == wiki.former.called(suggestion.who).key
    return SuggestionView(
        id=suggestion.id,
        person=suggestion.who,
        when=suggestion.made_at,
        note=fragment(suggestion.note, f"s{suggestion.id}") if suggestion.note else None,
        page=title_of(suggestion.path, now or merged),
        difference=differences.prose(now, merged, suggestion.path),
        fate=suggestion.fate.value,
        answer=fragment(suggestion.answer, f"t{suggestion.id}") if suggestion.answer else None,
        stale=stale,
        may_take=author and open_still,
        may_withdraw=own and open_still,
    )


@blueprint.post("/-/proposals/<int:n>/take")
def take(n: int) -> Response:
    """Take the chosen suggestions into the text."""
    member()
    proposal_number(n)
    seen = field("change", 40)
    weighed = the_wiki().guidelines.weigh(n)
    try:
        if seen != weighed.proposal.change:
            raise Conflict(N_("The text of this proposal has changed since you opened it. Please look at it again."))
        outcome = take_suggestions(the_wiki(), person(), n, seen, _numbers("take"))
    except Conflict as error:
        return look_again(n, seen, error)
    return after(outcome, _("The text is changed, and those who suggested it are authors now."), "#files")


def _numbers(name: str) -> list[int]:
    values = request.form.getlist(name)
    if not all(value.isascii() and value.isdigit() and len(value) < 10 for value in values):
        raise Refused(N_("Please choose a suggestion that is still open."))
    return [int(value) for value in values[:100]]


@blueprint.post("/-/proposals/<int:n>/decline")
def decline(n: int) -> Response:
    """An author lets a suggestion be, with a word about why; who made it may also take it back."""
    wiki, account = the_wiki(), member()
    chosen = _numbers("suggestion")
    if len(chosen) != 1:
        raise Refused(N_("Please choose a suggestion that is still open."))
    suggestion = wiki.suggestions.get(proposal_number(n), chosen[0])
    if wiki.former.called(suggestion.who).key == account.person.key:
        wiki.suggestions.decide(n, chosen, Fate.WITHDRAWN, wiki.now())
        wiki.suggested(n)
        flash(_("Your suggestion is taken back."), "success")
        return back(n, "#suggestions")
    if wiki.guidelines.author(wiki.guidelines.weigh(n).proposal, account.person) is None:
        raise Refused(N_("Only an author of this proposal can answer a suggestion."))
    wiki.suggestions.decide(n, chosen, Fate.DECLINED, wiki.now(), clean_text(field("answer")))
    wiki.suggested(n)
    flash(_("The suggestion is declined. Whoever made it can see why."), "success")
    return back(n, "#suggestions")
