"""Settings: from the environment, from a file, safe without either."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.warm import ended, python
from wiki.model.errors import Refused, Unavailable
from wiki.settings import Settings


def load(data: Path, **environ: str) -> Settings:
    return Settings.load({"WIKI_DATA": str(data), **environ})


def test_the_defaults_need_nothing_and_make_nothing(tmp_path: Path) -> None:
    settings = load(tmp_path / "new")
    assert (settings.host, settings.port, settings.languages) == (
        "127.0.0.1",
        8000,
        ("en", "ar", "de", "es", "fr", "ja"),
    )
    assert settings.content_git == tmp_path / "new" / "content.git"
    assert settings.database_url == f"sqlite:///{tmp_path / 'new' / 'wiki.db'}"
    assert not (tmp_path / "new").exists()


def test_a_file_may_hold_what_a_variable_is_to_say(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file that Docker put there\n", encoding="utf-8")
    (tmp_path / "wiki.toml").write_text('secret_key = "from the file of settings"\n', encoding="utf-8")
    named = {"WIKI_SECRET_KEY_FILE": str(tmp_path / "secret")}
    assert load(tmp_path, **named).secret_key == "from a file that Docker put there"
    assert load(tmp_path, **named, WIKI_SECRET_KEY="said at once, and longer").secret_key == "said at once, and longer"
    with pytest.raises(Refused, match="cannot be read"):
        load(tmp_path, WIKI_SECRET_KEY_FILE=str(tmp_path / "nothing"))


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "wiki.toml").write_text('site_name = "Ours"\nport = 8100\nlanguages = ["de", "en"]\n')
    settings = load(tmp_path, WIKI_PORT="8200", WIKI_SECURE_COOKIES="true", WIKI_TRUSTED_PROXIES="10.0.0.1, ::1")
    assert (settings.site_name, settings.port, settings.languages) == ("Ours", 8200, ("de", "en"))
    assert settings.secure_cookies
    assert settings.trusted_proxies == ("10.0.0.1", "::1")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('colour = "red"', "colour"),
        ('port = "many"', "port"),
        ("port = -1", "port"),
        ("port = true", "port"),
        ('secure_cookies = "perhaps"', "secure_cookies"),
        ("site_name = 3", "site_name"),
        ("languages = [1]", "languages"),
        ("data = 'elsewhere'", "data"),
        ("= broken", "wiki.toml"),
        ('secret_key = "short"', "secret_key"),
        ('trusted_proxies = ["10.0.0.0/8"]', "trusted_proxies"),
        ('trusted_proxies = ["localhost"]', "trusted_proxies"),
        ("port = 65536", "port"),
        ('languages = ["nonsense"]', "languages"),
        ('sign_in_limit_per_account = "often"', "sign_in_limit_per_account"),
        ('mail_limit_per_account = "often"', "mail_limit_per_account"),
        ('invite = "everybody"', "invite"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, text: str, names: str) -> None:
    (tmp_path / "wiki.toml").write_text(text)
    with pytest.raises(Refused, match=names):
        load(tmp_path)


def test_the_demonstration_is_marked_by_a_file(tmp_path: Path) -> None:
    assert not load(tmp_path).demonstration
    (tmp_path / "demonstration").touch()
    assert load(tmp_path).demonstration


def test_processes_that_start_at_once_share_one_secret(tmp_path: Path) -> None:
    code = "from wiki.settings import Settings; print(Settings.load(os.environ).session_secret())"
    data = tmp_path / "data"
    data.mkdir()
    told = [tmp_path / f"told{nth}" for nth in range(6)]
    environ = {**os.environ, "WIKI_DATA": str(data)}
    started = [python(code, environment=environ, streams=(os.devnull, file)) for file in told]
    assert [ended(process) for process in started] == [0] * 6
    secrets = {file.read_text().strip() for file in told}
    assert len(secrets) == 1
    assert len(secrets.pop()) == 64
    assert stat.S_IMODE((data / "secret-key").stat().st_mode) == 0o600
    assert [file.name for file in data.iterdir()] == ["secret-key"]


@pytest.mark.parametrize("kept", [b"", b"\n", b"short", b" " * 40])
def test_a_key_file_without_a_key_signs_nothing(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "secret-key").write_bytes(kept)
    with pytest.raises(Refused, match="holds no key"):
        load(tmp_path).session_secret()


def test_a_key_that_stands_is_kept(tmp_path: Path) -> None:
    secret = load(tmp_path).session_secret()
    assert load(tmp_path).session_secret() == secret
    assert load(tmp_path, WIKI_SECRET_KEY="given by the operator").session_secret() == "given by the operator"


def test_secrets_are_not_shown_with_the_settings(tmp_path: Path) -> None:
    settings = load(tmp_path, WIKI_SECRET_KEY="given by the operator", WIKI_DATABASE_URL="postgresql://me:hush@db/wiki")
    assert "given by" not in repr(settings)
    assert "hush" not in repr(settings)


def test_a_place_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings(data=tmp_path / "file")
    with pytest.raises(Unavailable, match="cannot be used"):
        settings.session_secret()
