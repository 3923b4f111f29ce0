"""Every screen, wide and narrow, light and dark: nothing keeps anybody out of it, nothing is beyond its edge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.acts import LOOKS, Window, barriers_in_each_look
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
    assert barriers_in_each_look(page) == []
    complaints.found = [said for said in complaints.found if f"status of {screen.status}" not in said]


SEED = """([looks, css]) => {
  const seeds = looks.map((look) => `<p class="${look}">Words</p><hr class="${look}">` +
    `<button type="button" class="${look}"><span>Words</span></button>`);
  document.querySelector("main").insertAdjacentHTML("beforeend", seeds.join(""));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
ONLY_THERE = """
@media %(width)s and (prefers-color-scheme: %(theme)s) { p.%(look)s { color: #888; background: #777; } }
@media %(width)s { .%(look)s.light span { display: none; } hr.%(look)s.light { inline-size: 3000px; } }
"""


def test_what_keeps_somebody_out_in_one_look_is_found_in_that_one(window: Window) -> None:
    page = window()
    page.goto("/welcome")
    widths = {1280: "(min-width: 800px)", 390: "(max-width: 600px)"}
    looks = {f"at{px}-{theme}": {"width": widths[px], "theme": theme} for px, theme, _ in LOOKS}
    css = "".join(ONLY_THERE % {**where, "look": look} for look, where in looks.items())
    page.evaluate(SEED, [[f"{look} {where['theme']}" for look, where in looks.items()], css])
    found = barriers_in_each_look(page)
    for px, theme, _ in LOOKS:
        *here, wide = [each for each in found if each.startswith(f"{theme}, {px} px: ")]
        of_the_look = ["button-name", "color-contrast"] if theme == "light" else ["color-contrast"]
        assert [each.split(": ")[1] for each in here] == of_the_look
        assert all(f'class="at{px}-{theme} ' in each and " … " not in each for each in here), here
        assert wide.endswith(" px too wide")


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
