"""Colleagues: their pages, their part of the book of changes, and the names that ``.mailmap`` gives them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, begin, open_world
from wiki.model.acts import Person

ANA = Person("Ana Souza", "ana@example.com")
OLD = Person("Ana Old-Name", "ana.old@example.org")


def _land(world: World, who: str, edits: dict[str, str | None], title: str) -> int:
    n = world.propose(who, edits, title)
    world.endorse(n, *[each for each in ("bob", "cyd", "dee") if each != who][:2])
    assert world.in_force(n)
    return n


def _commit(folder: Path, who: Person, message: str, at: int) -> None:
    person = ["-c", f"user.name={who.name}", "-c", f"user.email={who.email}"]
    subprocess.run(["git", "-C", folder, "add", "-A"], check=True)
    subprocess.run(
        ["git", "-C", folder, *person, "commit", "-qm", message],
        check=True,
        env={"PATH": "/usr/bin:/bin", "GIT_AUTHOR_DATE": f"{at} +0000", "GIT_COMMITTER_DATE": f"{at} +0000"},
    )


@pytest.fixture
def renamed(tmp_path: Path) -> Iterator[World]:
    """A wiki whose imported past was written under a name that its writer no longer has."""
    folder = tmp_path / "past"
    subprocess.run(["git", "init", "-qb", "main", folder], check=True)
    (folder / "tea.md").write_text("# Tea\n\nGreen tea is in the kitchen.\n")
    _commit(folder, OLD, "Tea", 1_700_000_000)
    (folder / "tea.md").write_text("# Tea\n\nGreen tea is in the kitchen, on the left.\n")
    _commit(folder, OLD, "Left", 1_700_100_000)
    (folder / ".mailmap").write_text(f"{ANA.name} <{ANA.email}> <{OLD.email}>\n")
    _commit(folder, Person("Clerk", "clerk@example.com"), "Names", 1_700_200_000)
    with open_world(begin(tmp_path / "data", folder)) as opened:
        yield opened


def test_a_page_tells_what_somebody_wrote_proposed_endorsed_and_objected_to(world: World) -> None:
    n = _land(world, "ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    other = world.propose("ana", {"working/hours": "# Hours\n\nNine.\n"}, "Hours")
    cyd = world.visitor("cyd")
    cyd.open(f"/-/proposals/{other}")
    cyd.submit("object", reason="Ten is better.")
    reader = world.visitor()
    ana, bob, cyd_page = (f"/-/people/{world.person(who).handle}" for who in ("ana", "bob", "cyd"))
    assert "Say hello" in reader.open(ana).main
    proposed = reader.open(f"{ana}?tab=proposed").main
    assert "Say hello" in proposed
    assert "Hours" in proposed
    endorsed = reader.open(f"{bob}?tab=endorsed")
    assert "Say hello" in endorsed.main
    assert "Hours" not in endorsed.main
    act = endorsed.tree.xpath("//a[starts-with(@href, '/-/act/')]/@href")[0]
    assert reader.open(act).status == 200
    objected = reader.open(f"{cyd_page}?tab=objected").main
    assert "Hours" in objected
    counts = [one.text_content() for one in reader.open(ana).tree.xpath("//nav[@class='tabs']//span")]
    assert counts == ["1", "2", "0", "0"]
    assert world.wiki.index.act_of(act.rpartition("/")[2]) == n


def test_lists_that_are_empty_say_what_to_do(world: World) -> None:
    _land(world, "ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    for who, tab in (("bob", "wrote"), ("bob", "proposed"), ("ana", "endorsed"), ("ana", "objected")):
        page = world.visitor().open(f"/-/people/{world.person(who).handle}?tab={tab}")
        assert page.status == 200
        assert page.tree.xpath("//div[@class='empty']//a")


def test_nobody_and_no_such_list(world: World) -> None:
    _land(world, "ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    for address in (f"/-/people/{'0' * 16}", "/-/people/x", f"/-/people/{world.person('ana').handle}?tab=secrets",
                    f"/-/feeds/person/{'0' * 16}", f"/-/changes?person={'0' * 16}"):  # fmt: skip
        assert world.visitor().open(address).status == 404


def test_a_name_leads_to_its_page_wherever_it_stands(world: World) -> None:
    n = _land(world, "ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    reader = world.visitor()
    own = f"/-/people/{world.person('ana').handle}"
    for address in ("/welcome", "/-/history/welcome", "/-/changes", "/-/who/welcome", f"/-/proposals/{n}"):
        assert own in reader.open(address).tree.xpath("//a/@href"), address


def test_a_changed_name_shows_everywhere(renamed: World) -> None:
    reader = renamed.visitor()
    for address in ("/tea", "/-/history/tea", "/-/changes", "/-/who/tea", "/-/feeds/changes", "/-/feeds/page/tea"):
        text = reader.client.get(address).get_data(as_text=True)
        assert ANA.name in text, address
        assert OLD.name not in text, address


def test_addresses_of_one_person_are_one_person(renamed: World) -> None:
    _land(renamed, "ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    reader = renamed.visitor()
    page = reader.open(f"/-/people/{ANA.handle}")
    assert all(title in page.main for title in ("Tea", "Left", "Say hello"))
    response = reader.client.get(f"/-/people/{OLD.handle}")
    assert (response.status_code, response.headers["Location"]) == (301, f"/-/people/{ANA.handle}")
    response = reader.client.get(f"/-/feeds/person/{OLD.handle}")
    assert (response.status_code, response.headers["Location"]) == (301, f"/-/feeds/person/{ANA.handle}")
    for said in (ANA.name, ANA.email, OLD.email):
        assert "Left" in reader.open(f"/-/changes?by={said}").main


def test_a_rebuilt_index_knows_the_same_people(renamed: World) -> None:
    _land(renamed, "ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    before = renamed.wiki.index.colleagues.find(OLD.handle)
    renamed.wiki.index.rebuild()
    after = renamed.wiki.index.colleagues.find(OLD.handle)
    assert before is not None
    assert after is not None
    assert (before.person, before.handle, sorted(before.keys)) == (after.person, after.handle, sorted(after.keys))
    assert after.person.name == ANA.name


def test_a_year_is_a_picture_with_a_table(world: World) -> None:
    _land(world, "ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    for address in ("/-/changes", f"/-/people/{world.person('ana').handle}"):
        page = world.visitor().open(address)
        assert page.tree.xpath("//figure[@class='calendar']//svg/title/text()")
        squares = page.tree.xpath("//figure[@class='calendar']//svg//*[self::a or self::g]/title/text()")
        rows = [int(cell.text) for cell in page.tree.xpath("//figure[@class='calendar']//td")]
        assert sum(rows) == sum(int(says.split(": ")[1].split()[0]) for says in squares) > 0


def test_the_menu_leads_to_ones_own_page_even_before_the_first_act(world: World) -> None:
    dee = world.visitor("dee")
    (own,) = dee.open("/").tree.xpath("//header//a[@class='own']/@href")
    page = dee.open(own)
    assert page.status == 200
    assert page.heading == "Dee Okonkwo"
    assert "Nothing they wrote has come into force yet." in page.main
    for link in page.tree.xpath("//main//a/@href"):
        assert dee.open(link).status == 200, link
    assert world.visitor("bob").open(own).status == 404
    assert world.visitor().open("/").tree.xpath("//header//a[@class='own']") == []


def test_ones_own_name_is_not_repeated_in_every_row_of_ones_page(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    world.endorse(n, "bob", "cyd")
    page = world.visitor().open(f"/-/people/{world.person('ana').handle}")
    (row,) = page.tree.xpath("//section[@class='day']//li")
    assert "Say hello" in row.text_content()
    assert "Ana Souza" not in row.text_content()
    assert "git" not in page.main
