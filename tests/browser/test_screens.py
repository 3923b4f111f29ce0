"""Every screen, wide and narrow, light and dark: nothing keeps anybody out of it, nothing is beyond its edge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.acts import THEMES, Window, barriers
from tests.browser.conftest import Complaints, Site, serving
from tests.browser.screens import NO_SCREENS, SCREENS, Screen
from tests.browser.stage import Places, set_the_stage
from tests.world import open_world

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Places]:
    """Where everything is to be seen, before it is served."""
    return set_the_stage(tmp_path_factory.mktemp("stage"))


@pytest.fixture(scope="module")
def site(stage: tuple[Path, Places]) -> Iterator[Site]:
    """The stage. Looking at it changes nothing, so one is enough."""
    with serving(stage[0]) as served:
        yield served


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_is_accessible_and_fits(
    screen: Screen, window: Window, stage: tuple[Path, Places], complaints: Complaints
) -> None:
    page = window(who=screen.who)
    statuses = []
    page.on("response", lambda answer: statuses.append(answer.status) if answer.request.is_navigation_request() else 0)
    screen.open(page, stage[1])
    assert [status for status in statuses if status not in range(300, 400)][-1] == screen.status
    found = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for theme, rules in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found += [f"{theme}, {width} px: {barrier}" for barrier in barriers(page, rules)]
    assert found == []
    complaints.found = [said for said in complaints.found if f"status of {screen.status}" not in said]


def test_every_address_that_shows_a_page_is_among_the_screens(stage: tuple[Path, Places]) -> None:
    with open_world(stage[0]) as world:
        shown = {screen.endpoint(world.app, stage[1]) for screen in SCREENS}
        known = {rule.endpoint for rule in world.app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    assert known - NO_SCREENS - shown == set(), "put them into tests/browser/screens.py"
    assert NO_SCREENS - known == set(), "these are gone"
    assert NO_SCREENS & shown == set(), "these are screens"


def test_each_screen_has_a_name_of_its_own() -> None:
    names = [screen.name for screen in SCREENS]
    assert len(names) == len(set(names))
