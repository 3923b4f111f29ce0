"""Letting people in and appointing administrators from the command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.cli.conftest import Command, Ran
from tests.post_office import open_post_office
from tests.web.door import GOOD, arrive, deeds
from tests.world import Visitor, World, close, settings_for
from wiki import create_app
from wiki.accounts.administration_log import Deed
from wiki.assembly import open_wiki

Refusal = Callable[[Ran], str]


@contextmanager
def opened(founded: Command) -> Iterator[World]:
    wiki = open_wiki(settings_for(founded.data))
    try:
        yield World(wiki, wiki.clock, create_app(wiki=wiki))  # type: ignore[arg-type]
    finally:
        close(wiki)


@pytest.fixture
def ana(founded: Command) -> Command:
    """A wiki with one account, which administrates."""
    assert founded("user", "add", "ana@example.com", "--name", "Ana", "--password-stdin", stdin=f"{GOOD}\n").status == 0
    return founded


def test_whoever_makes_the_first_account_reads_that_it_administrates_and_that_the_first_link_is_void(
    founded: Command,
) -> None:
    first = founded("user", "add", "ana@example.com", "--name", "Ana", "--password-stdin", stdin=f"{GOOD}\n")
    assert first.out == (
        "Ana <ana@example.com> has an account.\n"
        "It is the first, so they are an administrator. The link that was printed at the start is void now.\n"
    )
    second = founded("user", "add", "bob@example.com", "--name", "Bob", "--password-stdin", stdin=f"{GOOD}\n")
    assert second.out == "Bob <bob@example.com> has an account.\n"


def test_an_invitation_without_mail_is_a_link(ana: Command) -> None:
    ran = ana("user", "invite", "Eve@example.net")
    assert ran.status == 0, ran.err
    found = re.search(r"http://127\.0\.0\.1:8000(/-/invitation/[\w-]+)", ran.out)
    assert found is not None, ran.out
    with opened(ana) as world:
        eve = arrive(Visitor(world.app.test_client()), found[1], name="Eve", password=GOOD)
        assert "Welcome, Eve." in eve.page.messages
        assert deeds(world) == [("", Deed.ADDED, "Ana <ana@example.com>"), ("", Deed.INVITED, "Eve@example.net")]


def test_an_invitation_goes_by_mail_where_there_is_mail(ana: Command) -> None:
    with open_post_office() as office:
        env = {"WIKI_MAIL_SERVER": office.address, "WIKI_SITE_URL": "https://guidelines.example.org"}
        ran = ana("user", "invite", "eve@example.net", env=env)
        assert ran.status == 0, ran.err
        assert "/-/invitation/" not in ran.out
        assert "outbox" in ran.out
        printed = ana("user", "invite", "mia@example.net", "--print", env=env)
        assert "https://guidelines.example.org/-/invitation/" in printed.out
    with opened(ana) as world:
        assert world.wiki.outbox.waiting(world.wiki.now()).waiting == 1


def test_an_address_that_cannot_be_invited_is_refused(ana: Command, refused: Refusal) -> None:
    assert "account with this e-mail address" in refused(ana("user", "invite", "ANA@example.com"))
    assert "not an e-mail address" in refused(ana("user", "invite", "nobody"))


def test_the_operator_invites_whom_the_policy_names_without_mail(ana: Command) -> None:
    """Where no mail is sent, whoever runs the server is the one who knows whose an address is."""
    assert ana("user", "invite", "lex@example.net").status == 0


def test_a_link_to_a_new_password(ana: Command, refused: Refusal) -> None:
    ran = ana("user", "link", "ana@example.com")
    assert ran.status == 0, ran.err
    found = re.search(r"(/-/welcome/[\w-]+)", ran.out)
    assert found is not None
    with opened(ana) as world:
        visitor = arrive(Visitor(world.app.test_client()), found[1], password="another calm morning")
        assert "Your password is changed, and you are signed in." in visitor.page.messages
        assert deeds(world)[-1] == ("", Deed.SENT_LINK, "Ana <ana@example.com>")
    assert "Nobody here has the address" in refused(ana("user", "link", "eve@example.net"))


def test_administrators_are_appointed_and_one_always_stays(ana: Command, refused: Refusal) -> None:
    ana("user", "add", "bob@example.com", "--name", "Bob", "--password-stdin", stdin=f"{GOOD}\n")
    last = "only administrator"
    assert last in refused(ana("user", "administrator", "ana@example.com", "--no-longer"))
    assert last in refused(ana("user", "deactivate", "ana@example.com"))
    assert ana("user", "administrator", "bob@example.com").out == "Bob <bob@example.com> is an administrator.\n"
    ran = ana("user", "administrator", "ana@example.com", "--no-longer")
    assert ran.out == "Ana <ana@example.com> is no longer an administrator.\n"
    assert ana("user", "deactivate", "ana@example.com").status == 0
    assert "reactivate it first" in refused(ana("user", "administrator", "ana@example.com"))
    with opened(ana) as world:
        assert [deed for _, deed, _ in deeds(world)] == [
            Deed.ADDED, Deed.ADDED, Deed.MADE_ADMINISTRATOR, Deed.UNMADE_ADMINISTRATOR, Deed.DEACTIVATED,
        ]  # fmt: skip
