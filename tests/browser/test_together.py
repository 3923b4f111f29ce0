"""Working on one proposal together, in a real browser: wide and narrow, with and without scripts."""

from __future__ import annotations

import pytest

from tests.browser.acts import Window, endorse, overflows, propose

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (390, True), (1280, False)])
def test_a_text_grows_between_colleagues(window: Window, width: int, scripts: bool) -> None:
    mark = f"{width}{'s' if scripts else 'n'}"
    ana, bob, cyd = (window(width, scripts=scripts, who=who) for who in ("ana", "bob", "cyd"))
    for page in (ana, bob, cyd):
        page.on("dialog", lambda dialog: dialog.accept())
    text = f"# Hours\n\nWork when you work best, {mark}.\n\nBe reachable when you said you would.\n"
    address = propose(ana, "working/hours", text, f"Hours {mark}")
    cyd.goto(address)
    cyd.get_by_role("button", name="Endorse").click()
    cyd.wait_for_load_state()

    bob.goto(address)
    bob.get_by_role("link", name="Comment on this passage").last.click()
    bob.get_by_label("What do you want to say about this passage?").fill("Even at night?")
    bob.locator("#say").get_by_role("button", name="Say it").click()
    bob.locator(".beside", has_text="Even at night?").wait_for()
    bob.get_by_role("link", name="Suggest an edit").click()
    bob.locator("textarea[name=text]").fill(text.replace("work best", "think best"))
    bob.get_by_role("button", name="Suggest this to the authors").click()
    bob.wait_for_url("**/-/proposals/**")
    assert "Bob Reyes suggests" in bob.locator("#suggestions").inner_text()

    ana.goto(address)
    ana.get_by_role("button", name="Take it").click()
    ana.wait_for_load_state()
    assert "it was taken" in ana.locator("#suggestions").inner_text()

    cyd.goto(address)
    since = cyd.locator(".since-endorsed")
    assert "think" in since.locator("ins").inner_text()
    cyd.get_by_role("link", name="version 2").click()
    assert "From version 1 to version 2" in cyd.locator("main").inner_text()
    cyd.goto(address)
    cyd.get_by_role("button", name="Endorse again").click()
    cyd.wait_for_load_state()
    assert "1 of 2 colleagues" in cyd.locator("#decision").inner_text()
    for page in (ana, bob, cyd):
        assert overflows(page) == 0
    ana.goto(address)
    ana.locator("summary", has_text="Withdraw").click()
    ana.get_by_role("button", name="Withdraw", exact=True).click()
    ana.wait_for_load_state()
    assert "Withdrawn" in ana.locator("#decision").inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_draft_over_several_pages_and_its_undoing(window: Window, width: int) -> None:
    page = window(width, who="dee")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/-/edit/notes/kitchen")
    text = page.locator("textarea[name=text]").input_value()
    page.locator("textarea[name=text]").fill(f"{text}\nAnd the plate, {width}.\n")
    page.get_by_label("What changes?").fill(f"Plates {width}")
    page.get_by_role("button", name="Save as draft").click()
    page.wait_for_url("**/-/drafts/*")
    draft = page.url
    page.locator("summary", has_text="Change another page with it").click()
    page.get_by_label("Address of the page").fill(f"notes/plates-{width}")
    page.get_by_label("Add it: there is no such page yet").check()
    page.get_by_role("button", name="Go on").click()
    page.locator("textarea[name=text]").fill("# Plates\n\nThey are round.\n")
    page.get_by_role("button", name="Put it into the draft").click()
    page.wait_for_url(draft)
    assert overflows(page) == 0
    page.get_by_role("button", name="Propose", exact=True).click()
    page.wait_for_url("**/-/proposals/*")
    assert "In force since" in page.locator("#decision").inner_text()
    page.get_by_role("button", name="Propose to undo this").click()
    page.wait_for_url("**/-/drafts/*")
    page.get_by_role("button", name="Propose", exact=True).click()
    page.wait_for_url("**/-/proposals/*")
    assert f"Undoes “Plates {width}”" in page.locator("header.head").inner_text()
    page.goto("/notes/kitchen")
    assert f"And the plate, {width}." not in page.locator("article").inner_text()


@pytest.mark.parametrize(("width", "scripts"), [(390, True), (1280, True), (1280, False)])
def test_what_changed_since_somebody_read_is_shown_where_they_want_to_see_it(
    window: Window, width: int, scripts: bool
) -> None:
    mark = f"{width}{'s' if scripts else 'n'}"
    ana, bob, cyd, dee = (window(width, scripts=scripts, who=who) for who in ("ana", "bob", "cyd", "dee"))
    dee.goto("/travel/visa")
    address = propose(ana, "travel/visa", f"# Visas\n\nAsk as early as {mark} days before.\n", f"Visas {mark}")
    for page in (bob, cyd):
        endorse(page, address)
    dee.goto("/travel/visa")
    since = dee.locator("aside.since")
    if not scripts:
        assert not since.locator("details").is_visible()
        since.get_by_role("link", name="Compare with what you knew").click()
        dee.wait_for_url("**/-/compare/**")
        assert mark in dee.locator(".as-prose ins").first.inner_text()
        return
    asked: list[str] = []
    dee.on("request", lambda request: asked.append(request.url))
    since.locator("summary").focus()
    dee.keyboard.press("Enter")
    since.locator(".as-prose ins").first.wait_for()
    assert mark in since.locator(".as-prose").inner_text()
    assert overflows(dee) == 0
    for _ in range(2):
        dee.keyboard.press("Enter")
    assert sum("/-/compare/" in url for url in asked) == 1
    dee.goto("/travel/visa")
    something_else = {"fetch": lambda route: route.fulfill(body="Something else.", content_type="text/html")}
    dee.route(
        "**/-/compare/**", lambda route: something_else.get(route.request.resource_type, type(route).continue_)(route)
    )
    dee.locator("aside.since summary").click()
    dee.wait_for_url("**/-/compare/**")


def test_whoever_comments_on_a_passage_types_at_once(window: Window) -> None:
    page = window(who="cyd")
    page.goto("/-/new")
    page.get_by_label("Address of the page").fill("legal/signing")
    page.locator("textarea[name=text]").fill("# Signing\n\n" + "".join(f"Number {n} signs.\n\n" for n in range(40)))
    page.get_by_label("What changes?").fill("Signing")
    page.get_by_role("button", name="Propose", exact=True).click()
    page.wait_for_url("**/-/proposals/*")
    page.get_by_role("link", name="Comment on this passage").nth(20).click()
    page.wait_for_url("**#remark")
    assert page.evaluate("document.activeElement.id") == "remark"
    box = page.locator("#remark").bounding_box()
    assert 200 < box["y"] < 700
    page.keyboard.type("Why two?")
    assert page.locator("#remark").input_value() == "Why two?"
