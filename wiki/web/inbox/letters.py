"""What is told by mail: one letter for each thing that is asked of somebody, and the digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import fill
from urllib.parse import urlsplit

from flask import Flask
from flask_babel import force_locale

from wiki.accounts import Account
from wiki.model.errors import Damaged, NotFound
from wiki.model.words import Sentence
from wiki.notify import Matter, Notice
from wiki.outbox import Letter
from wiki.prose.plain import WIDTH
from wiki.web import differences as shown
from wiki.web.here import the_wiki
from wiki.web.inbox.sentences import address_of, because_of, opening_of, sentence_of
from wiki.web.inbox.unsubscribe import ASKS, DIGEST, unsubscribe_token
from wiki.web.letters import Words, render_letter, speaking_to
from wiki.web.review_words import confirmation
from wiki.web.titles import title_of
from wiki.web.waiting.things import Need, texts_of, things_for, waiting_address, weighed_or_none
from wiki.web.words import translate

MOST_PAGES = 5
MOST_WAITING = 10
MOST_SHORT = 3
LONGEST_DIFFERENCE = 8_000
LONGEST_SAYING = 4_000
_NEVER_WRAPPED = 1_000_000
_IN_NO_HURRY = frozenset({Need.STUCK, Need.SHORT})
"""Told only along with something else, and not day after day."""
_WIDTH = 72
_VOICES = frozenset({Matter.ASKED, Matter.GROUP, Matter.LAPSED})
"""What is answered by a voice: the letter has the difference, and leads to where one endorses or objects."""


@dataclass(frozen=True)
class PageDifference:
    """What would change on the page of this title: as plain text, and by line with its sign, "-" for what goes, "+" for
    what comes, ">" for what moves there, "" for a heading."""

    title: str
    plain: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody, in the daily letter. What does not press is told only along with something else."""

    sentence: str
    because: str
    url: str
    presses: bool
    differences: list[PageDifference]


class Letters:
    """Writes the letters of one application."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def ask(self, key: str, to: Account, asked: Notice) -> Letter:
        """The letter that asks somebody for something, with the difference where it asks for their voice."""
        with self.app.app_context():
            lapsed = asked.matter is Matter.LAPSED
            with speaking_to(to):
                differences = _differences(asked.n, to if lapsed else None) if asked.matter in _VOICES else []
            words = _written("ask", to, ASKS, asked=asked, said=_said(asked), differences=differences)
            thread = (("In-Reply-To", _thread(asked.n)), ("References", _thread(asked.n)))
            return _letter(key, to, words, (*_headers(to, ASKS), *thread))

    def digest(self, key: str, to: Account, news: Sequence[Notice], asks: bool) -> Letter | None:
        """The letter that tells what waits for somebody, where they want what ``asks`` by mail, the most useful first
        and each with its difference; then what is new, proposal by proposal. None where nothing of both is pressing."""
        by_proposal: dict[int, list[Notice]] = {}
        for one in news:
            by_proposal.setdefault(one.n, []).append(one)
        with self.app.app_context():
            waiting = _waiting(to) if asks else []
            if not news and not any(one.presses for one in waiting):
                return None
            words = _written("digest", to, DIGEST, count=len(news), groups=list(by_proposal.values()), waiting=waiting)
            return _letter(key, to, words, _headers(to, DIGEST))


def _address(notice: Notice) -> str:
    return waiting_address(notice.n) if notice.matter in _VOICES else address_of(notice)


def _waiting(to: Account) -> list[Waiting]:
    """What waits for somebody, with differences while there is room."""
    found: list[Waiting] = []
    room, address = LONGEST_DIFFERENCE, the_wiki().settings.address
    with speaking_to(to):
        every = things_for(to)
        things = [one for one in every if one.need is not Need.SHORT][:MOST_WAITING]
        things += [one for one in every if one.need is Need.SHORT][:MOST_SHORT]
        for one in things:
            endorser = to if one.need is Need.LAPSED else None
            differences = _differences(one.n, endorser, room) if one.asks_for_voice else []
            room -= sum(len(each.plain) for each in differences)
            place = waiting_address(one.n) if one.asks_for_voice else one.url
            found.append(Waiting(one.sentence, one.because, address + place, one.need not in _IN_NO_HURRY, differences))
    return found


def in_our_language(app: Flask) -> Callable[[Sentence], str]:
    """Says sentences in the first language of the wiki."""

    def words(sentence: Sentence) -> str:
        with app.test_request_context(), force_locale(the_wiki().settings.languages[0].replace("-", "_")):
            return translate(sentence)

    return words


def _written(name: str, to: Account, what: str, **values: object) -> Words:
    address = the_wiki().settings.address
    return render_letter(
        name,
        to,
        sentence=sentence_of,
        opening=opening_of,
        because=because_of,
        url=lambda notice: address + _address(notice),
        end_url=_end_url(to, what),
        **values,
    )


def _letter(key: str, to: Account, words: Words, headers: tuple[tuple[str, str], ...]) -> Letter:
    return Letter(key, to.email, words.subject, words.text, words.html, headers)


def _end_url(to: Account, what: str) -> str:
    return f"{the_wiki().settings.address}/-/inbox/unsubscribe/{unsubscribe_token(to.id, what)}"


def _headers(to: Account, what: str) -> tuple[tuple[str, str], ...]:
    settings = the_wiki().settings
    language = to.language if to.language in settings.languages else settings.languages[0]
    return (
        ("List-Id", f"<{what}.{_host()}>"),
        ("List-Unsubscribe", f"<{_end_url(to, what)}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Content-Language", str(language)),
    )


def _host() -> str:
    return urlsplit(the_wiki().settings.address).hostname or "localhost"


def _thread(n: int) -> str:
    """What all letters about one proposal answer to, so that mail programs show them together."""
    whole = f"{the_wiki().settings.address} proposal {n}"
    return f"<proposal-{n}.{hashlib.sha256(whole.encode()).hexdigest()[:16]}@{_host()}>"


def _said(asked: Notice) -> str:
    """What was said by the act that asks something: an objection, an answer, a reply; "" where nothing was."""
    if asked.matter not in (Matter.OBJECTED, Matter.ANSWERED, Matter.REPLIED):
        return ""
    guidelines = the_wiki().guidelines
    try:
        acts = (*guidelines.weigh(asked.n).proposal.acts, *guidelines.talk(asked.n))
    except (Damaged, NotFound):
        return ""
    return next((act.text.strip()[:LONGEST_SAYING] for act in acts if act.id == asked.act), "")


def _differences(n: int, endorser: Account | None, room: int = LONGEST_DIFFERENCE) -> list[PageDifference]:
    """What would change by a proposal, or has changed since somebody endorsed it, within so many characters."""
    weighed = weighed_or_none(n)
    found: list[PageDifference] = []
    for path, before, after in texts_of(weighed, endorser) if weighed is not None else []:
        confirms = fill(confirmation(before, after) or "", _WIDTH)
        plain = confirms or (shown.plainly(before, after, WIDTH) if before != after else "")
        room -= len(plain)
        if room < 0 or len(found) == MOST_PAGES:
            break
        if plain:
            lines = (("", " ".join(confirms.split())),) if confirms else _lines(before, after)
            found.append(PageDifference(title_of(path, after or before), plain, lines))
    return found


def _lines(before: str, after: str) -> tuple[tuple[str, str], ...]:
    found = []
    for line in shown.plainly(before, after, _NEVER_WRAPPED).splitlines():
        if line.startswith(("- ", "+ ", "> ")):
            found.append((line[0], line[2:]))
        elif line:
            found.append(("", line.strip("[]")))
    return tuple(found)
