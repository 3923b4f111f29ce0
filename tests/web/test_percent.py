"""Shares as people read them: in whole percent, but little is not nothing, and almost all is not all."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from tests.world import World
from wiki.web.words import percent


@pytest.mark.parametrize(
    ("share", "english", "german"),
    [
        (0, "0%", "0\xa0%"), (0.001, "0.1%", "0,1\xa0%"), (0.47, "0.5%", "0,5\xa0%"), (0.5, "0.5%", "0,5\xa0%"),
        (0.97, "1%", "1\xa0%"), (1.4, "1%", "1\xa0%"), (35.2, "35%", "35\xa0%"), (99.4, "99%", "99\xa0%"),
        (99.6, "99.6%", "99,6\xa0%"), (99.99, "99.9%", "99,9\xa0%"), (100, "100%", "100\xa0%"),
    ],
)  # fmt: skip
def test_a_share_is_told_in_whole_percent_but_near_nothing_and_all(
    world: World, share: float, english: str, german: str
) -> None:
    with world.app.test_request_context("/"):
        with force_locale("en"):
            assert percent(share) == english
        with force_locale("de"):
            assert percent(share) == german
