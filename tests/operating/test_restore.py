"""A wiki made of an archive, and archives that are none."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import subprocess
import tarfile
from collections import namedtuple
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from tests.conftest import CHECKOUT
from tests.operating.conftest import Forge, packed, plain, refused, unpacked
from tests.world import begin, check_from_outside, open_world, settings_for, write_pages
from wiki.archive import back_up, restore
from wiki.database import open_database, writing
from wiki.settings import Settings


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Where a wiki is to be, in a folder with nothing else."""
    (tmp_path / "there").mkdir()
    return tmp_path / "there" / "data"


def test_everybody_can_sign_in_again_and_everything_is_there(archive: Path, new: Path, founded: Path) -> None:
    found = restore(archive, {}, new)

    assert (found.changes, found.accounts) == (1, 5)
    assert new.stat().st_mode & 0o777 == 0o700
    assert (new / "secret-key").read_text("ascii") == "k" * 64
    assert [file.name for file in new.parent.iterdir()] == ["data"]
    with open_world(new) as world:
        visitor = world.visitor("ana")
        assert "Come in." in visitor.open("/welcome").main
        assert "Why very?" in visitor.open("/-/proposals/2").main
        world.endorse(2, "ana", "cyd")
        assert world.in_force(2)
        assert world.propose("dee", {"welcome": "# W\n"}) == 3, "numbers go on"


def test_its_configuration_is_our_own(archive: Path, new: Path, founded: Path) -> None:
    restore(archive, {}, new)

    def configured(place: Path) -> set[str]:
        command = ["git", "config", "--file", place / "content.git" / "config", "--list"]
        return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines())

    assert configured(new) == configured(founded)
    assert not list((new / "content.git").rglob("logs"))
    assert not (new / "content.git" / "hooks").exists()


def test_an_act_between_the_copy_of_sql_and_that_of_git_is_found_by_the_index(
    data: Path, settings: Settings, tmp_path: Path, new: Path
) -> None:
    asked = []

    def somebody_acts_when_git_is_next() -> float:
        asked.append(1)
        if len(asked) == 2:
            with open_world(data) as world:
                world.propose("dee", {"working/hours": "# Hours\n\nWork.\n"}, "Late")
        return 0

    back_up(settings, tmp_path / "a.backup", "0", clock=somebody_acts_when_git_is_next)
    restore(tmp_path / "a.backup", {}, new)
    with open_world(new) as world:
        assert "Late" in world.visitor().open("/-/proposals/3").main


def test_an_empty_folder_may_be_there(archive: Path, new: Path) -> None:
    new.mkdir()
    restore(archive, {}, new)
    assert (new / "content.git").is_dir()


@pytest.mark.parametrize("there", ["file", "wiki.toml"])
def test_a_folder_with_anything_in_it_is_refused(archive: Path, new: Path, there: str) -> None:
    if there == "file":
        new.write_text("mine", encoding="utf-8")
    else:
        new.mkdir()
        (new / there).write_text("# mine\n", encoding="utf-8")
    with refused(new.parent, "already"):
        restore(archive, {}, new)


def test_an_archive_of_newer_tables_is_refused(forge: Forge, new: Path) -> None:
    with refused(new.parent, "newer version"):
        restore(forge(schema="9999"), {}, new)


def test_an_archive_of_a_newer_form_is_refused(forge: Forge, new: Path) -> None:
    with refused(new.parent, "newer version"):
        restore(forge(format=2), {}, new)


def _tables_of(version: str, file: Path) -> bytes:
    """A database as an earlier version of the program left it, without anybody in it."""
    config = Config()
    config.set_main_option("script_location", str(CHECKOUT / "wiki" / "migrations"))
    engine = open_database(f"sqlite:///{file}")
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    engine.dispose()
    return file.read_bytes()


def test_older_tables_are_brought_to_the_version_of_today(forge: Forge, new: Path, tmp_path: Path) -> None:
    old = _tables_of("0010", tmp_path / "old.db")
    assert restore(forge({"wiki.db": old}, schema="0010"), {}, new).accounts == 0
    with open_world(new) as world:
        assert "Come in." in world.visitor().open("/welcome").main


