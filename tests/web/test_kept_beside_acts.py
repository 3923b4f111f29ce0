"""A page that is kept while others change, beside the same made anew, after each of many acts of every kind."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import product
from typing import NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from tests.web.test_kept import ask, cookies_of, forgetful, plain, watched
from tests.world import PAGES, World
from wiki.model.errors import Refused, Unavailable

__all__ = ["forgetful"]

STEPS = 30
NAMES = sorted(name.removesuffix(".md") for name in PAGES)
MORE = ["travel/boats", "working/index", "notes/new", "tea"]
FOLDERS = ["travel", "working", "notes"]
PEOPLE = ("ana", "bob", "cyd", "dee")


class Acting:
    """Random acts on one wiki, each as its colleagues would do it."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = random.Random(seed)
        self.open: list[tuple[int, str]] = []
        self.steps: list[Callable[[], None]] = [
            self.propose, self.propose, self.propose, self.agree, self.agree, self.agree, self.object, self.revise,
            self.retract, self.close, self.remove, self.move, self.rename, self.decide_otherwise, self.wait,
        ]  # fmt: skip

    def step(self) -> str:
        """Do something; what it was."""
        act = self.chance.choice(self.steps)
        try:
            act()
        except Refused as refused:
            return f"{act.__name__}: {refused}"
        return act.__name__

    def told(self) -> tuple[object, ...]:
        """All that a page is made of: an act that was refused leaves it as it was, and the pages made of it too."""
        names = [(account.id, account.name) for account in self.world.wiki.accounts.everyone()]
        return self.world.clock.at, names, self.world.everything()

    def there(self) -> str:
        return self.chance.choice([name for name in NAMES + MORE if self.world.text(name) is not None])

    def text(self, name: str) -> str:
        """Words for a page, some with a title, a link, an address or a day of their own."""
        chance, front, lines = self.chance, [], []
        if chance.random() < 0.2:
            front.append(f"redirect_from: [{chance.choice(MORE)}]")
        if chance.random() < 0.2:
            front.append("review_by: 2026-06-10")
        if chance.random() < 0.1:
            front.append(f"redirect_to: /{chance.choice(NAMES)}")
        lines += ["---", *front, "---", ""] if front else []
        lines += [f"# {name if chance.random() < 0.8 else f'Title {chance.randrange(100)}'}", ""]
        lines += [f"Words {chance.randrange(10_000)}.", "", f"[There](/{chance.choice(NAMES + MORE)})."]
        return "\n".join(lines) + "\n"

    def propose(self) -> None:
        who, names = self.chance.choice(PEOPLE), self.chance.sample(NAMES + MORE, self.chance.choice((1, 1, 1, 2)))
        self.open.append((self.world.propose(who, {name: self.text(name) for name in names}), who))

    def some_open(self) -> tuple[int, str]:
        if not self.open:
            self.propose()
        return self.chance.choice(self.open)

    def agree(self) -> None:
        n, author = self.some_open()
        others = [who for who in PEOPLE if who != author]
        self.world.endorse(n, *self.chance.sample(others, self.chance.choice((1, 2, 3))))

    def object(self) -> None:
        n, author = self.some_open()
        who = self.chance.choice([who for who in PEOPLE if who != author])
        self.world.wiki.guidelines.object(n, self.world.person(who), self.world.change(n), "Not so.")

    def revise(self) -> None:
        n, author = self.some_open()
        name = self.chance.choice(NAMES)
        self.world.wiki.guidelines.revise(n, self.world.person(author), {f"{name}.md": self.text(name)})

    def retract(self) -> None:
        n, _author = self.some_open()
        self.world.wiki.guidelines.retract(n, self.world.person(self.chance.choice(PEOPLE)))

    def close(self) -> None:
        n, author = self.some_open()
        self.world.wiki.guidelines.close(n, self.world.person(author), "Enough.")

    def remove(self) -> None:
        self.settled("ana", {self.there(): None})

    def move(self) -> None:
        name = self.there()
        self.settled("bob", {name: None, self.chance.choice(MORE): self.world.text(name)})

    def settled(self, who: str, edits: dict[str, str | None]) -> None:
        n = self.world.propose(who, edits)
        for other in PEOPLE:
            if other != who and not self.world.in_force(n):
                self.world.endorse(n, other)

    def rename(self) -> None:
        who = self.chance.choice(PEOPLE)
        account = self.world.wiki.accounts.get(self.world.people[who].id)
        self.world.wiki.accounts.rename(account, f"{who.title()} {self.chance.randrange(1000)}", self.world.wiki.now())

    def decide_otherwise(self) -> None:
        policy = (self.world.text("policy.toml") or "").replace("weigh = 2", f"weigh = {self.chance.randrange(2, 9)}")
        self.settled("cyd", {"policy.toml": policy + f"\n# {self.chance.randrange(1000)}\n"})

    def wait(self) -> None:
        self.world.clock.wait(self.chance.choice((0.1, 4)))
        self.world.wiki.tick()


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_whatever_is_done_no_kept_page_is_another_than_one_made_anew(world: World, forgetful: Flask, seed: int) -> None:
    readers: dict[str, dict[str, str]] = {"stranger": {}, "dee": cookies_of(world.visitor("dee").client)}
    asked = [(f"/{name}", who) for name in [*NAMES, *MORE, *FOLDERS, "-/proposals"] for who in readers]
    acts, done, told = Acting(world, seed), list[str](), None
    for _ in range(STEPS):
        done.append(acts.step())
        kept = [plain(ask(world.app, address, readers[who])) for address, who in asked]
        if told != (told := acts.told()):
            world.wiki.index._contents = None  # the tree of contents is kept as well
            anew = [plain(ask(forgetful, address, readers[who])) for address, who in asked]
        for (address, who), one, other in zip(asked, kept, anew, strict=True):
            assert one == other, (address, who, done)


