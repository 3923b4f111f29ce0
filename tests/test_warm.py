"""What begins in a process of its own has its modules already, whichever tests begin it."""

from __future__ import annotations

import os
from pathlib import Path

from tests.service import actors
from tests.warm import ended, python


def test_whatever_is_begun_finds_its_modules_read(tmp_path: Path) -> None:
    assert actors.SERVER.get_start_method() == "forkserver"
    told = tmp_path / "told"
    code = "print({'wiki.assembly', 'wiki.cli', 'wiki.clock', 'wiki.web', 'granian'} - sys.modules.keys())"
    assert ended(python(code, streams=(os.devnull, told))) == 0
    assert told.read_text() == "set()\n"


def test_it_finds_its_arguments_and_its_environment_and_says_how_it_ended(tmp_path: Path) -> None:
    told = tmp_path / "told"
    code = "print(sys.argv[1:], dict(os.environ)); sys.exit(3)"
    assert ended(python(code, 1, "two", environment={"A": "b"}, streams=(os.devnull, told))) == 3
    assert told.read_text() == "['1', 'two'] {'A': 'b'}\n"
