"""The history of a page: renames followed, as git itself tells it."""

from __future__ import annotations

from tests.world import World


def _now(world: World, edits: dict[str, str | None], title: str = "T") -> None:
    n = world.propose("ana", edits, title)
    world.endorse(n, "bob", "cyd")
    if not world.in_force(n):
        world.endorse(n, "dee")
    assert world.in_force(n)


def _history(world: World, name: str) -> list[tuple[str, str]]:
    rows = world.wiki.index.history(name)
    assert rows is not None
    return [(row.status, row.name) for row in rows]


def test_a_renamed_page_keeps_its_history_and_its_old_address(world: World) -> None:
    text = world.text("welcome")
    _now(world, {"welcome": None, "hello": text})
    assert _history(world, "hello") == [("renamed", "hello"), ("added", "welcome")]
    assert _history(world, "welcome") == _history(world, "hello")
    assert world.wiki.index.forwarded("welcome") == "hello"


def test_a_page_that_comes_back_to_its_name_has_one_history(world: World) -> None:
    text = world.text("welcome")
    _now(world, {"welcome": None, "hello": text})
    _now(world, {"hello": None, "welcome": text})
    assert [name for _, name in _history(world, "welcome")] == ["welcome", "hello", "welcome"]
    assert world.wiki.index.forwarded("hello") == "welcome"
    assert world.wiki.index.forwarded("welcome") is None
    assert world.visitor().open("/hello").address == "/welcome"


def test_a_new_page_under_an_old_name_has_a_history_of_its_own(world: World) -> None:
    text = world.text("welcome")
    _now(world, {"welcome": None, "hello": text})
    _now(world, {"welcome": "# Another\n\nNothing alike here at all, truly.\n"})
    assert _history(world, "welcome") == [("added", "welcome")]
    assert len(_history(world, "hello")) == 2
    assert world.visitor().open("/welcome").address == "/welcome"
    assert "Another" in world.visitor().open("/welcome").main


def test_a_page_renamed_twice_is_found_under_all_its_names(world: World) -> None:
    text = world.text("welcome")
    _now(world, {"welcome": None, "hello": text})
    _now(world, {"hello": None, "goodday": text})
    for name in ("welcome", "hello"):
        assert world.visitor().open(f"/{name}").address == "/goodday"
        assert _history(world, name) == _history(world, "goodday")


def test_a_page_that_was_removed_and_added_again_shows_both(world: World) -> None:
    _now(world, {"working/hours": None})
    assert [status for status, _ in _history(world, "working/hours")] == ["removed", "added"]
    _now(world, {"working/hours": "# Hours\n\nAgain, but otherwise.\n"})
    assert world.visitor().open("/working/hours").status == 200
    assert _history(world, "working/hours")[0] == ("added", "working/hours")


def test_swapped_names_are_two_edits_to_git_and_to_us(world: World) -> None:
    one, two = world.text("travel/visa"), world.text("working/hours")
    _now(world, {"travel/visa": two, "working/hours": one})
    assert [status for status, _ in _history(world, "travel/visa")] == ["changed", "added"]
    assert world.text("travel/visa") == two


def test_a_rename_onto_a_name_freed_in_the_same_proposal(world: World) -> None:
    text = world.text("travel/expenses")
    _now(world, {"travel/expenses": None, "travel/visa": text})
    visitor = world.visitor()
    assert "every meal" in visitor.open("/travel/visa").main
    assert visitor.open("/travel/expenses").status in {200, 404}
    rows = world.wiki.index.history("travel/visa")
    assert rows is not None
    assert {row.name for row in rows} <= {"travel/visa", "travel/expenses"}


