"""What reaches git: arguments of which none that a person typed can be an option, and an environment of our own.

Every process that is begun while hostile texts are typed is looked at,
GitPython's as well: Python itself tells of each.
"""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.begun import Begun, listening
from tests.hostile import ALL_NAMES, TEXTS, typeable
from tests.world import World, copy_of, open_world
from wiki.repository.process import environment

ROOM = Path(__file__).resolve().parents[2] / "wiki" / "repository"
ID = "[0-9a-f]{40}"
OURS = re.compile(
    rf"\^?{ID}|{ID}\.\.{ID}|refs/(?:heads/main|imported/main|proposals/\d+|talk/\d+|proposals/|talk/|)"
    rf"|mailmap\.blob={ID}:\.mailmap|--ignore-revs-file=/\S+\.revs|concord\.founding|transfer\.hideRefs=!?refs[a-z/]*"
)
ENDS_OPTIONS = ("--", "--end-of-options")


def _written_by_us() -> set[str]:
    """Every text that stands in the source of the room that knows git."""
    found = {"--batch", "--batch-check", "cat-file"}
    for file in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def _foreign(begun: Begun, repository: Path) -> list[str]:
    """The arguments of a process of git that stand where git looks for options, and are not ours."""
    ours = _written_by_us()
    found = []
    for argument in begun.arguments[1:]:
        if argument in ENDS_OPTIONS:
            break
        if argument not in ours and argument != str(repository) and not OURS.fullmatch(argument):
            found.append(argument)
    return found


def _do_everything(world: World) -> None:
    """Type what looks like options and revisions wherever somebody can, and ask for all that git is asked for."""
    ana, bob = world.visitor("ana"), world.visitor("bob")
    names = ["--output=/tmp/trap", "-rf", "--upload-pack=trap", *ALL_NAMES[::12]]
    for at, name in enumerate(map(typeable, names)):
        sent = {
            "name": name,
            "title": name or "--",
            "why": name,
            "text": f"# {name}\n\n{at}\n",
            "do": "propose",
            "base": name,
        }
        ana.post("/-/new", sent)
        ana.post("/-/edit/travel/visa", sent)
        typed = quote(name)
        for prefix in (
            "/",
            "/-/history/",
            "/-/who/",
            "/-/growth/",
            "/-/act/",
            "/-/verify/",
            "/-/files/",
            "/-/passage/",
        ):
            bob.open(prefix + typed)
        for address in (
            f"/-/revision/{typed}/welcome",
            f"/-/compare/welcome?a={typed}&b={typed}",
            f"/-/search?q={typed}",
        ):
            bob.open(address)
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "--output=/tmp/trap")
    for text in TEXTS["one text that is several"]:
        bob.post(f"/-/proposals/{n}/comment", {"text": text, "at": text, "to": text})
        bob.post(f"/-/proposals/{n}/object", {"reason": text, "change": text})
    world.endorse(n, "bob", "cyd")
    assert world.in_force(n)
    main = world.wiki.repository.main()
    for address in (f"/-/verify/{main}", "/-/who/welcome", "/-/growth/welcome", "/-/history/welcome", f"/-/act/{main}",
                    f"/-/proposals/{n}", "/-/guidelines.git/info/refs?service=git-upload-pack",
                    "/-/policy/history"):  # fmt: skip
        assert bob.open(address).status in {200, 404}, address
    world.wiki.repository.called([world.person("ana")])
    world.wiki.repository.find_founding(main)
    world.wiki.repository.blame(main, "welcome.md")


