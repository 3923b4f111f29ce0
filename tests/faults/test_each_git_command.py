"""Killed before each step of an act that changes what is in git, be it a command of git or a file that gets or loses a
name, with every process of its group: nothing is half done, and who tries again has it done once."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import pytest

from tests.faults.test_upkeep import left_behind
from tests.house import ANA, BOB, CYD, DEE, House, check_from_outside
from wiki.guidelines import Outcome

STEPS = {"subprocess.Popen", "os.rename", "os.link", "os.remove"}
LINE = {"travel/expenses.md": "# Expenses\n\nOther words.\n"}
MOST_STEPS = 40


@dataclass(frozen=True)
class Deed:
    """An act that is prepared on a house of its own, done, and looked at: how often is it there?"""

    prepare: Callable[[House], int]
    do: Callable[[House, int], Outcome]
    count: Callable[[House, int], int]


def _kinds(kind: str) -> Callable[[House, int], int]:
    return lambda house, n: house.kinds(n).count(kind) if n <= house.guidelines.count() else 0


def _endorsed_by_one(house: House) -> int:
    n = house.propose(ANA, LINE)
    house.endorse(n, BOB)
    return n


def _overtaken(house: House) -> int:
    """Main has moved elsewhere on the same page."""
    lines = house.text("travel/expenses.md") or ""
    n = house.propose(ANA, {"travel/expenses.md": lines.replace("Line 2 ", "Line two ")})
    house.bring_into_force(BOB, {"travel/expenses.md": lines.replace("Line 29 ", "Line twenty-nine ")}, CYD, DEE)
    return n


def _seen(house: House, n: int) -> str:
    """The change that was on the table before anybody acted."""
    return house.repository.chain(house.guidelines.tip(n))[0].id


DEEDS = {
    "propose": Deed(lambda house: 1, lambda house, n: _propose(house), _kinds("propose")),
    "revise": Deed(
        lambda house: house.propose(ANA, {"welcome.md": "# Welcome\n\nFirst.\n"}),
        lambda house, n: house.guidelines.revise(n, ANA, {"welcome.md": "# Welcome\n\nNew.\n"}, seen=_seen(house, n)),
        _kinds("revise"),
    ),
    "endorse and merge": Deed(
        _endorsed_by_one,
        lambda house, n: (
            house.guidelines.endorse(n, CYD, _seen(house, n), member_since=0)
            if not house.in_force(n)
            else house.guidelines.settle(n)
        ),
        lambda house, n: min(_kinds("endorse")(house, n) - 1, int(house.in_force(n))),
    ),
    "refresh": Deed(_overtaken, lambda house, n: house.guidelines.refresh(n), _kinds("refresh")),
    "comment": Deed(
        lambda house: house.propose(ANA, LINE),
        lambda house, n: Outcome(n, house.guidelines.comment(n, BOB, "I see.")),
        lambda house, n: len(house.guidelines.talk(n)),
    ),
}


def _propose(house: House) -> Outcome:
    return house.guidelines.propose(ANA, "A change", "Because it is better.", LINE)


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS.keys())
def test_killed_before_any_step_it_is_done_once_by_the_next_try(house: House, deed: Deed) -> None:
    n = deed.prepare(house)
    house.close()
    killed = 0
    while killed < MOST_STEPS and _killed(house, deed, n, killed + 1):
        killed += 1
    assert 4 <= killed < MOST_STEPS


def _killed(house: House, deed: Deed, n: int, at: int) -> bool:
    """On a copy of the house: kill, start again, look, try again, look. Whether there were so many steps."""
    place = house.path.parent / f"{at}"
    shutil.copytree(house.path, place / "content.git")
    pid = os.fork()
    if pid == 0:
        _act_and_end(House(place / "content.git"), deed, n, at)
    status = os.waitpid(pid, 0)[1]
    assert status in {0, 9}, f"step {at}"
    again = House(place / "content.git")
    again.repository.upkeep.sweep(again.clock())
    again.repository.refs.sweep()
    assert left_behind(again.path) == []
    assert deed.count(again, n) in ({1} if status == 0 else {0, 1})
    if deed.count(again, n) == 0 or "refresh" not in again.kinds(n):
        deed.do(again, n)
    assert deed.count(again, n) == 1, f"step {at}"
    again.close()
    check_from_outside(again.path, place)
    shutil.rmtree(place)
    return status == 9


def _act_and_end(house: House, deed: Deed, n: int, at: int) -> None:
    os.setpgid(0, 0)
    steps = count(1)

    def kill(event: str, _details: object) -> None:
        if event in STEPS and next(steps) == at:
            os.killpg(0, signal.SIGKILL)

    sys.addaudithook(kill)
    try:
        deed.do(house, n)
    except BaseException:  # noqa: BLE001 - a forked process must end here, whatever happens
        os._exit(3)
    os._exit(0)
