"""Asking colleagues to look at a proposal: what its page shows of it, and the buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for

from wiki.asking import Because, Reason, Request
from wiki.asking.circle import WAIT
from wiki.model.acts import Person
from wiki.model.errors import Refused
from wiki.model.merge import Weighed
from wiki.model.words import N_
from wiki.web.here import member, proposal_number, reader, the_wiki
from wiki.web.naming import called
from wiki.web.safety import local_path
from wiki.web.say import _, ngettext
from wiki.web.words import day, listed

blueprint = Blueprint("asking", __name__)
_LONGEST = 500
_MOST_HANDLES = 20


@dataclass(frozen=True)
class SuggestedView:
    """A colleague worth asking, with the reasons in words."""

    person: Person
    handle: str
    reasons: str


@dataclass(frozen=True)
class AskedView:
    """That the reader is asked: by whom, and why it is them."""

    n: int
    sentence: str
    because: str


@dataclass(frozen=True)
class AskingView:
    """What the page of a proposal shows of asking. For its authors: whom they may ask, who was asked (whatever they
    answered), whether others will be asked, or nobody is left who could be; for somebody who is asked: ``mine``."""

    suggested: Sequence[SuggestedView] = ()
    asked: Sequence[Person] = ()
    by_the_wiki: Sequence[Person] = ()
    goes_on: bool = False
    nobody_left: bool = False
    mine: AskedView | None = None

    @property
    def everybody(self) -> str:
        """The handles of all who are suggested."""
        return ",".join(each.handle for each in self.suggested)


def asking_of(weighed: Weighed) -> AskingView | None:
    """What to show to whoever looks; None for nothing."""
    wiki, account = the_wiki(), reader()
    if account is None or weighed.in_force or weighed.proposal.closed:
        return None
    if wiki.guidelines.author(weighed.proposal, account.person) is None:
        mine = wiki.asking.open_of(account.id, weighed.n)
        return AskingView(mine=asked_view(mine[0])) if mine else None
    suggested = [
        SuggestedView(each.person, each.person.handle, in_words(each.reasons)) for each in wiki.asking.suggest(weighed)
    ]
    made = wiki.asking.of(weighed.n)
    if not suggested and not made:
        return None
    left = True if suggested else wiki.asking.anybody_left(weighed)
    return AskingView(
        suggested,
        [each.person for each in made if each.by is not None],
        [each.person for each in made if each.by is None],
        goes_on=left is True and any(each.fate == "open" and each.at > weighed.now - WAIT for each in made),
        nobody_left=left is False,
    )


def asked_view(asked: Request) -> AskedView:
    """A request in words, for whoever is asked."""
    sentence = _("%(name)s asks you to look at this.", name=called(asked.by)) if asked.by else None
    return AskedView(asked.n, sentence or _("This waits for colleagues who know it."), why_you(asked.because))


def why_you(because: str) -> str:
    """Why somebody is asked, said to them."""
    word, _colon, about = because.partition(":")
    match word:
        case Because.GROUP:
            return _("You are in the group “%(group)s”, which must endorse it.", group=about)
        case Because.WROTE:
            return _("You wrote the passage that would change.")
        case Because.ENDORSED:
            return _("You endorsed changes to this page before.")
        case Because.PAGE:
            return _("You wrote other parts of this page.")
        case Because.NEARBY:
            return _("You wrote or endorsed something in the same folder.")
        case _:
            return _("You were here lately, and nobody asked you for a while.")


def in_words(reasons: Sequence[Reason]) -> str:
    """Why somebody is worth asking, said to others."""
    sentences = {
        Because.WROTE: _("wrote the passage that would change"),
        Because.ENDORSED: _("endorsed changes to this page before"),
        Because.PAGE: _("wrote other parts of this page"),
        Because.NEARBY: _("wrote or endorsed something in the same folder"),
        Because.LANGUAGE: _("works in the language of the page"),
        Because.FREE: _("was here lately, and was not asked for a while"),
    }
    groups = [_("is in the group “%(group)s”, which must endorse it", group=each.about)
              for each in reasons if each.because is Because.GROUP]  # fmt: skip
    return listed([*groups, *(sentences[each.because] for each in reasons if each.because in sentences)])


@blueprint.post("/-/proposals/<int:n>/ask")
def ask(n: int) -> Response:
    """Ask one of those who are suggested, or several."""
    account, sent = member(), request.form.get("who", "")
    handles = frozenset(sent.split(",")) if 0 < len(sent) <= _LONGEST else frozenset[str]()
    if not 0 < len(handles) <= _MOST_HANDLES:
        raise Refused(N_("Please choose whom you want to ask."))
    asked = the_wiki().asking.ask(proposal_number(n), account, handles)
    if asked:
        flash(_told(n, asked), "success")
    else:
        flash(_("They cannot be asked just now. Below is who else could look at it."), "notice")
    return make_response(redirect(url_for("proposals.proposal", n=n) + "#asking", 303))


def _told(n: int, asked: Sequence[Person]) -> str:
    """Who is asked, and what comes if nobody answers."""
    wiki, names = the_wiki(), listed([called(person) for person in asked])
    if wiki.asking.anybody_left(wiki.guidelines.weigh(n)):
        return ngettext(
            "%(names)s is asked. If it stays quiet for three days, others are asked too.",
            "%(names)s are asked. If it stays quiet for three days, others are asked too.",
            len(asked),
            names=names,
        )
    return ngettext(
        "%(names)s is asked. There is nobody else to ask just now; it stays open to everybody.",
        "%(names)s are asked. There is nobody else to ask just now; it stays open to everybody.",
        len(asked),
        names=names,
    )


@blueprint.post("/-/proposals/<int:n>/not-me")
def not_me(n: int) -> Response:
    """Somebody who is asked cannot look at this one."""
    asking = the_wiki().asking
    if not asking.not_me(proposal_number(n), member()):
        flash(_("You are not asked about this proposal any more."), "notice")
    elif asking.anybody_else(n):
        flash(_("That is fine: somebody else is asked, and nobody is told why."), "success")
    else:
        told = _(
            "That is fine, and nobody is told why. There is nobody else to ask just now; it stays open to everybody."
        )
        flash(told, "success")
    return _back()


@blueprint.post("/-/waiting/not-now")
def not_now() -> Response:
    """Somebody does not want to be asked for a while."""
    until = the_wiki().asking.not_now(member())
    flash(
        _("Nobody asks you until %(day)s. What you were asked goes to others, where there are some.", day=day(until)),
        "success",
    )
    return _back()


@blueprint.post("/-/waiting/ask-me")
def ask_me() -> Response:
    """Somebody may be asked again."""
    the_wiki().asking.choices.resume(member().id)
    flash(_("You can be asked again."), "success")
    return _back()


def _back() -> Response:
    return make_response(redirect(local_path(request.form.get("next")), 303))
