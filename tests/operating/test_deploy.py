"""The files in deploy/ fit the program, and those that read them where they are at hand."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from wiki.settings import Settings

UNIT = CHECKOUT / "deploy" / "concord.service"
NGINX = CHECKOUT / "deploy" / "nginx.conf"  # itself tried in test_nginx.py
KNOWN = {f"WIKI_{field.name.upper()}" for field in fields(Settings)}


def test_settings_in_them_are_settings_that_there_are() -> None:
    texts = [file.read_text("utf-8") for file in (UNIT, NGINX, CHECKOUT / "docs" / "operating" / "running.md")]
    for text in texts:
        assert set(re.findall(r"\bWIKI_[A-Z_]+", text)) <= KNOWN
    named = set(re.findall(r"^# In wiki.toml: (.*)$", texts[1], re.M))
    assert named, "which settings go with it"
    for setting in re.findall(r"(\w+) = ", named.pop()):
        assert f"WIKI_{setting.upper()}" in KNOWN


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not at hand")
    here = UNIT.read_text("utf-8").replace("/opt/concord/bin/wiki", sys.executable)
    here = re.sub(r"^(User|Group)=.*$", "", here, flags=re.M)
    (tmp_path / "concord.service").write_text(here, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "concord.service"], capture_output=True, text=True, check=False
    )
    assert "concord.service" not in done.stderr, done.stderr
