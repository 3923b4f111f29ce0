"""Mail: at once what asks something, the rest in a digest, each once, and none that is of no use any more."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.post_office import PostOffice, open_post_office
from tests.world import World, copy_of, open_world
from wiki.clock import send
from wiki.notify import PAGE, PROPOSAL, Asks, Rhythm

HOURS = {"working/hours": "# Hours\n\nWork when you work best.\n\nBe reachable by noon.\n"}
LATER = {"working/hours.md": "# Hours\n\nWork when you work best.\n\nBe reachable by one.\n"}
SITE = "https://guidelines.example.com"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


@pytest.fixture
def world(founded: Path, tmp_path: Path, office: PostOffice) -> Iterator[World]:
    """A wiki that sends mail."""
    data = copy_of(founded, tmp_path / "data")
    with open_world(data, mail_server=office.address, mail_from="wiki@example.com", site_url=SITE) as opened:
        yield opened


def pass_time(world: World, days: float = 1 / 1440) -> None:
    """The clock beats, and what is in the outbox is sent."""
    world.clock.wait(days)
    world.wiki.tick()
    send(world.wiki)


def object_to(world: World, n: int, who: str = "zed") -> str:
    return world.wiki.guidelines.object(n, world.person(who), world.change(n), "Not by noon.").act


def lapse(world: World, who: str = "bob") -> int:
    """A proposal by Ana that somebody had endorsed before she changed it."""
    n = world.propose("ana", HOURS, "Noon at the latest")
    world.endorse(n, who)
    world.wiki.guidelines.revise(n, world.person("ana"), dict(LATER), seen=world.change(n))
    return n


def plain(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html(letter: EmailMessage) -> str:
    body = letter.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def test_what_is_asked_is_mailed_within_a_minute_to_those_asked_alone(world: World, office: PostOffice) -> None:
    n = world.propose("ana", HOURS, "Noon at the latest")
    object_to(world, n)
    pass_time(world)
    (letter,) = office.letters
    assert letter["To"] == "ana@example.com"
    assert letter["Subject"] == "Zed Okafor objected to your proposal “Noon at the latest” and waits for your answer."
    assert "> Not by noon." in plain(letter)
    assert ">Not by noon.</blockquote>" in html(letter)
    assert f"{SITE}/-/proposals/{n}#objection-" in plain(letter)
    assert "<img" not in html(letter)
    pass_time(world)
    assert len(office.letters) == 1


def test_a_letter_that_asks_for_a_voice_shows_the_difference(world: World, office: PostOffice) -> None:
    n = lapse(world)
    pass_time(world)
    (letter,) = office.to("bob@example.com")
    assert "- Be reachable by noon." in plain(letter)
    assert "+ Be reachable by one." in plain(letter)
    assert f"{SITE}/-/waiting/{n}\r\n" in plain(letter)
    assert "<del>Be reachable by noon.</del>" in html(letter)
    assert "<ins>Be reachable by one.</ins>" in html(letter)


def test_a_letter_says_in_the_language_of_its_reader_what_moved(world: World, office: PostOffice) -> None:
    world.wiki.accounts.choose_language(world.people["bob"], "de")
    n = world.propose("ana", HOURS, "Noon at the latest")
    world.endorse(n, "bob")
    moved = "# Hours\n\nBe reachable by noon.\n\nWork when you work best.\n"
    world.wiki.guidelines.revise(n, world.person("ana"), {"working/hours.md": moved}, seen=world.change(n))
    pass_time(world)
    (letter,) = office.to("bob@example.com")
    assert plain(letter).count("> Hierher verschoben: ") == 1
    assert re.search('<p style="[^"]*dashed[^"]*" dir="auto">Hierher verschoben: ', html(letter))


def test_letters_about_one_proposal_hang_together_and_say_how_to_end_them(world: World, office: PostOffice) -> None:
    n = world.propose("ana", HOURS)
    object_to(world, n, "zed")
    object_to(world, n, "dee")
    pass_time(world)
    one, two = office.to("ana@example.com")
    assert one["References"] == two["References"] == one["In-Reply-To"]
    assert one["Message-ID"] != two["Message-ID"]
    assert one["List-Id"] == "<asks.guidelines.example.com>"
    assert re.fullmatch(rf"<{SITE}/-/inbox/unsubscribe/[\w.\-]+>", one["List-Unsubscribe"])
    assert one["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert one["Auto-Submitted"] == "auto-generated"
    assert one["Content-Language"] == "en"
    assert one["Date"]


def test_a_letter_is_in_the_language_of_whoever_gets_it(world: World, office: PostOffice) -> None:
    world.wiki.accounts.choose_language(world.people["ana"], "ar")
    object_to(world, world.propose("ana", HOURS))
    pass_time(world)
    assert office.letters[0]["Content-Language"] == "ar"
    assert 'lang="ar" dir="rtl"' in html(office.letters[0])


def test_what_is_done_before_the_clock_beats_is_not_mailed(world: World, office: PostOffice) -> None:
    n = world.propose("ana", HOURS)
    object_to(world, n)
    world.wiki.guidelines.retract(n, world.person("zed"))
    pass_time(world)
    assert office.letters == []


def test_what_is_done_while_the_mail_server_is_away_is_not_mailed(world: World, office: PostOffice) -> None:
    n = world.propose("ana", HOURS)
    object_to(world, n)
    world.clock.wait(1 / 1440)
    world.wiki.tick()
    world.wiki.guidelines.retract(n, world.person("zed"))
    send(world.wiki)
    assert office.letters == []


def test_what_was_read_before_is_not_mailed(world: World, office: PostOffice) -> None:
    object_to(world, world.propose("ana", HOURS))
    world.wiki.notify.inbox.mark_all_read(world.people["ana"].id, 10_000, world.wiki.now())
    pass_time(world)
    assert office.letters == []


@pytest.mark.parametrize("when", ["before the clock beats", "while the letter waits"])
def test_nothing_is_mailed_to_a_deactivated_account(world: World, office: PostOffice, when: str) -> None:
    object_to(world, world.propose("ana", HOURS))
    if when == "while the letter waits":
        world.clock.wait(1 / 1440)
        world.wiki.tick()
    world.wiki.accounts.deactivate(world.people["ana"])
    pass_time(world)
    assert office.letters == []


def eight(world: World, days: int = 1) -> None:
    """Set the clock to eight in the morning, in UTC, some days on."""
    today = datetime.fromtimestamp(world.clock.at, UTC).replace(hour=8, minute=0, second=30, microsecond=0)
    world.clock.at = today.timestamp() + days * 86400
    pass_time(world, 0)


def test_news_come_in_one_digest_at_eight(world: World, office: PostOffice) -> None:
    for page in ("working/hours", "travel/visa"):
        world.wiki.notify.watches.begin(world.people["dee"].id, PAGE, page, world.wiki.now())
    n = world.propose("ana", HOURS, "Noon at the latest")
    world.propose("bob", {"travel/visa": "# Visas\n\nAsk.\n"}, "Just ask")
    pass_time(world)
    assert office.letters == []
    eight(world)
    (letter,) = office.letters
    assert letter["To"] == "dee@example.com"
    assert letter["Subject"] == "Concord: 2 things are new for you"
    assert "Ana Souza proposes “Noon at the latest”." in plain(letter)
    assert f"{SITE}/-/proposals/{n}" in html(letter)
    assert "You watch the page Hours." in plain(letter)
    assert letter["List-Id"] == "<digest.guidelines.example.com>"
    eight(world)
    assert len(office.letters) == 1
    world.wiki.guidelines.close(n, world.person("ana"), "")
    eight(world)
    assert len(office.letters) == 2
    assert "Ana Souza closed “Noon at the latest”." in plain(office.letters[1])


def test_a_digest_of_what_was_read_is_not_sent(world: World, office: PostOffice) -> None:
    world.wiki.notify.watches.begin(world.people["dee"].id, PAGE, "working/hours", world.wiki.now())
    world.propose("ana", HOURS)
    world.wiki.notify.inbox.mark_all_read(world.people["dee"].id, 10_000, world.wiki.now())
    eight(world)
    assert office.letters == []


def test_what_asks_may_wait_for_the_digest_or_not_be_mailed_at_all(world: World, office: PostOffice) -> None:
    reaching, now = world.wiki.notify.reaching, world.wiki.now()
    reaching.choose(world.people["bob"].id, "UTC", Rhythm.DAILY, Asks.DIGEST, now)
    reaching.choose(world.people["ana"].id, "UTC", Rhythm.NEVER, Asks.NEVER, now)
    n = lapse(world)
    object_to(world, n)
    pass_time(world)
    assert office.letters == []
    eight(world)
    (letter,) = office.letters
    assert letter["To"] == "bob@example.com"
    assert "please look again" in plain(letter)


def test_one_click_in_the_mail_program_ends_the_mail_without_signing_in(world: World, office: PostOffice) -> None:
    n = world.propose("ana", HOURS)
    object_to(world, n)
    pass_time(world)
    address = str(office.letters[0]["List-Unsubscribe"])[1:-1].removeprefix(SITE)
    client = world.app.test_client()
    assert b"<form" in client.get(address).data
    assert world.wiki.notify.reaching.of(world.people["ana"].id).asks is Asks.NOW
    done = client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert world.wiki.notify.reaching.of(world.people["ana"].id).asks is Asks.NEVER
    object_to(world, n, "dee")
    pass_time(world)
    assert len(office.letters) == 1


@pytest.mark.parametrize("token", ["x", "WzEsImRpZ2VzdCJd.forged", "W10.x", "%00", "é"])
def test_a_forged_link_ends_nothing(world: World, token: str) -> None:
    answer = world.app.test_client().post(f"/-/inbox/unsubscribe/{token}")
    assert answer.status_code in (400, 404)


def test_three_refusals_in_a_row_stop_the_mail_until_somebody_tries_again(world: World, office: PostOffice) -> None:
    office.refusals["ana@example.com"] = "550 no such user here"
    n = world.propose("ana", HOURS)
    for who in ("zed", "dee", "cyd"):
        object_to(world, n, who)
    pass_time(world)
    ana = world.visitor("ana")
    assert "550 no such user here" in ana.open("/-/inbox").main
    office.refusals.clear()
    object_to(world, n, "bob")
    pass_time(world)
    assert office.letters == []
    ana.submit("/-/inbox/try-again")
    assert "550" not in ana.open("/-/inbox").main
    world.wiki.guidelines.comment(n, world.person("bob"), "One more.")
    world.wiki.guidelines.retract(n, world.person("bob"))
    object_to(world, n, "bob")
    pass_time(world)
    assert len(office.letters) == 1


def test_a_letter_that_arrives_makes_earlier_refusals_count_no_more(world: World, office: PostOffice) -> None:
    n = world.propose("ana", HOURS)
    for refused in (True, True, False, True, True):
        office.refusals = {"ana@example.com": "550 no"} if refused else {}
        object_to(world, n)
        pass_time(world)
        world.wiki.guidelines.retract(n, world.person("zed"))
    assert world.wiki.notify.reaching.of(world.people["ana"].id).stopped == ""


CLOCK = """
import sys
from pathlib import Path
from wiki import create_app
from wiki.assembly import open_wiki
from wiki.settings import Settings
data, server, at = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
settings = Settings(data=data, database_url=f"sqlite:///{data / 'wiki.db'}", mail_server=server, secret_key="k" * 40)
wiki = open_wiki(settings, lambda: at)
create_app(wiki=wiki)
print("ready", flush=True)
sys.stdin.readline()
while True:
    wiki.tick()
    wiki.outbox.deliver(wiki.now)
    print("beat", flush=True)
