"""Looking back: a page on a day, going back to an earlier text, three ways to compare, addresses that stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.world import DAY, World

EXPENSES = "travel/expenses"
FIRST, SECOND = "# Expenses\n\nWe pay two nights.\n", "# Expenses\n\nWe pay three nights.\n"


@pytest.fixture
def told(world: World) -> World:
    """A page that was changed twice, ten days apart, and then moved."""
    for text in (FIRST, SECOND):
        _land(world, {EXPENSES: text})
        world.clock.wait(10)
    _land(world, {EXPENSES: None, "money/costs": SECOND})
    return world


def _land(world: World, edits: dict[str, str | None]) -> None:
    world.endorse(world.propose("ana", edits, "A change"), "bob", "cyd")


def _commits(world: World) -> list[str]:
    return [row.commit for row in world.wiki.index.history("money/costs") or []]


def _iso(world: World, days: float) -> str:
    return datetime.fromtimestamp(world.clock.at + days * DAY, UTC).strftime("%Y-%m-%d")


def test_a_page_is_shown_as_it_was_on_a_day(told: World) -> None:
    visitor = told.visitor()
    assert "three nights" in visitor.open(f"/-/history/money/costs?on={_iso(told, 0)}").main
    assert "two nights" in visitor.open(f"/-/history/money/costs?on={_iso(told, -11)}").main
    assert "two nights" in visitor.open(f"/-/history/{EXPENSES}?on={_iso(told, -11)}").main
    assert visitor.open(f"/-/history/money/costs?on={_iso(told, -4000)}").status == 404


@pytest.mark.parametrize("day", ["", "yesterday", "2026-13-01", "2026-02-30", "-1", "9999999999", "2026-01-01' or 1"])
def test_what_is_not_a_day_is_said_to_be_none(told: World, day: str) -> None:
    page = told.visitor().open("/-/history/money/costs", query_string={"on": day})
    assert page.status == 400
    assert "is not a day" in page.main


def test_going_back_begins_a_draft_with_the_earlier_text(told: World) -> None:
    first = _commits(told)[-2]
    dee = told.visitor("dee")
    page = dee.open(f"/-/revision/{first}/{EXPENSES}")
    assert "two nights" in page.main
    page = dee.submit(f"/-/revision/{first}/{EXPENSES}")
    assert page.address.startswith("/-/drafts/"), page.main
    assert "three" in page.main
    page = dee.submit(page.address, "propose", why="Three were too many.")
    n = int(page.address.rsplit("/", 1)[1])
    told.endorse(n, "bob", "cyd")
    assert told.text("money/costs") == FIRST


def test_a_page_that_was_removed_is_found_and_brought_back(told: World) -> None:
    _land(told, {"money/costs": None})
    dee = told.visitor("dee")
    removal = _commits(told)[0]
    page = dee.open(f"/-/revision/{removal}/money/costs")
    assert page.status == 200
    page = dee.submit(f"/-/revision/{removal}/money/costs")
    page = dee.submit(page.address, "propose", why="We need it.")
    told.endorse(int(page.address.rsplit("/", 1)[1]), "bob", "cyd")
    assert told.text("money/costs") == SECOND


def test_what_is_in_force_is_not_gone_back_to(told: World) -> None:
    latest = _commits(told)[0]
    dee = told.visitor("dee")
    dee.open(f"/-/revision/{latest}/money/costs")
    assert "going back" not in dee.page.main
    assert dee.post(f"/-/revision/{latest}/money/costs").status in {400, 409, 422}


def test_only_members_go_back(told: World) -> None:
    assert told.visitor().post(f"/-/revision/{_commits(told)[-2]}/{EXPENSES}").status == 401


def test_the_beginning_of_an_address_leads_to_the_whole(told: World) -> None:
    commit = _commits(told)[0]
    page = told.visitor().open(f"/-/revision/{commit[:10]}/money/costs")
    assert page.address == f"/-/revision/{commit}/money/costs"
    assert told.visitor().open(f"/-/revision/{commit[:6]}/money/costs").status == 404
    assert told.visitor().open("/-/revision/0000000/money/costs").status == 404


def test_two_revisions_are_compared_in_three_ways(told: World) -> None:
    new, old = _commits(told)[1], _commits(told)[-2]
    address = f"/-/compare/money/costs?a={old}&b={new}"
    visitor = told.visitor()
    page = visitor.open(address)
    assert page.tree.xpath("//div[contains(@class, 'as-prose')]//ins")[0].text_content() == "three"
    page = visitor.open(f"{address}&view=beside")
    assert page.tree.xpath("//div[contains(@class, 'before')]//del")[0].text_content() == "two"
    assert page.tree.xpath("//div[contains(@class, 'after')]//ins")[0].text_content() == "three"
    assert not page.tree.xpath("//div[contains(@class, 'before')]//ins")
    page = visitor.open(f"{address}&view=lines")
    assert page.tree.xpath("//table[@class='diff-source']")
    assert "1 line added, 1 line removed" in page.main
    assert visitor.open(f"{address}&view=nonsense").tree.xpath("//div[contains(@class, 'as-prose')]")


@pytest.mark.parametrize("view", ["", "beside", "lines"])
def test_compared_around_a_move_it_is_told_from_where_the_page_came(told: World, view: str) -> None:
    moved, second, first = _commits(told)[:3]
    reader = told.visitor()
    only = reader.open(f"/-/compare/money/costs?a={second}&b={moved}&view={view}").main
    assert "moved from travel/expenses" in only
    assert "Every word stays; only the address changes." in only
    assert "Nothing is different" not in only
    assert "0 lines" not in only
    both = reader.open(f"/-/compare/money/costs?a={first}&b={moved}&view={view}").main
    assert "moved from travel/expenses 1 line added, 1 line removed" in both
    assert "moved from" not in reader.open(f"/-/compare/money/costs?a={first}&b={second}&view={view}").main


def test_a_removed_page_is_not_shown_as_if_it_had_held(told: World) -> None:
    _land(told, {"money/costs": None})
    told.clock.wait(3)
    visitor = told.visitor()
    page = visitor.open(f"/-/history/money/costs?on={_iso(told, -1)}")
    assert page.status == 404
    assert "was not in force on that day: it was removed on" in page.main
    page = visitor.open(f"/-/revision/{_commits(told)[0]}/money/costs")
    assert "The page was removed on" in page.main
    assert "three nights" in page.main
    assert "What holds now" not in page.main


def test_a_page_on_a_day_says_from_when_until_when_it_held(told: World) -> None:
    first, second, moved = (row.when for row in reversed((told.wiki.index.history("money/costs") or [])[:3]))
    asked = (datetime.fromtimestamp(first, UTC) + timedelta(days=4)).strftime("%Y-%m-%d")
    page = told.visitor().open(f"/-/history/money/costs?on={asked}")
    times = page.tree.xpath("//div[@class='notice']//strong/time/@datetime")
    assert [time[:10] for time in times] == [
        asked,
        *(f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}" for at in (first, second)),
    ]
    for other in ("2001-01-01", f"{datetime.fromtimestamp(moved, UTC):%Y-%m-%d}", "nonsense", ""):
        page = told.visitor().open(f"{page.address.partition('?')[0]}?on={other}")
        assert "It no longer holds." in page.main  # no day on which it held


def test_a_day_after_the_removal_leads_to_what_the_page_was(told: World) -> None:
    _land(told, {"money/costs": None})
    told.clock.wait(3)
    page = told.visitor().open(f"/-/history/money/costs?on={_iso(told, -1)}")
    assert "“Expenses” was not in force on that day" in page.main
    last, history = page.tree.xpath("//p[@class='actions']/a/@href")
    assert "three nights" in told.visitor().open(last).main
    assert history == "/-/history/money/costs"


def test_a_revision_without_a_text_says_so(told: World) -> None:
    _land(told, {"money/costs": "---\nauthor: nobody\n---\n"})
    page = told.visitor().open(f"/-/revision/{_commits(told)[0]}/money/costs")
    assert page.tree.xpath("//article")[0].text_content().strip() == "empty"


@pytest.mark.parametrize("room", ["who", "growth"])
def test_who_wrote_a_removed_page_is_told_by_its_history(told: World, room: str) -> None:
    _land(told, {"money/costs": None})
    page = told.visitor().open(f"/-/{room}/money/costs")
    assert page.address == "/-/history/money/costs"
    assert told.visitor().open(f"/-/{room}/no/such").status == 404


def test_feeds_can_be_seen(told: World) -> None:
    for address, feed in (("/-/history/money/costs", "/-/feeds/page/money/costs"),
                          ("/-/proposals?tab=open", "/-/feeds/proposals"), ("/-/changes", "/-/feeds/changes"),
                          ("/-/changes?folder=money", "/-/feeds/folder/money")):  # fmt: skip
        assert feed in told.visitor().open(address).tree.xpath("//main//a/@href")
    assert "Follow as a feed" not in told.visitor().open("/-/changes?kind=renamed").main


def test_what_is_compared_is_chosen_by_visible_words(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    world.endorse(n, "bob", "cyd")
    page = world.visitor().open("/-/history/welcome")
    rows = page.tree.xpath("//li[@class='row']")
    assert len(rows) == 2
    for row in rows:
        labels = [" ".join(label.text_content().split()) for label in row.xpath(".//label")]
        title = row.xpath(".//p[@class='row-title']")[0].text_content()
        assert labels == [f"Earlier revision {title}", f"Later revision {title}"]
        shown = [label.xpath("./span/text()")[0] for label in row.xpath(".//label")]
        assert shown == ["Earlier revision", "Later revision"]


def test_what_each_revision_changed_is_one_step_away(told: World) -> None:
    page = told.visitor().open("/-/history/money/costs")
    found = [
        row.xpath(".//a[starts-with(text(), 'what changed')]/@href") for row in page.tree.xpath("//li[@class='row']")
    ]
    assert [len(links) for links in found] == [1, 1, 1, 0]  # the first has nothing before it
    shown = told.visitor().open(found[1][0])
    assert shown.tree.xpath("//div[contains(@class, 'as-prose')]//ins")[0].text_content() == "three"
    newest, _, first = (told.wiki.index.history("money/costs") or [])[:3]
    part = told.visitor().open(f"/-/history/money/costs?before={newest.seq}")
    assert [link for links in found[1:] for link in links] == part.tree.xpath("//li//a[starts-with(., 'what')]/@href")
    assert first.commit in found[1][0]


def test_a_row_of_the_imported_past_leads_once_to_the_page_then(told: World) -> None:
    rows = told.visitor().open("/-/history/money/costs").tree.xpath("//li[@class='row']")
    links = [[a for a in row.xpath(".//a/@href") if a.startswith("/-/revision/")] for row in rows]
    assert [len(some) for some in links] == [1, 1, 1, 1]
