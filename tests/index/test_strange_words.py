"""Names, messages, people and dates of an imported past that are in any encoding, empty, or made up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.index.test_strange_histories import A, B, C, told, writers
from tests.pasts import FIRST, Past, git, raw_commit
from tests.world import POLICY, World
from wiki.index import RevisionRow
from wiki.model.acts import Person
from wiki.model.errors import Refused
from wiki.repository.founding import found
from wiki.repository.objects import decode, encode

Begun = Callable[[Path], World]


@pytest.fixture
def past(tmp_path: Path) -> Past:
    return Past(tmp_path / "past.git")


def rows(world: World, name: str) -> list[RevisionRow]:
    """The history of a page, oldest first."""
    return (world.wiki.index.history(name) or [])[::-1]


# Encodings


def test_names_that_are_not_utf_8_stay_apart_and_can_be_read(begun: Begun, past: Past) -> None:
    past.commit({b"caf\xe9.md": A, b"caf\xe8.md": B, "café.md": C})
    past.commit({b"caf\xe9.md": A + "More.\n", b"d\xff/caf\xe8.md": B, "café.md": C})
    world = begun(past.done())
    assert told(world, r"caf\xe9") == [r"added caf\xe9", r"changed caf\xe9"]
    assert told(world, r"d\xff/caf\xe8") == [r"added caf\xe8", r"renamed d\xff/caf\xe8 from caf\xe8"]
    assert told(world, "café") == ["added café"]
    found_page = world.wiki.index.page(r"caf\xe9")
    assert found_page is not None
    assert [hunk.commit for hunk in world.wiki.index.who_wrote(found_page[0])] == [past.ids[1], past.ids[2]]


@pytest.mark.parametrize(
    "path", [b"caf\xe9", b"\\xe9", b"\\\xe9", b"\\x5cxe9", b"\\x\xe9", "größe".encode(), b"\\", b"\xc3(\\x"]
)
def test_no_two_paths_are_the_same_text(path: bytes) -> None:
    assert encode(decode(path)) == path


def test_messages_and_names_in_latin_1_with_and_without_saying_so(begun: Begun, past: Past) -> None:
    past.commit({"a.md": A}, b"Caf\xe9", who=b"Jos\xe9 <jose@x.org>", encoding="ISO-8859-1")
    past.commit({"a.md": A + "1\n"}, b"Caf\xe9", who=b"Jos\xe9 <jose@x.org>")
    past.commit({"a.md": A + "2\n"}, b"Caf\xe9", who=b"Jos\xe9 <jose@x.org>", encoding="klingon")
    world = begun(past.done())
    assert [(row.title, row.when) for row in rows(world, "a")] == [
        ("Café", FIRST + 86400), ("Caf\ufffd", FIRST + 2 * 86400), ("Caf\ufffd", FIRST + 3 * 86400)]  # fmt: skip
    assert len(writers(world, "a")) == 1


# Messages


def test_an_empty_or_odd_message_has_a_title_on_one_line(begun: Begun, past: Past) -> None:
    for n, message in enumerate(["", "\n\n", "\x01:100644\x02", "x" * 5_000, "one\rtwo", "\u202eflow", "Fix (#7)"]):
        past.commit({"a.md": A + f"{n}\n"}, message)
    titles = [row.title for row in rows(begun(past.done()), "a")]
    assert titles == ["…", "…", ":100644", "x" * 300, "one two", "flow", "Fix"]


def test_the_imported_past_cannot_speak_as_the_wiki(begun: Begun, past: Past) -> None:
    words = "Proposal: 1\nChange: 1\nWritten-by: Eve <eve@x.org>\nEndorsed-by: Bob Reyes <bob@example.com>\n"
    past.commit({"welcome.md": A}, "First\n\n" + words)
    side = past.commit({"welcome.md": A + "Side.\n"}, "Act\n\nAct: propose\n", parents=[1], who="Cyd <cyd@x.org>")
    past.commit({"welcome.md": A + "Side.\n"}, "Merge (#1)\n\n" + words, parents=[1, side])
    world = begun(past.done())
    assert [(row.proposal, row.endorsements) for row in rows(world, "welcome")] == [(None, 0), (None, 0)]
    assert writers(world, "welcome") == ["Ana Souza", "Cyd"]
    n = world.propose("ana", {"welcome": A + "Ours.\n"})
    assert not world.in_force(n)
    assert world.wiki.index.landing(n) is None
    world.endorse(n, "bob", "cyd")
    assert rows(world, "welcome")[-1].proposal == n
    world.wiki.index.rebuild()
    assert [row.proposal for row in rows(world, "welcome")] == [None, None, n]


# People


def test_people_without_a_name_or_an_address(begun: Begun, past: Past) -> None:
    for n, who in enumerate([" <nameless@x.org>", "Bo <>", "Cy <>", " <>", "\x01\u202eEd\x02 <ed@x.org>"]):
        past.commit({"a.md": A + f"{n}\n"}, who=who)
    world = begun(past.done())
    names = [row.author.name for row in rows(world, "a")]
    assert names == ["nameless", "Bo", "Cy", "?", "Ed"]
    assert writers(world, "a") == sorted(names)
    visitor = world.visitor()
    for row in rows(world, "a"):
        assert visitor.open(f"/-/people/{row.author.handle}").heading == row.author.name


def test_a_mailmap_in_an_odd_encoding(begun: Begun, past: Past) -> None:
    mailmap = (
        b"Jos\xe9 <old@x.org>\n\xff\xfe\n<new@x.org> <older@x.org>\nBroken <\n# \xe9\nZo\xc3\xab <zoe@x.org>\n\0 <"
    )
    for n, who in enumerate(["J <old@x.org>", "N <older@x.org>", "Z <zoe@x.org>", " <>", b"\xff <\xff@x>"]):
        past.commit({"a.md": A + f"{n}\n", ".mailmap": mailmap}, who=who)
    world = begun(past.done())
    assert [row.author.name for row in rows(world, "a")] == ["Jos\ufffd", "N", "Zoë", "?", "\ufffd"]


# Dates


def test_dates_that_run_backwards_or_beyond_every_calendar(begun: Begun, past: Past) -> None:
    for n, when in enumerate([0, 1_600_000_000, 5, 253_402_300_800, 2**62, 1_500_000_000]):
        past.commit({"a.md": A + f"{n}\n"}, when=when, zone="+1445" if n % 2 else "-1200")
    world = begun(past.done())
    last = 253_402_300_799
    assert [row.when for row in rows(world, "a")] == [0, 1_600_000_000, 5, last, last, 1_500_000_000]
    visitor = world.visitor()
    for address in ("/a", "/-/history/a", "/-/who/a", "/-/changes", "/-/feeds/changes", "/-/feeds/page/a",
                    f"/-/people/{Person('', 'ana@example.com').handle}"):  # fmt: skip
        assert visitor.open(address).status == 200, address
    on_that_day = world.wiki.index.revision_on("a", 86_400)
    assert on_that_day is not None
    assert on_that_day.commit == past.ids[3]


# What git itself takes and does not take


def test_signatures_and_headers_of_other_tools_are_kept(begun: Begun, past: Past) -> None:
    past.commit({"a.md": A})
    past.commit({"a.md": B})
    place = past.done()
    tree = git(place, "rev-parse", "main^{tree}").decode().strip()
    signed = raw_commit(
        place,
        f"tree {tree}\nparent {past.ids[1]}\nauthor Ana <a@x.org> 7 +0000\ncommitter Ana <a@x.org> 7 +0000\n"
        "gpgsig -----BEGIN PGP SIGNATURE-----\n \n none\n -----END PGP SIGNATURE-----\n"
        "HG:extra branch:x\nfoo bar\n baz\n\nSigned\n".encode(),
    )
    world = begun(place)
    assert [(row.commit, row.title) for row in rows(world, "a")] == [(past.ids[1], "Something"), (signed, "Signed")]


@pytest.mark.parametrize(
    ("author", "message"),
    [("Ana <a@x.org> -5 +0000", "m"), ("Ana <a@x.org> 99999999999999999999 +0000", "m"), ("Ana<a@x.org> 5 +0000", "m"),
     ("Ana <a@x.org> 5 +51800", "m"), ("<a@x.org> 5 +0000", "m"), ("Ana <a@x.org> 5 +0000", "m\0n")],
)  # fmt: skip
def test_what_git_calls_damaged_is_refused_in_its_words(past: Past, tmp_path: Path, author: str, message: str) -> None:
    past.commit({"a.md": A})
    place = past.done()
    tree = git(place, "rev-parse", "main^{tree}").decode().strip()
    raw_commit(place, f"tree {tree}\nauthor {author}\ncommitter Ana <a@x.org> 5 +0000\n\n{message}\n".encode())
    with pytest.raises(Refused, match="cannot be read: "):
        found(tmp_path / "content.git", place, POLICY, Person("Concord", "concord@localhost"), FIRST)
    assert not (tmp_path / "content.git").exists()


def test_an_empty_repository_is_refused(past: Past, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There is nothing at"):
        found(tmp_path / "content.git", past.done(), POLICY, Person("Concord", "concord@localhost"), FIRST)


def test_a_merge_of_the_past_is_called_by_what_was_merged(begun: Begun, past: Past) -> None:
    said = {
        b"Merge pull request #7 from x/y\n\nSay it better\n\nAt length.": "Say it better",
        b"Merge branch 'master' into x": "Merge branch 'master' into x",
        b"Merge branch 'a'\n\n# Conflicts:\n#\ta.md": "Merge branch 'a'",
        b"Merge branch 'b'\n\nSigned-off-by: X <x@example.org>": "Merge branch 'b'",
    }
    for at, message in enumerate(said):
        past.commit({"a.md": A + f"{at}\n"}, message)
    assert [row.title for row in rows(begun(past.done()), "a")] == list(said.values())