def test_nothing_that_somebody_typed_is_an_option_of_git(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data")) as world:
        world.wiki.repository.upkeep.run(world.wiki.now())  # what is packed is read by git
        with listening() as begun:
            _do_everything(world)
            world.wiki.repository.refs.below("refs/proposals/")
        repository = world.wiki.repository.path
    of_git = [each for each in begun if Path(each.arguments[0]).name == "git"]
    assert len(of_git) > 5
    assert {part for each in of_git for part in each.arguments[1:3] if not part.startswith("-")} >= {
        "cat-file", "blame", "for-each-ref",
    }  # fmt: skip
    assert [found for each in of_git for found in _foreign(each, repository)] == []
    assert not Path("/tmp/trap").exists()


def test_no_process_is_a_shell(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data")) as world, listening() as begun:
        world.visitor("ana").post("/-/new", {"name": "notes/$(id)", "title": "`id`", "text": "# X\n", "do": "propose"})
        world.visitor().open("/-/who/welcome")
    programs = {Path(each.arguments[0]).name for each in begun}
    assert programs
    assert not programs & {"sh", "bash", "dash", "env", "xargs"}


def test_git_runs_in_an_environment_of_our_own(founded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"GIT_DIR": "/tmp/x", "GIT_SSH_COMMAND": "trap", "GIT_EXTERNAL_DIFF": "trap",
    "GIT_PAGER": "trap",
                        "GIT_CONFIG_GLOBAL": "/tmp/x",
                        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "/tmp/x"}.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    with open_world(copy_of(founded, tmp_path / "data")) as world, listening() as begun:
        n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
        world.endorse(n, "bob", "cyd")
        world.visitor().open("/-/who/welcome")
        repository = world.wiki.repository.path
        monkeypatch.undo()
    of_git = [each for each in begun if Path(each.arguments[0]).name == "git" and each.arguments[1:] != ("--version",)]
    assert of_git
    wanted = {"core.hooksPath": "/dev/null", "core.attributesFile": "/dev/null", "protocol.allow": "never",
              "safe.bareRepository": "explicit", "transfer.fsckObjects": "true", "core.fsync": "all"}  # fmt: skip
    for each in of_git:
        env = each.environment
        counted = int(env["GIT_CONFIG_COUNT"])
        given = {env[f"GIT_CONFIG_KEY_{at}"]: env[f"GIT_CONFIG_VALUE_{at}"] for at in range(counted)}
        assert wanted.items() <= given.items(), each.arguments
        assert env["GIT_CONFIG_NOSYSTEM"] == "1"
        assert env["GIT_CONFIG_GLOBAL"] == os.devnull
        assert env["GIT_DIR"] == str(repository)
        assert env["GIT_ALTERNATE_OBJECT_DIRECTORIES"] == ""
        assert env["GIT_TERMINAL_PROMPT"] == "0"


def test_no_variable_of_the_caller_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "GIT_SSH_COMMAND",
        "GIT_EXTERNAL_DIFF",
        "GIT_PROXY_COMMAND",
        "GIT_EXEC_PATH",
        "GIT_TRACE",
        "GIT_TEMPLATE_DIR",
    ):
        monkeypatch.setenv(name, "trap")
    assert "trap" not in environment(Path("/tmp/x")).values()


def test_hooks_of_the_repository_are_never_run(founded: Path, tmp_path: Path) -> None:
    data = copy_of(founded, tmp_path / "data")
    hooks = data / "content.git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("reference-transaction", "post-update", "pre-receive", "update", "post-commit", "fsmonitor-watchman"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/trap\n")
        (hooks / name).chmod(0o755)
    with open_world(data) as world:
        n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
        world.endorse(n, "bob", "cyd")
        assert world.in_force(n)
        world.visitor().open("/-/guidelines.git/info/refs?service=git-upload-pack")
    assert not (tmp_path / "trap").exists()


def test_a_process_is_heard(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data")) as world, listening() as begun:
        world.wiki.repository.git.run("rev-parse", "--verify", "main")
        world.wiki.repository.git.run_with_status("log", "-1", "--output=/dev/null", accept=(0, 128))
        repository = world.wiki.repository.path
    assert [found for each in begun for found in _foreign(each, repository)] == ["main", "--output=/dev/null"]