def test_a_change_of_one_page_leaves_the_others_kept(world: World) -> None:
    clients = [world.visitor(who).client for who in (None, "ana")]
    addresses = [f"/{name}" for name in NAMES]

    def made_anew() -> set[str]:
        """Which pages were not kept any more, when what waits for a reader has been counted."""
        for client in clients:
            client.get("/")
        with watched(world.app) as asked:
            for client, address in product(clients, addresses):
                client.get(address)
        return set(asked)

    for _ in range(2):
        made_anew()
    assert made_anew() == set()
    n = world.propose("bob", {"working/hours": "# Hours\n\nWork when it is light.\n"})
    assert made_anew() == {"/working/hours"}
    world.endorse(n, "cyd")
    assert made_anew() == {"/working/hours"}
    world.endorse(n, "dee")
    assert made_anew() == {"/working/hours"}
    assert made_anew() == set()
    linking = world.propose("bob", {"travel/visa": "# Visas\n\nAsk early. See [hours](/working/hours).\n"})
    assert made_anew() == {"/travel/visa"}
    world.endorse(linking, "cyd", "dee")
    assert made_anew() == {"/travel/visa", "/travel/expenses", "/working/hours"}
    assert all("Visas" in _mentions(client, "/working/hours") for client in clients)
    assert not any("Visas" in _mentions(client, "/travel/expenses") for client in clients)
    world.wiki.guidelines.comment(linking, world.person("ana"), "Thank you.")
    assert made_anew() <= {"/travel/visa"}


def _mentions(client: FlaskClient, address: str) -> str:
    tree = html.fromstring(client.get(address).get_data(as_text=True))
    return " ".join(tree.xpath("//section[@class='mentions']/p//text()"))


def test_another_title_is_seen_beside_every_page(world: World) -> None:
    client = world.visitor().client
    for _ in range(2):
        assert "Longest hours" not in client.get("/welcome").get_data(as_text=True)
    n = world.propose("bob", {"working/hours": "# Longest hours\n\nWork when it is light.\n"})
    world.endorse(n, "cyd", "dee")
    assert "Longest hours" in client.get("/working/day-to-day/meetings").get_data(as_text=True)


def test_another_address_of_a_page_mends_links_on_kept_pages(world: World) -> None:
    client = world.visitor().client
    assert world.in_force(world.propose("bob", {"notes/tea": "# Tea\n\nAs for [coffee](/notes/coffee).\n"}))
    for _ in range(2):
        assert "there is no such page yet" in client.get("/notes/tea").get_data(as_text=True)
    kitchen = "---\nredirect_from: [notes/coffee]\n---\n\n# Kitchen\n\nWash your cup.\n"
    assert world.in_force(world.propose("bob", {"notes/kitchen": kitchen}))
    assert "there is no such page yet" not in client.get("/notes/tea").get_data(as_text=True)


def test_a_page_that_leads_elsewhere_does_so_until_something_on_the_way_changes(world: World) -> None:
    stranger = world.visitor().client

    def led() -> tuple[str, list[str]]:
        """Where it leads, and what had to be made for that."""
        with watched(world.app) as asked:
            return stranger.get("/notes/a").headers.get("Location", "here"), list(asked)

    for name, target in (("a", "b"), ("b", "c")):
        leads = f"---\nredirect_to: /notes/{target}\n---\n\n# It\n"
        assert world.in_force(world.propose("bob", {f"notes/{name}": leads}))
    assert world.in_force(world.propose("bob", {"notes/c": "# C\n\nWords.\n"}))
    assert led()[0] == "/notes/c"
    world.propose("bob", {"working/hours": "# Hours\n\nWork when it is light.\n"})
    assert led() == ("/notes/c", [])
    assert world.in_force(world.propose("ana", {"notes/b": "---\nredirect_to: /welcome\n---\n\n# It\n"}))
    assert led() == ("/welcome", ["/notes/a"])
    assert world.in_force(world.propose("ana", {"notes/b": "# It\n\nHere.\n"}))
    assert led() == ("/notes/b", ["/notes/a"])
    assert world.in_force(world.propose("ana", {"notes/b": "---\nredirect_to: /notes/a\n---\n\n# It\n"}))
    assert led() == ("here", ["/notes/a"])  # in a circle


def test_what_could_not_be_indexed_is_seen_as_soon_as_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.visitor().client
    n = world.propose("bob", {"working/hours": "# Hours\n\nWork when it is light.\n"}, "Only by daylight")
    world.endorse(n, "cyd")
    for _ in range(2):
        assert "Only by daylight" in client.get("/working/hours").get_data(as_text=True)
    with monkeypatch.context() as busy:
        busy.setattr(world.wiki.index, "catch_up", _cannot)
        world.endorse(n, "dee")
    world.wiki.index.catch_up()
    body = client.get("/working/hours").get_data(as_text=True)
    assert "Work when it is light" in body
    assert "Only by daylight" not in body


def _cannot(_written: object, _besides: object) -> NoReturn:
    raise Unavailable("Not now.")
