"""Names that would lead out, or mean something else to a machine: through forms, addresses and import."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.hostile import ALL_NAMES, NAMES, typeable
from tests.world import POLICY, World, check_from_outside, copy_of, open_world, settings_for
from wiki import create_app
from wiki.model.acts import Person
from wiki.model.errors import Refused, WikiError
from wiki.model.names import problem_with_name, problem_with_path
from wiki.repository.founding import found

GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
OWN = ("content.git", "wiki.db", "wiki.db-wal", "wiki.db-shm", "secret-key")


@pytest.fixture
def world(founded: Path, tmp_path: Path) -> Iterator[World]:
    """A wiki in a place where other files lie, which stay as they are."""
    (tmp_path / "beside.txt").write_text("beside")
    with open_world(copy_of(founded, tmp_path / "data")) as opened:
        before = _outside(tmp_path)
        yield opened
        assert _outside(tmp_path) == before
        assert not Path("/tmp/trap").exists()


def _outside(place: Path) -> dict[str, bytes]:
    """Every file below a place that is not the wiki's own."""
    files = (file for file in place.rglob("*") if file.is_file() and not set(OWN) & set(file.parts))
    return {str(file): file.read_bytes() for file in files}


def _quoted(name: str) -> str:
    return quote(name.encode("utf-8", "surrogatepass"))


def test_the_names_are_many_and_different() -> None:
    assert len(set(ALL_NAMES)) == len(ALL_NAMES) >= 220


def test_no_way_out_and_nothing_of_git_is_a_name() -> None:
    for family in ("ways out", "git's own", "what cannot be seen", "too long"):
        standing = [name for name in NAMES[family] if problem_with_name(name) is None]
        harmless = {"HEAD", "refs/heads/main", "main^{commit}", "policy.toml", "policy.toml/x", "Policy.toml", "@{u}",
                    "..\u2215x", "~/x", "~root/x", "${HOME}/x", "%2e%2e/x", "%2e%2e%2fx"}  # fmt: skip
        assert set(standing) <= harmless, standing
    for name in ALL_NAMES:
        if problem_with_name(name) is None:
            parts = f"{name}.md".split("/")
            assert all(part and not part.startswith((".", "-")) and not part.endswith((".", " ")) for part in parts)
            assert not any(ord(char) < 32 or char in '\\:*?"<>|' for char in name)


def test_a_form_with_a_hostile_name_is_refused_or_makes_a_page_of_that_name(world: World) -> None:
    ana = world.visitor("ana")
    for name in map(typeable, ALL_NAMES):
        before = world.everything()
        sent = {"name": f"notes/{name}", "title": "A name", "text": "# Kept\n\nWords.\n", "do": "propose"}
        page = ana.post("/-/new", sent)
        assert page.status in {200, 400, 409}, name
        if page.status != 200:
            assert world.everything() == before, name
            assert "Words." in page.typed(), name
        else:
            assert problem_with_name(f"notes/{name}".strip().strip("/")) is None, name


def test_a_hostile_name_at_the_top_touches_nothing_else(world: World) -> None:
    ana, main = world.visitor("ana"), world.wiki.repository.main()
    for name in map(typeable, ALL_NAMES[::3]):
        ana.post("/-/new", {"name": name, "title": "A name", "text": "# Words\n\nWords.\n", "do": "propose"})
    numbered = world.everything()
    for ref, tip in numbered.items():
        if ref.startswith("refs/proposals/"):
            for each in world.wiki.repository.proposal(tip).touched:
                assert problem_with_path(each.path) is None
                assert each.path.startswith(".") is False
    assert numbered["refs/heads/main"] == main


PREFIXES = ("/-/history/", "/-/edit/", "/-/files/", "/-/feeds/page/", "/-/who/", "/-/remove/")


def test_an_address_with_a_hostile_name_leads_nowhere_else(world: World) -> None:
    ana, before = world.visitor("ana"), world.everything()
    for at, name in enumerate(ALL_NAMES):
        for prefix in ("/", PREFIXES[at % len(PREFIXES)]):
            answer = ana.client.get(prefix + _quoted(name))
            assert answer.status_code < 500, name
            assert "root:" not in answer.text
            assert "[core]" not in answer.text
            if 300 <= answer.status_code < 400:
                assert answer.headers["Location"].startswith("/"), name
                assert not answer.headers["Location"].startswith("//"), name
            answer.close()
    assert world.everything() == before


def test_a_change_through_the_service_is_refused_too(world: World) -> None:
    before = world.everything()
    for name in ALL_NAMES:
        for path in (f"{name}.md", f"{name}.png", name):
            if problem_with_path(path) is not None:
                with pytest.raises(Refused):
                    world.wiki.guidelines.propose(
                        world.person("ana"), "A name", "", {path: b"x" if ".png" in path else "x"}
                    )
    assert world.everything() == before


def test_a_folder_of_hostile_names_is_refused_or_founded_whole(tmp_path: Path) -> None:
    for at, name in enumerate(ALL_NAMES[::2]):
        source = tmp_path / f"source{at}"
        source.mkdir()
        (source / "welcome.md").write_text("# Welcome\n")
        try:
            file = source / f"{name.strip('/')}.md"
            if not file.resolve().is_relative_to(source):
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("# Words\n")
        except (OSError, ValueError):
            continue  # no file can have this name here
        place = tmp_path / f"data{at}" / "content.git"
        try:
            found(place, source, POLICY, Person("Concord", "concord@localhost"), 1_780_000_000).store.close()
        except Refused:
            assert not place.exists()
            assert not place.with_name("content.git.founding").exists()
    check = list(tmp_path.glob("data*/content.git"))
    assert len(check) > 5
    for place in check[::4]:
        check_from_outside(place)


