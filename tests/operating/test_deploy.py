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


@pytest.mark.parametrize("unit", sorted(file.name for file in UNIT.parent.glob("concord*.[st]*")))
def test_systemd_finds_nothing_wrong_with_the_unit(unit: str, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not at hand")
    for file in UNIT.parent.glob("concord*.[st]*"):
        here = file.read_text("utf-8").replace("/opt/concord/bin/wiki", sys.executable)
        here = re.sub(r"^(User|Group)=.*$", "", here, flags=re.M)
        (tmp_path / file.name).write_text(here, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", tmp_path / unit], capture_output=True, text=True, check=False)
    assert "concord" not in done.stderr, done.stderr


def test_a_service_of_the_wiki_can_change_nothing_but_its_data() -> None:
    for unit in UNIT.parent.glob("concord*.service"):
        lines = unit.read_text("utf-8").splitlines()
        assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "UMask=0077"} <= set(lines), (
            unit
        )
        assert any(line.startswith(("StateDirectory=", "ReadWritePaths=")) for line in lines), unit
        assert "User=concord" in lines, unit


def test_granian_by_hand_ends_though_it_is_stopped_while_its_workers_start() -> None:
    told = (CHECKOUT / "docs" / "operating" / "running.md").read_text("utf-8")
    commands = re.findall(r"^granian .*$", told, re.M)
    assert commands
    assert all("--workers-kill-timeout 30 " in command for command in commands)
