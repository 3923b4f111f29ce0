"""What administrators see and do, and that it is written down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.web.door import GOOD, Street, appoint, arrive, body_of, deeds, open_street, rows_of
from tests.world import PASSWORD, Visitor, World, copy_of, open_world
from wiki.accounts import Account
from wiki.accounts.administration_log import Deed
from wiki.database import writing
from wiki.model.errors import Refused
from wiki.web.administration.log import in_words

PEOPLE = "/-/administration"
PARTS = (PEOPLE, f"{PEOPLE}/settings", f"{PEOPLE}/health", f"{PEOPLE}/log")
ANA = "Ana Souza <ana@example.com>"
BOB = "Bob Reyes <bob@example.com>"


@pytest.fixture
def ana(world: World) -> Visitor:
    """The administrator, at her browser."""
    appoint(world, "ana")
    return world.visitor("ana")


def number(world: World, who: str) -> int:
    return world.people[who].id


def page_of(world: World, who: str) -> str:
    return f"{PEOPLE}/people/{number(world, who)}"


def asking(world: World, who: str, button: str) -> str:
    """The page on which a button stands: it is asked once more before somebody is let go."""
    return f"{page_of(world, who)}/deactivate" if button == "deactivate" else page_of(world, who)


def press(visitor: Visitor, world: World, who: str, button: str) -> str:
    """Press a button on somebody's page; what the wiki says then."""
    visitor.open(asking(world, who, button))
    visitor.submit(f"/{button}")
    return visitor.page.messages


# Who may


def test_it_is_for_administrators_only(world: World, ana: Visitor) -> None:
    bob, reader = world.visitor("bob"), world.visitor()
    assert "Administration" in ana.open("/").body
    assert "Administration" not in bob.open("/").body
    for address in (*PARTS, page_of(world, "cyd")):
        assert ana.open(address).status == 200
        page = bob.open(address)
        assert page.status == 403
        assert "no power over any text" in page.main
        assert reader.open(address).address.startswith("/-/sign-in")
    for button in ("deactivate", "reactivate", "make-administrator", "unmake-administrator", "send-link"):
        assert bob.post(f"{page_of(world, 'bob')}/{button}").status == 403
    assert bob.post(f"{PEOPLE}/verify").status == 403
    assert deeds(world)[1:] == []


def test_whoever_is_no_administrator_any_more_is_refused_at_the_deed_itself(world: World, ana: Visitor) -> None:
    """Their page may have been open for long, and the session may be read a moment before."""
    administration, stale, now = world.wiki.administration, world.people["ana"], world.wiki.now()
    appoint(world, "bob")
    administration.unmake_administrator(None, stale.id, now)
    for deed in (administration.deactivate, administration.make_administrator, administration.reactivate):
        with pytest.raises(Refused, match="no longer an administrator"):
            deed(stale, number(world, "cyd"), now)
    with pytest.raises(Refused, match="no longer an administrator"):
        administration.issue_link(stale, number(world, "cyd"), "token", now, 60)
    assert world.wiki.accounts.get(number(world, "cyd")).active


# People


def test_people_are_found_by_any_part_of_name_or_address(world: World, ana: Visitor) -> None:
    def found(words: str) -> list[str]:
        return [str(name) for name in ana.open(f"{PEOPLE}?q={words}").tree.xpath("//*[@class='row-title']//bdi/text()")]

    assert found("") == ["Ana Souza", "Bob Reyes", "Cyd Laurent", "Dee Okonkwo", "Zed Okafor"]
    assert found("OK") == ["Dee Okonkwo", "Zed Okafor"]
    assert found("reyes+bob@") == ["Bob Reyes"]
    assert found("%25") == found("_") == found("nobody") == []
    assert "Nobody is called that" in ana.page.main
    assert found("%00" + "x" * 5000) == []


