"""What it takes to open a wiki where another was opened before in the same process."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Dialect
from sqlalchemy.engine import Compiled

from tests.begun import listening
from tests.world import Clock, close, copy_of, settings_for
from wiki import prepared
from wiki.assembly import open_wiki


def test_another_wiki_opens_without_wording_a_question_again_or_beginning_a_process(
    founded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(open_wiki(settings_for(copy_of(founded, tmp_path / "one")), Clock()))
    worded: list[str] = []
    word = prepared.compiled

    def watched(statement: prepared.Statement, dialect: Dialect) -> Compiled:
        worded.append(str(statement))
        return word(statement, dialect)

    monkeypatch.setattr(prepared, "compiled", watched)
    settings = settings_for(copy_of(founded, tmp_path / "two"))
    with listening() as begun:
        wiki = open_wiki(settings, Clock())
    close(wiki)
    assert worded == []
    assert begun == []