def test_other_tables_than_the_manifest_says_are_refused(forge: Forge, new: Path) -> None:
    with refused(new.parent, "never puts there"):
        restore(forge(schema="0010"), {}, new)


@pytest.mark.parametrize("name", ["content.bundle", "wiki.db", "secret-key"])
def test_a_part_with_another_sum_is_refused(archive: Path, new: Path, tmp_path: Path, name: str) -> None:
    parts = unpacked(archive)
    held = bytearray(parts[name])
    held[len(held) // 2] ^= 1
    parts[name] = bytes(held)
    with refused(new.parent, name):
        restore(packed(tmp_path / "a", [plain(*each) for each in parts.items()]), {}, new)


def test_an_archive_that_was_cut_off_is_refused(archive: Path, new: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    for length in (0, 10, 300, len(whole) // 2, len(whole) - 9_000):
        (tmp_path / "cut").write_bytes(whole[:length])
        with refused(new.parent):
            restore(tmp_path / "cut", {}, new)


@pytest.mark.parametrize(
    "content", [b"", b"rubbish", gzip.compress(b"", mtime=0), gzip.compress(b"rubbish" * 1000, mtime=0)]
)
def test_what_is_no_archive_is_refused(new: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "none").write_bytes(content)
    with refused(new.parent):
        restore(tmp_path / "none", {}, new)


@pytest.mark.parametrize("told", [
    b"", b"null", b"[]", b"{", b'{"format": 1}', b"[" * 100_000, b'{"format": "1", "parts": []}', b"\xff",
])  # fmt: skip
def test_a_manifest_that_says_nothing_is_refused(new: Path, tmp_path: Path, told: bytes) -> None:
    with refused(new.parent, "wiki backup"):
        restore(packed(tmp_path / "a", [plain("manifest.json", told)]), {}, new)


@pytest.mark.parametrize(("key", "value"), [
    ("git", None), ("refs", -1), ("refs", True), ("main", "x"), ("schema", 12), ("schema", None), ("sql_at", "now"),
    ("parts", []), ("parts", [{"name": "../x", "size": 1, "sha256": "0" * 64}]),
    ("parts", [{"name": "content.bundle", "size": -1, "sha256": "0" * 64}]),
    ("parts", [{"name": "content.bundle", "size": 1, "sha256": "0"}]),
    ("parts", [{"name": "content.bundle", "size": 1, "sha256": "0" * 64}] * 2),
])  # fmt: skip
def test_a_manifest_that_makes_no_sense_is_refused(forge: Forge, new: Path, key: str, value: object) -> None:
    with refused(new.parent, "wiki backup"):
        restore(forge(**{key: value}), {}, new)


@pytest.mark.parametrize(("key", "value"), [("main", "0" * 40), ("refs", 1)])
def test_other_guidelines_than_the_manifest_says_are_refused(forge: Forge, new: Path, key: str, value: object) -> None:
    with refused(new.parent, "never puts there"):
        restore(forge(**{key: value}), {}, new)


def _link(kind: bytes, to: str) -> tarfile.TarInfo:
    link = tarfile.TarInfo("wiki.db")
    link.type, link.linkname = kind, to
    return link


@pytest.mark.parametrize("member", [
    plain("../outside", b"x"), plain("/tmp/concord-outside", b"x"), plain("content.git/config", b"x"),
    plain("wiki.db/../../outside", b"x"), plain("manifest.json", b"{}"), plain("", b"x"),
    (_link(tarfile.SYMTYPE, "/etc/passwd"), b""), (_link(tarfile.LNKTYPE, "manifest.json"), b""),
    (_link(tarfile.FIFOTYPE, ""), b""), (_link(tarfile.CHRTYPE, ""), b""), (_link(tarfile.DIRTYPE, ""), b""),
])  # fmt: skip
@pytest.mark.parametrize("at", [0, 1, 2, 9])
def test_a_file_that_has_no_place_there_is_refused(
    archive: Path, new: Path, tmp_path: Path, member: tuple[tarfile.TarInfo, bytes], at: int
) -> None:
    members = [plain(*each) for each in unpacked(archive).items()]
    members.insert(at, member)
    with refused(new.parent):
        restore(packed(tmp_path / "a", members), {}, new)
    assert not (tmp_path / "outside").exists()
    assert not Path("/tmp/concord-outside").exists()


@pytest.mark.parametrize("size", [-1, -512, -100_000])
def test_a_file_of_less_than_nothing_is_refused(archive: Path, new: Path, tmp_path: Path, size: int) -> None:
    member = tarfile.TarInfo("manifest.json")
    member.size = size
    with gzip.open(tmp_path / "a", "wb") as out:
        out.write(member.tobuf(tarfile.GNU_FORMAT) + unpacked(archive)["manifest.json"])
    with refused(new.parent):
        restore(tmp_path / "a", {}, new)


def test_python_need_have_no_filter_for_archives(
    archive: Path, new: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As that of Debian 12."""
    for name in ("data_filter", "FilterError"):
        monkeypatch.delattr(tarfile, name, raising=False)
    parts = unpacked(archive)
    for name in ("/manifest.json", "../manifest.json", "./manifest.json"):
        with refused(new.parent, "never puts there"):
            members = [plain(name, parts["manifest.json"]), *(plain(*part) for part in list(parts.items())[1:])]
            restore(packed(tmp_path / "a", members), {}, new)
    assert restore(archive, {}, new).accounts == 5


def test_a_part_that_is_missing_is_refused(archive: Path, new: Path, tmp_path: Path) -> None:
    parts = unpacked(archive)
    for name in parts:
        with refused(new.parent):
            members = [plain(*each) for each in parts.items() if each[0] != name]
            restore(packed(tmp_path / "a", members), {}, new)


def _bomb(file: Path, member: tarfile.TarInfo, before: bytes = b"") -> Path:
    """A small file that unpacks to a gigabyte: a member that is all zeros."""
    member.size = 1 << 30
    with gzip.open(file, "wb", compresslevel=1) as out:
        out.write(before)
        out.write(member.tobuf(tarfile.GNU_FORMAT))
        for _ in range(64):
            out.write(bytes(1 << 20))
    return file


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_bomb_does_not_go_off(new: Path, tmp_path: Path, kind: bytes) -> None:
    import resource

    member = tarfile.TarInfo("manifest.json")
    member.type = kind
    bomb = _bomb(tmp_path / "bomb", member)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with refused(new.parent):
        restore(bomb, {}, new)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000, "kilobytes"


def test_a_bomb_that_the_manifest_announces_is_refused_for_want_of_room(
    archive: Path, new: Path, tmp_path: Path
) -> None:
    told = json.loads(unpacked(archive)["manifest.json"])
    told["parts"][0]["size"] = 1 << 50
    with refused(new.parent, "not room enough"):
        restore(packed(tmp_path / "a", [plain("manifest.json", json.dumps(told).encode())]), {}, new)


def test_too_little_room_is_refused(archive: Path, new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage(10**9, 10**9, 10**5))
    with refused(new.parent, "not room enough"):
        restore(archive, {}, new)


@pytest.mark.parametrize(("bundle", "words"), [
    (b"", "guidelines"), (b"rubbish", "guidelines"),
    (b"# v2 git bundle\n", "no main"), (b"# v2 git bundle\n\nPACK", "no main"),
])  # fmt: skip
def test_guidelines_that_are_none_are_refused(forge: Forge, new: Path, bundle: bytes, words: str) -> None:
    with refused(new.parent, words):
        restore(forge({"content.bundle": bundle}), {}, new)


def test_guidelines_that_nobody_endorsed_are_refused(data: Path, forge: Forge, new: Path, tmp_path: Path) -> None:
    git = ["git", "--git-dir", str(data / "content.git")]

    def run(*arguments: str) -> str:
        who = ["-c", "user.name=Concord", "-c", "user.email=concord@localhost"]
        return subprocess.run([*git, *who, *arguments], capture_output=True, text=True, check=True).stdout.strip()

    pushed = run("commit-tree", "-p", "main", "-m", "By force", "main^{tree}")
    run("update-ref", "refs/heads/main", pushed)
    run("bundle", "create", str(tmp_path / "b"), "--all")
    with refused(new.parent, "changed outside the wiki"):
        restore(forge({"content.bundle": (tmp_path / "b").read_bytes()}, main=pushed), {}, new)


def test_objects_that_git_finds_fault_with_are_refused(data: Path, forge: Forge, new: Path, tmp_path: Path) -> None:
    git = ["git", "--git-dir", str(data / "content.git")]
    tree = b"100644 .git\0" + bytes.fromhex("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
    subprocess.run([*git, "hash-object", "-w", "--stdin"], input=b"", check=True, capture_output=True)
    made = subprocess.run(
        [*git, "hash-object", "-w", "--literally", "-t", "tree", "--stdin"], input=tree, capture_output=True, check=True
    ).stdout.decode().strip()  # fmt: skip
    who = ["-c", "user.name=C", "-c", "user.email=c@localhost"]
    commit = subprocess.run(
        [*git, *who, "commit-tree", "-m", "x", made], capture_output=True, check=True, text=True
    ).stdout.strip()
    subprocess.run([*git, "update-ref", "refs/talk/9", commit], check=True)
    subprocess.run([*git, "bundle", "create", "--quiet", tmp_path / "b", "--all"], check=True)
    with refused(new.parent, "guidelines in this archive"):
        restore(forge({"content.bundle": (tmp_path / "b").read_bytes()}, refs=5), {}, new)


@pytest.mark.parametrize("content", [b"", b"this is no database" * 300])
def test_a_database_that_is_none_is_refused(forge: Forge, new: Path, content: bytes) -> None:
    with refused(new.parent):
        restore(forge({"wiki.db": content}), {}, new)


def test_a_damaged_database_is_refused(archive: Path, forge: Forge, new: Path) -> None:
    held = bytearray(unpacked(archive)["wiki.db"])
    for page in range(8, len(held) // 4096, 7):
        held[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    with refused(new.parent, "database"):
        restore(forge({"wiki.db": bytes(held)}), {}, new)


def test_settings_that_make_no_sense_here_are_refused(forge: Forge, new: Path) -> None:
    with refused(new.parent, "colour"):
        restore(forge({"wiki.toml": b'colour = "red"\n'}), {}, new)


def test_an_archive_without_sql_brings_back_the_guidelines(founded: Path, new: Path, tmp_path: Path) -> None:
    """As one of a wiki whose SQL is a server."""
    members = unpacked_without_sql(founded, tmp_path)
    found = restore(packed(tmp_path / "a", members), {}, new)
    assert (found.changes, found.accounts) == (1, None)
    assert not (new / "wiki.db").exists()
    check_from_outside(new / "content.git")


def unpacked_without_sql(founded: Path, tmp_path: Path) -> list[tuple[tarfile.TarInfo, bytes]]:
    """The files of an archive of the same wiki, had its SQL been elsewhere."""
    back_up(settings_for(founded), tmp_path / "with", "0")
    parts = unpacked(tmp_path / "with")
    told = json.loads(parts.pop("manifest.json"))
    del parts["wiki.db"]
    told["parts"] = [part for part in told["parts"] if part["name"] != "wiki.db"]
    told["schema"] = None
    return [plain("manifest.json", json.dumps(told).encode()), *(plain(*part) for part in parts.items())]


def test_a_wiki_that_was_just_founded_comes_back_too(tmp_path: Path, new: Path) -> None:
    data = begin(tmp_path / "data", write_pages(tmp_path / "pages"))
    back_up(settings_for(data), tmp_path / "a", "0")
    assert restore(tmp_path / "a", {}, new).changes == 0
    assert io.BytesIO(unpacked(tmp_path / "a")["content.bundle"]).readline() == b"# v2 git bundle\n"