def test_many_people_are_shown_page_by_page(world: World, ana: Visitor) -> None:
    for n in range(60):
        world.wiki.accounts.add(f"p{n}@example.net", f"P{n:02}", None, 0)
    names, address = [], PEOPLE
    while address:
        page = ana.open(address)
        names += page.tree.xpath("//*[@class='row-title']//bdi/text()")
        address = "".join(page.tree.xpath("//a[@rel='next']/@href"))
    assert len(names) == len(set(names)) == 65
    assert "65 people" in ana.page.main


def test_a_deactivation_ends_sessions_at_once_and_takes_voices_back(world: World, ana: Visitor) -> None:
    n = world.propose("cyd", {"welcome": "# Welcome\n\nHello.\n"})
    world.endorse(n, "bob")
    bob = world.visitor("bob")
    assert "What they said of 1 proposal that is not in force" in ana.open(asking(world, "bob", "deactivate")).main
    assert "Bob Reyes is deactivated. 1 voice no longer counts." in press(ana, world, "bob", "deactivate")
    assert "Bob Reyes" not in bob.open("/-/sign-in").body
    assert "0 of 2 colleagues" in ana.open(f"/-/proposals/{n}").main
    assert world.visitor().sign_in("bob").page.status == 403
    assert "deactivated" in ana.open(f"{PEOPLE}?q=bob").main
    assert deeds(world)[1:] == [(ANA, Deed.DEACTIVATED, BOB)]


def test_who_was_let_go_can_be_let_back_in(world: World, ana: Visitor) -> None:
    press(ana, world, "bob", "deactivate")
    assert "can sign in again" in press(ana, world, "bob", "reactivate")
    assert world.visitor().sign_in("bob").page.address == "/"
    assert [deed for _, deed, _ in deeds(world)[1:]] == [Deed.DEACTIVATED, Deed.REACTIVATED]


def test_administrators_are_made_and_unmade(world: World, ana: Visitor) -> None:
    assert "is an administrator now" in press(ana, world, "bob", "make-administrator")
    bob = world.visitor("bob")
    assert bob.open(PEOPLE).status == 200
    assert "no longer an administrator" in press(ana, world, "bob", "unmake-administrator")
    assert bob.open(PEOPLE).status == 403
    assert "Bob Reyes" in bob.open("/").body
    assert deeds(world)[1:] == [(ANA, Deed.MADE_ADMINISTRATOR, BOB), (ANA, Deed.UNMADE_ADMINISTRATOR, BOB)]


@pytest.mark.parametrize("button", ["deactivate", "unmake-administrator"])
def test_there_is_always_an_administrator(world: World, ana: Visitor, button: str) -> None:
    ana.open(asking(world, "ana", button))
    page = ana.submit(f"/{button}")
    assert page.status == 400
    assert "only administrator" in page.main
    press(ana, world, "bob", "make-administrator")
    press(ana, world, "bob", "deactivate")
    page = ana.post(f"{page_of(world, 'ana')}/{button}")
    assert page.status == 400, "one who is deactivated does not count"
    assert world.wiki.accounts.get(number(world, "ana")).administrator
    with pytest.raises(Refused, match="only administrator"):
        world.wiki.accounts.deactivate(world.people["ana"])


@pytest.mark.parametrize("button", ["deactivate", "unmake-administrator"])
def test_an_administrator_may_go_where_another_stays(world: World, ana: Visitor, button: str) -> None:
    appoint(world, "bob")
    ana.open(asking(world, "ana", button))
    page = ana.submit(f"/{button}")
    assert page.address == "/"
    assert ana.open(PEOPLE).status in {200, 403}
    assert "no longer" in page.messages or "is deactivated" in page.messages


def test_doing_something_twice_is_written_down_once(world: World, ana: Visitor) -> None:
    for button in ("make-administrator", "unmake-administrator", "deactivate", "reactivate"):
        for _ in range(2):
            assert ana.post(f"{page_of(world, 'bob')}/{button}").status == 200
    assert [deed for _, deed, _ in deeds(world)[1:]] == [
        Deed.MADE_ADMINISTRATOR, Deed.UNMADE_ADMINISTRATOR, Deed.DEACTIVATED, Deed.REACTIVATED,
    ]  # fmt: skip


