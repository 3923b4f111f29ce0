"""Each notice in one sentence, and where its link lands."""

from __future__ import annotations

from wiki.addresses import proposal_address
from wiki.notify import ASKED, FOLDER, PAGE, Matter, Notice, sentence_for
from wiki.web.asking import why_you
from wiki.web.here import the_wiki
from wiki.web.naming import called
from wiki.web.say import _
from wiki.web.titles import page_title
from wiki.web.words import translate


def sentence_of(notice: Notice) -> str:
    """What it says, in the language of whoever is spoken to."""
    by_wiki = notice.by.key == the_wiki().settings.system_email.casefold()
    return translate(sentence_for(notice.matter, called(notice.by), notice.title, asks=notice.asks, by_wiki=by_wiki))


def opening_of(notice: Notice) -> str:
    """What a letter begins with, whose subject has said already what is asked."""
    match notice.matter:
        case Matter.OBJECTED:
            return _("The change waits until an author has answered. This is the objection:")
        case Matter.LAPSED:
            return _("If you agree with the new text too, endorse it again. Below is what is different.")
        case Matter.GROUP:
            return _("It cannot come into force without one of you. Below is what it would change.")
        case Matter.SUGGESTED:
            return _("You can take the other words into your text, or decline them and say why.")
        case Matter.ANSWERED:
            return _("If the answer satisfies you, take your objection back; if you say nothing, it stands.")
        case _:
            return _("This is the answer:")


def because_of(notice: Notice) -> str:
    """Why somebody hears of it; "" for what is asked of them."""
    kind, _colon, target = notice.because.partition(":")
    if kind == PAGE:
        return _("You watch the page %(name)s.", name=page_title(target)[0])
    if kind == FOLDER:
        return _("You watch the folder %(name)s.", name=target)
    if kind == ASKED:
        return why_you(target)
    if kind == "author":
        return _("You wrote it.")
    return _("You watch this proposal.") if kind else ""


def address_of(notice: Notice) -> str:
    """The address on this site that the sentence leads to."""
    return proposal_address(notice.n) + _place(notice)


def _place(notice: Notice) -> str:
    match notice.matter:
        case Matter.OBJECTED | Matter.ANSWERED:
            return f"#objection-{notice.about}"
        case Matter.SUGGESTED:
            return f"#suggestion-{notice.about}"
        case Matter.REPLIED | Matter.COMMENTED:
            return f"?said={notice.about[:12]}#comment-{notice.about[:12]}"
        case Matter.LAPSED:
            return "#since-endorsed"
        case Matter.IN_FORCE | Matter.CLOSED | Matter.REOPENED | Matter.ASKED:
            return "#decision"
        case _:
            return ""
