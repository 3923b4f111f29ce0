"""Since you last read: the pages that others changed, told to each reader alone, once."""

from __future__ import annotations

import time

from lxml import html

from tests.world import Page, Visitor, World
from wiki.database import open_database, writing
from wiki.visits import Visits
from wiki.visits.visits import REMINDED

DAY = 1.0
TEA = "# Tea\n\nIt is in the kitchen, on the left.\n\nTake the cups from the shelf above the sink.\n"
NOTICE = "has changed since you last read it"


def _change(world: World, text: str | None, title: str = "A change", who: str = "ana", name: str = "welcome") -> int:
    n = world.propose(who, {name: text}, title)
    world.endorse(n, *[each for each in ("bob", "cyd", "dee") if each != who][:2])
    assert world.in_force(n)
    return n


def _notice(page: Page) -> str | None:
    found = page.tree.xpath("//aside[contains(@class, 'since')]")
    return str(found[0].text_content()) if found else None


def _difference(page: Page, reader: Visitor) -> tuple[str, str]:
    """What is taken out and put in, where the page says that it is shown."""
    (address,) = page.tree.xpath("//aside[contains(@class, 'since')]//details/@data-difference")
    shown = reader.client.get(address).get_data(as_text=True)
    (prose,) = html.fromstring(shown).xpath("//*[@class='difference']/*[contains(@class, 'as-prose')]")
    return prose.xpath(".//del")[0].text_content(), prose.xpath(".//ins")[0].text_content()


def test_a_reader_sees_once_as_a_difference_what_changed_since_their_last_visit(world: World) -> None:
    _change(world, "# Welcome\n\nThe door is blue.\n\nCome in.\n", "Blue")
    dee = world.visitor("dee")
    assert _notice(dee.open("/welcome")) is None  # new to her: nothing she knew has changed
    world.clock.wait(3 * DAY)
    _change(world, "# Welcome\n\nThe door is green.\n\nCome in.\n", "Paint the door")
    _change(world, "# Welcome\n\nThe door is green.\n\nCome in, all.\n", "All are welcome")
    page = dee.open("/welcome")
    told = _notice(page)
    assert told is not None
    assert NOTICE in told
    assert "Paint the door" in told
    assert "All are welcome" in told
    assert _difference(page, dee) == ("blue", "green")
    assert _notice(dee.open("/welcome")) is not None  # a look elsewhere and back: still there
    answered = dee.submit("/-/understood/welcome")
    assert answered.status == 200
    assert _notice(answered) is None
    assert _notice(dee.open("/welcome")) is None


def test_what_changed_is_shown_in_the_language_of_the_page(world: World) -> None:
    for text in ("واحد", "اثنان"):
        _change(world, f"---\nlang: ar\n---\n\n# صفحة\n\n{text}.\n")
        page = world.visitor("dee").open("/welcome")
    (place,) = page.tree.xpath("//aside[contains(@class, 'since')]//*[contains(@class, 'as-prose')]")
    assert (place.get("lang"), place.get("dir")) == ("ar", "rtl")


def test_what_is_not_answered_is_told_for_a_day(world: World) -> None:
    _change(world, "# Welcome\n\nOne.\n")
    dee = world.visitor("dee")
    dee.open("/welcome")
    _change(world, "# Welcome\n\nTwo.\n")
    assert _notice(dee.open("/welcome")) is not None
    world.clock.wait(REMINDED / 86400 - 0.01)
    assert _notice(dee.open("/welcome")) is not None
    world.clock.wait(0.02)
    assert _notice(dee.open("/welcome")) is None


def test_a_second_change_while_the_first_is_told_is_told_from_what_was_known(world: World) -> None:
    _change(world, "# Welcome\n\nOne.\n")
    dee = world.visitor("dee")
    dee.open("/welcome")
    _change(world, "# Welcome\n\nTwo.\n")
    dee.open("/welcome")
    _change(world, "# Welcome\n\nThree.\n")
    page = dee.open("/welcome")
    assert _difference(page, dee) == ("One", "Three")