"""


def _clock(world: World, office: PostOffice, at: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CLOCK, str(world.data), office.address, str(at)]
    clock = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
    assert clock.stdout is not None
    assert clock.stdout.readline() == "ready\n"
    return clock


def test_several_clocks_that_are_killed_send_each_letter_and_digest_once(world: World, office: PostOffice) -> None:
    for who in ("bob", "cyd", "dee", "zed"):
        world.wiki.notify.watches.begin(world.people[who].id, PROPOSAL, "1", world.wiki.now())
    n = world.propose("ana", HOURS)
    object_to(world, n)
    world.wiki.guidelines.comment(n, world.person("ana"), "Look.")
    at = world.clock.at + 86_400
    clocks = [_clock(world, office, at) for _ in range(3)]
    for clock in clocks:
        assert clock.stdin is not None
        clock.stdin.write("go\n")
        clock.stdin.flush()
    time.sleep(0.05)
    for clock in clocks[:2]:
        os.kill(clock.pid, signal.SIGKILL)
    assert clocks[2].stdout is not None
    for _ in range(3):
        assert clocks[2].stdout.readline() == "beat\n"
    for clock in clocks:
        clock.kill()
        clock.wait(10)
        assert clock.stdin is not None
        assert clock.stdout is not None
        clock.stdin.close()
        clock.stdout.close()
    world.clock.at = at + 3600
    pass_time(world)
    assert sorted(str(letter["To"]) for letter in office.letters) == [
        f"{who}@example.com" for who in ("ana", "ana", "bob", "cyd", "dee", "zed")
    ]


def test_another_zone_moves_a_digest_that_waits(world: World, office: PostOffice) -> None:
    dee = world.people["dee"].id
    world.wiki.notify.watches.begin(dee, PAGE, "working/hours", world.wiki.now())
    world.propose("ana", HOURS)
    world.wiki.notify.reaching.choose(dee, "Asia/Tokyo", Rhythm.DAILY, Asks.NOW, world.wiki.now())
    today = datetime.fromtimestamp(world.clock.at, UTC).replace(hour=22, minute=59, second=0, microsecond=0)
    world.clock.at = today.timestamp()
    pass_time(world, 0)
    assert office.letters == []
    pass_time(world)
    assert len(office.letters) == 1
