"""What is wrong with a wiki, said with what to do about it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from collections import namedtuple
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.post_office import free_port, open_post_office
from tests.world import BEGAN, open_world
from wiki.cli import main
from wiki.database import open_database
from wiki.doctor import Finding, examine
from wiki.outbox import Letter
from wiki.versions import migrate

NOW = BEGAN + 60


@pytest.fixture
def sound(data: Path) -> Path:
    """A wiki that has been started, and whose clock ran a moment ago."""
    with open_world(data) as world:
        world.wiki.repository.refs.sweep()
        world.wiki.tick()
    return data


def wrong(data: Path, *, now: float = NOW, everything: bool = False, **environ: str) -> dict[str, str]:
    """What the doctor finds wrong, by what it is about."""
    return {each.about: each.said for each in seen(data, now, everything, environ) if not each.fine}


def seen(data: Path, now: float, everything: bool, environ: Mapping[str, str]) -> list[Finding]:
    told = {f"WIKI_{key.upper()}": value for key, value in environ.items()}
    return list(examine({"WIKI_DATA": str(data), **told}, everything=everything, clock=lambda: now))


def test_nothing_is_wrong_with_a_sound_wiki(sound: Path) -> None:
    findings = seen(sound, NOW, False, {})
    assert [each for each in findings if not each.fine] == []
    assert [each.about for each in findings] == [
        "git", "data directory", "secret key", "settings", "disk", "repository", "verify", "locks", "objects", "time",
        "database", "tables", "accounts", "index", "clock", "outbox", "mail",
    ]  # fmt: skip
    assert next(each.said for each in findings if each.about == "verify") == "the one change in force was endorsed"


def test_it_changes_nothing(sound: Path) -> None:
    def everything() -> dict[str, bytes]:
        return {
            str(file): file.read_bytes()
            for file in sound.rglob("*")
            if file.is_file() and not file.name.endswith(("-wal", "-shm"))
        }

    before = everything()
    seen(sound, NOW, True, {})
    assert everything() == before


def test_each_finding_is_a_line(sound: Path) -> None:
    ran = CliRunner().invoke(main, ["doctor"], env={"WIKI_DATA": str(sound)})
    lines = ran.output.splitlines()
    assert ran.exit_code == 1, "its clock has not run since the day of the test"
    assert len(lines) == 17
    assert {line[0] for line in lines} == {"✓", "✗"}
    assert [line for line in lines if line.startswith("✗")] == [line for line in lines if "clock:" in line]


def test_as_json_for_programs(sound: Path) -> None:
    ran = CliRunner().invoke(main, ["doctor", "--json", "--whole"], env={"WIKI_DATA": str(sound)})
    told = json.loads(ran.output)
    assert (told["format"], told["ok"], ran.exit_code) == (1, False, 1)
    assert {"about": "locks", "fine": True, "said": "none is left behind"} in told["findings"]
    assert "the one change in force" in next(each["said"] for each in told["findings"] if each["about"] == "verify")


def test_without_a_wiki_it_says_how_to_begin(tmp_path: Path) -> None:
    assert "wiki init" in wrong(tmp_path / "none")["data directory"]
    (tmp_path / "empty").mkdir(mode=0o700)
    found = wrong(tmp_path / "empty")
    assert set(found) == {"repository", "database"}
    assert "wiki init" in found["repository"]


def test_settings_that_cannot_be_read_are_a_finding(sound: Path) -> None:
    assert "colour" in wrong(_with(sound, "colour = 1"))["settings"]
    assert "port" in wrong(_with(sound, "port = 'x'"))["settings"]


def _with(data: Path, text: str) -> Path:
    (data / "wiki.toml").write_text(text, encoding="utf-8")
    return data


def test_a_damaged_loose_object_is_named(sound: Path) -> None:
    git = ["git", "--git-dir", str(sound / "content.git")]
    blob = subprocess.run([*git, "rev-parse", "main:welcome.md"], capture_output=True, text=True, check=True)
    name = blob.stdout.strip()
    loose = sound / "content.git" / "objects" / name[:2] / name[2:]
    loose.chmod(0o600)
    loose.write_bytes(b"rubbish")
    found = wrong(sound)
    assert name in found["repository"]
    assert "backup" in found["repository"]


def test_an_object_that_is_gone_is_named(sound: Path) -> None:
    git = ["git", "--git-dir", str(sound / "content.git")]
    blob = subprocess.run([*git, "rev-parse", "main:welcome.md"], capture_output=True, text=True, check=True)
    name = blob.stdout.strip()
    (sound / "content.git" / "objects" / name[:2] / name[2:]).unlink()
    assert name in wrong(sound)["repository"]


@pytest.mark.parametrize("everything", [False, True])
def test_what_nobody_endorsed_is_found(sound: Path, everything: bool) -> None:
    git = ["git", "--git-dir", str(sound / "content.git"), "-c", "user.name=C", "-c", "user.email=concord@localhost"]

    def run(*arguments: str) -> str:
        return subprocess.run([*git, *arguments], capture_output=True, text=True, check=True).stdout.strip()

    pushed = run("commit-tree", "-p", "main", "-m", "By force", "main^{tree}")
    run("update-ref", "refs/heads/main", pushed)
    found = wrong(sound, now=time.time() + 5, everything=everything)
    assert pushed in found["verify"]
    assert "reindex" in found["index"]


def test_a_lock_that_a_kill_left_behind_is_named(sound: Path) -> None:
    (sound / "content.git" / "refs" / "heads" / "main.lock").touch()
    assert "refs/heads/main.lock" in wrong(sound)["locks"]


def test_many_loose_objects_want_to_be_packed(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wiki.doctor.guidelines.MANY_LOOSE", 3)
    assert "the clock packs them" in wrong(sound)["objects"].casefold()


def test_a_clock_that_is_behind_what_was_written_is_found(sound: Path) -> None:
    assert "Set its clock" in wrong(sound, now=BEGAN - 10)["time"]


def test_a_clock_that_does_not_beat_is_found(data: Path) -> None:
    assert "never run" in wrong(data)["clock"]
    with open_world(data) as world:
        world.wiki.tick()
    assert "clock" not in wrong(data, now=BEGAN + 299)
    assert "last ran at" in wrong(data, now=BEGAN + 300)["clock"]


def test_a_damaged_database_is_found(sound: Path) -> None:
    connection = sqlite3.connect(sound / "wiki.db")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    held = bytearray((sound / "wiki.db").read_bytes())
    for page in range(8, len(held) // 4096, 5):
        held[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    for content in (bytes(held), b"this is no database" * 300):
        assert "database" in wrong(_with_database(sound, content))
    (sound / "wiki.db").unlink()
    assert "restore a backup" in wrong(sound)["database"]
    assert not (sound / "wiki.db").exists()


def _with_database(data: Path, content: bytes) -> Path:
    for file in data.glob("wiki.db*"):
        file.unlink()
    (data / "wiki.db").write_bytes(content)
    return data


@pytest.mark.parametrize(("version", "words"), [("9999", "Upgrade"), ("0003", "next start")])
def test_tables_of_another_version_are_found(sound: Path, version: str, words: str) -> None:
    connection = sqlite3.connect(sound / "wiki.db")
    connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    connection.commit()
    connection.close()
    assert words in wrong(sound)["tables"]


def test_an_empty_or_new_database_in_a_wiki_that_is_not_new_means_that_accounts_are_lost(sound: Path) -> None:
    said = wrong(_with_database(sound, b""))["tables"]
    assert "accounts and drafts of before are not in it" in said
    engine = open_database(f"sqlite:///{sound / 'wiki.db'}")
    migrate(engine)
    engine.dispose()
    assert "accounts and drafts of before are not in it" in wrong(sound)["accounts"]


def test_an_index_that_is_behind_is_found(sound: Path) -> None:
    with open_world(sound) as world:
        world.wiki.guidelines.written = lambda *_: None
        world.endorse(2, "ana", "cyd")
    assert "behind git" in wrong(sound)["index"]


def test_little_room_is_found(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _place: usage(10**12, 10**12, 10**8))
    assert "only 100.0 MB of 1000.0 GB are free; make room" in wrong(sound)["disk"]


@pytest.mark.parametrize("mode", [0o755, 0o701, 0o777])
def test_a_data_directory_that_everybody_may_enter_is_found(sound: Path, mode: int) -> None:
    sound.chmod(mode)
    assert "chmod o-rwx" in wrong(sound)["data directory"]


def test_a_secret_key_that_others_may_read_is_found(sound: Path) -> None:
    (sound / "secret-key").chmod(0o640)
    assert "chmod 600" in wrong(sound)["secret key"]
    assert "secret key" not in wrong(sound, secret_key="k" * 40)


@pytest.mark.parametrize(("environ", "word"), [
    ({"site_url": "http://g.example.com", "secure_cookies": "true"}, "nobody can sign in"),
    ({"site_url": "https://g.example.com", "trusted_proxies": "127.0.0.1"}, "“secure_cookies” is off"),
    ({"site_url": "https://g.example.com", "secure_cookies": "true"}, "trusted_proxies"),
    ({"join_domains": "example.com"}, "nobody can join"),
    ({"site_url": "http://g.example.com", "allowed_hosts": "other.example.com"}, "does not name g.example.com"),
    ({"host": "0.0.0.0"}, "for any name"),
    ({"proxy_join": "true"}, "does nothing"),
])  # fmt: skip
def test_settings_that_contradict_each_other_are_found(sound: Path, environ: dict[str, str], word: str) -> None:
    assert word in wrong(sound, **environ)["settings"]


def test_settings_that_are_meant_together_are_not(sound: Path) -> None:
    given = {"site_url": "https://g.example.com", "secure_cookies": "true", "trusted_proxies": "127.0.0.1"}
    assert wrong(sound, **given) == {}


def test_a_mail_server_is_greeted_and_sent_nothing(sound: Path) -> None:
    with open_post_office() as office:
        found = seen(sound, NOW, False, {"mail_server": office.address, "site_url": "http://g.example.com"})
    assert findings_wrong(found) == []
    assert f"127.0.0.1:{office.port} answers" in [each.said for each in found]
    assert office.letters == []


def findings_wrong(findings: list[Finding]) -> list[Finding]:
    return [each for each in findings if not each.fine]


def test_a_mail_server_that_is_away_is_found(sound: Path) -> None:
    found = wrong(sound, mail_server=f"smtp://127.0.0.1:{free_port()}")
    assert "cannot be used" in found["mail"]
    assert "links in letters lead to http://127.0.0.1:8000" in found["settings"]


def test_letters_that_are_stuck_are_found(sound: Path) -> None:
    with open_world(sound) as world, open_post_office() as office:
        world.wiki.outbox.put(Letter("one", "ana@example.com", "Hello", "Hello."), now=BEGAN)
        mail = {"mail_server": office.address, "site_url": "http://g.example.com"}
        assert "outbox" not in wrong(sound, **mail)
        world.clock.wait(0.01)
        world.wiki.tick()
        assert "1 wait to be sent" in wrong(sound, now=world.clock() + 1, **mail)["outbox"]
        assert "outbox" not in wrong(sound, now=world.clock() + 1), "where no mail is sent they may wait"


def test_a_data_directory_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    ran = CliRunner().invoke(main, ["init", "--no-link"], env={"WIKI_DATA": str(tmp_path / "new")})
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
