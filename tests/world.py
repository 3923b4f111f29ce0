"""A small wiki with colleagues, founded once and copied for each test, and visitors who walk through it.

Used by the tests of the web, of the index, of the command line and of the browser. Git, SQL and HTTP are real.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from secrets import token_hex

import argon2
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer
from lxml import html
from werkzeug.http import parse_cookie
from werkzeug.test import TestResponse

from tests.compiled import KEPT
from tests.house import fsck
from tests.tables import put_tables
from wiki import create_app
from wiki.accounts import Account
from wiki.accounts.passwords import Passwords
from wiki.assembly import Wiki, open_wiki
from wiki.model.acts import Person
from wiki.repository import Repository
from wiki.repository.founding import found
from wiki.settings import Settings
from wiki.verify import audit, open_clone
from wiki.web import attach
from wiki.web.languages import recall
from wiki.web.signin import begin_session

BEGAN = 1_780_000_000
DAY = 86400
PASSWORD = "a calm blue morning"
MINUTES = 5
QUICK = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
QUICKLY = """
import argon2
from functools import partial
argon2.PasswordHasher = partial(argon2.PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
"""
"""The same for a wiki in a process of its own, where passwords are not what is looked at: each takes a fifth of a
second else."""
COLLEAGUES = ("Ana Souza", "Bob Reyes", "Cyd Laurent", "Dee Okonkwo", "Zed Okafor")

POLICY = """\
[members]
since = "0d"

[objection]
hold = "3d"
weigh = 2

[[rule]]
pages = "**"
endorse = 2

[[rule]]
pages = "legal/**"
endorse = 3
open = "2d"

[[rule]]
pages = "notes/**"
endorse = 0
"""

PAGES = {
    "welcome.md": "# Welcome\n\nThis is how we work. Read it once, then change it.\n",
    "travel/index.md": "# Travel\n\nWe travel when it helps somebody.\n",
    "travel/expenses.md": (
        "# Expenses\n\nYou are paid back what you spent.\n\n## Meals\n\nKeep the receipt of every meal.\n\n"
        "## Trains\n\nTake the train where it is quick.\n\n## Hotels\n\nSleep where you sleep well.\n"
    ),
    "travel/visa.md": "# Visas\n\nAsk early. See [expenses](expenses.md).\n\n## Fees\n\nWe pay the fee.\n",
    "working/hours.md": "# Hours\n\nWork when you work best.\n\nBe reachable when you said you would.\n",
    "working/day-to-day/meetings.md": "# Meetings\n\nA meeting has an agenda.\n",
    "legal/contracts.md": "# Contracts\n\nOnly the board signs contracts.\n",
    "notes/kitchen.md": "# Kitchen\n\nWash your cup.\n",
    "größe/naïve.md": "# Größe\n\nAuch das ist eine Seite: “ja”.\n",
}


@dataclass
class Clock:
    """A clock that the test sets."""

    at: float = BEGAN

    def __call__(self) -> float:
        return self.at

    def wait(self, days: float) -> None:
        """Let time pass."""
        self.at += days * DAY


def write_pages(folder: Path, pages: Mapping[str, str] = PAGES) -> Path:
    """A folder of Markdown."""
    for path, text in pages.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def settings_for(data: Path, **others: object) -> Settings:
    """Settings of a data directory, as the environment of a test would give them."""
    base = Settings(data=data, database_url=_in(data), secret_key="k" * 40)
    return replace(base, **others)  # type: ignore[arg-type]


def _in(data: Path) -> str:
    return f"sqlite:///{data / 'wiki.db'}"


def begin(data: Path, source: Path, policy: str = POLICY, **others: object) -> Path:
    """Found a wiki with five colleagues in a new data directory, and close it again."""
    settings = settings_for(data, **others)
    system = Person(settings.system_name, settings.system_email)
    let_go(found(settings.content_git, source, policy, system, BEGAN - 90 * DAY))
    if settings.database_url == _in(data):
        put_tables(data / "wiki.db")
    wiki = open_wiki(settings, Clock())
    wiki.accounts.passwords = Passwords(QUICK)
    wiki.index.rebuild()
    for name in COLLEAGUES:
        wiki.accounts.add(f"{first_name(name)}@example.com", name, PASSWORD, BEGAN - 30 * DAY)
    close(wiki)
    return data


def close(wiki: Wiki) -> None:
    """Let go of SQL and of git."""
    wiki.engine.dispose()
    let_go(wiki.repository)


def let_go(repository: Repository) -> None:
    """End the git process that this thread keeps for a repository."""
    repository.store.close()


def until_nothing_is_due(wiki: Wiki) -> None:
    """Have the clock tick. It looks at each proposal once in a minute, and what comes into force may move the ground
    under one that it has looked at."""
    for _ in range(MINUTES):
        wiki.tick()
        if not wiki.index.due(wiki.now()):
            return
    raise AssertionError(f"after {MINUTES} minutes the clock has not looked at {wiki.index.due(wiki.now())}")


def first_name(name: str) -> str:
    """ "Ana Souza" -> "ana"."""
    return name.split()[0].lower()


@dataclass
class World:
    """One wiki of a test."""

    wiki: Wiki
    clock: Clock
    app: Flask
    people: dict[str, Account] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.wiki.settings.data

    def person(self, who: str) -> Person:
        """A colleague by first name."""
        return self.people[who].person

    def visitor(self, who: str | None = None) -> Visitor:
        """Somebody at a browser of their own, signed in where ``who`` is given."""
        visitor = Visitor(self.app.test_client())
        if who is not None:
            self._let_in(visitor.client, f"{who}@example.com")
        return visitor

    def _let_in(self, client: FlaskClient, email: str) -> None:
        """What the page for signing in does for the right password, without its pages."""
        account = self.wiki.accounts.authenticate(email, PASSWORD, self.wiki.now())
        assert account is not None, f"no account {email} with the password of the tests"
        with self.app.test_request_context("/-/sign-in", environ_base={"REMOTE_ADDR": "127.0.0.1"}):
            begin_session(account)
            generate_csrf()
            response = self.app.response_class()
            recall(response, account)
            self.app.session_interface.save_session(self.app, session, response)
        for cookie in response.headers.getlist("Set-Cookie"):
            name, value = parse_cookie(cookie.partition(";")[0]).popitem()
            client.set_cookie(name, value)

    def program(self, who: str, *, may_propose: bool = False, days: int = 30) -> dict[str, str]:
        """The headers of a program to which somebody gave a token."""
        _, key = self.wiki.tokens.make(self.people[who], "a program", may_propose, days, self.wiki.now())
        return {"Authorization": f"Bearer {key}"}

    def text(self, name: str) -> str | None:
        """The text of a page in force, None where there is none."""
        repository = self.wiki.repository
        blob = repository.file(repository.main(), name if name.endswith(".toml") else f"{name}.md")
        return repository.content(blob).decode("utf-8") if blob is not None else None

    def propose(self, who: str, edits: Mapping[str, str | None], title: str = "A change") -> int:
        """Propose through the service; the number."""
        files = {f"{name}.md" if not name.endswith(".toml") else name: text for name, text in edits.items()}
        return self.wiki.guidelines.propose(self.person(who), title, "", files).n

    def change(self, n: int) -> str:
        """The change on the table."""
        return self.wiki.guidelines.weigh(n).proposal.change

    def endorse(self, n: int, *names: str) -> None:
        """Endorse through the service."""
        for who in names:
            account = self.people[who]
            self.wiki.guidelines.endorse(n, account.person, self.change(n), member_since=account.created_at)

    def in_force(self, n: int) -> bool:
        """Whether a proposal has come into force."""
        return self.wiki.guidelines.weigh(n).in_force is not None

    def everything(self) -> dict[str, str]:
        """Every ref with its commit: equal before and after means that nothing was written."""
        return self.wiki.repository.refs.below("refs/")


@contextmanager
def open_world(data: Path, **others: object) -> Iterator[World]:
    """Open a founded data directory, and check afterwards from outside that all is well."""
    clock = Clock()
    wiki = open_wiki(settings_for(data, **others), clock)
    wiki.notify.telling.begin()
    wiki.accounts.passwords = Passwords(QUICK)
    people = {first_name(account.name): account for account in wiki.accounts.everyone()}
    with application(wiki) as app:
        try:
            yield World(wiki, clock, app, people)
        finally:
            close(wiki)
    if not _as_it_was(data):
        check_from_outside(data / "content.git")


_idle: dict[Settings, list[Flask]] = {}


@contextmanager
def application(wiki: Wiki) -> Iterator[Flask]:
    """An application that serves this wiki, perhaps one that served another before: to make one takes longer than most
    tests."""
    mail = "somewhere" if wiki.sends_mail else ""
    idle = _idle.setdefault(replace(wiki.settings, data=Path(), database_url="", mail_server=mail), [])
    app = idle.pop() if idle else create_app(wiki=wiki)
    app.jinja_env.bytecode_cache = KEPT
    attach(app, wiki)
    views = dict(app.view_functions)
    try:
        yield app
    finally:
        app.view_functions.clear()
        app.view_functions.update(views)  # a test may have put a broken one there
        idle.append(app)


def check_from_outside(repository: Path) -> None:
    """What anybody can check of a copy: git's own word, and that everything in force was endorsed."""
    fsck(repository)
    clone = open_clone(repository)
    violations = [str(v) for checked in audit(clone) for v in checked.violations]
    let_go(clone)
    assert violations == []


def copy_of(founded: Path, place: Path) -> Path:
    """A data directory of one's own."""
    _copied[place] = founded
    return Path(shutil.copytree(founded, place))


File = tuple[str, int, int]
"""Where it is, its size, and when it was written."""
_copied: dict[Path, Path] = {}
"""Of which data directory one is a copy."""


def _as_it_was(data: Path) -> bool:
    """Whether nothing was written into the repository since it was copied from one that has been checked."""
    founded = _copied.get(data)
    return founded is not None and set(_files(f"{data}/content.git")) == _checked(founded)


@cache
def _checked(founded: Path) -> set[File]:
    """The files of a repository that is only copied, when it has been checked."""
    check_from_outside(founded / "content.git")
    return set(_files(f"{founded}/content.git"))


def _files(folder: str, below: str = "") -> Iterator[File]:
    """All files of a repository, with what is the same in a copy into which nobody wrote."""
    with os.scandir(folder + below) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _files(folder, f"{below}/{entry.name}")
            else:
                seen = entry.stat()
                yield f"{below}/{entry.name}", seen.st_size, seen.st_mtime_ns


class Visitor:
    """Somebody at a browser without scripts: opens addresses, fills in the forms that are on the page."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._page: Page | None = None

    @property
    def page(self) -> Page:
        """What they look at: the first page, for somebody who has only just come."""
        return self._page if self._page is not None else self.open("/")

    @page.setter
    def page(self, page: Page) -> None:
        self._page = page

    def open(self, address: str, **options: object) -> Page:
        """Go to an address, as a browser does, through redirects."""
        return self._came(self.client.get(address, follow_redirects=True, **options))  # type: ignore[arg-type]

    def sign_in(self, who: str, password: str = PASSWORD) -> Visitor:
        """Sign in on the page for it."""
        self.open("/-/sign-in")
        self.submit("/-/sign-in", email=f"{who}@example.com", password=password)
        return self

    def submit(self, action: str, button: str | None = None, **fields: str) -> Page:
        """Fill in the form of this page whose address ends with ``action``, and send it."""
        form = self.page.form(action)
        values = dict(form.fields)
        for area in form.xpath(".//textarea[@name]"):
            values[area.get("name")] = _without_first_line_end(area.text or "")
        for name, value in fields.items():
            assert name in values, f"the form {action} has no field {name}, only {sorted(values)}"
            values[name] = value
        if button is not None:
            assert form.xpath(".//button[@name='do' and @value=$it]", it=button), f"no button {button}"
            values["do"] = button
        address = form.get("action") or self.page.address
        sent = {key: value for key, value in values.items() if value is not None}
        options = {
            "data": sent,
            "follow_redirects": True,
            "headers": {"Referer": f"http://localhost{self.page.address}"},
        }
        return self._came(self.client.post(address, **options))

    def post(self, address: str, data: Mapping[str, str] | None = None, **options: object) -> Page:
        """Send a form that was not on the page, with a valid token."""
        values = {"csrf_token": self.token(), **(data or {})}
        return self._came(self.client.post(address, data=values, follow_redirects=True, **options))  # type: ignore[arg-type]

    def token(self) -> str:
        """A valid token of this session, as Flask-WTF would put it into a form."""
        with self.client.session_transaction() as kept:
            begun = kept.setdefault("csrf_token", token_hex(20))
        return str(URLSafeTimedSerializer(self.client.application.secret_key, salt="wtf-csrf-token").dumps(begun))

    def _came(self, response: TestResponse) -> Page:
        self._page = Page(response)
        response.close()
        return self._page


class Page:
    """What a visitor sees."""

    def __init__(self, response: TestResponse | None) -> None:
        self.response = response
        self.status = response.status_code if response is not None else 0
        self.body = response.get_data(as_text=True) if response is not None else ""
        self.address = response.request.full_path.rstrip("?") if response is not None else ""

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.body)

    @property
    def main(self) -> str:
        """The words of the page itself, on one line."""
        found = self.tree.xpath("//main")
        assert found, f"no <main> at {self.address}: {self.body[:300]}"
        return " ".join(found[0].text_content().split())

    @property
    def messages(self) -> str:
        """What the wiki says on top of the page."""
        return " ".join(" ".join(self.tree.xpath("//*[@class='messages']//text()")).split())

    @property
    def heading(self) -> str:
        return " ".join(self.tree.xpath("//main//h1")[0].text_content().split())

    @property
    def actions(self) -> list[str]:
        """Where the forms of the page lead."""
        return [form.get("action") or self.address for form in self.tree.xpath("//main//form[@method='post']")]

    def offers(self, action: str) -> bool:
        """Whether the page has a form that leads there."""
        return any(found.endswith(action) for found in self.actions)

    def form(self, action: str) -> html.FormElement:
        for form in self.tree.xpath("//form[@method='post']"):
            where = form.get("action") or self.address.partition("?")[0]
            if where.endswith(action):
                return form
        raise AssertionError(f"no form {action} at {self.address}, only {self.actions}")

    def typed(self, name: str = "text") -> str:
        """What stands in a text field."""
        found = self.tree.xpath("//textarea[@name=$name or @id=$name]", name=name)
        return _without_first_line_end(found[0].text or "") if found else ""


def _without_first_line_end(text: str) -> str:
    """A browser leaves out the line end right after ``<textarea>``."""
    return text.replace("\r\n", "\n").removeprefix("\n")
