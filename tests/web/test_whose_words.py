"""Whose words a page is made of: they stay those of whoever wrote them, whatever becomes of the lines."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.pasts import FIRST, Past
from tests.world import World, begin, open_world
from wiki.accounts.former import EMAIL, note
from wiki.accounts.schema import account
from wiki.database import writing
from wiki.index import schema

Begun = Callable[[Past], World]
ANA, BOB, CYD = "Ana <ana@x.org>", "Bob <bob@x.org>", "Cyd <cyd@x.org>"
TEXT = "\n\n".join(
    [
        "# Tea",
        *(
            " ".join(f"{about} word{n} of the {kind} sentence stands here." for n in range(12))
            for about, kind in (("Green", "first"), ("Black", "second"), ("White", "third"))
        ),
    ]
)
BOBS = "Bob says what nobody had said of tea until then, and uses twenty words or so for what he says."


@pytest.fixture
def past(tmp_path: Path) -> Past:
    return Past(tmp_path / "past.git")


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Begun]:
    """Begins a wiki with a past."""
    with ExitStack() as stack:
        yield lambda past: stack.enter_context(open_world(begin(tmp_path / "data", past.done())))


def wrapped(text: str, width: int = 60) -> str:
    """The same words on other lines."""
    return "\n\n".join(textwrap.fill(block, width) for block in text.split("\n\n"))


def shares(world: World, name: str = "tea", room: str = "who") -> dict[str, int]:
    """The words of each author, as the page tells them."""
    rows = world.visitor().open(f"/-/{room}/{name}").tree.xpath("//figure[@class='shares']//tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    return {who: int(words.split()[0]) for who, words, _percent in cells}


def last(world: World, name: str = "tea") -> dict[str, int]:
    """The words of each author in the last row of how the page grew."""
    tree = world.visitor().open(f"/-/growth/{name}").tree
    heads = [" ".join(head.text_content().split()) for head in tree.xpath("//figure[@class='growth']//thead//th")]
    row = [cell.text_content().strip() for cell in tree.xpath("//figure[@class='growth']//tbody/tr")[-1]]
    return {head: int(cell) for head, cell in zip(heads[2:], row[2:], strict=True) if cell != "0"}


def test_who_only_breaks_lines_anew_is_credited_with_nothing(begun: Begun, past: Past) -> None:
    past.commit({"tea.md": TEXT}, who=ANA)
    past.commit({"tea.md": f"{TEXT}\n\n{BOBS}\n"}, who=BOB)
    past.commit({"tea.md": wrapped(f"{TEXT}\n\n{BOBS}") + "\n"}, who=CYD)
    world = begun(past)
    told = {"Ana": 289, "Bob": 20}
    assert shares(world) == told
    assert last(world) == told
    assert "Cyd" not in world.visitor().open("/-/who/tea").main


def test_who_joins_lines_is_credited_with_nothing(begun: Begun, past: Past) -> None:
    text = wrapped(TEXT)
    lines = text.split("\n")
    lines[5:5] = textwrap.wrap(BOBS, 60)
    past.commit({"tea.md": text}, who=ANA)
    past.commit({"tea.md": "\n".join(lines)}, who=BOB)
    past.commit({"tea.md": "\n\n".join(" ".join(block.split()) for block in "\n".join(lines).split("\n\n"))}, who=CYD)
    world = begun(past)
    assert shares(world) == last(world) == {"Ana": 289, "Bob": 20}


def test_the_words_that_are_new_among_lines_that_are_broken_anew_are_theirs(begun: Begun, past: Past) -> None:
    past.commit({"tea.md": TEXT}, who=ANA)
    text = TEXT.replace("word5 of the second", "word5, say four quite new words, of the second")
    past.commit({"tea.md": wrapped(text)}, who=BOB)
    world = begun(past)
    assert shares(world) == last(world) == {"Ana": 289, "Bob": 5}
    stretches = world.visitor().open("/-/who/tea").tree.xpath("//section[@class='written']")
    assert len(stretches) == 3, "Ana's, theirs together, and Ana's"


def test_lines_broken_anew_under_another_name_stay_whose_they_were(begun: Begun, past: Past) -> None:
    past.commit({"drinks/tea.md": TEXT}, who=ANA)
    past.commit({"drinks/tea.md": f"{TEXT}\n\n{BOBS}\n"}, who=BOB)
    past.commit({'a "hot" one.md': f"{BOBS}\n\n{TEXT}"}, who=BOB)
    past.commit({"tea.md": f"{BOBS}\n\n" + "\n\n".join(map(wrapped, TEXT.split("\n\n")[:-1])) + "\n\n"
                 + TEXT.split("\n\n")[-1]}, who=CYD)  # fmt: skip
    world = begun(past)
    assert shares(world) == {"Ana": 289, "Bob": 20}


def test_lines_broken_anew_again_and_again_stay_whose_they_were(begun: Begun, past: Past) -> None:
    past.commit({"tea.md": wrapped(TEXT, 40)}, who=ANA)
    past.commit({"tea.md": wrapped(f"{TEXT}\n\n{BOBS}", 41)}, who=BOB)
    for width in range(42, 56):
        past.commit({"tea.md": wrapped(f"{TEXT}\n\n{BOBS}", width)}, who=CYD)
    world = begun(past)
    assert shares(world) == last(world) == {"Ana": 289, "Bob": 20}


def test_a_page_that_was_removed_and_comes_back_changed_stays_whose_it_was(begun: Begun, past: Past) -> None:
    past.commit({"tea.md": TEXT, "a.md": "# A\n"}, who=ANA)
    past.commit({"a.md": "# A\n"}, who=BOB)
    past.commit({"a.md": "# A\n", "tea.md": f"{TEXT}\n\n{BOBS}\n"}, who=BOB)
    assert shares(world := begun(past)) == last(world) == {"Ana": 289, "Bob": 20}


def test_who_writes_all_words_anew_is_their_author(begun: Begun, past: Past) -> None:
    past.commit({"tea.md": TEXT, "a.md": "# A\n"}, who=ANA)
    past.commit({"tea.md": f"# Tea\n\n{BOBS}\n\n{BOBS.replace('tea', 'coffee')}\n", "a.md": "# A\n"}, who=BOB)
    past.commit({"tea.md": f"# Tea\n\n{BOBS}\n\n{BOBS.replace('tea', 'coffee')}\n", "c.md": TEXT[:900]}, who=CYD)
    world = begun(past)
    assert shares(world) == {"Bob": 40, "Ana": 1}
    assert shares(world, "c") == {}, "nothing of it was there before, in this page or in one that was removed"


def test_who_wrote_a_page_is_worked_out_anew_where_it_was_told_line_by_line(begun: Begun, past: Past) -> None:
    past.commit({"tea.md": TEXT}, who=ANA)
    past.commit({"tea.md": wrapped(f"{TEXT}\n\n{BOBS}")}, who=BOB)
    world = begun(past)
    now = shares(world)
    with writing(world.wiki.engine) as connection:
        rows = json.dumps([[1, 40, past.ids[2], "Bob", "bob@x.org", FIRST]])
        connection.execute(update(schema.blamed).values(hunks=rows))
    assert shares(world) == now


ZOE, ZOE_NEW = "Zoe <zoe@old.org>", "Zoe New <zoe@new.org>"
MAILMAP = "Zoe New <zoe@new.org> <zoe@old.org>\n"


def two_addresses(world: World) -> None:
    page = world.visitor().open("/-/who/tea")
    rows = page.tree.xpath("//figure[@class='shares']//tbody/tr/th")
    assert [" ".join(row.text_content().split()) for row in rows] == ["Zoe New", "Ana"]
    assert list(shares(world, room="growth").items()) == list(shares(world).items())


def test_somebody_who_wrote_under_two_addresses_has_one_share(begun: Begun, past: Past) -> None:
    past.commit({"tea.md": "# Tea\n"}, who=ANA)
    past.commit({"tea.md": f"# Tea\n\n{TEXT[9:]}\n"}, who=ZOE)
    past.commit({"tea.md": f"# Tea\n\n{TEXT[9:]}\n\n{BOBS}\n", ".mailmap": MAILMAP}, who=ZOE_NEW)
    world = begun(past)
    two_addresses(world)
    assert "Written by Zoe New and Ana." in world.visitor().open("/tea").main


def test_who_has_another_address_by_now_has_one_share(world: World) -> None:
    ana = world.people["ana"]
    for who, text in (("ana", f"# Hours\n\n{BOBS}\n"), ("bob", f"# Hours\n\n{BOBS}\n\nBob says so too.\n")):
        world.endorse(
            world.propose(who, {"working/hours": text}), *[one for one in ("bob", "cyd", "dee") if one != who][:2]
        )
    with writing(world.wiki.engine) as connection:
        connection.execute(
            update(account).where(account.c.id == ana.id).values(email="a@new.org", email_key="a@new.org")
        )
        note(connection, ana.id, EMAIL, ("ana@example.com", "ana@example.com"), "a@new.org", 1_780_000_000)
    world.people["ana"] = world.wiki.accounts.get(ana.id)
    text = f"# Hours\n\n{BOBS}\n\nBob says so too.\n\nAna adds these five.\n"
    world.endorse(world.propose("ana", {"working/hours": text}), "bob", "cyd")
    world.wiki.index.catch_up()
    rows = world.visitor().open("/-/who/working/hours").tree.xpath("//figure[@class='shares']//tbody/tr/th")
    assert [" ".join(row.text_content().split()) for row in rows] == ["Ana Souza", "Bob Reyes", "Concord"]
