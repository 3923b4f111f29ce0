"""The table of rules and their tests in docs/operating/security.md names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
ROWS = re.findall(
    r"^\| ([^|]+) \| (.*`tests/.*) \|$", (CHECKOUT / "docs/operating/security.md").read_text("utf-8"), re.M
)


def test_every_rule_names_a_test() -> None:
    assert len(ROWS) >= 30


def test_every_test_that_is_named_exists() -> None:
    missing = []
    for rule, tests in ROWS:
        file = ""
        for word in re.findall(r"`([^`]+)`", tests):
            if word.startswith("tests/"):
                file = (CHECKOUT / word).read_text("utf-8")
            elif f"def {word}(" not in file:
                missing.append((rule, word))
    assert missing == []
