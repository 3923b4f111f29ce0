"""The editor in a real browser: buttons, keys, tables, links, pictures, drafts on two devices, the preview beside."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright import sync_api

from tests.browser.acts import Window, propose, sign_in
from tests.browser.conftest import Complaints
from tests.pictures import SVG, png

pytestmark = pytest.mark.browser

DROP = """([name, type, bytes, kind]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const area = document.querySelector("textarea[name=text]");
  const event = kind === "drop"
    ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
    : new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  area.dispatchEvent(event);
}"""
DROP_TWO = """(files) => {
  const data = new DataTransfer();
  for (const [name, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
  const area = document.querySelector("textarea[name=text]");
  area.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""
LAG = """async () => {
  const times = [];
  const area = document.querySelector("textarea[name=text]");
  area.focus();
  for (let n = 0; n < 40; n += 1) {
    const start = performance.now();
    document.execCommand("insertText", false, n % 7 ? "a" : " ");
    await new Promise((done) => requestAnimationFrame(() => { const seen = new MessageChannel();
      seen.port1.onmessage = done; seen.port2.postMessage(0); }));
    times.push(performance.now() - start);
    await new Promise((done) => setTimeout(done, 60));
  }
  return times.sort((a, b) => a - b);
}"""


@pytest.fixture
def writer(window: Window) -> Callable[..., Any]:
    """Opens the editor on a page, as Ana: ``writer(address, width=…)``."""

    def open_editor(address: str, **options: Any) -> Any:
        page = window(who="ana", **options)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(address)
        return page

    return open_editor


def _text(page: Any) -> Any:
    return page.locator("textarea[name=text]")


def _type(page: Any, words: str) -> None:
    """Begin with an empty text."""
    _text(page).fill("")
    _text(page).focus()
    page.keyboard.type(words)


def _until(page: Any, pattern: str) -> str:
    """Wait until the text matches; the text."""
    sync_api.expect(_text(page)).to_have_value(re.compile(pattern))
    return str(_text(page).input_value())


def _saved(page: Any) -> None:
    """Wait until it says that the server has what is typed, be it some seconds later."""
    page.locator("[data-keeping]", has_text=re.compile(r"^Saved (just now|.+ ago)\.$")).wait_for()


def _shows(page: Any, picture: str) -> None:
    """Wait until a picture has arrived and is one pixel wide."""
    sync_api.expect(page.locator(picture)).to_have_js_property("naturalWidth", 1)


def test_every_button_writes_what_it_says_and_can_be_undone(writer: Callable[..., Any]) -> None:
    page = writer("/-/edit/welcome")
    for button, written in (
        ("Strong", "**words**"), ("Emphasis", "*words*"), ("Heading", "## words"), ("List", "- words"),
        ("Numbered list", "1. words"), ("List of things to do", "- [ ] words"), ("Quotation", "> words"),
        ("Code", "`words`"),
    ):  # fmt: skip
        _type(page, "words")
        page.keyboard.press("Control+a")
        page.get_by_role("button", name=button, exact=True).click()
        assert _text(page).input_value() == written
        page.keyboard.press("Control+z")
        assert _text(page).input_value() == "words"
    _type(page, "one")
    page.get_by_role("button", name="Note that stands out").click()
    assert _text(page).input_value() == "one\n\n> [!NOTE]\n> Worth knowing\n"


def test_a_button_pressed_twice_takes_back_what_it_did(writer: Callable[..., Any]) -> None:
    page = writer("/-/edit/welcome")
    _type(page, "one\ntwo")
    page.keyboard.press("Control+a")
    for button in ("Strong", "List", "Quotation"):
        before = _text(page).input_value()
        page.get_by_role("button", name=button, exact=True).click()
        page.get_by_role("button", name=button, exact=True).click()
        assert _text(page).input_value() == before


def test_by_keyboard_alone_from_the_buttons_to_a_proposal(writer: Callable[..., Any]) -> None:
    page = writer("/-/edit/notes/kitchen")
    _text(page).focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.dataset.do") == "heading"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.do") == "italic"
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.dataset.do") == "help"
    page.keyboard.press("Enter")
    page.locator("#keys-dialog[open]").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.do") == "help"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "text"
    page.keyboard.press("Control+End")
    page.keyboard.type("\n")
    page.keyboard.press("Control+b")
    page.keyboard.type("Dry")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.type(" it too.")
    assert _text(page).input_value().endswith("**Dry** it too.")
    page.get_by_label("What changes?").focus()
    page.keyboard.type("Dry your cup")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/-/proposals/*")
    assert "Dry it too." in page.locator("main").inner_text()


def test_enter_goes_on_with_a_list_and_tab_never_traps(writer: Callable[..., Any]) -> None:
    page = writer("/-/edit/welcome")
    _type(page, "- one\ntwo\n\n")
    assert _text(page).input_value() == "- one\n- two\n"
    _type(page, "9. nine\nten")
    assert _text(page).input_value() == "9. nine\n10. ten"
    _type(page, "- [x] done\nnext")
    assert _text(page).input_value() == "- [x] done\n- [ ] next"
    page.keyboard.press("Tab")
    assert _text(page).input_value() == "- [x] done\n  - [ ] next"
    page.keyboard.press("Shift+Tab")
    assert _text(page).input_value() == "- [x] done\n- [ ] next"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") != "text"
    _type(page, "plain words")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") != "text"


def test_a_table_is_made_and_changed_without_counting_bars(writer: Callable[..., Any]) -> None:
    page = writer("/-/edit/welcome")
    _type(page, "Before")
    page.get_by_role("button", name="Table", exact=True).click()
    page.get_by_label("Columns").fill("2")
    page.get_by_label("Rows under the heads").fill("1")
    page.get_by_role("button", name="Insert it").click()
    _until(page, r"\| Head \| Head \|")
    page.keyboard.type("Name")
    page.keyboard.press("Tab")
    page.keyboard.type("What it costs")
    page.keyboard.press("Tab")
    page.keyboard.type("Train")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Bus")
    assert "| Train | " in _text(page).input_value()
    page.get_by_role("button", name="Align this column").click()
    assert "| :---- |" in _text(page).input_value()
    page.get_by_role("button", name="Add a column to the right").click()
    page.get_by_role("button", name="Remove this column").click()
    page.get_by_role("button", name="Remove this row").click()
    assert "Bus" not in _text(page).input_value()
    page.keyboard.press("Control+End")
    sync_api.expect(page.get_by_role("toolbar", name="Table")).not_to_be_visible()
    sync_api.expect(_text(page)).to_have_value(
        "Before\n\n| Name  | What it costs |\n| :---- | ------------- |\n| Train |               |\n"
    )


def test_a_table_is_tidied_when_the_caret_leaves_it(writer: Callable[..., Any]) -> None:
    page = writer("/-/edit/welcome")
    _text(page).fill("|a|b|\n|-|-:|\n|long words|1|\n\nAfter")
    _text(page).focus()
    page.keyboard.press("Control+Home")
    page.get_by_role("toolbar", name="Table").wait_for()
    page.keyboard.press("Control+End")
    tidied = "| a          | b   |\n| ---------- | --: |\n| long words | 1   |\n\nAfter"
    sync_api.expect(_text(page)).to_have_value(tidied)
    page.keyboard.type("!")
    assert _text(page).input_value().endswith("After!")


def test_a_page_is_found_and_linked(writer: Callable[..., Any]) -> None:
    page = writer("/-/edit/travel/expenses")
    _type(page, "See ")
    page.keyboard.press("Control+k")
    page.locator("#link-dialog").get_by_role("combobox").fill("vis")
    page.get_by_role("option", name="Visas").wait_for()
    page.keyboard.press("Enter")
    assert _until(page, r"\[Visas\]") == "See [Visas](visa.md)"
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+k")
    page.locator("#link-dialog").get_by_role("combobox").fill("https://a.example/x")
    page.keyboard.press("Enter")
    assert _until(page, "example").endswith("](https://a.example/x)")


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_picture_is_dropped_or_pasted_and_travels_with_the_proposal(writer: Callable[..., Any], kind: str) -> None:
    page = writer("/-/edit/notes/kitchen")
    _text(page).focus()
    page.keyboard.press("Control+End")
    page.evaluate(DROP, [f"Our {kind}.png", "image/png", list(png(1 if kind == "drop" else 2)), kind])
    _until(page, rf"!\[Our {kind}\]\(Our-{kind}-[0-9a-f]{{8}}\.png\)")
    picture = f"img[alt='Our {kind}']"
    page.locator(f"[data-preview] {picture}").wait_for()
    _shows(page, f"[data-preview] {picture}")
    page.get_by_label("What changes?").fill("Show the sink")
    page.get_by_role("button", name="Propose", exact=True).click()
    page.wait_for_url("**/-/proposals/*")
    page.goto("/notes/kitchen")
    page.locator(f"article {picture}").scroll_into_view_if_needed()
    _shows(page, f"article {picture}")


def test_what_is_no_picture_is_refused_in_words(writer: Callable[..., Any], complaints: Complaints) -> None:
    page = writer("/-/edit/welcome")
    page.evaluate(DROP, ["a.png", "image/png", list(SVG), "drop"])
    page.get_by_role("alert").filter(has_text="not a picture").wait_for()
    complaints.found = [said for said in complaints.found if "400" not in said]


def test_a_draft_is_found_on_another_device_and_neither_is_lost(window: Window, complaints: Complaints) -> None:
    phone, laptop, third = window(390), window(), window()
    for page in (phone, laptop, third):
        page.on("dialog", lambda dialog: dialog.accept())
        sign_in(page, "ana")
    for page in (phone, laptop):
        page.goto("/-/edit/working/day-to-day/meetings")
    _text(phone).fill("# Meetings\n\nFrom the phone.\n")
    phone.keyboard.press("Control+s")
    _saved(phone)
    _text(laptop).fill("# Meetings\n\nFrom the laptop.\n")
    laptop.keyboard.press("Control+s")
    laptop.get_by_text("Another window or device").wait_for()
    assert "From the phone." in laptop.locator("[data-other-text]").text_content()
    laptop.get_by_role("button", name="Take that one").click()
    assert "From the phone." in _text(laptop).input_value()
    laptop.keyboard.press("Control+z")
    assert "From the laptop." in _text(laptop).input_value()
    third.goto("/-/edit/working/day-to-day/meetings")
    assert "You typed here on" in third.locator("main").inner_text()
    third.get_by_role("link", name="Go on with it").click()
    third.wait_for_url("**resume=1*")
    assert re.search("From the (phone|laptop)", _text(third).input_value())
    third.goto("/-/edit/working/day-to-day/meetings")
    third.get_by_role("button", name="Throw it away").click()
    third.wait_for_load_state()
    assert "You typed here" not in third.locator("main").inner_text()
    complaints.found = [said for said in complaints.found if "409" not in said]


def test_nobody_is_warned_where_everything_is_saved(window: Window) -> None:
    page = window(who="dee")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/-/edit/welcome")
    page.locator("textarea[name=text]").focus()
    page.keyboard.type("x")
    page.goto("/travel/visa")
    assert asked == ["beforeunload"]
    page.goto("/-/edit/travel/visa")
    page.locator("textarea[name=text]").focus()
    page.keyboard.type("x")
    page.keyboard.press("Control+s")
    _saved(page)
    page.goto("/travel/visa")
    assert asked == ["beforeunload"]


def test_typing_goes_on_while_the_server_is_away(writer: Callable[..., Any], complaints: Complaints) -> None:
    page = writer("/-/edit/travel/visa")
    page.context.set_offline(True)
    _text(page).fill("# Visas\n\nWritten in a tunnel.\n")
    page.keyboard.press("Control+s")
    page.get_by_text("the server has not got it yet").first.wait_for()
    page.context.set_offline(False)
    _saved(page)
    complaints.found = [said for said in complaints.found if "ERR_INTERNET_DISCONNECTED" not in said]


def test_what_did_not_arrive_is_sent_again_soon(writer: Callable[..., Any], complaints: Complaints) -> None:
    page = writer("/-/edit/größe/naïve")
    failed: list[str] = []

    def fail_twice(route: Any) -> None:
        if len(failed) < 2:
            failed.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route("**/-/sketches", fail_twice)
    _text(page).fill("# Größe\n\nWritten at a door that sticks.\n")
    page.keyboard.press("Control+s")
    page.get_by_text("the server has not got it yet").first.wait_for()
    page.locator("[data-keeping]", has_text="Saved").wait_for(timeout=14_000)
    assert len(failed) == 2
    complaints.found = [said for said in complaints.found if "ERR_FAILED" not in said]


def test_words_are_counted_with_those_that_are_chosen(writer: Callable[..., Any]) -> None:
    page = writer("/-/edit/welcome")
    _text(page).fill("# One\n\ntwo three, four’s 5\n")
    page.get_by_text("Words: 5 ·").wait_for()
    _text(page).focus()
    page.keyboard.press("Control+a")
    page.get_by_text("Words chosen: 5").wait_for()


def _long_text() -> str:
    words = "You are paid back what you *spent* on a [trip](visa.md), if you keep the receipt of it and send it soon. "
    return "# Long\n\n" + "\n".join(
        f"## Part {n}\n\n{words * 3}\n\n- one thing\n- another\n\n{words * 3}\n" for n in range(42)
    )


def test_typing_in_a_very_long_page_does_not_lag(writer: Callable[..., Any]) -> None:
    page = writer("/-/edit/travel/expenses")
    _text(page).fill(_long_text())
    page.locator("[data-preview] h2", has_text="Part 41").wait_for()
    page.get_by_text(re.compile("Words: [456],")).wait_for()
    page.evaluate("document.querySelector('textarea[name=text]').setSelectionRange(12000, 12000)")
    times = page.evaluate(LAG)
    assert times[len(times) // 2] < 250, times


def test_the_preview_scrolls_along(writer: Callable[..., Any]) -> None:
    page = writer("/-/edit/travel/expenses")
    _text(page).fill(_long_text())
    page.locator("[data-preview] h2", has_text="Part 41").wait_for()
    where = """() => { const area = document.querySelector("textarea[name=text]");
      const pane = document.querySelector("[data-preview]"); const top = pane.getBoundingClientRect().top;
      const shown = [...pane.querySelectorAll("h2")].find((each) => each.getBoundingClientRect().bottom > top);
      return [area.scrollTop, area.scrollHeight, Number(shown?.textContent.replace(/\\D/g, ""))]; }"""
    page.evaluate("""() => { const area = document.querySelector("textarea[name=text]");
      area.scrollTop = area.scrollHeight / 2; }""")
    page.wait_for_timeout(400)
    assert 18 <= page.evaluate(where)[2] <= 24
    page.evaluate("""() => { document.querySelector("textarea[name=text]").scrollTop = 1e6; }""")
    page.wait_for_timeout(400)
    assert page.evaluate(where)[2] >= 39


def test_a_button_waits_for_its_script(window: Window) -> None:
    page = window(who="ana")
    held: list[Any] = []
    page.route("**/editor/toolbar*.js*", lambda route: held.append(route))
    page.goto("/-/edit/welcome", wait_until="commit")
    button = page.get_by_role("button", name="Strong", exact=True)
    sync_api.expect(button).to_be_disabled()
    page.wait_for_timeout(200)
    held[0].continue_()
    sync_api.expect(button).to_be_enabled()
    button.click()
    sync_api.expect(_text(page)).to_be_focused()


def test_without_scripts_everything_is_there(window: Window) -> None:
    page = window(scripts=False, who="ana")
    page.goto("/travel/expenses")
    page.get_by_role("link", name="Suggest a change to “Meals”").click()
    assert _text(page).input_value() == "## Meals\n\nKeep the receipt of every meal."
    assert not page.locator(".toolbar").first.is_visible()
    _text(page).fill("## Meals\n\nEat **well**.")
    page.get_by_label("Add a picture or document").set_input_files(
        {"name": "Lunch.png", "mimeType": "image/png", "buffer": png(9)}
    )
    page.get_by_role("button", name="Add it").click()
    assert re.search(r"!\[Lunch\]\(Lunch-[0-9a-f]{8}\.png\)$", _text(page).input_value())
    page.get_by_role("button", name="Preview").click()
    page.locator("[data-preview] strong", has_text="well").wait_for()
    page.get_by_role("button", name="Show what I would change").click()
    page.locator(".shown-difference ins").first.wait_for()
    page.get_by_label("What changes?").fill("Eat well")
    page.get_by_role("button", name="Propose", exact=True).click()
    page.wait_for_url("**/-/proposals/*")
    assert page.locator(".files-beside img").count() == 1


HEADED = "---\ntitle: Travelling\nreview_by: 2030-01-01\n---\n"


def _opened_with(page: Any, text: str) -> None:
    """The editor as it would open with this text: the caret is where the browser puts it."""
    page.route("**/-/edit/welcome", lambda route: _with_text(route, text))
    page.goto("/-/edit/welcome")
    assert _text(page).input_value() == text


def _with_text(route: Any, text: str) -> None:
    answer = route.fetch()
    body = re.sub(r"(<textarea[^>]*name=\"text\"[^>]*>).*?(</textarea>)", lambda m: f"{m[1]}\n{text}{m[2]}",
                  answer.text(), flags=re.DOTALL)  # fmt: skip
    route.fulfill(response=answer, body=body)


def _drop(page: Any, name: str, seed: int) -> str:
    """Drop a picture; the name it has got."""
    page.evaluate(DROP, [f"{name}.png", "image/png", list(png(seed)), "drop"])
    found = re.search(rf"!\[{name}\]\(({name}-[0-9a-f]{{8}}\.png)\)", _until(page, rf"!\[{name}\]"))
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("text", "above"),
    [
        (f"{HEADED}Ask.\n", HEADED), (f"{HEADED}\n# Trips\n\nAsk.\n", f"{HEADED}\n# Trips\n\n"),
        ("# Trips\n\nAsk.\n", "# Trips\n\n"), ("Ask.\n", ""),
    ],
)  # fmt: skip
def test_the_caret_begins_below_the_title(writer: Callable[..., Any], text: str, above: str) -> None:
    page = writer("/-/edit/welcome")
    _opened_with(page, text)
    assert page.evaluate("document.querySelector('textarea[name=text]').selectionStart") == len(above)
    page.get_by_role("button", name="Heading", exact=True).click()
    assert _text(page).input_value() == f"{above}## Ask.\n"
    _opened_with(page, text)
    name, space = _drop(page, "one", 3), "\n" if above == HEADED else ""
    assert _text(page).input_value() == f"{above}{space}![one]({name})\n\nAsk.\n"


def test_nothing_is_put_into_the_lines_that_say_what_a_page_is(writer: Callable[..., Any]) -> None:
    page = writer("/-/edit/welcome")
    for button, text in (("Strong", f"{HEADED}**strong words**Ask.\n"), ("List", f"{HEADED}- Ask.\n")):
        _text(page).fill(f"{HEADED}Ask.\n")
        page.evaluate("document.querySelector('textarea[name=text]').setSelectionRange(4, 9)")
        page.get_by_role("button", name=button, exact=True).click()
        assert _text(page).input_value() == text
    _text(page).fill(f"{HEADED}Ask.\n")
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Emphasis", exact=True).click()
    assert _text(page).input_value().startswith(f"{HEADED}*Ask.")
    _text(page).fill(HEADED.rstrip())
    page.keyboard.press("Control+Home")
    name = _drop(page, "two", 4)
    assert _text(page).input_value() == f"{HEADED}\n![two]({name})"


def test_a_line_between_passages_is_no_such_lines(writer: Callable[..., Any]) -> None:
    page = writer("/-/edit/welcome")
    _text(page).fill("---\nwords\n---\n")
    page.evaluate("document.querySelector('textarea[name=text]').setSelectionRange(4, 9)")
    page.get_by_role("button", name="Strong", exact=True).click()
    assert _text(page).input_value() == "---\n**words**\n---\n"


def test_pictures_stand_beside_each_other_and_take_nobodys_words(writer: Callable[..., Any]) -> None:
    page = writer("/-/edit/welcome")
    _text(page).fill("# Trips\n\n")
    one, two = _drop(page, "one", 5), _drop(page, "two", 6)
    assert _text(page).input_value() == f"# Trips\n\n![one]({one})\n\n![two]({two})"
    page.keyboard.type("a second")
    assert _text(page).input_value() == f"# Trips\n\n![one]({one})\n\n![a second]({two})"
    _text(page).fill("Keep these words, please.")
    page.evaluate("document.querySelector('textarea[name=text]').setSelectionRange(5, 16)")
    three = _drop(page, "three", 7)
    assert _text(page).input_value() == f"Keep these words ![three]({three}), please."
    _text(page).fill("")
    page.evaluate(DROP_TWO, [["four.png", list(png(8))], ["five.png", list(png(9))]])
    _until(page, r"!\[five\]")
    assert re.fullmatch(r"!\[four\]\(four-\w+\.png\)\n\n!\[five\]\(five-\w+\.png\)", _text(page).input_value())


def test_after_a_conflict_nothing_is_offered_but_the_text_that_was_typed(
    writer: Callable[..., Any], window: Window, complaints: Complaints
) -> None:
    bob = window(who="bob")
    bob.goto("/-/new")
    bob.get_by_label("Address of the page").fill("notes/cups")
    _text(bob).fill("# Cups\n\nWash them.\n")
    bob.get_by_label("What changes?").fill("Cups")
    bob.get_by_role("button", name="Propose", exact=True).click()
    bob.wait_for_url("**/-/proposals/*")
    page = writer("/-/edit/notes/cups")
    page.get_by_label("What changes?").fill("Dry them")
    _text(page).fill("# Cups\n\nWash them, and dry them.\n")
    page.keyboard.press("Control+s")
    _saved(page)
    propose(bob, "notes/cups", "# Cups\n\nWash them twice.\n", "Twice")
    page.get_by_role("button", name="Propose", exact=True).click()
    page.get_by_role("heading", name="This page changed while you were writing").wait_for()
    assert _text(page).input_value() == "# Cups\n\nWash them, and dry them.\n"
    _saved(page)
    _text(page).press("Control+End")
    page.keyboard.type("Please.")
    page.keyboard.press("Control+s")
    _saved(page)
    assert not page.get_by_text("An unfinished text of yours is kept").is_visible()
    assert not page.get_by_text("choose what shall become").is_visible()
    page.goto("/-/edit/notes/cups")
    page.get_by_role("button", name="Go on with it").click()
    assert _until(page, "Please").endswith("dry them.\nPlease.")
    complaints.found = [said for said in complaints.found if "409" not in said]


def test_what_was_saved_as_a_draft_is_offered_as_one_and_not_as_an_unfinished_text(writer: Callable[..., Any]) -> None:
    page = writer("/-/edit/legal/contracts")
    _text(page).fill("# Contracts\n\nOne signs.\n")
    page.get_by_role("button", name="Save as draft").click()
    page.wait_for_url("**/-/drafts/*")
    draft = page.url.rpartition("/")[2]
    page.goto("/legal/contracts")
    page.get_by_role("link", name="Suggest a change", exact=True).click()
    page.get_by_text("You have a draft of this page, saved on").wait_for()
    assert not page.get_by_text("An unfinished text of yours is kept").is_visible()
    page.get_by_role("link", name="Go on with it").click()
    page.wait_for_url(f"**/-/edit/legal/contracts?draft={draft}")
    assert _text(page).input_value() == "# Contracts\n\nOne signs.\n"
    page.goto(f"/-/drafts/{draft}")
    page.get_by_role("button", name="Discard it").click()
    page.wait_for_load_state()
