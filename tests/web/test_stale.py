"""What happens when something changed while somebody was looking or writing: nothing typed is lost."""

from __future__ import annotations

from tests.world import World

EDIT = "/-/edit/travel/expenses"


def _in_force(world: World, old: str, new: str) -> None:
    text = world.text("travel/expenses")
    assert text is not None
    n = world.propose("dee", {"travel/expenses": text.replace(old, new)}, f"From {old} to {new}")
    world.endorse(n, "cyd", "zed")


def test_a_vote_on_a_text_that_has_changed_is_refused_with_the_way_to_the_new_one(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    bob = world.visitor("bob")
    bob.open("/-/proposals/1")
    zed = world.visitor("zed")
    zed.open("/-/proposals/1")
    world.wiki.guidelines.revise(n, world.person("ana"), {"welcome.md": "# Welcome\n\nHello, you.\n"})
    page = bob.submit("/endorse")
    assert page.status == 409
    assert "has changed since you opened it" in page.main
    assert bob.open(page.tree.xpath("//main//a/@href")[0]).address == "/-/proposals/1"
    assert "Hello, you." in bob.page.main
    assert "0 of 2" in bob.page.main
    objected = zed.submit("/object", reason="I do not like hello.")
    assert objected.status == 409
    assert objected.typed("typed") == "I do not like hello."


def test_a_stale_vote_shows_what_changed_since(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    bob = world.visitor("bob")
    bob.open("/-/proposals/1")
    world.wiki.guidelines.revise(n, world.person("ana"), {"welcome.md": "# Welcome\n\nHello, stranger.\n"})
    page = bob.submit("/endorse")
    assert page.status == 409
    assert page.tree.xpath("//main//ins[contains(., 'stranger')]")


def test_both_texts_are_put_together_where_they_fit(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(EDIT)
    mine = ana.page.typed().replace("every meal", "each meal")
    _in_force(world, "where you sleep well", "where you like")
    page = ana.submit(EDIT, "propose", text=mine, title="Each", why="Shorter")
    assert page.status == 409
    assert "fit together" in page.main
    assert "each meal" in page.typed()
    assert "where you like" in page.typed()
    assert page.tree.xpath("//section[contains(@class, 'moved')]//ins")
    assert page.typed("why").strip() == "Shorter"
    done = ana.submit(EDIT, "propose")
    assert done.address == "/-/proposals/2"
    assert "each meal" in done.main


def test_a_conflict_is_shown_and_the_text_stays_as_typed(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(EDIT)
    mine = ana.page.typed().replace("every meal", "each meal")
    _in_force(world, "every meal", "no meal")
    page = ana.submit(EDIT, "propose", text=mine, title="Each")
    assert page.status == 409
    assert "Your text is kept below" in page.main
    assert page.typed() == mine
    assert page.tree.xpath("//section[contains(@class, 'moved')]//ins[contains(., 'no')]")
    versions = page.tree.xpath("//section[contains(@class, 'moved')]//div[starts-with(@class, 'version ')]")
    assert [version.xpath("string(.//ins)") for version in versions] == ["each", "no"]
    assert ana.submit(EDIT, "propose").address == "/-/proposals/2"


def test_different_sentences_of_one_line_are_put_together(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/-/edit/welcome")
    mine = ana.page.typed().replace("how we work", "how all of us work")
    text = world.text("welcome") or ""
    n = world.propose("dee", {"welcome": text.replace("then change it", "then mend it")})
    world.endorse(n, "cyd", "zed")
    page = ana.submit("/-/edit/welcome", "propose", text=mine, title="All of us")
    assert page.status == 409
    assert "fit together" in page.main
    assert page.typed() == mine.replace("then change it", "then mend it")


def test_a_page_removed_while_it_was_edited_gives_the_text_back(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(EDIT)
    mine = ana.page.typed() + "\nMore.\n"
    n = world.propose("dee", {"travel/expenses": None})
    world.endorse(n, "cyd", "zed")
    page = ana.submit(EDIT, "propose", text=mine, title="More")
    assert page.status == 404
    assert page.typed("typed") == mine
    assert page.tree.xpath("//main//a[contains(@href, '/-/new')]")


def test_a_name_that_was_taken_while_a_page_was_written(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/-/new?name=notes/plants")
    n = world.propose("dee", {"notes/plants": "# Plants\n\nTheirs.\n"})
    assert world.in_force(n)
    page = ana.submit("/-/new", "propose", text="# Plants\n\nMine.\n", title="Plants")
    assert page.status == 409
    assert "Mine." in page.typed()
    assert page.main.count("has changed while you were writing") <= 2
    before = world.everything()
    ana.submit("/-/new", "propose")
    assert ana.page.status == 409
    assert world.everything() == before


def test_a_revision_of_a_text_that_a_co_author_revised_meanwhile(world: World) -> None:
    world.propose("ana", {"welcome": "# Welcome\n\nHello.\n\n## Who\n\nAll of us.\n\n## What\n\nEverything.\n"})
    here, there = world.visitor("ana"), world.visitor("ana")
    edit = "/-/edit/welcome"
    here.open(f"{edit}?proposal=1")
    mine = here.page.typed().replace("Hello", "Good day")
    there.open(f"{edit}?proposal=1")
    there.submit(edit, "propose", text=there.page.typed().replace("Everything", "Nearly everything"))
    page = here.submit(edit, "propose", text=mine)
    assert page.status == 409
    assert "Good day" in page.typed()
    assert page.tree.xpath("//main//ins[contains(., 'Nearly')]"), "the writer sees what changed"
    done = here.submit(edit, "propose")
    assert done.address == "/-/proposals/1"


def test_a_passage_that_a_co_author_changed_otherwise_is_shown_beside_ones_own(world: World) -> None:
    world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    here = world.visitor("ana")
    here.open("/-/edit/welcome?proposal=1")
    world.wiki.guidelines.revise(1, world.person("ana"), {"welcome.md": "# Welcome\n\nHello, stranger.\n"})
    page = here.submit("/-/edit/welcome", "propose", text="# Welcome\n\nHello, friend.\n")
    assert page.status == 409
    assert "What is on the table now" in page.main
    versions = page.tree.xpath("//section[contains(@class, 'moved')]//div[starts-with(@class, 'version ')]")
    assert [version.xpath("string(.//ins)") for version in versions] == [", friend", ", stranger"]
    assert page.typed() == "# Welcome\n\nHello, friend.\n"


def test_a_session_that_ran_out_gives_the_text_back_and_the_way_in(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(EDIT)
    typed = "# Expenses\n\nAn hour of work.\n"
    ana.client.delete_cookie("concord")
    before = world.everything()
    page = ana.submit(EDIT, "propose", text=typed, title="An hour", why="of my life")
    assert page.status == 401
    assert page.typed("typed") == typed
    assert world.everything() == before
    ana.open(page.tree.xpath("//main//a[contains(@href, '/-/sign-in')]/@href")[0])
    assert ana.submit("/-/sign-in", email="ana@example.com", password="a calm blue morning").address == EDIT


def test_a_deactivated_colleague_is_out_at_once(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(EDIT)
    world.wiki.accounts.deactivate(world.people["ana"])
    page = ana.submit(EDIT, "propose", text="# x\n", title="x")
    assert page.status == 401
    assert page.typed("typed") == "# x\n"
    assert ana.open(EDIT).address.startswith("/-/sign-in")


def test_a_password_change_ends_sessions_elsewhere(world: World) -> None:
    ana = world.visitor("ana")
    world.wiki.accounts.set_password(world.people["ana"], "another calm morning")
    assert ana.open(EDIT).address.startswith("/-/sign-in")
