"""The units of systemd let the wiki call what it calls, and what they do not let it call ends nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import filtered
from tests.conftest import CHECKOUT
from tests.house import ANA, House

UNITS = sorted((CHECKOUT / "deploy").glob("*.service"))
_CALLS = re.compile(r"\b(?:os|resource)\.([a-z_]+)\(")
_BY_OTHER_NAMES = {"nice": "setpriority", "setrlimit": "prlimit64"}
_OF_OTHER_USERS = {"fchown"}
"""Called where somebody else than the user of the unit works on the data."""
_PACK = """
import sys, time
from pathlib import Path
from wiki.repository import Repository
print(Repository(Path(sys.argv[1])).upkeep.run(time.time()))
"""
_STAND_BACK = "import os; from wiki.calm import stand_back; stand_back(10); print(os.getpriority(os.PRIO_PROCESS, 0))"

pytestmark = pytest.mark.skipif(bool(filtered.why_not()), reason=filtered.why_not())


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_lets_through_what_the_wiki_calls(unit: Path) -> None:
    texts = [file.read_text("utf-8") for file in (CHECKOUT / "wiki").rglob("*.py")]
    named = {_BY_OTHER_NAMES.get(name, name) for text in texts for name in _CALLS.findall(text)}
    called = (named & filtered.group("@known")) - _OF_OTHER_USERS
    assert {"setpriority", "prlimit64", "fsync"} <= called
    assert called <= filtered.let_through(unit)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_what_a_unit_does_not_let_through_is_an_error_and_ends_nothing(unit: Path) -> None:
    assert run(unit, "import os\ntry: os.chroot('/')\nexcept PermissionError: print('not let')") == "not let"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_under_a_unit_git_is_packed_with_low_priority(unit: Path, house: House) -> None:
    house.propose(ANA, {"notes/tea.md": "# Tea\n\nGreen.\n"})
    assert run(unit, _STAND_BACK) == str(max(10, os.getpriority(os.PRIO_PROCESS, 0)))
    assert run(unit, _PACK, str(house.repository.path)) == "True"
    assert house.again().repository.upkeep.clutter().objects == 0


def test_where_nobody_may_change_a_priority_git_is_packed_all_the_same(house: House, tmp_path: Path) -> None:
    house.propose(ANA, {"notes/tea.md": "# Tea\n\nGreen.\n"})
    strict = tmp_path / "strict.service"
    strict.write_text("SystemCallFilter=@system-service\nSystemCallFilter=~@resources\nSystemCallErrorNumber=EPERM\n")
    assert run(strict, _STAND_BACK) == str(os.getpriority(os.PRIO_PROCESS, 0))
    assert run(strict, _PACK, str(house.repository.path)) == "True"


def run(unit: Path, program: str, *arguments: str) -> str:
    """What a program in Python prints under the filter of this unit."""
    command = [sys.executable, filtered.__file__, str(unit), sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, check=False)
    assert done.returncode == 0, (done.returncode, done.stderr)
    return done.stdout.strip()
