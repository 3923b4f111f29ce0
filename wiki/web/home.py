"""What the first page says to its reader alone."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, g

from wiki.index import ProposalRow
from wiki.model.decide import Why
from wiki.web.asking import AskedView, asked_view
from wiki.web.here import member, the_wiki
from wiki.web.policy.groups import EmptyGroup, empty_groups
from wiki.web.reading import News, news_for
from wiki.web.say import _

WAITING = 5
_FOR_AUTHORS = frozenset({Why.OVERTAKEN, Why.UNANSWERED, Why.NOTHING, Why.NAME, Why.MODE, Why.POLICY})
"""What nobody but its authors can do something about."""


@dataclass(frozen=True)
class Home:
    """``asked`` is what somebody asked them by name to look at, and what nobody but they can bring on, for it is their
    own; each with a sentence. None of it is among what is ``waiting``."""

    asked: list[tuple[ProposalRow, AskedView]]
    waiting: list[ProposalRow]
    news: list[News]
    empty_groups: list[EmptyGroup]


def home() -> Home:
    """For whoever is signed in; found once while a page is made."""
    if "home" not in g:
        g.home = _found()
    found: Home = g.home
    return found


def _found() -> Home:
    account, wiki = member(), the_wiki()
    key = account.person.key
    made = {each.n: each for each in wiki.asking.open_of(account.id)}
    asked = wiki.index.waiting_among(key, made)[:WAITING]
    own = wiki.index.stuck_by(key, _FOR_AUTHORS, WAITING)
    elsewhere = wiki.asking.passed_by(account.id).union(row.n for row in asked)
    room = WAITING - len(asked)
    return Home(
        [*((row, asked_view(made[row.n])) for row in asked), *((row, _of_its_author(row, why)) for row, why in own)],
        wiki.index.proposals_waiting(key, limit=room, without=elsewhere) if room else [],
        news_for(account),
        empty_groups(),
    )


def _of_its_author(row: ProposalRow, why: str) -> AskedView:
    match why:
        case Why.OVERTAKEN:
            todo = _("Its page has changed: bring the two versions together.")
        case Why.UNANSWERED:
            todo = _("It has an objection: answer it.")
        case _:
            todo = _("It cannot come into force as it is: mend the text.")
    return AskedView(row.n, todo, _("You wrote it."))


def install(app: Flask) -> None:
    """Give it to the template."""
    app.jinja_env.globals.update(home=home)
