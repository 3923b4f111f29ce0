"""How a page grew, beside the page that says who wrote it: a picture, a table, and what is kept of it."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from tests.world import World, begin, copy_of, open_world
from wiki.database import reading, writing
from wiki.index import schema
from wiki.index.growth import MOST_POINTS
from wiki.markdown import lines_above_body
from wiki.prose.growth import Point, words_in

PATH = "travel/expenses"
LONG = "Ana wrote this sentence, and it is long enough that nobody could take it for another one."


def _land(world: World, who: str, name: str, text: str | None) -> None:
    world.endorse(world.propose(who, {name: text}), *[each for each in ("bob", "cyd", "dee") if each != who][:2])
    world.clock.wait(10)


@pytest.fixture
def grown(world: World) -> World:
    """A page that three people wrote in four revisions; a passage of it moved."""
    _land(world, "ana", PATH, f"# Expenses\n\n{LONG}\n\nKeep it.\n")
    _land(world, "zed", PATH, f"# Expenses\n\n{LONG}\n\nKeep it.\n\nZed adds four words.\n")
    _land(world, "bob", PATH, f"# Expenses\n\nKeep it.\n\nZed adds four words.\n\n{LONG}\n")
    return world


def _points(world: World, name: str = PATH) -> Sequence[Point]:
    found = world.wiki.index.page(name)
    assert found is not None
    return world.wiki.index.growth.of(found[0])


def _told(world: World, name: str = PATH) -> list[dict[str, int]]:
    return [{who.name: count for who, count in point.words} for point in _points(world, name)]


def test_each_word_is_its_authors_at_each_revision(grown: World) -> None:
    first, second, third, fourth = _told(grown)
    assert first.keys() == {"Concord"}
    assert second == {"Ana Souza": 19, "Concord": 1}
    assert third == {"Ana Souza": 19, "Zed Okafor": 4, "Concord": 1}
    assert fourth == third


def test_the_picture_and_its_table_are_on_the_page(grown: World) -> None:
    before = grown.visitor().open(f"/-/who/{PATH}")
    assert "/-/growth/travel/expenses" in before.tree.xpath("//a/@href")
    page = grown.visitor().open(f"/-/growth/{PATH}")
    assert len(page.tree.xpath("//figure[@class='growth']//path")) == 3
    titles = page.tree.xpath("//figure[@class='growth']//path/title/text()")
    assert titles == ["Ana Souza", "Zed Okafor", "Concord"]
    legend = page.tree.xpath("//ul[@class='growth-keys']/li")
    assert [" ".join(each.text_content().split()) for each in legend] == titles
    rows = [[cell.text_content().strip() for cell in row] for row in page.tree.xpath("//figure[@class='growth']//tr")]
    assert rows[0] == ["Day", "All words", "Ana Souza", "Zed Okafor", "Concord"]
    assert [row[1:] for row in rows[2:]] == [["20", "19", "0", "1"], ["24", "19", "4", "1"], ["24", "19", "4", "1"]]


def test_one_revision_or_one_author_shows_no_picture(world: World) -> None:
    visitor = world.visitor()
    assert "grew" not in visitor.open("/-/who/welcome").main
    for text in ("# New\n\nOne.\n", "# New\n\nOne, two.\n"):
        world.propose("ana", {"notes/new": text})
    for name in ("welcome", "notes/new"):
        page = visitor.open(f"/-/growth/{name}")
        assert page.tree.xpath("//figure[@class='growth']") == []
        assert "All words of this page are from one author." in page.main


def test_a_page_that_is_called_otherwise_now_or_never_was_says_so(grown: World) -> None:
    text = grown.text(PATH)
    grown.endorse(grown.propose("dee", {PATH: None, "money/costs": text}), "bob", "cyd")
    visitor = grown.visitor()
    assert visitor.open(f"/-/growth/{PATH}").main == visitor.open("/-/growth/money/costs").main
    assert visitor.open("/-/growth/nowhere").status == 404


def _commit(folder: Path, who: str, at: int) -> None:
    name, _, email = who.partition("|")
    dates = {"GIT_AUTHOR_DATE": f"{at} +0000", "GIT_COMMITTER_DATE": f"{at} +0000"}
    people = ["-c", f"user.name={name}", "-c", f"user.email={email}"]
    subprocess.run(["git", "-C", folder, "add", "-A"], check=True)
    command = ["git", "-C", folder, *people, "commit", "-qm", "A change"]
    subprocess.run(command, check=True, env={"PATH": "/usr/bin:/bin", **dates})


def test_names_are_those_of_the_mailmap(tmp_path: Path) -> None:
    folder = tmp_path / "past"
    subprocess.run(["git", "init", "-qb", "main", folder], check=True)
    (folder / "tea.md").write_text("# Tea\n\nGreen tea is in the kitchen.\n")
    _commit(folder, "Ana Old-Name|ana.old@example.org", 1_700_000_000)
    (folder / "tea.md").write_text("# Tea\n\nGreen tea is in the kitchen.\n\nOn the left.\n")
    (folder / ".mailmap").write_text("Ana Souza <ana@example.com> <ana.old@example.org>\n")
    _commit(folder, "Clerk|clerk@example.com", 1_700_200_000)
    with open_world(begin(tmp_path / "data", folder)) as world:
        page = world.visitor().open("/-/growth/tea")
        assert page.tree.xpath("//figure[@class='growth']//path/title/text()") == ["Ana Souza", "Clerk"]
        assert "Old-Name" not in page.main


def test_what_is_kept_is_what_would_be_worked_out_anew(grown: World) -> None:
    _points(grown)
    _land(grown, "dee", PATH, "# Expenses\n\nDee keeps little.\n\n" + LONG + "\n")
    _land(grown, "ana", PATH, None)
    _land(grown, "dee", PATH, "# Expenses\n\nDee begins anew.\n\n" + LONG + "\n")
    added = _points(grown)
    assert _points(grown) == added
    with writing(grown.wiki.engine) as connection:
        connection.execute(delete(schema.growth))
    assert _points(grown) == added


def test_texts_are_read_only_when_there_is_a_new_one(grown: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _points(grown)
    asked: list[Sequence[str]] = []
    repository = grown.wiki.repository
    real = repository.contents
    monkeypatch.setattr(repository, "contents", lambda blobs: asked.append(blobs) or real(blobs))
    _points(grown)
    assert asked == []
    _land(grown, "dee", PATH, "# Expenses\n\nDee keeps nothing.\n")
    _points(grown)
    assert len([blobs for blobs in asked if len(blobs) > 1]) == 1, "the texts of the page, once"
    with reading(grown.wiki.engine) as connection:
        assert len(connection.execute(select(schema.growth)).all()) == 1


def test_the_words_of_the_front_matter_are_not_counted(grown: World) -> None:
    before = _told(grown)[-1]
    _land(grown, "zed", PATH, f"---\ntitle: Expenses\nreview_by: 2027-05-31\n---\n\n{grown.text(PATH)}")
    assert _told(grown)[-1] == before


def test_what_was_kept_when_other_words_were_counted_is_worked_out_anew(grown: World) -> None:
    told = _points(grown)
    with writing(grown.wiki.engine) as connection:
        kept = json.loads(connection.execute(select(schema.growth.c.told)).scalar_one())
        del kept["counted"]
        kept["points"] = []
        connection.execute(update(schema.growth).values(told=json.dumps(kept)))
    assert _points(grown) == told


def test_a_page_keeps_its_growth_when_it_is_renamed(grown: World) -> None:
    before = _told(grown)[-1]
    text = grown.text(PATH)
    grown.endorse(grown.propose("dee", {PATH: None, "money/costs": text}), "bob", "cyd")
    assert _told(grown, "money/costs")[-1] == before


def test_on_real_pages_the_last_point_is_who_wrote_them(handbook_founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(handbook_founded, tmp_path / "data")) as world:
        with reading(world.wiki.engine) as connection:
            table = schema.page
            query = select(table.c.name).where(table.c.in_force, table.c.is_page)
            names = list(connection.execute(query.order_by(table.c.revisions.desc()).limit(20)).scalars())
        assert len(names) == 20
        for name in names:
            found = world.wiki.index.page(name)
            assert found is not None
            points = _points(world, name)
            assert 0 < len(points) <= MOST_POINTS
            said = _by_word(world, name)
            told = Counter({who.key: count for who, count in points[-1].words})
            apart = (said - told).total() + (told - said).total()
            assert apart <= 0.02 * 2 * said.total(), name
            assert points[-1].total == said.total(), name


def _by_word(world: World, name: str) -> Counter[str]:
    found = world.wiki.index.page(name)
    assert found is not None
    text = world.wiki.repository.content(found[0].blob).decode("utf-8", "replace")
    above, lines = lines_above_body(text), text.split("\n")
    lines[:above] = [""] * above
    said: Counter[str] = Counter()
    for hunk in world.wiki.index.who_wrote(found[0]):
        theirs = words_in("\n".join(lines[hunk.first - 1 : hunk.first - 1 + hunk.count]))
        said[hunk.author.key] += min(hunk.words, theirs) or theirs
    return said
