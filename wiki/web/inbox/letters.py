"""What is told by mail: one letter for each thing that is asked of somebody, and the digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask
from flask_babel import force_locale

from wiki.accounts import Account
from wiki.model.errors import Damaged, NotFound
from wiki.model.merge import Weighed
from wiki.model.words import Sentence
from wiki.notify import Matter, Notice
from wiki.outbox import Letter
from wiki.prose import plain_difference
from wiki.web.here import the_wiki
from wiki.web.inbox.sentences import address_of, because_of, opening_of, sentence_of
from wiki.web.inbox.unsubscribe import ASKS, DIGEST, unsubscribe_token
from wiki.web.letters import Words, render_letter
from wiki.web.proposals.files import title_of
from wiki.web.proposals.routes import file_at, text_of
from wiki.web.words import translate

MOST_PAGES = 5
LONGEST_DIFFERENCE = 8_000
LONGEST_SAYING = 4_000
_NEVER_WRAPPED = 1_000_000


@dataclass(frozen=True)
class PageDifference:
    """What would change on the page of this title: as plain text, and by line with its sign, "-" for what goes, "+" for
    what comes, "" for a heading."""

    title: str
    plain: str
    lines: tuple[tuple[str, str], ...]


class Letters:
    """Writes the letters of one application."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def ask(self, key: str, to: Account, asked: Notice) -> Letter:
        """The letter that asks somebody for something, with the difference where it asks for their voice."""
        with self.app.app_context():
            differences = _differences(asked, to)
            words = _written("ask", to, ASKS, asked=asked, said=_said(asked), differences=differences)
            thread = (("In-Reply-To", _thread(asked.n)), ("References", _thread(asked.n)))
            return _letter(key, to, words, (*_headers(to, ASKS), *thread))

    def digest(self, key: str, to: Account, news: Sequence[Notice]) -> Letter:
        """The letter that tells what is new, proposal by proposal."""
        by_proposal: dict[int, list[Notice]] = {}
        for one in news:
            by_proposal.setdefault(one.n, []).append(one)
        with self.app.app_context():
            words = _written("digest", to, DIGEST, count=len(news), groups=list(by_proposal.values()))
            return _letter(key, to, words, _headers(to, DIGEST))


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
        url=lambda notice: address + address_of(notice),
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


def _differences(asked: Notice, to: Account) -> list[PageDifference]:
    """What would change by a proposal, or has changed since somebody endorsed it; [] where no voice is asked for."""
    if asked.matter not in (Matter.LAPSED, Matter.GROUP):
        return []
    try:
        weighed = the_wiki().guidelines.weigh(asked.n)
    except (Damaged, NotFound):
        return []
    found: list[PageDifference] = []
    room = LONGEST_DIFFERENCE
    for path, before, after in _texts(weighed, to if asked.matter is Matter.LAPSED else None):
        plain = plain_difference(before, after) if before != after else ""
        room -= len(plain)
        if room < 0 or len(found) == MOST_PAGES:
            break
        if plain:
            found.append(PageDifference(title_of(path, after or before), plain, _lines(before, after)))
    return found


def _texts(weighed: Weighed, endorser: Account | None) -> list[tuple[str, str, str]]:
    """Each page that the proposal touches, as it was in force, or in the text that somebody endorsed, and as it would
    be."""
    voice = weighed.proposal.voices.get(endorser.person.key) if endorser is not None else None
    known = next((act.id for act in weighed.proposal.acts if voice is not None and act.id == voice.of), None)
    return [
        (
            each.path,
            text_of(file_at(known, each.path) if known is not None else each.before),
            text_of(each.after),
        )
        for each in weighed.proposal.touched
    ]


def _lines(before: str, after: str) -> tuple[tuple[str, str], ...]:
    found = []
    for line in plain_difference(before, after, _NEVER_WRAPPED).splitlines():
        if line.startswith(("- ", "+ ")):
            found.append((line[0], line[2:]))
        elif line:
            found.append(("", line.strip("[]")))
    return tuple(found)
