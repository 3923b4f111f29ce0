"""Each notice in one sentence, for whoever says it in a language. Pure."""

from __future__ import annotations

from wiki.model.words import N_, Sentence, say
from wiki.notify.matters import Matter

_ASKS = {
    Matter.ASKED: N_("%(name)s asks you to look at “%(title)s”."),
    Matter.OBJECTED: N_("%(name)s objected to your proposal “%(title)s” and waits for your answer."),
    Matter.LAPSED: N_("The text of “%(title)s” changed, so your endorsement no longer counts: please look again."),
    Matter.GROUP: N_("“%(title)s” needs somebody of your group to endorse it."),
    Matter.SUGGESTED: N_("%(name)s suggests other words for your proposal “%(title)s”."),
    Matter.ANSWERED: N_("%(name)s answered your objection to “%(title)s”: does it still stand?"),
    Matter.REPLIED: N_("%(name)s answered what you said about “%(title)s”."),
}
_NEWS = {
    Matter.PROPOSED: N_("%(name)s proposes “%(title)s”."),
    Matter.REVISED: N_("%(name)s changed the text of “%(title)s”."),
    Matter.IN_FORCE: N_("“%(title)s” is in force."),
    Matter.CLOSED: N_("%(name)s closed “%(title)s”."),
    Matter.REOPENED: N_("%(name)s put “%(title)s” back on the table."),
    Matter.COMMENTED: N_("%(name)s said something about “%(title)s”."),
    Matter.OBJECTED: N_("%(name)s objected to “%(title)s”."),
    Matter.ANSWERED: N_("%(name)s answered an objection to “%(title)s”."),
    Matter.SUGGESTED: N_("%(name)s suggests other words for “%(title)s”."),
}
_BY_THE_WIKI = {
    Matter.CLOSED: N_("“%(title)s” was closed."),
    Matter.REVISED: N_("“%(title)s” was brought up to date with what is in force."),
}


_ASKS_FOR_THE_WIKI = {Matter.ASKED: N_("“%(title)s” waits for colleagues who know this: would you look at it?")}


def sentence_for(matter: Matter, name: str, title: str, *, asks: bool, by_wiki: bool) -> Sentence:
    """What somebody is told: that something is asked of them, or what happened. ``by_wiki`` where the wiki did it by
    itself."""
    unasked = (_ASKS_FOR_THE_WIKI if asks else _BY_THE_WIKI).get(matter) if by_wiki else None
    template = unasked or (_ASKS.get(matter) if asks else None)
    return say(template or _NEWS[matter], name=name, title=title)
