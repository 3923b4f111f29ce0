"""What is measured beside others: what it is called there, and what is said where they are not installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import dokuwiki


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("welcome", "welcome"),
        ("Travel/Per Diem", "travel:per_diem"),
        ("a-b/c.d", "a-b:c.d"),
        ("straße/…", "stra_e:x"),
    ],
)
def test_a_page_is_called_there_as_it_would_be(ours: str, theirs: str) -> None:
    assert dokuwiki.page_id(ours) == theirs


def test_without_dokuwiki_nothing_is_measured_and_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dokuwiki, "PROGRAM", tmp_path)
    with pytest.raises(SystemExit, match="scripts/need dokuwiki nginx"):
        dokuwiki.versions()
