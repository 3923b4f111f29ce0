"""Accounts, the audit, the index and the demonstration, from the command line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Ran
from tests.cli.test_init import git
from tests.world import Visitor, close, settings_for
from wiki import create_app
from wiki.assembly import open_wiki
from wiki.settings import Settings

Refusal = Callable[[Ran], str]
GOOD = "a calm blue morning\n"


def test_help_lists_every_command(wiki: Command) -> None:
    ran = wiki("--help")
    assert ran.status == 0
    for command in ("init", "serve", "tick", "verify", "reindex", "demo", "user"):
        assert command in ran.out
    assert wiki("--version").out.startswith("Concord, version ")
    assert wiki("nonsense").status == 2


def test_an_account_with_a_password(founded: Command) -> None:
    ran = founded("user", "add", "Ana@Example.com", "--name", "Ana Souza", "--password-stdin", stdin=GOOD)
    assert ran.status == 0, ran.err
    assert "Ana Souza" in ran.out
    assert "morning" not in ran.out + ran.err
    assert "/-/welcome/" not in ran.out
    wiki = open_wiki(Settings.load(founded.environment()))
    account = wiki.accounts.authenticate("ana@example.com", GOOD.strip(), 0)
    assert account is not None
    assert account.administrator, "the first one"
    close(wiki)


def test_an_account_without_one_gets_a_link(founded: Command) -> None:
    ran = founded("user", "add", "bob@example.com", "--name", "Bob")
    assert ran.status == 0
    assert "/-/welcome/" in ran.out


@pytest.mark.parametrize(("email", "name", "password"), [
    ("bob@example.com", "Bob", "short\n"), ("bob@example.com", "Bob", "password1234\n"), ("bob@example.com", "Bob", ""),
    ("bob@example.com", "Bob", "aaaaaaaaaaaaaa\n"), ("bob@example.com", "Bob", "bob@example.com\n"),
    ("not an address", "Bob", GOOD), ("bob@example.com", " ", GOOD), ("bob@example.com", "<Bob>", GOOD),
    ("bob@example.com", "x" * 200, GOOD), ("concord@localhost", "Bob", GOOD),
])  # fmt: skip
def test_an_account_that_cannot_be_is_refused(
    founded: Command, refused: Refusal, email: str, name: str, password: str
) -> None:
    refused(founded("user", "add", email, "--name", name, "--password-stdin", stdin=password))


def test_nobody_has_two_accounts(founded: Command, refused: Refusal) -> None:
    assert founded("user", "add", "ana@example.com", "--name", "Ana Souza").status == 0
    assert "e-mail" in refused(founded("user", "add", "ANA@example.com", "--name", "Another Ana"))
    assert "name" in refused(founded("user", "add", "ana2@example.com", "--name", "ana souza"))


def test_verify_is_content_with_a_clean_wiki_and_a_clone_of_it(founded: Command, tmp_path: Path) -> None:
    ran = founded("verify")
    assert ran.status == 0, ran.err
    assert "0 changes in force since the founding, 0 acts, 0 violations." in ran.out
    git(tmp_path, "clone", "-q", founded.data / "content.git", "clone")
    assert founded("verify", tmp_path / "clone").status == 0


def test_verify_finds_what_is_broken(founded: Command) -> None:
    repository = founded.data / "content.git"
    tree = git(repository, "rev-parse", "main^{tree}").strip()
    commit = git(repository, "commit-tree", tree, "-p", "main", "-m", "Nobody asked").strip()
    git(repository, "update-ref", "refs/heads/main", commit)
    ran = founded("verify")
    assert ran.status == 1
    assert commit in ran.out
    assert "1 violation." in ran.out
    assert "Traceback" not in ran.err


def test_verify_of_what_is_no_repository(wiki: Command, refused: Refusal, tmp_path: Path) -> None:
    assert "no git repository" in refused(wiki("verify", tmp_path))
    git(tmp_path, "init", "-q", "-b", "main", "bare-bones")
    refused(wiki("verify", tmp_path / "bare-bones"))


def test_reindex_tells_how_much_it_read(founded: Command) -> None:
    ran = founded("reindex")
    assert ran.status == 0
    assert ran.out.startswith("1 commits in ")


def test_a_lost_database_is_made_again(founded: Command) -> None:
    for file in founded.data.glob("wiki.db*"):
        file.unlink()
    assert founded("tick").status == 0
    wiki = open_wiki(settings_for(founded.data))
    assert wiki.index.contents().count == 9
    close(wiki)


def test_the_demonstration_shows_proposals_in_every_state(wiki: Command, refused: Refusal) -> None:
    ran = wiki("demo")
    assert ran.status == 0, ran.err
    assert "5 colleagues" in ran.out
    opened = open_wiki(Settings.load(wiki.environment()))
    assert opened.guidelines.count() >= 18
    for state in ("open", "in force", "closed"):
        assert opened.index.count(state) >= 2, state
    visitor = Visitor(create_app(wiki=opened).test_client())
    password = ran.out.split("password")[-1].split()[-1]
    for who in ("ana", "bob", "cyd", "dee", "zed"):
        assert f"{who}@example.com" in ran.out
        visitor = Visitor(create_app(wiki=opened).test_client()).sign_in(who, password)
        assert visitor.page.address == "/"
    assert "This is a demonstration" in visitor.page.body
    main = visitor.open("/-/still-right").main
    assert "Booking a journey by" in main.partition("In the next 30 days")[0]
    assert "Respect by" in main.partition("In the next 30 days")[2]
    assert visitor.open("/travel/booking").offers("/-/still-right/travel/booking")
    for n in range(1, opened.guidelines.count() + 1):
        assert visitor.open(f"/-/proposals/{n}").status == 200
    close(opened)
    assert wiki("verify").status == 0
    assert "already" in refused(wiki("demo"))


def _told(founded: Command, *options: str) -> tuple[int, dict[str, object]]:
    ran = founded("verify", "--json", *options)
    return ran.status, json.loads(ran.out)


def test_verify_tells_programs_in_json(founded: Command) -> None:
    status, told = _told(founded)
    assert (status, told["ok"], told["changes"], told["violations"]) == (0, True, 0, [])
    assert told["main"] == told["founding"]
    content = founded.data / "content.git"
    git = ["git", "--git-dir", str(content)]
    tree = subprocess.run([*git, "rev-parse", "main^{tree}"], capture_output=True, text=True, check=True).stdout.strip()
    who = ["-c", "user.name=Eve", "-c", "user.email=eve@example.com"]
    forged = subprocess.run(
        ["git", "--git-dir", str(content), *who, "commit-tree", tree, "-p", "main", "-m", "Mine"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    subprocess.run([*git, "update-ref", "refs/heads/main", forged], check=True)
    status, told = _told(founded)
    assert (status, told["ok"], told["changes"]) == (1, False, 1)
    assert told["violations"] == [
        {
            "commit": forged,
            "proposal": None,
            "about": "merge",
            "sentence": "it is no merged proposal: it was put on main directly",
        }
    ]
    assert _told(founded, "--commit", forged)[0] == 1
    subprocess.run([*git, "update-ref", "refs/heads/main", str(told["founding"])], check=True)


def test_verify_of_what_is_not_there_says_so(founded: Command) -> None:
    assert "Proposal 7 has not come into force here" in founded("verify", "--proposal", "7").err
    assert "is no commit of main" in founded("verify", "--commit", "main").err
    assert "no file of allowed signers" in founded("verify", "--allowed-signers", "nowhere").err
    assert founded("verify", "--proposal", "0").status == 2


def test_a_colleague_is_given_another_address_and_keeps_the_old_one(founded: Command) -> None:
    for name in ("ana", "bob"):
        founded(
            "user",
            "add",
            f"{name}@example.com",
            "--name",
            name.title(),
            "--password-stdin",
            stdin="a calm blue morning",
        )
    ran = founded("user", "address", "ANA@example.com", "ana@new.example")
    assert (ran.status, ran.out) == (0, "Ana has the address ana@new.example now.\n")
    for old, new in (("ana@example.com", "x@example.com"), ("bob@example.com", "ana@example.com"),
                     ("bob@example.com", "ana@new.example"), ("bob@example.com", "nowhere")):  # fmt: skip
        refused = founded("user", "address", old, new)
        assert refused.status == 1
        assert len(refused.err.splitlines()) == 1


def test_a_colleague_is_let_go_and_let_back_in(founded: Command) -> None:
    for email, name in (("bob@example.com", "Bob"), ("ana@example.com", "Ana")):
        founded("user", "add", email, "--name", name, "--password-stdin", stdin="a calm blue morning")
    ran = founded("user", "deactivate", "ANA@example.com")
    assert (ran.status, ran.out) == (0, "Ana <ana@example.com> is deactivated.\n")
    assert founded("user", "reactivate", "ana@example.com").out == "Ana <ana@example.com> can sign in again.\n"
    assert "Nobody here has the address" in founded("user", "deactivate", "eve@example.com").err
