"""Your account: name, password, where you are signed in, what is kept about you, and leaving."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest

from tests.sql import statements
from tests.world import PASSWORD, Visitor, World
from wiki.drafts import Draft, DraftFile
from wiki.together import suggest
from wiki.web.devices import device

ACCOUNT = "/-/account"
NEW = "another calm morning"
CHROME = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 "
          "Safari/537.36")  # fmt: skip


def _administrator(world: World) -> None:
    with world.wiki.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE account SET administrator = 1 WHERE name = 'Ana Souza'")


@pytest.mark.parametrize("address", ["", "/sessions", "/tokens", "/data", "/download", "/address/x"])
def test_a_stranger_is_asked_to_sign_in_and_comes_back(world: World, address: str) -> None:
    answer = world.visitor().client.get(ACCOUNT + address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/-/sign-in?next=/-/account")


@pytest.mark.parametrize("address", ["", "/sessions", "/tokens", "/data"])
def test_nobody_on_the_way_keeps_a_page_of_an_account(world: World, address: str) -> None:
    answer = world.visitor("ana").client.get(ACCOUNT + address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_menu_leads_there(world: World) -> None:
    assert world.visitor("ana").open("/welcome").tree.xpath("//a[@href='/-/account']")


# A name


def test_somebody_takes_another_name_everywhere(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    reader, ana = world.visitor(), world.visitor("ana")
    assert "Ana Souza" in reader.open(f"/-/proposals/{n}").main
    ana.open(ACCOUNT)
    ana.submit("/name", name="Ana Lima")
    assert "Ana Lima" in ana.page.messages
    assert "Ana Souza" in ana.page.main
    assert "Ana Lima <ana@example.com>" in ana.page.main
    for page in (reader.open(f"/-/proposals/{n}"), reader.open(f"/-/people/{world.person('ana').handle}")):
        assert "Ana Lima" in page.main
        assert "Ana Souza" not in page.main
    assert "Ana Souza" not in world.visitor("ana").open("/welcome").body


@pytest.mark.parametrize("name", ["", "   ", "Bob Reyes", "bob reyes", "ＢＯＢ Reyes", "a\u200bb", "<b>", "x" * 101])
def test_a_name_that_is_no_good_is_refused_with_a_reason(world: World, name: str) -> None:
    ana = world.visitor("ana")
    ana.open(ACCOUNT)
    page = ana.submit("/name", name=name)
    assert page.status == 400
    assert page.tree.xpath("//*[@role='alert']//a[@href='#name']")
    assert page.tree.xpath("//input[@id='name']/@value") == [name]
    assert world.wiki.accounts.get(world.people["ana"].id).name == "Ana Souza"


def test_a_form_without_its_fields_or_its_token_changes_nothing(world: World) -> None:
    ana = world.visitor("ana")
    for address in ("name", "password", "address", "tokens", "leave", "sessions/end-others"):
        assert ana.client.post(f"{ACCOUNT}/{address}", data={"name": "Eve", "new": NEW}).status_code == 400, address
    for address in ("name", "password", "tokens", "leave"):
        assert ana.post(f"{ACCOUNT}/{address}").status == 400, address
    still = world.wiki.accounts.get(world.people["ana"].id)
    assert still == replace(world.people["ana"], last_sign_in_at=world.wiki.now())


# A password


def test_another_password_ends_all_other_sessions_and_this_one_goes_on(world: World) -> None:
    elsewhere, here = world.visitor("ana"), world.visitor("ana")
    before = here.client.get_cookie("concord")
    here.open(ACCOUNT)
    here.submit("/password", present=PASSWORD, new=NEW)
    assert "Your password is changed" in here.page.messages
    after = here.client.get_cookie("concord")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert "Ana Souza" in here.open("/welcome").body
    assert "Ana Souza" not in elsewhere.open("/welcome").body
    assert len(world.wiki.sessions.of(world.people["ana"].id, world.wiki.now())) == 1
    thief = world.visitor()
    thief.client.set_cookie("concord", before.value)
    assert "Ana Souza" not in thief.open("/welcome").body
    assert world.visitor().sign_in("ana", NEW).page.address == "/"


@pytest.mark.parametrize(("present", "new", "place"), [
    ("wrong", NEW, "present-for-password"), ("", NEW, "present-for-password"), (PASSWORD, "short", "new"),
    (PASSWORD, "", "new"), (PASSWORD, "password1234", "new"), ("\x00", NEW, "present-for-password"),
])  # fmt: skip
def test_a_password_is_refused_with_a_reason(world: World, present: str, new: str, place: str) -> None:
    ana = world.visitor("ana")
    ana.open(ACCOUNT)
    page = ana.submit("/password", present=present, new=new)
    assert page.status == 400
    assert page.tree.xpath("//*[@role='alert']//a/@href") == [f"#{place}"]
    assert PASSWORD not in page.body
    assert world.visitor().sign_in("ana").page.address == "/"


def test_the_present_password_cannot_be_guessed_without_end(world: World) -> None:
    ana = world.visitor("ana")
    statuses = [ana.post(f"{ACCOUNT}/password", {"present": f"guess {nth}", "new": NEW}).status for nth in range(12)]
    assert statuses[0] == 400
    assert statuses[-1] == 429


def test_whoever_has_no_password_may_choose_one_just_after_signing_in(world: World) -> None:
    ana = world.visitor("ana")
    with world.wiki.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE account SET password_hash = NULL WHERE name = 'Ana Souza'")
    world.clock.at += 3_600
    page = ana.open(ACCOUNT)
    assert "sign in again" in page.main
    assert ana.submit("/password", new=NEW).status == 400
    world.clock.at -= 3_600
    ana.open(ACCOUNT)
    ana.submit("/password", new=NEW)
    assert "Your password is changed" in ana.page.messages
    assert world.visitor().sign_in("ana", NEW).page.address == "/"


# Sessions


def _sign_in_with(world: World, who: str, agent: str) -> Visitor:
    visitor = world.visitor()
    visitor.client.environ_base["HTTP_USER_AGENT"] = agent
    return visitor.sign_in(who)


def test_sessions_are_listed_and_each_can_be_ended(world: World) -> None:
    other = _sign_in_with(world, "ana", CHROME)
    here = _sign_in_with(world, "ana", "")
    world.visitor("bob")
    page = here.open(f"{ACCOUNT}/sessions")
    rows = [" ".join(row.text_content().split()) for row in page.tree.xpath("//ul[@class='rows']/li")]
    assert len(rows) == 2
    assert "this one" in rows[0]
    assert "Sign out here" in rows[0]
    assert "did not say its name" in rows[0]
    assert "Chrome on Windows" in rows[1]
    assert "127.0.0.0/24" in rows[1]
    (theirs,) = page.tree.xpath("//form[contains(@action, '/end')][.//span]/@action")
    here.submit(theirs)
    assert "signed out" in here.page.messages
    assert "Ana Souza" not in other.open("/welcome").body
    assert "Ana Souza" in here.open("/welcome").body


def test_all_others_end_at_once_and_then_there_are_none(world: World) -> None:
    others = [world.visitor("ana") for _ in range(3)]
    here, bob = world.visitor("ana"), world.visitor("bob")
    here.open(f"{ACCOUNT}/sessions")
    here.submit("/end-others")
    assert "3 other devices" in here.page.messages
    assert not here.page.offers("/end-others")
    assert ["Ana Souza" in each.open("/welcome").body for each in others] == [False] * 3
    assert "Bob Reyes" in bob.open("/welcome").body
    assert "nowhere else" in here.post(f"{ACCOUNT}/sessions/end-others").messages


def test_the_sessions_of_others_cannot_be_ended(world: World) -> None:
    ana, bob = world.visitor("ana"), world.visitor("bob")
    (session,) = world.wiki.sessions.of(world.people["ana"].id, world.wiki.now())
    for number in (session.id, 0, 2**31, 10**30):
        assert bob.post(f"{ACCOUNT}/sessions/{number}/end").status == 200
    assert "Ana Souza" in ana.open("/welcome").body


def test_signing_out_ends_the_session_for_whoever_has_its_cookie(world: World) -> None:
    ana, thief = world.visitor("ana"), world.visitor()
    cookie = ana.client.get_cookie("concord")
    assert cookie is not None
    thief.client.set_cookie("concord", cookie.value)
    assert "Ana Souza" in thief.open("/welcome").body
    ana.open("/welcome")
    ana.submit("/-/sign-out")
    assert "Ana Souza" not in thief.open("/welcome").body


def test_signing_in_again_ends_the_session_before(world: World) -> None:
    ana = world.visitor("ana")
    token = world.wiki.accounts.issue_link("password", world.people["bob"], world.wiki.now())
    ana.open(f"/-/welcome/{token}")
    ana.submit(token, password=NEW)
    assert "bob@example.com" in ana.page.body
    assert world.wiki.sessions.of(world.people["ana"].id, world.wiki.now()) == []


def test_a_session_is_over_after_its_days_and_is_forgotten_in_the_daily_round(world: World) -> None:
    ana = world.visitor("ana")
    world.clock.wait(29)
    assert "Ana Souza" in ana.open("/welcome").body
    world.clock.wait(1)
    assert "Ana Souza" not in ana.open("/welcome").body
    with statements(world.wiki.engine) as said:
        world.wiki.sweep()
    assert any(each.startswith("DELETE FROM session") for each in said)


def test_a_deactivated_colleague_is_signed_out_at_the_next_click(world: World) -> None:
    ana = world.visitor("ana")
    world.wiki.accounts.deactivate(world.people["ana"])
    assert "Ana Souza" not in ana.open("/welcome").body


def test_a_page_view_of_a_member_asks_nothing_and_writes_nothing(world: World) -> None:
    client = world.visitor("ana").client
    client.get("/welcome")
    with statements(world.wiki.engine) as said:
        assert client.get("/welcome").status_code == 200
    assert said == []


@pytest.mark.parametrize(("agent", "browser", "system"), [
    (CHROME, "Chrome", "Windows"), (f"{CHROME} Edg/129.0", "Edge", "Windows"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox", "Linux"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
     "Mobile/15E148 Safari/604.1", "Safari", "iPhone"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 "
     "Safari/605.1.15", "Safari", "macOS"),
    ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121 Mobile "
     "Safari/537.36", "Samsung Internet", "Android"),
    ("curl/8.0", "", ""), ("", "", ""), ("<script>" * 5_000, "", ""),
])  # fmt: skip
def test_a_device_is_told_by_its_plain_names(agent: str, browser: str, system: str) -> None:
    found = device(agent, "192.0.2.77")
    assert (found.browser, found.system) == (browser, system)


@pytest.mark.parametrize(("address", "kept"), [
    ("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2::7", "2001:db8:1::/48"), ("::ffff:192.0.2.77", "192.0.2.0/24"),
    ("fe80::1%eth0", "fe80::/48"), ("", ""), ("unix:", ""), ("1.2.3.4.5", ""),
])  # fmt: skip
def test_of_an_address_only_the_network_is_kept(address: str, kept: str) -> None:
    assert device("", address).address == kept


# What is kept, and leaving


def _about(visitor: Visitor) -> tuple[dict[str, object], zipfile.ZipFile]:
    answer = visitor.client.get(f"{ACCOUNT}/download")
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    archive = zipfile.ZipFile(io.BytesIO(answer.get_data()))
    return json.loads(archive.read("about-me.json")), archive


def _leave_traces(world: World) -> int:
    """Something of Ana's in every room; the number of a proposal on which Ana has a voice."""
    wiki, ana = world.wiki, world.people["ana"]
    n = world.propose("bob", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    world.endorse(n, "ana")
    wiki.drafts.save(Draft(ana.id, title="A secret plan").with_files({"x.md": DraftFile("# X\n", None)}), wiki.now())
    wiki.sketches.save(ana.id, "/-/edit/welcome", {"text": "half a sentence"}, 0, wiki.now())
    wiki.uploads.add(ana.id, "/-/edit/welcome", "map.png", "0" * 40, b"PNG", wiki.now())
    suggest(wiki, ana.person, n, world.change(n), "welcome.md", "# Welcome\n\nHi.\n", "Shorter.")
    wiki.tokens.make(ana, "my reader", False, 7, wiki.now())
    world.visitor("ana").open("/travel/visa")
    return n


def test_everything_that_is_kept_can_be_downloaded_and_no_secret_with_it(world: World) -> None:
    n = _leave_traces(world)
    about, archive = _about(world.visitor("ana"))
    said = json.dumps(about)
    for each in ("ana@example.com", "A secret plan", "half a sentence", "Shorter.", "my reader", "travel/visa",
                 "map.png", f"refs/proposals/{n}", "127.0.0.0/24"):  # fmt: skip
        assert each in said, each
    assert archive.read("files/1-map.png") == b"PNG"
    with world.wiki.engine.connect() as connection:
        for table, column in (("account", "password_hash"), ("account", "session_key"), ("session", "key_hash"),
                              ("program_token", "token_hash")):  # fmt: skip
            for secret in connection.exec_driver_sql(f"SELECT {column} FROM {table}").scalars():
                assert str(secret) not in said
    acts = about["acts in git"]["acts"]  # type: ignore[index]
    assert [act["act"] for act in acts] == ["endorse"]
    assert world.wiki.repository.commit(acts[0]["commit"]).author.email == "ana@example.com"


def test_what_is_downloaded_is_of_oneself_alone(world: World) -> None:
    _leave_traces(world)
    about, archive = _about(world.visitor("cyd"))
    assert archive.namelist() == ["about-me.json"]
    assert "Ana" not in json.dumps(about)
    assert "secret plan" not in json.dumps(about)


def test_whoever_leaves_is_gone_at_once_and_their_voice_with_them(world: World) -> None:
    n = _leave_traces(world)
    mine = world.propose("ana", {"notes/tea": "# Tea\n", "legal/tea": "# Tea\n"}, "Tea")
    elsewhere, here = world.visitor("ana"), world.visitor("ana")
    _, key = world.wiki.tokens.make(world.people["ana"], "another", True, 7, world.wiki.now())
    page = here.open(f"{ACCOUNT}/data")
    assert "Your voice on 1 open proposal, at once." in page.main
    here.submit("/leave", leave="y", present=PASSWORD)
    assert "You have left" in here.page.messages
    for visitor in (elsewhere, here):
        assert "Ana Souza" not in visitor.open("/travel/visa").body.partition("<main")[0]
    assert world.visitor().sign_in("ana").page.status == 403
    assert world.wiki.tokens.find(key, world.wiki.now()) is None
    assert world.wiki.guidelines.weigh(n).standing.valid == ()
    ana = world.people["ana"].id
    wiki = world.wiki
    assert (wiki.drafts.of(ana), wiki.sketches.of(ana), wiki.uploads.of(ana), wiki.visits.of(ana)) == ([], [], [], [])
    assert [each.note for each in wiki.suggestions.of(n)] == ["Shorter."]
    assert "has left" in world.visitor().open(f"/-/proposals/{n}").main
    assert world.visitor("bob").open(f"/-/proposals/{mine}").offers("/adopt")


@pytest.mark.parametrize("fields", [{"present": PASSWORD}, {"leave": "y", "present": "wrong"}, {"leave": "y"}])
def test_nobody_leaves_by_mistake(world: World, fields: dict[str, str]) -> None:
    ana = world.visitor("ana")
    page = ana.post(f"{ACCOUNT}/leave", fields)
    assert page.status == 400
    assert page.tree.xpath("//*[@role='alert']//a")
    assert world.wiki.accounts.get(world.people["ana"].id).active


def test_the_last_administrator_is_told_why_they_cannot_leave(world: World) -> None:
    _administrator(world)
    ana = world.visitor("ana")
    ana.open(f"{ACCOUNT}/data")
    page = ana.submit("/leave", leave="y", present=PASSWORD)
    assert page.status == 400
    assert "last administrator" in page.main
    assert world.wiki.accounts.get(world.people["ana"].id).active