def test_who_is_deactivated_is_not_made_an_administrator(world: World, ana: Visitor) -> None:
    press(ana, world, "bob", "deactivate")
    page = ana.post(f"{page_of(world, 'bob')}/make-administrator")
    assert page.status == 400
    assert "reactivate it first" in page.main


@pytest.mark.parametrize("who", ["0", "99", "9" * 30])
def test_nobody_has_such_a_number(world: World, ana: Visitor, who: str) -> None:
    assert ana.open(f"{PEOPLE}/people/{who}").status == 404
    assert ana.post(f"{PEOPLE}/people/{who}/deactivate").status == 404


# Links to a new password


@pytest.fixture
def street(founded: Path, tmp_path: Path) -> Iterator[Street]:
    with open_street(founded, tmp_path / "street") as opened:
        yield opened


def test_a_link_to_a_new_password_goes_to_its_owner_and_nobody_else(street: Street) -> None:
    ana = street.world.visitor("ana")
    assert "on its way to Bob Reyes" in press(ana, street.world, "bob", "send-link")
    link = street.link("bob@example.com")
    assert link.rpartition("/")[2] not in ana.page.body + ana.open(f"{PEOPLE}/log").body
    assert "for 24 hours" in body_of(street.letters("bob@example.com")[0], "plain")
    arrive(street.world.visitor(), link, password=GOOD)
    assert street.world.visitor().sign_in("bob", GOOD).page.address == "/"
    assert deeds(street.world)[1:] == [(ANA, Deed.SENT_LINK, BOB)]


def test_without_mail_an_administrator_gets_no_link_to_act_as_others(world: World, ana: Visitor) -> None:
    page = ana.open(page_of(world, "bob"))
    assert "wiki user link" in page.main
    assert not page.offers("/send-link")
    page = ana.post(f"{page_of(world, 'bob')}/send-link")
    assert page.status == 400
    assert "/-/welcome/" not in page.body
    assert rows_of(world, "one_time_link") == 0
    assert deeds(world)[1:] == []


# The log


def test_the_log_tells_everything_to_every_administrator(world: World, ana: Visitor) -> None:
    press(ana, world, "bob", "make-administrator")
    press(ana, world, "cyd", "deactivate")
    main = world.visitor("bob").open(f"{PEOPLE}/log").main
    assert f"{ANA} deactivated Cyd Laurent <cyd@example.com>" in main
    assert f"{ANA} made {BOB} an administrator" in main
    assert "Somebody on the command line made Ana Souza <ana@example.com> an administrator" in main
    assert main.index("deactivated Cyd") < main.index("made Bob")


def test_every_deed_has_words(world: World) -> None:
    with world.app.test_request_context("/"):
        for deed in Deed:
            row = SimpleNamespace(who=ANA, whom="<i>", deed=deed)
            assert ANA.partition(" <")[0] in in_words(row)  # type: ignore[arg-type]
            assert "<i>" not in in_words(row)  # type: ignore[arg-type]


def test_taking_back_is_told_of_invitations_and_of_links(world: World, ana: Visitor) -> None:
    wiki, account = world.wiki, world.people["ana"]
    wiki.invitations.invite(account, "eve@example.net", "one", wiki.now())
    wiki.invitations.open_link(account, 3, 3, "two", wiki.now())
    for row in wiki.invitations.listed():
        wiki.invitations.revoke(account, row.id, wiki.now())
    main = ana.open(f"{PEOPLE}/log").main
    assert f"{ANA} took back the invitation of eve@example.net" in main
    assert f"{ANA} took back a link" in main


def test_nobody_changes_the_log(world: World) -> None:
    appoint(world, "ana")
    for statement in ("UPDATE administration_log SET who = 'x'", "DELETE FROM administration_log"):
        with world.wiki.engine.connect() as connection, pytest.raises(DatabaseError, match="only added to"):
            connection.execute(text(statement))
    assert len(deeds(world)) == 1