def test_revisions_can_be_opened_and_compared(world: World) -> None:
    _now(world, {"welcome": "# Welcome\n\nSecond text.\n"}, "Second")
    _now(world, {"welcome": None, "hello": "# Welcome\n\nSecond text.\n"}, "Third")
    rows = world.wiki.index.history("hello")
    assert rows is not None
    visitor = world.visitor()
    for row in rows:
        assert visitor.open(row.url).status == 200
    first, second = visitor.open(rows[2].url), visitor.open(rows[1].url)
    assert "This is how we work" in first.main
    assert "It no longer holds" in first.main
    assert "Second text." in second.main
    page = visitor.open(f"/-/compare/hello?a={rows[2].commit}&b={rows[0].commit}")
    assert page.tree.xpath("//main//ins")
    assert page.tree.xpath("//main//del")
    swapped = visitor.open(f"/-/compare/hello?b={rows[2].commit}&a={rows[0].commit}")
    assert swapped.address == page.address


def test_long_histories_turn_pages_there_and_back(world: World) -> None:
    for at in range(60):
        world.propose("ana", {"notes/kitchen": f"# Kitchen\n\nRule {at}.\n"}, f"Rule {at}")
    visitor = world.visitor()
    titles: list[str] = []
    page = visitor.open("/-/history/notes/kitchen")
    while True:
        titles += [a.text for a in page.tree.xpath("//main//ol[@class='rows']//p[@class='row-title']/a")]
        older = page.tree.xpath("//main//a[@rel='next']/@href")
        if not older:
            break
        page = visitor.open(older[0])
    assert titles[:60] == [f"Rule {at}" for at in reversed(range(60))]
    assert len(titles) == 61
    page = visitor.open(page.tree.xpath("//main//a[@rel='prev']/@href")[0])
    assert "Rule 59" in page.main
    assert not page.tree.xpath("//main//a[@rel='prev']/@href")
    assert "Rule 59" in visitor.open("/-/changes").main
    older = visitor.page.tree.xpath("//main//a[@rel='next']/@href")
    assert "Rule 2" in visitor.open(older[0]).main


def test_a_page_that_is_moved_wrapped_anew_and_changed_is_the_same_page(world: World) -> None:
    """Of its lines none is as it was; git takes it for another page."""
    old = "# Trains\n\n" + "\n".join(f"Rule {nth} of our trains says a thing or two." for nth in range(20)) + "\n"
    _now(world, {"travel/trains": old})
    words = old.replace("Rule 7", "The seventh rule").split()[2:]
    new = "# Trains\n\n" + "\n".join(" ".join(words[at : at + 4]) for at in range(0, len(words), 4)) + "\n"
    _now(world, {"travel/trains": None, "rail/trains": new})
    expected = [("renamed", "rail/trains"), ("added", "travel/trains")]
    assert _history(world, "rail/trains") == expected
    assert world.visitor().open("/travel/trains").address == "/rail/trains"
    world.wiki.index.rebuild()
    assert _history(world, "rail/trains") == expected
    assert world.wiki.index.forwarded("travel/trains") == "rail/trains"


def test_a_page_that_goes_while_another_comes_is_another(world: World) -> None:
    _now(world, {"welcome": None, "goodbye": "# Goodbye\n\nThis is how we leave. Say it once, then go.\n"})
    assert _history(world, "goodbye") == [("added", "goodbye")]
    assert _history(world, "welcome")[0] == ("removed", "welcome")


def test_of_two_pages_that_move_at_once_each_keeps_its_own_history(world: World) -> None:
    def wrapped(name: str, width: int) -> str:
        words = (world.text(name) or "").split()
        return "\n".join(" ".join(words[at : at + width]) for at in range(0, len(words), width)) + "\n"

    names = {"travel/visa": "borders/visa", "travel/expenses": "money/costs"}
    _now(world, dict.fromkeys(names) | {new: wrapped(old, 3) for old, new in names.items()})
    for old, new in names.items():
        assert _history(world, new) == [("renamed", new), ("added", old)]


def test_the_revision_that_moved_a_page_answers_under_its_old_name_too(world: World) -> None:
    """An address with the name of before must not show the text of before."""
    _now(world, {"welcome": None, "hello": world.text("welcome")})
    moved = world.wiki.repository.main()
    _now(world, {"working/hours": "# Hours\n\nWork when you work well.\n"})
    for commit in (moved, world.wiki.repository.main()):
        found = world.wiki.index.revision(commit, "welcome")
        assert found is not None
        assert (found.commit, found.name, found.status) == (moved, "hello", "renamed")
