"""Web hooks: signed, retried, given up after a day, and never sent where they must not go."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.notify.receiver import Receiver, open_receiver
from tests.world import World, copy_of, open_world
from wiki.clock import send
from wiki.model.errors import Refused
from wiki.outbox import Hook
from wiki.settings import Hooks, Settings

HOURS = {"working/hours": "# Hours\n\nWork when you work best.\n\nBe reachable by noon.\n"}
SECRET = "a secret of some length"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with open_receiver() as receiver:
        yield receiver


@pytest.fixture
def open_with(founded: Path, tmp_path: Path) -> Iterator[Any]:
    """Opens a wiki with these hooks."""
    opened = []

    def open_it(*hooks: Hook, private: bool = True) -> World:
        data = copy_of(founded, tmp_path / f"data{len(opened)}")
        opened.append(open_world(data, hook=Hooks(hooks), hooks_private=private, site_url="https://wiki.example.com"))
        return opened[-1].__enter__()  # type: ignore[no-any-return]

    yield open_it
    for world in opened:
        world.__exit__(None, None, None)


def events(receiver: Receiver) -> list[str]:
    return [sent.json["event"] for sent in receiver.sent]


def test_a_program_is_told_of_public_facts_with_a_signature_it_can_check(open_with: Any, receiver: Receiver) -> None:
    world = open_with(Hook(receiver.url, SECRET))
    n = world.propose("ana", HOURS, "Noon “at” <the> latest")
    send(world.wiki)
    (sent,) = receiver.sent
    assert sent.path == "/hook?key=1"
    signed = sent.headers["X-Concord-Timestamp"].encode() + b"." + sent.body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert sent.headers["X-Concord-Signature-256"] == f"sha256={expected}"
    assert sent.headers["X-Concord-Event"] == "proposed"
    assert sent.headers["X-Concord-Id"] == sent.json["id"] == world.change(n)
    assert sent.json["proposal"]["url"] == f"https://wiki.example.com/-/proposals/{n}"
    assert sent.json["pages"] == [{"name": "working/hours", "url": "https://wiki.example.com/working/hours"}]
    assert b"@example.com" not in sent.body


def test_everything_public_is_told_once_and_in_order(open_with: Any, receiver: Receiver) -> None:
    world = open_with(Hook(receiver.url, SECRET))
    n = world.propose("ana", HOURS)
    act = world.wiki.guidelines.object(n, world.person("zed"), world.change(n), "No.").act
    world.wiki.guidelines.answer(n, world.person("ana"), act, "Yes.")
    world.wiki.guidelines.comment(n, world.person("bob"), "Well.")
    world.wiki.guidelines.close(n, world.person("ana"), "")
    world.wiki.guidelines.reopen(n, world.person("ana"))
    world.propose("bob", {"notes/kitchen": "# Kitchen\n\nNo cups.\n"})
    for _ in range(2):
        world.wiki.tick()
        send(world.wiki)
    told = ["proposed", "objected", "answered", "commented", "closed", "reopened", "proposed", "in_force"]
    assert events(receiver) == told


def test_a_hook_hears_only_of_what_it_asks_for(open_with: Any, receiver: Receiver) -> None:
    world = open_with(Hook(receiver.url, SECRET, events=("in_force",), folder="notes"))
    world.propose("bob", {"notes/kitchen": "# Kitchen\n\nNo cups.\n"})
    n = world.propose("ana", HOURS)
    world.endorse(n, "bob", "cyd")
    send(world.wiki)
    assert [(sent.json["event"], sent.json["pages"][0]["name"]) for sent in receiver.sent] == [
        ("in_force", "notes/kitchen")
    ]


def test_slack_and_teams_get_their_forms_with_what_people_typed_as_plain_text(
    open_with: Any, receiver: Receiver
) -> None:
    world = open_with(Hook(receiver.url, kind="slack"), Hook(receiver.url + "&2", kind="teams"))
    world.propose("ana", HOURS, "<!channel> & [click](https://evil.example)")
    send(world.wiki)
    slack, teams = (sent.json for sent in receiver.sent)
    assert slack["text"] == "Ana Souza proposes “&lt;!channel&gt; &amp; [click](https://evil.example)”."
    assert slack["blocks"][0]["text"]["type"] == "plain_text"
    card = teams["attachments"][0]["content"]
    assert card["type"] == "AdaptiveCard"
    assert "[click](" not in card["body"][0]["text"]
    assert card["actions"][0]["url"].startswith("https://wiki.example.com/-/proposals/")


def test_a_program_that_is_down_is_tried_again_later_and_given_up_after_a_day(
    open_with: Any, receiver: Receiver
) -> None:
    world = open_with(Hook(receiver.url, SECRET))
    receiver.status = 500
    world.propose("ana", HOURS)
    moments = []
    for _ in range(3 * 1440):
        before = len(receiver.sent)
        send(world.wiki)
        moments += [world.clock.at] if len(receiver.sent) > before else []
        if world.wiki.outbox.waiting(world.wiki.now()).waiting == 0:
            break
        world.clock.wait(1 / 144)
    waits = [later - sooner for sooner, later in pairwise(moments)]
    assert waits == sorted(waits)
    assert moments[-1] - moments[0] < 1.2 * 86_400
    assert world.visitor().client.get("/-/health").text == "ok\nhook given up: 127.0.0.1\n"
    receiver.status = 200
    world.clock.wait(2)
    send(world.wiki)
    assert len(receiver.sent) == len(moments)
    assert world.visitor().client.get("/-/health").text == "ok\n"


def test_what_was_not_taken_arrives_when_the_program_is_back(open_with: Any, receiver: Receiver) -> None:
    world = open_with(Hook(receiver.url, SECRET))
    receiver.status = 503
    world.propose("ana", HOURS)
    send(world.wiki)
    receiver.status = 200
    world.clock.wait(0.1)
    send(world.wiki)
    assert len(receiver.sent) == 2
    assert receiver.sent[0].body == receiver.sent[1].body
    assert receiver.sent[0].headers["X-Concord-Signature-256"] != receiver.sent[1].headers["X-Concord-Signature-256"]


def test_redirects_are_not_followed(open_with: Any, receiver: Receiver) -> None:
    with open_receiver() as other:
        world = open_with(Hook(receiver.url, SECRET))
        receiver.status, receiver.leads_to = 307, other.url
        world.propose("ana", HOURS)
        send(world.wiki)
        assert len(receiver.sent) == 1
        assert other.sent == []


def test_a_program_that_takes_too_long_is_left_and_delays_the_others_once(open_with: Any, receiver: Receiver) -> None:
    with open_receiver() as other:
        world = open_with(Hook(receiver.url, SECRET), Hook(other.url, SECRET))
        receiver.slow = True
        for nth in range(3):
            world.propose("ana", {f"notes/n{nth}": "# N\n\nText.\n"})
        began = time.monotonic()
        send(world.wiki)
        assert time.monotonic() - began < 9
        assert len(receiver.sent) == 1
        assert len(other.sent) == 6


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1"])
def test_nothing_is_sent_into_the_own_network_unless_that_is_allowed(
    open_with: Any, receiver: Receiver, host: str
) -> None:
    world = open_with(Hook(f"https://{host}:{receiver.port}/", SECRET), private=False)
    world.propose("ana", HOURS)
    send(world.wiki)
    assert receiver.sent == []
    assert world.wiki.outbox.waiting(world.wiki.now()).waiting == 1


def test_a_hook_that_is_no_longer_set_hears_nothing_of_what_waited(
    open_with: Any, receiver: Receiver
) -> None:  # fmt: skip
    world = open_with(Hook(receiver.url, SECRET))
    world.propose("ana", HOURS)
    world.wiki.outbox.senders["hook"].hooks.clear()
    send(world.wiki)
    assert receiver.sent == []


HOOK = """
[[hook]]
url = "https://hooks.example.com/x"
secret = "a secret of some length"
events = ["in_force"]
folder = "legal/"
"""


def load(tmp_path: Path, text: str) -> Settings:
    (tmp_path / "wiki.toml").write_text(text, encoding="utf-8")
    return Settings.load({}, tmp_path)


def test_hooks_are_set_in_wiki_toml(tmp_path: Path) -> None:
    (hook,) = load(tmp_path, HOOK).hook
    assert hook == Hook("https://hooks.example.com/x", SECRET, "json", ("in_force",), "legal")
    assert SECRET not in repr(load(tmp_path, HOOK))
    assert "hooks.example.com/x" not in repr(load(tmp_path, HOOK))


@pytest.mark.parametrize(
    ("of", "to"),
    [
        ("https:", "http:"), ("https://hooks.example.com/x", "ftp://x"), ("https://hooks.example.com/x", "nothing"),
        ("https://hooks.example.com/x", "https://u:p@x/"), ("https://hooks.example.com/x", "https://x:port/"),
        ('"in_force"', '"everything"'), ('["in_force"]', '"in_force"'), ("a secret of some length", "short"),
        ("folder", "folders"), ('"legal/"', "7"), ("[[hook]]", "[hook]"), ('url = "https://hooks.example.com/x"', ""),
        ("secret", 'kind = "discord"\nsecret'),
    ],
)  # fmt: skip
def test_a_hook_that_makes_no_sense_is_refused_at_the_start(tmp_path: Path, of: str, to: str) -> None:
    assert of in HOOK
    with pytest.raises(Refused):
        load(tmp_path, HOOK.replace(of, to, 1))


def test_http_is_allowed_with_private_places(tmp_path: Path) -> None:
    assert (
        load(tmp_path, "hooks_private = true\n" + HOOK.replace("https:", "http:")).hook[0].host == "hooks.example.com"
    )
