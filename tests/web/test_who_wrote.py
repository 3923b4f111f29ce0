"""Who wrote this: each passage with its author, its proposal and how many endorsed it."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from tests.world import Page, World
from wiki.database import reading
from wiki.index import schema

PATH = "travel/expenses"


def _land(world: World, who: str, text: str, title: str, name: str = PATH) -> int:
    n = world.propose(who, {name: text}, title)
    world.endorse(n, *[each for each in ("bob", "cyd", "dee") if each != who][:2])
    assert world.in_force(n)
    return n


def _credits(page: Page) -> list[tuple[str, str]]:
    """(credits, passages) of each stretch."""
    return [
        (_words(section.xpath("./div[@class='credits']")), _words(section.xpath("./div[contains(@class, 'prose')]")))
        for section in page.tree.xpath("//section[@class='written']")
    ]


def _words(found: list) -> str:
    return " ".join(" ".join(each.text_content() for each in found).split())


@pytest.fixture
def written(world: World) -> World:
    """A page by three people."""
    _land(world, "ana", "# Expenses\n\nAna wrote this first.\n\nAnd this as well.\n\n- one thing\n- another\n", "Begin")
    text = world.text(PATH)
    _land(
        world, "zed", text.replace("And this as well.", "Zed wrote this instead.").replace("another", "zed's"), "Zed's"
    )
    return world


def test_the_wiki_that_was_founded_with_a_text_is_no_author_of_it(world: World) -> None:
    page = world.visitor().open(f"/{PATH}")
    assert "It is part of the founding text." in page.main
    assert "Written by" not in _words(page.tree.xpath("//p[@class='byline']"))
    _land(world, "zed", (world.text(PATH) or "") + "\nZed adds this.\n", "More")
    page = world.visitor().open(f"/{PATH}")
    byline = _words(page.tree.xpath("//p[@class='byline']"))
    assert "Last changed by Zed Okafor, endorsed by 2 colleagues. It began as part of the founding text." in byline
    assert "Written by" not in byline
    assert _words(page.tree.xpath("//dt[.='Written by']/../dd")) == "Zed Okafor, the founding text"
    assert (
        _words(page.tree.xpath("//dt[.='Last changed by']/../dd")) == "Zed Okafor, endorsed by Bob Reyes, Cyd Laurent"
    )
    page = world.visitor().open(f"/{_new(world)}")
    assert "founding text" not in page.main


def test_what_was_endorsed_last_is_told_apart_from_who_wrote_the_page(world: World) -> None:
    _new(world)
    byline = _words(world.visitor().open("/notes-on/tea").tree.xpath("//p[@class='byline']"))
    assert byline.endswith("Written by Zed Okafor. Endorsed by 2 colleagues.")
    n = world.propose("ana", {"notes-on/tea": "# Tea\n\nDrink it warm.\n"})
    world.endorse(n, "bob", "cyd")
    page = world.visitor().open("/notes-on/tea")
    byline = _words(page.tree.xpath("//p[@class='byline']"))
    assert byline.endswith("Last changed by Ana Souza, endorsed by 2 colleagues. Written by Ana Souza and Zed Okafor.")
    assert _words(page.tree.xpath("//section[@class='colophon']//dt")) == (
        "In force since Written by Last changed by Revision"
    )


def _new(world: World) -> str:
    _land(world, "zed", "# Tea\n\nDrink it.\n", "Tea", "notes-on/tea")
    return "notes-on/tea"


def test_each_passage_has_its_author_and_its_proposal(written: World) -> None:
    page = written.visitor().open(f"/-/who/{PATH}")
    assert page.status == 200
    first, second, third = _credits(page)
    assert first[0].startswith("A Ana Souza")
    assert "Begin" in first[0]
    assert "endorsed by Bob Reyes, Cyd Laurent" in first[0]
    assert first[1].startswith("Ana wrote this first.")
    assert second[0].startswith("Z Zed Okafor")
    assert second[1].startswith("Zed wrote this instead.")
    assert "Ana Souza" in third[0]
    assert "Zed Okafor" in third[0]
    assert [each.text_content().split(",")[0] for each in page.tree.xpath("//li//*[@class='wrote-tag']")] == [
        "Ana Souza", "Zed Okafor",
    ]  # fmt: skip
    assert page.tree.xpath("//section[@class='written'][2]//p[@class='credit']/span/a/@href") == ["/-/proposals/2"]


def test_of_many_endorsers_the_first_are_named_as_on_the_page_of_its_history(world: World) -> None:
    n = world.propose("ana", {"legal/contracts": "# Contracts\n\nAna wrote this first.\n"}, "Begin")
    world.endorse(n, "bob", "cyd", "dee", "zed")
    world.clock.wait(3)
    world.wiki.tick()
    assert world.in_force(n)
    pages = [world.visitor().open(f"/-/{room}/legal/contracts") for room in ("who", "history")]
    told = [{_words([each]) for each in page.tree.xpath("//*[@class='endorsed']")} for page in pages]
    assert told[0] == told[1] == {"endorsed by Bob Reyes, Cyd Laurent, Dee Okonkwo and 1 other"}


def test_passages_of_raw_html_and_tables_have_their_authors_and_rules_have_none(world: World) -> None:
    text = "# Expenses\n\nOne.\n\n***\n\n<div>\nTwo.\n</div>\n\n***\n\nThree: a.\n\n| a | b |\n|---|---|\n| c | d |\n"
    _land(world, "ana", text, "Begin")
    _land(world, "zed", text.replace("Two.", "Zed says this here."), "Zed's")
    page = world.visitor().open(f"/-/who/{PATH}")
    assert [each.text_content().split(",")[0] for each in page.tree.xpath("//*[@class='wrote-tag']")] == [
        "Ana Souza", "Zed Okafor", "Ana Souza",
    ]  # fmt: skip
    begun = [("Ana", "One."), ("Zed", "Zed says this here."), ("Ana", "Three: a.")]
    for (credit, words), (author, first) in zip(_credits(page), begun, strict=True):
        assert credit.split()[1] == author
        assert words.startswith(first)
    links = [each.get("href") for each in page.tree.xpath("//div[@class='passage']//a[@class='to']")]
    found = [_words(world.visitor().open(each).tree.xpath("//*[contains(@class, 'found')]")) for each in links]
    assert found == ["One.", "Zed says this here.", "Three: a.", "ab cd"]


def test_the_shares_are_told_as_a_picture_and_as_a_table(written: World) -> None:
    page = written.visitor().open(f"/-/who/{PATH}")
    rows = [" ".join(row.text_content().split()) for row in page.tree.xpath("//figure[@class='shares']//tbody/tr")]
    assert rows == ["Ana Souza6 words50%", "Zed Okafor5 words42%", "Concord1 word8%"]
    widths = [float(width) for width in page.tree.xpath("//figure[@class='shares']//rect/@width")]
    assert widths == [50.0, 41.67, 8.33]
    assert page.tree.xpath("//figure[@class='shares']//title")


def test_the_shares_are_of_the_words_of_the_page_and_not_of_its_front_matter(written: World) -> None:
    text = written.text(PATH)
    head = "---\ntitle: Expenses\nreview_by: 2027-05-31\n# look at it in May\n---\n\n"
    _land(written, "zed", head + (text or ""), "Ask again")
    page = written.visitor().open(f"/-/who/{PATH}")
    rows = [" ".join(row.text_content().split()) for row in page.tree.xpath("//figure[@class='shares']//tbody/tr")]
    assert rows == ["Ana Souza6 words50%", "Zed Okafor5 words42%", "Concord1 word8%"]


def test_a_passage_that_moves_stays_its_authors(written: World) -> None:
    blocks = written.text(PATH).split("\n\n")
    long = "Zed wrote this sentence, and it is long enough that nobody could take it for another one."
    _land(written, "zed", "\n\n".join([blocks[0], long, *blocks[1:]]), "Longer")
    blocks = written.text(PATH).rstrip("\n").split("\n\n")
    _land(written, "ana", "\n\n".join([blocks[0], *blocks[2:], blocks[1]]) + "\n", "Move it")
    last = _credits(written.visitor().open(f"/-/who/{PATH}"))[-1]
    assert last[1].startswith("Zed wrote this sentence")
    assert "Zed Okafor" in last[0]
    assert "Move it" not in last[0]


def test_words_of_a_suggestion_that_was_taken_are_by_whoever_took_them(world: World) -> None:
    n = world.propose("ana", {PATH: "# Expenses\n\nFirst words.\n"}, "Begin")
    world.wiki.guidelines.revise(n, world.person("ana"), {f"{PATH}.md": "# Expenses\n\nSecond words.\n"})
    world.endorse(n, "bob", "cyd")
    page = world.visitor().open(f"/-/who/{PATH}")
    assert "Ana Souza" in _credits(page)[0][0]
    assert page.tree.xpath("//p[@class='credit']/span/a/@href")[0] == f"/-/proposals/{n}"


def test_it_is_worked_out_once_for_a_revision(written: World, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = written.visitor("bob")
    before = visitor.open(f"/-/who/{PATH}").main
    asked: list[Sequence[str]] = []
    real = written.wiki.repository.contents
    monkeypatch.setattr(written.wiki.repository, "contents", lambda blobs: asked.append(blobs) or real(blobs))
    assert visitor.open(f"/-/who/{PATH}").main == before
    assert asked == []
    _land(written, "ana", "# Expenses\n\nAll new.\n", "Anew")
    visitor.open(f"/-/who/{PATH}")
    assert len([blobs for blobs in asked if len(blobs) > 1]) == 1, "the texts of the page, once"
    with reading(written.wiki.engine) as connection:
        assert connection.execute(select(func.count()).select_from(schema.blamed)).scalar() == 1


def test_commits_that_are_to_be_looked_through_are(written: World) -> None:
    repository, main = written.wiki.repository, written.wiki.repository.main()
    merge = repository.commit(main)
    act = merge.parents[1]
    tip = next(a.id for a in repository.chain(act) if a.kind.value == "propose")
    assert any(h.commit == tip for h in repository.blame(main, f"{PATH}.md"))
    from wiki.repository.blame import blame, ignored_in

    listed = ignored_in(f"# big\n{tip}  # set anew\nnonsense\n")
    assert listed == [tip]
    assert all(h.commit != tip for h in blame(repository.git, main, f"{PATH}.md", listed))


def test_git_says_the_same(written: World) -> None:
    main = written.wiki.repository.main()
    command = ["git", "--git-dir", written.wiki.settings.content_git, "blame", "-s", "-l", main, "--", f"{PATH}.md"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    hunks = written.wiki.repository.blame(main, f"{PATH}.md")
    told = [hunk.commit[:39] for hunk in hunks for _ in range(hunk.count)]
    assert told == [line.split()[0].lstrip("^")[:39] for line in said]
    assert hunks[0].first == 1


def test_a_page_that_was_renamed_is_found_and_others_are_not(written: World) -> None:
    _land_move(written)
    assert written.visitor().open(f"/-/who/{PATH}").address == "/-/who/money/costs"
    assert "Zed Okafor" in written.visitor().open("/-/who/money/costs").main
    assert written.visitor().open("/-/who/no/such/page").status == 404
    assert written.visitor().open("/-/who/travel").status == 404


@pytest.mark.parametrize("room", ["who", "growth"])
def test_a_removed_page_tells_its_own_story_wherever_its_readers_are_sent(written: World, room: str) -> None:
    n = written.propose("ana", {PATH: None, "travel/visa": f"---\nredirect_from: /{PATH}/\n---\n\n# Visas\n"}, "Leave")
    written.endorse(n, "bob", "cyd")
    assert written.in_force(n)
    assert written.visitor().open(f"/{PATH}").address == "/travel/visa"
    assert written.visitor().open(f"/-/{room}/{PATH}").address == f"/-/history/{PATH}"


def _land_move(world: World) -> None:
    n = world.propose("ana", {PATH: None, "money/costs": world.text(PATH)}, "Move")
    world.endorse(n, "bob", "cyd")
    assert world.in_force(n)


def test_every_act_has_an_address(written: World) -> None:
    visitor = written.visitor()
    for act in written.wiki.repository.chain(written.wiki.guidelines.tip(2)):
        page = visitor.open(f"/-/act/{act.id}")
        assert page.address.startswith("/-/proposals/2")
        assert page.tree.xpath(f"//*[@id='act-{act.id}']")
    assert visitor.open(f"/-/act/{written.wiki.repository.main()}").address == "/-/proposals/2"
    assert visitor.open(f"/-/act/{'0' * 40}").status == 404
    assert visitor.open("/-/act/HEAD").status == 404


def test_the_acts_are_the_same_after_a_rebuild(written: World) -> None:
    def rows() -> list[tuple[object, ...]]:
        with reading(written.wiki.engine) as connection:
            table, who = schema.act, schema.person
            query = select(table.c.id, table.c.n, table.c.place, table.c.kind, who.c.key, table.c.at)
            query = query.join(who, who.c.id == table.c.person_id).order_by(table.c.n, table.c.place)
            return [tuple(row) for row in connection.execute(query)]

    before = rows()
    assert [row[3] for row in before if row[1] == 2] == ["propose", "endorse", "endorse"]
    written.wiki.index.rebuild()
    assert rows() == before


def test_words_that_came_back_stay_those_of_whoever_wrote_them_first(written: World) -> None:
    before = _credits(written.visitor().open(f"/-/who/{PATH}"))
    text = written.text(PATH)
    _land(written, "bob", text.replace("Ana wrote this first.", "Bob knew better.").replace("zed's", "bob's"), "Bob's")
    _land(written, "dee", text, "Go back")
    assert _credits(written.visitor().open(f"/-/who/{PATH}")) == before
    _land(written, "dee", f"{text}\nDee adds this.\n", "Add")
    after = _credits(written.visitor().open(f"/-/who/{PATH}"))
    assert after[: len(before)] == before
    assert after[-1][0].startswith("D Dee Okonkwo")


def test_words_that_came_back_twice_and_under_another_name_stay_theirs(written: World) -> None:
    text = written.text(PATH)
    other = "# Expenses\n\nBob wrote everything anew.\n"
    for who, words in (("bob", other), ("dee", text), ("dee", other), ("cyd", text)):
        _land(written, who, words, f"By {who}")
    n = written.propose("ana", {PATH: None, "money/costs": text}, "Move")
    written.endorse(n, "bob", "cyd")
    page = written.visitor().open("/-/who/money/costs")
    said = {_words([each]) for each in page.tree.xpath("//p[@class='credit']//strong | //figure[@class='shares']//th")}
    assert {"Ana Souza", "Zed Okafor"} <= said
    assert not [name for name in ("Bob", "Cyd", "Dee") if name in " ".join(said)]
    growth = written.visitor().open("/-/growth/money/costs").tree
    heads = [" ".join(head.text_content().split()) for head in growth.xpath("//figure[@class='growth']//thead//th")]
    last = [cell.text_content() for cell in growth.xpath("//figure[@class='growth']//tbody/tr")[-1]]
    assert {"Ana Souza", "Zed Okafor", "Bob Reyes"} <= set(heads)
    assert not {"Cyd Laurent", "Dee Okonkwo"} & set(heads)
    assert last[heads.index("Bob Reyes")] == "0"
