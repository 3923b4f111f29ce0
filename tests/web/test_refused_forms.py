"""What stands above a form that was refused: what did not happen, and why, in words of that form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.door import GOOD, Street, appoint, open_street
from tests.world import PASSWORD, Visitor, World

PAGES = Path(__file__).resolve().parents[2] / "templates"


@pytest.fixture
def street(founded: Path, tmp_path: Path) -> Iterator[Street]:
    """A wiki that sends mail."""
    with open_street(founded, tmp_path / "data") as opened:
        yield opened


def alert(visitor: Visitor) -> str:
    (found,) = visitor.page.tree.xpath("//main//*[@role='alert']")
    assert "autofocus" in found.attrib, "the words of an error take the focus"
    return " ".join(found.text_content().split())


def focused(visitor: Visitor) -> str | None:
    """What has the focus when the page opens: the first that asks for it."""
    found = visitor.page.tree.xpath("//*[@autofocus]")
    return found[0].get("name") or found[0].get("class") if found else None


def test_signing_in_says_that_address_and_password_do_not_belong_together(world: World) -> None:
    bob = world.visitor()
    bob.open("/-/sign-in")
    assert focused(bob) == "email"
    bob.submit("/-/sign-in", email="bob@example.com", password="the wrong one")
    assert alert(bob) == (
        "You are not signed in yet. That address and password do not belong together. Please look at both once more."
    )
    assert focused(bob) == "notice wrong"
    assert bob.page.tree.xpath("//input[@name='email']/@value") == ["bob@example.com"]


def test_the_last_administrator_reads_what_was_refused_and_why(world: World) -> None:
    appoint(world, "ana")
    ana = world.visitor("ana")
    ana.open("/-/account/data")
    ana.submit("/leave", leave="y", present=PASSWORD)
    said = alert(ana)
    assert said.startswith("You have not left. Your account is as it was.")
    assert "You are the last administrator." in said


@pytest.mark.parametrize(
    ("action", "fields", "says"),
    [
        ("/name", {"name": "Bob Reyes"}, "Your name is as it was."),
        ("/password", {"present": "not it", "new": GOOD}, "Your password is as it was."),
    ],
)
def test_each_part_of_the_account_has_words_of_its_own(
    world: World, action: str, fields: dict[str, str], says: str
) -> None:
    ana = world.visitor("ana")
    ana.open("/-/account")
    ana.submit(action, **fields)
    assert alert(ana).startswith(says)


def test_every_form_has_its_own_words() -> None:
    used = [
        (page.name, found)
        for page in PAGES.rglob("*.html")
        for found in re.findall(r"m\.mistakes\(([^}]*)\) }}", page.read_text(encoding="utf-8"))
    ]
    assert len(used) > 12
    assert [(page, found) for page, found in used if "_('" not in found] == []


def test_a_new_password_is_chosen_on_a_page_of_its_own(world: World) -> None:
    bob = world.people["bob"]
    visitor = world.visitor()
    visitor.open(f"/-/welcome/{world.wiki.accounts.issue_link('password', bob, world.wiki.now())}")
    assert visitor.page.heading == "Choose a new password"
    assert "For bob@example.com." in visitor.page.main
    assert "Your name stands beside" not in visitor.page.main
    assert visitor.page.tree.xpath("//main//input[not(@type='hidden') and not(@hidden)]/@name") == ["password"]
    assert focused(visitor) == "password"
    visitor.submit(visitor.page.address, password="short")
    assert alert(visitor).startswith("Your password is not set yet.")
    visitor.submit(visitor.page.address, password=GOOD)
    assert visitor.page.messages.startswith("Your password is changed, and you are signed in.")


def test_the_first_password_of_an_account_is_no_new_one(world: World) -> None:
    eve = world.wiki.accounts.add("eve@example.com", "Eve Adams", None, world.wiki.now())
    visitor = world.visitor()
    visitor.open(f"/-/welcome/{world.wiki.accounts.issue_link('password', eve, world.wiki.now())}")
    assert visitor.page.heading == "Choose a password"
    assert "From now on you sign in with the new one" not in visitor.page.main
    visitor.submit(visitor.page.address, password=GOOD)
    assert visitor.page.messages == "Welcome, Eve Adams."


def test_the_door_opens_with_the_focus_on_its_first_field(street: Street) -> None:
    visitor = street.world.visitor()
    visitor.open("/-/forgotten")
    assert focused(visitor) == "email"
    token = street.world.wiki.invitations
    ana = street.world.visitor("ana")
    ana.open("/-/invitations")
    ana.submit("/-/invitations", email="eve@example.com")
    assert token is not None
    assert focused(ana) != "email", "a message is read first"


def test_the_editor_opens_with_the_focus_in_the_text_unless_something_is_to_be_read_first(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/-/edit/welcome")
    assert focused(ana) == "text"
    ana.submit("/-/edit/welcome", "difference", text="# Welcome\n\nHello.\n")
    assert focused(ana) is None
    assert ana.page.tree.xpath("//h2[@id='difference-head']/@autofocus")
    ana.submit("/-/edit/welcome", "propose", text="# Welcome\n\nHello.\n")
    assert focused(ana) == "notice wrong"
    ana.open("/-/new")
    assert focused(ana) != "text"


def test_who_revises_reads_that_the_title_stays_and_what_they_say_stands_on_top(world: World) -> None:
    world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Greet shortly")
    ana = world.visitor("ana")
    page = ana.open("/-/edit/welcome?proposal=1")
    assert "The title stays as it was proposed: “Greet shortly”." in page.main
    assert "What did you change, and why?" in page.main
    assert not page.tree.xpath("//main//input[@name='title']")
    ana.submit("welcome", "propose", text="# Welcome\n\nHello, you.\n", why="Now it is *kinder*.[^1]\n\n[^1]: A bit.")
    (said,) = ana.page.tree.xpath("//header//section[@class='revised']")
    assert " ".join(said.text_content().split()).startswith("Changed since by Ana Souza")
    assert "Now it is kinder." in said.text_content()
    ids = ana.page.tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    world.wiki.guidelines.revise(1, world.person("ana"), {"welcome.md": "# Welcome\n\nHi.\n"}, note="")
    assert (
        "Now it is kinder."
        in world.visitor().open("/-/proposals/1").tree.xpath("//section[@class='revised']")[0].text_content()
    )
