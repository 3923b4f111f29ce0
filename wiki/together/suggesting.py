"""Other words for somebody else's proposal, which its authors take into the text."""

from __future__ import annotations

from collections.abc import Sequence

from wiki.assembly import Wiki
from wiki.drafts import Fate, Suggestion
from wiki.guidelines import Outcome
from wiki.model.acts import Person
from wiki.model.errors import Conflict, Refused
from wiki.model.proposal import Proposal
from wiki.model.words import N_
from wiki.together.texts import put_together, text_of


def suggest(wiki: Wiki, who: Person, n: int, change: str, path: str, text: str, note: str) -> int:
    """Give other words for a page of a proposal to its authors; the number of the suggestion."""
    weighed = wiki.guidelines.weigh(n)
    proposal = weighed.proposal
    if weighed.in_force is not None or proposal.closed is not None:
        raise Refused(N_("This proposal is no longer on the table."))
    if wiki.guidelines.author(proposal, who) is not None:
        raise Refused(N_("You are an author of this proposal: you can change its text yourself."))
    if change != proposal.change:
        raise Conflict(N_("The text of this proposal has changed since you opened it. Please look at it again."))
    there = wiki.repository.file(proposal.tip.id, path)
    cleaned = wiki.guidelines.check_text(path, text)
    if there is None or cleaned == text_of(wiki, there):
        raise Refused(N_("Nothing is different from the text that is there. Change something, then suggest it."))
    made = wiki.suggestions.make(n, change, who, path, cleaned, note, wiki.now())
    wiki.suggested(n)
    return made


def suggested_text(wiki: Wiki, proposal: Proposal, suggestion: Suggestion, current: str | None = None) -> str | None:
    """The page of the proposal with the suggestion in it; None where the passage has changed since."""
    if current is None:
        current = text_of(wiki, wiki.repository.file(proposal.tip.id, suggestion.path))
    began = text_of(wiki, wiki.repository.file(suggestion.change, suggestion.path))
    if current is None or began is None:
        return None
    if current in (began, suggestion.text):
        return suggestion.text
    return put_together(began, current, suggestion.text)


def take_suggestions(wiki: Wiki, who: Person, n: int, change: str, numbers: Sequence[int]) -> Outcome:
    """An author takes suggestions into the text, all of them as one `revise` that names who made them."""
    proposal = wiki.guidelines.weigh(n).proposal
    chosen = [wiki.suggestions.get(n, number) for number in dict.fromkeys(numbers)]
    chosen = [each for each in chosen if each.fate is Fate.OPEN]
    if not chosen:
        raise Refused(N_("Please choose a suggestion that is still open."))
    edits = _together(wiki, proposal, chosen)
    makers = {each.who.key: each.who for each in chosen if wiki.guidelines.author(proposal, each.who) is None}
    if not edits:
        outcome = Outcome(n, proposal.tip.id)
    else:
        notes = "\n".join(each.note for each in chosen if each.note)
        outcome = wiki.guidelines.revise(n, who, edits, note=notes, seen=change, suggested_by=makers.values())
    with wiki.tidying():
        wiki.suggestions.decide(n, [each.id for each in chosen], Fate.TAKEN, wiki.now())
    wiki.suggested(n)
    return outcome


def _together(wiki: Wiki, proposal: Proposal, chosen: Sequence[Suggestion]) -> dict[str, str | None]:
    """The new text of each page with all suggestions in it, without pages that say it already."""
    texts: dict[str, str | None] = {}
    for suggestion in chosen:
        found = suggested_text(wiki, proposal, suggestion, texts.get(suggestion.path))
        if found is None:
            raise Conflict(
                N_("The suggestion by %(name)s is about a passage that has changed. Please edit the text by hand."),
                name=suggestion.who.name,
            )
        texts[suggestion.path] = found
    return {
        path: text for path, text in texts.items() if text != text_of(wiki, wiki.repository.file(proposal.tip.id, path))
    }
