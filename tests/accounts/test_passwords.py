"""Which passwords are good enough."""

from __future__ import annotations

import subprocess
import sys

import argon2
import pytest

from wiki.accounts.passwords import Passwords, check_password
from wiki.model.errors import Refused


@pytest.mark.parametrize(
    "password", ["a calm blue morning", "Tr0ub4dor&3xyz", "これは長いパスワードですよね", "x y z 1 2 3 4"]
)
def test_a_long_password_that_is_not_common_does(password: str) -> None:
    check_password(password, email="ana@example.com", name="Ana Souza")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 12"),
        ("elevenchars", "at least 12"),
        ("x" * 1_025, "at most 1024"),
        ("Ana@Example.com", "would be guessed"),
        ("ana souza the great", "would be guessed"),
        ("aaaaaaaaaaaaaaaa", "commonest"),
        ("1234567890qwerty", "commonest"),
        ("password1234", "commonest"),
        ("ｐａｓｓｗｏｒｄ１２３４", "commonest"),
        (" Ana Souza the great ", "would be guessed"),
    ],
)
def test_a_password_that_others_would_guess_is_refused(password: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        check_password(password, email="ana@example.com", name="Ana Souza the great")


def test_the_list_of_the_commonest_is_read_without_all_that_comes_with_it() -> None:
    code = (
        "import sys; from wiki.accounts.passwords import _commonest;"
        "print('zxcvbn' in sys.modules, len(_commonest()) > 100, 'zxcvbn' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False True False\n"


def test_a_wiki_takes_as_long_over_a_password_as_rfc_9106_asks_for() -> None:
    kept = argon2.extract_parameters(Passwords().hash("a calm blue morning"))
    least = argon2.profiles.RFC_9106_LOW_MEMORY
    assert kept.type is argon2.Type.ID
    assert kept.memory_cost >= least.memory_cost >= 1 << 16
    assert kept.time_cost >= least.time_cost >= 3
    assert (kept.salt_len, kept.hash_len) >= (16, 32)
