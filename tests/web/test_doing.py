"""How we are doing: what the public page says, and what it is reckoned from."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.index.test_rebuilding import act
from tests.sql import statements
from tests.world import POLICY, World, copy_of, open_world
from wiki.database import reading
from wiki.index import doing, schema
from wiki.model.errors import WikiError
from wiki.web.doing.figures import End, KeptFigures, figures_of
from wiki.web.doing.picture import HEIGHT, picture
from wiki.web.spans import span

ADDRESS = "/-/how-we-are-doing"
PAGE = "# Visas\n\nAsk early.\n"


def said(world: World) -> str:
    return world.visitor().open(ADDRESS).main


def rows_of(world: World) -> list[str]:
    """The rows of all tables, their cells behind each other."""
    rows = world.visitor().open(ADDRESS).tree.xpath("//table//tr")
    return [" ".join(" ".join(cell.text_content().split()) for cell in row) for row in rows]


def agree(world: World, page: str, days: float, who: str = "ana", by: tuple[str, ...] = ("bob", "cyd")) -> int:
    """Bring a change into force after so many days; the first endorsement comes after half of them."""
    n = world.propose(who, {page: f"{world.text(page) or '# New'}\nMore {world.wiki.guidelines.count()}.\n"})
    for name in by:
        world.clock.wait(days / len(by))
        world.endorse(n, name)
    assert world.in_force(n)
    return n


def test_half_and_nine_in_ten_are_said_in_prose(world: World) -> None:
    for days in range(1, 11):
        agree(world, "travel/visa", days)
    text = said(world)
    assert "Half of all changes came into force within 5 days; nine in ten within 9 days." in text
    assert "half had their first endorsement within 2 days 12 hours, nine in ten within 4 days 12 hours." in text, text
    assert "Reckoned from the 10 changes that came into force since February 2026." in text


def test_what_is_the_same_is_not_said_twice(world: World) -> None:
    for _ in range(10):
        agree(world, "travel/visa", 2)
    text = said(world)
    assert "Nine in ten changes came into force within 2 days. Half of the proposals that were endorsed had" in text
    assert "their first one within 1 day." in text


def test_a_wiki_that_began_this_year_is_looked_at_since_then(world: World) -> None:
    agree(world, "travel/visa", 1)
    assert "since February 2026" in said(world)


def test_small_numbers_are_said_as_such(world: World) -> None:
    assert "No change has come into force here by a proposal yet." in said(world)
    for _ in range(4):
        agree(world, "travel/visa", 1)
    assert "4 changes came into force: too few for a median." in said(world)
    agree(world, "travel/visa", 1)
    text = said(world)
    assert "Half of all changes came into force within 1 day." in text
    assert "5 changes: too few" in text, "nine in ten needs ten"


def keys(world: World) -> list[str]:
    """What is named under the picture."""
    return [
        each.text_content().strip() for each in world.visitor().open(ADDRESS).tree.xpath("//ul[@class='pace-keys']/li")
    ]


def test_a_month_and_a_folder_have_rows_of_their_own(world: World) -> None:
    world.clock.wait(5)
    for _ in range(5):
        agree(world, "travel/visa", 1)
    world.clock.wait(31)
    for _ in range(5):
        agree(world, "working/hours", 2)
    figures = figures_of(world.wiki)
    assert [(month.times.count, month.times.half) for month in figures.months] == [(5, 86400), (5, 172800)]
    folders = {one.name: (one.times.count, one.times.half) for one in figures.folders}
    assert folders["travel"] == (5, 86400)
    assert folders["working"] == (5, 172800)
    assert folders["legal"] == (0, None)
    rows = rows_of(world)
    assert "July 2026 5 2 days 5 changes: too few" in rows
    assert keys(world) == ["half of the changes"], "what is not in the picture is not named under it"
    assert any(row.startswith("travel 5 1 day") for row in rows)


def test_what_touches_two_folders_counts_in_both(world: World) -> None:
    n = world.propose("ana", {"travel/visa": "# Visas\n\nX.\n", "working/hours": "# Hours\n\nX.\n"})
    world.endorse(n, "bob", "cyd")
    folders = {one.name: one.times.count for one in figures_of(world.wiki).folders}
    assert (folders["travel"], folders["working"], folders["legal"]) == (1, 1, 0)


def test_what_is_stuck_is_counted_by_reason_in_the_words_of_the_decision(world: World) -> None:
    few = world.propose("ana", {"travel/visa": PAGE + "1\n"}, "Needs voices")
    world.clock.wait(1)
    objected = world.propose("ana", {"working/hours": "# Hours\n"}, "Objected to")
    world.wiki.guidelines.object(objected, world.person("zed"), world.change(objected), "No.")
    waits = world.propose("ana", {"legal/contracts": "# Contracts\n"}, "Waits")
    world.endorse(waits, "bob", "cyd", "dee")
    overtaken = world.propose("bob", {"welcome": "# Welcome\n\nLater.\n"}, "Overtaken")
    agreed = world.propose("cyd", {"welcome": "# Welcome\n\nSooner.\n"}, "Sooner")
    world.endorse(agreed, "ana", "dee")
    page = world.visitor().open(ADDRESS)
    text = page.main
    assert "4 proposals are on the table, the oldest since 28 May 2026." in text
    assert "1 of them only waits for its time." in text
    assert "3 need the voices of more colleagues" in text
    assert "1 has an objection that no author has answered" in text
    assert "1 is held for a while by an objection" in text
    assert "1 stays on the table for a while yet" in text
    assert "1 must be brought up to date, because a page has changed since" in text
    longest = [link.text for link in page.tree.xpath("//section[@aria-labelledby='stuck']//p[@class='row-title']/a")]
    assert longest == ["Needs voices", "Objected to", "Waits", "Overtaken"]
    assert "because 2 more colleagues must endorse it" in text
    assert [few, overtaken] == [1, 4]


def test_a_group_that_is_needed_is_named(world: World) -> None:
    rules = POLICY.replace("endorse = 3", 'endorse = 1\nneed = ["@law"]') + '\n[groups]\nlaw = ["dee@example.com"]\n'
    world.propose("ana", {"policy.toml": rules})
    world.endorse(1, "bob", "cyd", "dee")
    world.clock.wait(2.1)
    world.wiki.tick()
    n = world.propose("ana", {"legal/contracts": "# Contracts\n"})
    world.endorse(n, "bob")
    assert "1 needs somebody of the group “law”" in said(world)


def test_time_that_has_passed_is_waited_for_no_more(world: World) -> None:
    n = world.propose("ana", {"legal/contracts": "# Contracts\n"})
    assert "1 stays on the table" in said(world)
    world.clock.wait(2.1)
    figures = figures_of(world.wiki)
    assert [one.why for one in figures.table.lacking] == ["few"]
    world.endorse(n, "bob", "cyd", "dee")
    assert figures_of(world.wiki).table.count == 0
    with reading(world.wiki.engine) as connection:
        assert connection.execute(select(schema.lack)).all() == []


def test_first_proposals_are_followed_to_their_end(world: World) -> None:
    agree(world, "travel/visa", 1, "ana")
    agree(world, "travel/visa", 1, "ana")
    guidelines = world.wiki.guidelines
    gone = world.propose("bob", {"working/hours": "# Hours\n"})
    guidelines.close(gone, world.person("bob"))
    world.propose("cyd", {"working/hours": "# Hours\n\nC.\n"})
    world.clock.wait(91)
    world.wiki.tick()
    world.propose("dee", {"working/hours": "# Hours\n\nD.\n"})
    figures = figures_of(world.wiki)
    assert figures.first_ends == {
        End.IN_FORCE: 1, End.OPEN: 1, End.WITHDRAWN: 1, End.QUIET: 1, End.ADOPTED: 0,
    }  # fmt: skip
    assert figures.ends == {**figures.first_ends, End.IN_FORCE: 2}
    rows, text = rows_of(world), said(world)
    assert "4 colleagues made their first proposal here. 1 of these came into force." in text
    assert "withdrawn by its authors 1 25%" in rows
    assert "closed because nothing happened for long 1 25%" in rows


def test_what_somebody_else_went_on_with_is_not_called_withdrawn(world: World) -> None:
    n = world.propose("bob", {"working/hours": "# Hours\n"})
    world.wiki.accounts.deactivate(world.people["bob"])
    ana = world.visitor("ana")
    ana.open(f"/-/proposals/{n}")
    ana.submit("/adopt")
    ana.submit(ana.page.address, "propose")
    assert figures_of(world.wiki).first_ends[End.ADOPTED] == 1


def test_how_much_rests_on_five_is_said_without_naming_them(world: World) -> None:
    agree(world, "travel/visa", 1, "ana", ("bob", "cyd"))
    assert "2 endorsements brought changes into force: too few to say" in said(world)
    for _ in range(10):
        agree(world, "travel/visa", 1, "ana", ("bob", "cyd"))
    text = said(world)
    assert "All 22 endorsements of these changes came from 2 colleagues." in text
    assert not any(name in text for name in ("Ana", "Bob", "Cyd", "Dee", "Zed"))


def test_a_sixth_endorser_is_the_rest(world: World) -> None:
    for name in ("eve", "fay"):
        email = f"{name}@example.com"
        world.people[name] = world.wiki.accounts.add(email, name.title(), "a calm blue morning", 0)
    for at in range(8):
        agree(world, "travel/visa", 1, "ana", ("bob", "cyd", "dee")[:2] if at else ("eve", "fay"))
    for pair in (("dee", "zed"), ("bob", "zed"), ("bob", "dee")):
        agree(world, "travel/visa", 1, "ana", pair)
    voices = figures_of(world.wiki).voices
    assert (voices.count, voices.colleagues, voices.by_five) == (22, 6, 21)
    assert "95% of the 22 endorsements of these changes came from the same five people, the rest from 1 other" in (
        said(world)
    )


def test_pages_that_nobody_looks_after_are_told_with_their_signs(world: World) -> None:
    due = "---\nreview_by: 2026-06-01\n---\n# Visas\n\nAsk.\n"
    n = world.propose("ana", {"travel/visa": due})
    world.endorse(n, "bob", "cyd")
    assert figures_of(world.wiki).pages.due == 0
    world.clock.wait(10)
    pages = figures_of(world.wiki).pages
    assert (pages.due, pages.untouched, pages.count, pages.orphaned) == (1, 0, 9, 8), "founded by the wiki"
    assert "it should have been looked at again by now" in said(world)
    assert pages.founding == 8
    assert "8 are founding text that no colleague has changed yet" in said(world)
    assert "no author with an account here" not in said(world)
    world.wiki.accounts.deactivate(world.people["ana"])
    assert (figures_of(world.wiki).pages.orphaned, figures_of(world.wiki).pages.founding) == (9, 8)
    world.clock.wait(366)
    assert "1 has no author with an account here" in said(world)
    assert figures_of(world.wiki).pages.untouched == 9


def test_a_page_that_was_removed_or_says_no_day_any_more_is_not_due(world: World) -> None:
    for text in ("---\nreview_by: 2026-01-01\n---\n# Kitchen\n", "# Kitchen\n", "---\nreview_by: 2026-01-01\n---\nX\n"):
        world.propose("ana", {"notes/kitchen": text})
        assert figures_of(world.wiki).pages.due == int("review_by" in text)
    world.propose("ana", {"notes/kitchen": None})
    assert figures_of(world.wiki).pages.due == 0


def test_an_imported_history_is_no_proposal(handbook_founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(handbook_founded, tmp_path / "data")) as world:
        page = world.visitor().open(ADDRESS)
        assert page.status == 200
        assert "No change has come into force here by a proposal yet." in page.main
        assert "commits are older than this wiki. They were imported and are no proposals" in page.main
        count = world.wiki.index.doing.imported(world.wiki.repository.founding)
        first = world.wiki.repository.git.run("rev-list", "--count", "--first-parent", "main")
        assert count == int(first) - 1
        assert "Nothing is on the table." in page.main
        assert len(page.body) < 60_000
        name = world.wiki.index.pages(0, 1)[0].name
        agree(world, name, 1)
        assert "1 change came into force: too few for a median." in world.visitor().open(ADDRESS).main


@pytest.mark.parametrize("seed", [3, 4])
def test_made_again_the_index_tells_the_same(world: World, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(40):
        act(world, chance)
    with suppress(WikiError):
        world.propose("ana", {"travel/visa": "---\nreview_by: 2026-01-01\n---\n# Visas\n"})
    world.wiki.tick()

    def kept() -> tuple[object, ...]:
        with reading(world.wiki.engine) as connection:
            rows = [sorted(map(tuple, connection.execute(select(t)))) for t in (schema.lack, schema.review)]
        return (*rows, figures_of(world.wiki))

    before = kept()
    world.wiki.index.rebuild()
    assert kept() == before


def test_what_open_proposals_lack_is_what_is_decided(world: World) -> None:
    chance = random.Random(8)
    for _ in range(40):
        act(world, chance)
    world.wiki.tick()
    open_ = [row.n for row in world.wiki.index.proposals("open", limit=200)]
    reasons = Counter(
        why for n in open_ for why in {reason.why.value for reason in world.wiki.guidelines.weigh(n).standing.reasons}
    )
    lacking = {one.why: one.count for one in figures_of(world.wiki).table.lacking if one.why != "group"}
    assert lacking == reasons


def test_only_so_many_are_looked_at_however_many_there_are(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for days in (9, 9, 9, 1, 1, 1, 1, 1):
        agree(world, "travel/visa", days)
    for module in (doing, __import__("wiki.web.doing.figures", fromlist=["MOST"])):
        monkeypatch.setattr(module, "MOST", 5)
    figures = figures_of(world.wiki)
    assert (figures.to_force.count, figures.to_force.half, figures.more) == (5, 86400, True)


def test_no_question_reads_through_a_table_that_grows_with_the_history(world: World) -> None:
    for _ in range(3):
        agree(world, "travel/visa", 1)
    world.wiki.guidelines.close(world.propose("bob", {"working/hours": "# Hours\n"}), world.person("bob"))
    with statements(world.wiki.engine) as asked:
        figures_of(world.wiki)
    growing = {t.name for t in (schema.act, schema.landed, schema.revision, schema.proposal, schema.day, schema.wrote,
                                schema.proposal_person, schema.relation)} | {"earlier", "same"}  # fmt: skip
    with reading(world.wiki.engine) as connection:
        for statement in asked:
            nothing = (0,) * statement.count("?")
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", nothing).all()
            scanned = {row.detail.split()[1] for row in plan if row.detail.startswith("SCAN ")}
            assert not scanned & growing, statement


def test_figures_are_reckoned_once_until_something_happens(world: World) -> None:
    made: list[int] = []
    kept = KeptFigures(lambda wiki: made.append(1) or figures_of(wiki))  # type: ignore[func-returns-value]
    for _ in range(3):
        kept.of(world.wiki)
    assert len(made) == 1
    world.propose("ana", {"travel/visa": PAGE + "1\n"})
    assert kept.of(world.wiki).table.count == 1


def test_programs_are_told_the_same(world: World) -> None:
    for _ in range(5):
        agree(world, "travel/visa", 1)
    world.propose("ana", {"travel/visa": PAGE + "1\n"})
    answer = world.visitor().client.get("/-/api/1/how-we-are-doing").get_json()
    assert answer["to_force"] == {"count": 5, "half": 86400, "nine_in_ten": None}
    assert answer["months"][-1]["month"] == "2026-06"
    assert answer["open"]["because"] == [{"why": "few", "group": None, "proposals": 1}]
    assert answer["ends"] == {"in-force": 5, "open": 1, "withdrawn": 0, "quiet": 0, "adopted": 0}
    assert answer["endorsements"] == {"count": 10, "colleagues": 2, "by_five": 10}


def test_the_picture_is_as_high_as_its_longest_month_and_has_a_table(world: World) -> None:
    world.clock.wait(5)
    for days in range(1, 11):
        agree(world, "travel/visa", days / 4)
    world.clock.wait(31)
    for _ in range(5):
        agree(world, "working/hours", 1)
    drawn = picture(figures_of(world.wiki).months)
    assert drawn is not None
    assert drawn.columns[0].nine == HEIGHT
    assert all(0 < column.half <= HEIGHT for column in drawn.columns)
    tree = world.visitor().open(ADDRESS).tree
    assert tree.xpath("//figure[@class='pace']//svg[@role='img']/title")
    half, nine = ({key: int(each.get(key)) for key in ("x", "width")} for each in tree.xpath("//svg//g[1]/rect"))
    assert half["x"] + half["width"] <= nine["x"], "both are seen where they are equal"
    assert keys(world) == ["half of the changes", "nine in ten"]
    assert len(tree.xpath("//figure[@class='pace']//tbody/tr")) == len(figures_of(world.wiki).months)


def test_it_is_led_to_from_the_book_the_proposals_and_the_foot_of_every_page(world: World) -> None:
    for address in ("/-/changes", "/-/proposals?tab=open"):
        assert world.visitor().open(address).tree.xpath("//main//a[@href=$it]", it=ADDRESS), address
    assert world.visitor().open("/welcome").tree.xpath("//footer//a[@href=$it]", it=ADDRESS)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "a minute"), (60, "a minute"), (61, "2 minutes"), (59 * 60, "59 minutes"), (3541, "1 hour"),
        (3601, "2 hours"), (23 * 3600, "23 hours"), (23 * 3600 + 1, "1 day"), (86401, "1 day 1 hour"),
        (52 * 3600, "2 days 4 hours"), (7 * 86400 - 3600, "6 days 23 hours"), (7 * 86400 - 3599, "7 days"),
        (8 * 86400 + 1, "9 days"),
    ],
)  # fmt: skip
def test_a_length_of_time_is_rounded_up(world: World, seconds: int, words: str) -> None:
    with world.app.test_request_context("/"):
        assert span(seconds) == words