def test_a_deed_that_cannot_be_written_down_is_not_done(world: World) -> None:
    appoint(world, "ana")
    with writing(world.wiki.engine) as connection:
        connection.execute(
            text("CREATE TRIGGER full BEFORE INSERT ON administration_log BEGIN SELECT RAISE(ABORT, 'full'); END")
        )
    administration, account, now = world.wiki.administration, world.people["ana"], world.wiki.now()
    bob = number(world, "bob")
    tries = (
        lambda: administration.deactivate(account, bob, now),
        lambda: administration.make_administrator(account, bob, now),
        lambda: administration.issue_link(account, bob, "t", now, 60),
        lambda: world.wiki.invitations.invite(account, "eve@example.net", "t", now),
        lambda: world.wiki.invitations.open_link(account, 1, 1, "t", now),
        lambda: administration.add("eve@example.net", "Eve", PASSWORD, now),
    )
    for deed in tries:
        with pytest.raises(DatabaseError):
            deed()
    still = world.wiki.accounts.get(bob)
    assert (still.active, still.administrator, world.wiki.accounts.count()) == (True, False, 5)
    assert rows_of(world, "invitation") == rows_of(world, "one_time_link") == 0


def test_a_long_log_is_shown_page_by_page(world: World, ana: Visitor) -> None:
    for n in range(120):
        world.wiki.invitations.invite(world.people["ana"], f"p{n}@example.net", f"t{n}", world.wiki.now())
    found, address = 0, f"{PEOPLE}/log"
    while address:
        page = ana.open(address)
        found += len(page.tree.xpath("//main//li[@class='row']"))
        address = "".join(page.tree.xpath("//a[@rel='next']/@href"))
    assert found == 121


# Settings


def test_settings_are_shown_with_where_they_are_set_and_without_secrets(founded: Path, tmp_path: Path) -> None:
    secrets = {"mail_server": "smtp://post:hush@127.0.0.1:1", "secret_key": "hush" * 10}
    with open_world(copy_of(founded, tmp_path / "data"), site_name="Ours", session_days=7, **secrets) as world:
        (world.data / "wiki.toml").write_text('session_days = 7\nsite_name = "Other"\n')
        appoint(world, "ana")
        page = world.visitor("ana").open(f"{PEOPLE}/settings")
        rows = {
            div.xpath("string(dt)"): " ".join(div.xpath("string(dd)").split()) for div in page.tree.xpath("//dl/div")
        }
        assert rows["session_days"] == "7 from wiki.toml"
        assert rows["site_name"].startswith("Ours from wiki.toml set otherwise by now")
        assert rows["mail_server"].startswith("set, and not shown")
        assert rows["secret_key"].startswith("set, and not shown")
        assert rows["workers"] == "2 default"
        assert "hush" not in page.body
        assert page.actions == [], "nothing can be changed here"


def test_a_file_of_settings_with_a_slip_is_pointed_out(world: World, ana: Visitor) -> None:
    (world.data / "wiki.toml").write_text("colour = 1\n")
    page = ana.open(f"{PEOPLE}/settings")
    assert page.status == 200
    assert "would not start again" in page.main
    assert "colour" in page.main


# Health


def signs(visitor: Visitor) -> dict[str, bool]:
    """What is said of the health, and whether it is fine."""
    items = visitor.open(f"{PEOPLE}/health").tree.xpath("//ul[@class='findings']/li")
    return {" ".join(item.text_content().split()): item.get("class") == "fine" for item in items}


def sign(visitor: Visitor, words: str) -> bool:
    found = [fine for said, fine in signs(visitor).items() if words in said]
    assert len(found) == 1, signs(visitor)
    return found[0]


def test_health_tells_of_git_index_clock_disk_and_mail(world: World, ana: Visitor) -> None:
    world.wiki.tick()
    assert sign(ana, "git 2.")
    assert sign(ana, "in step with git")
    assert sign(ana, "The clock last ran just now.")
    assert sign(ana, "are free where the data is") in {True, False}
    assert sign(ana, "No mail is sent")


