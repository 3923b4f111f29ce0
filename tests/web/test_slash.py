"""The key that leads to the search is one letter long, so whoever wants can switch it off."""

from __future__ import annotations

import pytest

from tests.world import Page, Visitor, World


def _choose(visitor: Visitor, chosen: str) -> Page:
    form = visitor.open("/welcome").form("/-/slash")
    return Page(visitor.client.post("/-/slash", data={**dict(form.fields), "slash": chosen}))


def _is_on(visitor: Visitor) -> bool:
    page = visitor.open("/welcome")
    pressed = page.tree.xpath("//button[@name='slash']/@aria-pressed") == ["true"]
    announced = page.tree.xpath("//input[@name='q']/@aria-keyshortcuts") == ["/"]
    told = page.tree.getroottree().getroot().get("data-slash") != "off"
    assert pressed == announced == told
    return pressed


@pytest.mark.parametrize("who", [None, "ana"])
def test_it_is_on_until_somebody_switches_it_off(world: World, who: str | None) -> None:
    visitor = world.visitor(who)
    assert _is_on(visitor)
    for chosen, on in (("off", False), ("on", True)):
        page = _choose(visitor, chosen)
        assert (page.status, page.response.headers["Location"]) == (303, "/welcome")  # type: ignore[union-attr]
        assert _is_on(visitor) == on


def test_a_page_that_is_kept_is_kept_for_both(world: World) -> None:
    one, other = world.visitor(), world.visitor()
    assert _is_on(other)
    _choose(one, "off")
    assert not _is_on(one)
    assert _is_on(other)


def test_anything_else_is_refused_in_words(world: World) -> None:
    page = _choose(world.visitor(), "sometimes")
    assert page.status == 400
    assert "only be switched on or off" in page.main
    visitor = world.visitor()
    visitor.client.set_cookie("slash", "<script>")
    assert _is_on(visitor)