def test_visits_are_private_to_the_reader(world: World) -> None:
    _change(world, "# Welcome\n\nOne.\n")
    dee, cyd, anybody = world.visitor("dee"), world.visitor("cyd"), world.visitor()
    dee.open("/welcome")
    anybody.open("/welcome")
    before = world.everything()
    _change(world, "# Welcome\n\nTwo.\n")
    assert before != world.everything()
    refs = world.everything()
    assert _notice(dee.open("/welcome")) is not None
    assert _notice(cyd.open("/welcome")) is None
    assert _notice(anybody.open("/welcome")) is None
    assert refs == world.everything()  # git knows nothing of who reads
    assert "Changed since you read them" not in cyd.open("/").main
    assert "Changed since you read them" not in anybody.open("/").main


def test_ones_own_last_word_is_no_news(world: World) -> None:
    _change(world, "# Welcome\n\nOne.\n")
    dee = world.visitor("dee")
    dee.open("/welcome")
    _change(world, "# Welcome\n\nTwo.\n", who="dee")
    assert "Changed since you read them" not in dee.open("/").main
    assert _notice(dee.open("/welcome")) is None


def test_the_home_page_lists_the_known_pages_that_changed_under_their_present_names(world: World) -> None:
    _change(world, f"{TEA}\nGreen.\n", name="tea")
    _change(world, "# Milk\n\nWhite.\n", name="milk")
    _change(world, "# Juice\n\nOrange.\n", name="juice")
    dee = world.visitor("dee")
    for name in ("tea", "milk"):
        dee.open(f"/{name}")
    assert "Changed since you read them" not in dee.open("/").main
    n = world.wiki.guidelines.propose(
        world.person("ana"), "Move", "", {"tea.md": None, "kitchen/tea.md": f"{TEA}\nGreen, black.\n"}
    ).n
    world.endorse(n, "bob", "cyd")
    assert world.in_force(n)
    _change(world, "# Juice\n\nApple.\n", name="juice")
    home = dee.open("/")
    section = home.tree.xpath("//section[@aria-labelledby='news']")[0]
    assert [a.get("href") for a in section.xpath(".//p[@class='row-title']/a")] == ["/kitchen/tea"]
    compared = dee.open(section.xpath(".//p[@class='meta']/a/@href")[0])
    assert compared.status == 200
    assert "black" in compared.main
    assert _notice(dee.open("/kitchen/tea")) is not None
    assert "Changed since you read them" not in dee.open("/").main


def test_a_reader_can_have_it_all_forgotten(world: World) -> None:
    _change(world, "# Welcome\n\nOne.\n")
    dee = world.visitor("dee")
    dee.open("/welcome")
    _change(world, "# Welcome\n\nTwo.\n")
    dee.open("/")
    answered = dee.submit("/-/forget-visits")
    assert "you read 1 page." in answered.messages
    assert "Changed since you read them" not in answered.main
    assert _notice(dee.open("/welcome")) is None
    assert dee.post("/-/forget-visits").status == 200


def test_the_history_tells_the_size_of_a_change_and_who_endorsed_it(world: World) -> None:
    _change(world, "# Welcome\n\nThe door is blue.\n", "Blue")
    _change(world, "# Welcome\n\nThe door is green and open.\n", "Green")
    page = world.visitor().open("/-/history/welcome")
    row = page.tree.xpath("//li[.//a[text()='Green']]")[0]
    assert " ".join(row.xpath(".//ins")[0].text_content().split()) == "+3"
    assert " ".join(row.xpath(".//del")[0].text_content().split()) == "−1"
    names = [world.person(who).name for who in ("bob", "cyd")]
    assert all(name in row.text_content() for name in names)


def test_who_reads_does_not_wait_for_who_writes_and_nothing_read_is_lost(world: World) -> None:
    dee, wiki = world.visitor("dee"), world.wiki
    dee.open("/welcome")
    engine = open_database(f"sqlite:///{world.data / 'wiki.db'}")
    with writing(engine):
        began = time.monotonic()
        for name in ("/travel/visa", "/travel/expenses"):
            assert dee.open(name).status == 200
        assert time.monotonic() - began < 5
    engine.dispose()
    wiki.visits._notes.write_down()
    assert {"travel/visa", "travel/expenses"} <= set(Visits(wiki.engine).known(world.people["dee"].id))