def test_a_clock_that_stands_still_is_pointed_out(world: World, ana: Visitor) -> None:
    assert not sign(ana, "The clock has never run")
    world.wiki.tick()
    world.clock.wait(0.5)
    assert not sign(ana, "The clock last ran 12 hours ago. It should run every minute")


def test_an_index_that_is_behind_is_pointed_out(world: World, ana: Visitor) -> None:
    written, world.wiki.guidelines.written = world.wiki.guidelines.written, lambda *_: None
    world.propose("bob", {"notes/kitchen": "# Kitchen\n\nDry it.\n"})
    world.wiki.guidelines.written = written
    assert not sign(ana, "The index is behind git")
    world.wiki.tick()
    assert sign(ana, "in step with git")


def test_mail_that_waits_and_mail_that_was_given_up_are_pointed_out(street: Street) -> None:
    world, ana = street.world, street.world.visitor("ana")
    street.office.busy = "451 later"
    street.office.refusals["eve@example.net"] = "550 no such user"
    world.wiki.invitations.invite(None, "mia@example.net", "t", world.wiki.now())
    for email in ("eve@example.net", "mia@example.net"):
        ana.open("/-/invitations")
        ana.submit("/-/invitations", email=email)
    street.letters("mia@example.net")
    assert not sign(ana, "1 message waits to be sent, since")
    assert not sign(ana, "1 message was given up in the last week")
    assert "<time" in ana.page.body


def test_git_that_is_missing_is_pointed_out(world: World, ana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    ana.open(f"{PEOPLE}/health")
    monkeypatch.setenv("PATH", "/nowhere")
    assert not sign(ana, "it is not installed")


def test_a_check_is_asked_for_once_and_written_down(world: World, ana: Visitor) -> None:
    for _ in range(2):
        assert ana.post(f"{PEOPLE}/verify").status == 200
    assert "clock begins it within a minute" in ana.open(f"{PEOPLE}/health").main
    assert not ana.page.offers("/verify")
    assert rows_of(world, "verification") == 1
    assert [deed for _, deed, _ in deeds(world)[1:]] == [Deed.ASKED_TO_VERIFY]


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ((7, 20, 0, []), "7 changes in force, nothing wrong"),
        ((7, 20, 2, ["abc: bad", "def: worse"]), "2 things were found to be wrong"),
        ((None, None, None, ["It was given up after 3600 seconds."]), "could not be made"),
    ],
)
def test_what_the_last_check_came_to_is_shown(
    world: World, ana: Visitor, found: tuple[int | None, int | None, int | None, list[str]], says: str
) -> None:
    health, now = world.wiki.health, world.wiki.now()
    health.ask(now, lambda _: None)
    begun = health.begin(now)
    assert begun is not None
    assert "has been going on" in ana.open(f"{PEOPLE}/health").main
    health.end(begun, now, *found)
    main = ana.open(f"{PEOPLE}/health").main
    assert says in main
    assert all(line in main for line in found[3])
    assert ana.page.offers("/verify")


def test_what_people_are_called_never_becomes_markup(world: World, ana: Visitor) -> None:
    accounts = world.wiki.accounts
    accounts.rename(world.people["bob"], "Bob & \"Co\" 'x' {{7*7}}")
    press(ana, world, "bob", "make-administrator")
    for address in (*PARTS, page_of(world, "bob"), "/-/invitations"):
        page = ana.open(address)
        assert page.status == 200
        assert "'x' 49" not in page.tree.text_content()
        assert not page.tree.xpath("//script[not(@src)] | //*[@style]")


def test_the_account_of_a_page_is_what_the_wiki_knows(world: World, ana: Visitor) -> None:
    account: Account = world.people["bob"]
    main = ana.open(page_of(world, "bob")).main
    assert account.email in main
    assert "never signed in" in main
    world.visitor("bob")
    assert "signed in just now" in ana.open(page_of(world, "bob")).main