def _tree(repository: Path, name: bytes, blob: str, mode: str) -> str:
    """A tree with one entry of any name, as no work tree could hold it."""
    held = f"{mode} ".encode() + name + b"\0" + bytes.fromhex(blob)
    command = ["git", "-C", repository, "hash-object", "-t", "tree", "-w", "--literally", "--stdin"]
    return subprocess.run(command, input=held, capture_output=True, env=GIT, check=True).stdout.decode().strip()


def _history(place: Path, tree_of: list[tuple[bytes, str]]) -> Path:
    """A repository whose one commit has these names and modes, each in a folder of its own."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", place], env=GIT, check=True)
    made = subprocess.run(["git", "-C", place, "hash-object", "-w", "--stdin"], input=b"# Words\n", capture_output=True,
                          env=GIT, check=True)  # fmt: skip
    blob = made.stdout.decode().strip()
    held = b"".join(
        f"40000 {at:04}".encode() + b"\0" + bytes.fromhex(_tree(place, name, blob, mode))
        for at, (name, mode) in enumerate(tree_of)
    )
    command = ["git", "-C", place, "hash-object", "-t", "tree", "-w", "--literally", "--stdin"]
    top = subprocess.run(command, input=held, capture_output=True, env=GIT, check=True).stdout.decode().strip()
    who = {f"GIT_{role}_{what}": "x@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    commit = subprocess.run(["git", "-C", place, "commit-tree", top, "-m", "Begin"], capture_output=True, env={**GIT,
    **who},
                            check=True).stdout.decode().strip()  # fmt: skip
    subprocess.run(["git", "-C", place, "update-ref", "refs/heads/main", commit], env=GIT, check=True)
    return place


HARMLESS_TO_GIT = [
    name for name in ALL_NAMES
    if "/" not in name and "\0" not in name and name not in {"", ".", ".."}
    and not any(mark in name.casefold() for mark in (".git", "git~", "gi7eba", "gitmod", "\ud800", "\udfff"))
]  # fmt: skip


def test_a_history_full_of_odd_names_is_kept_and_can_be_read(tmp_path: Path) -> None:
    names = [f"{name}.md".encode("utf-8", "surrogatepass") for name in HARMLESS_TO_GIT]
    kept = []
    for at in range(0, len(names), 40):
        data = tmp_path / f"data{at}"
        source = _history(tmp_path / f"source{at}", [(name, "100644") for name in names[at : at + 40]])
        try:
            found(
                data / "content.git", source, POLICY, Person("Concord", "concord@localhost"), 1_780_000_000
            ).store.close()
        except Refused:
            continue  # git itself calls something in it damage
        kept.append(data)
    assert kept
    for data in kept:
        settings = settings_for(data)
        app = create_app(settings)
        client = app.test_client()
        for address in (
            "/",
            "/-/contents",
            "/-/changes",
            "/0003",
            "/-/search?q=words",
            "/-/broken-links",
            "/-/pages.json",
        ):
            answer = client.get(address, follow_redirects=True)
            assert answer.status_code in {200, 404}, address
            answer.close()
        wiki = app.extensions["wiki"]
        for path, _blob in list(wiki.repository.files(wiki.repository.main()))[:40]:
            answer = client.get("/" + _quoted(path.removesuffix(".md")), follow_redirects=True)
            assert answer.status_code < 500, path
            answer.close()
        wiki.engine.dispose()
        wiki.repository.store.close()
        check_from_outside(data / "content.git")


@pytest.mark.parametrize(
    ("name", "mode"),
    [(b".git", "40000"), (b".GIT", "40000"), (b"git~1", "40000"), (b".gi\xe2\x80\x8ct", "40000"), (b"..", "40000"),
     (b".", "40000"),
     (b"", "100644"), (b".gitmodules", "120000"), (b"a/b", "100644"), (b"../x", "100644")],
)  # fmt: skip
def test_a_history_that_git_calls_hostile_is_refused(tmp_path: Path, name: bytes, mode: str) -> None:
    if mode == "40000":
        source = _history(tmp_path / "source", [(b"a.md", "100644")])
        inner = subprocess.run(
            ["git", "-C", source, "rev-parse", "main^{tree}"], capture_output=True, env=GIT, check=True
        )
        top = _tree(source, name, inner.stdout.decode().strip(), mode)
        who = {f"GIT_{role}_{what}": "x@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        commit = subprocess.run(["git", "-C", source, "commit-tree", top, "-m", "x"], capture_output=True, env={**GIT,
        **who},
                                check=True).stdout.decode().strip()  # fmt: skip
        subprocess.run(["git", "-C", source, "update-ref", "refs/heads/main", commit], env=GIT, check=True)
    else:
        source = _history(tmp_path / "source", [(name, mode)])
    place = tmp_path / "data" / "content.git"
    with pytest.raises(WikiError):
        found(place, source, POLICY, Person("Concord", "concord@localhost"), 1_780_000_000)
    assert not place.exists()
    assert not list(place.parent.glob("*"))
