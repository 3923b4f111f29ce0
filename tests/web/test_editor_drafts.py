"""What is typed in the editor is kept on the server, and found again on another device."""

from __future__ import annotations

from collections.abc import Mapping

from tests.world import Visitor, World

EDIT = "/-/edit/travel/expenses"
TEXT = "# Expenses\n\nHalf a sentence that\n"


def save(
    visitor: Visitor, text: str, version: int = 0, place: str = EDIT, **more: str
) -> tuple[int, Mapping[str, object]]:
    """As the script of the editor does; the status and what was answered."""
    fields = {"csrf_token": visitor.token(), "place": place, "text": text, "sketch": str(version), **more}
    answer = visitor.client.post("/-/sketches", data=fields)
    return answer.status_code, answer.get_json() if answer.is_json else {}


def test_a_draft_is_found_again_on_another_device(world: World) -> None:
    phone = world.visitor("ana")
    assert save(phone, TEXT, title="Half a title") == (200, {"version": 1})
    laptop = world.visitor("ana")
    page = laptop.open(EDIT)
    assert "You typed here on" in page.main
    assert "Half a sentence" not in page.typed()
    page = laptop.open(str(page.tree.xpath("//a[contains(., 'Go on with it')]/@href")[0]))
    assert page.typed() == TEXT
    assert page.form("expenses").fields["title"] == "Half a title"
    assert "You typed here" not in page.main


def test_nobody_else_sees_it(world: World) -> None:
    save(world.visitor("ana"), TEXT)
    bob = world.visitor("bob")
    assert "You typed here" not in bob.open(EDIT).main
    assert "Half a sentence" not in bob.open(f"{EDIT}?resume=1").body


def test_it_is_gone_once_it_was_proposed(world: World) -> None:
    ana = world.visitor("ana")
    save(ana, TEXT)
    ana.open(f"{EDIT}?resume=1")
    assert ana.submit(EDIT, "propose", title="Half").address == "/-/proposals/1"
    assert "You typed here" not in ana.open(EDIT).main


def test_the_draft_of_another_device_stays_when_something_else_is_proposed(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(EDIT)
    save(world.visitor("ana"), TEXT)
    assert ana.submit(EDIT, "propose", text="# Expenses\n\nOther words.\n", title="Other").address == "/-/proposals/1"
    assert "You typed here" in ana.open(EDIT).main


def test_what_is_being_kept_while_the_form_is_sent_is_no_other_device(world: World) -> None:
    ana = world.visitor("ana")
    fields = ana.open(EDIT).form(EDIT).fields
    kept = {key: fields.get(key, "") for key in ("name", "base", "section")} | {"title": "Half"}
    assert save(ana, TEXT, **kept) == (200, {"version": 1})
    page = ana.submit(EDIT, "difference", text=TEXT, title="Half")
    assert page.form(EDIT).fields["sketch"] == "1"
    assert save(ana, f"{TEXT}More\n", 1, **kept) == (200, {"version": 2})
    assert save(ana, f"{TEXT}More\n", 0, **kept) == (200, {"version": 2})
    assert save(ana, TEXT, 0, **kept)[0] == 409
    assert ana.submit(EDIT, "propose", text=f"{TEXT}More\n", title="Half").address == "/-/proposals/1"
    assert "You typed here" not in ana.open(EDIT).main


def test_it_can_be_discarded(world: World) -> None:
    ana = world.visitor("ana")
    save(ana, TEXT)
    ana.open(EDIT)
    page = ana.submit("/-/sketches/discard")
    assert page.address == EDIT
    assert "You typed here" not in page.main


def test_two_devices_never_overwrite_each_other(world: World) -> None:
    ana = world.visitor("ana")
    assert save(ana, "from the phone")[1] == {"version": 1}
    status, told = save(ana, "from the laptop", 0)
    assert status == 409
    assert told["version"] == 1
    assert isinstance(told["fields"], dict)
    assert told["fields"]["text"] == "from the phone"
    assert save(ana, "from the laptop, on purpose", 1) == (200, {"version": 2})
    assert save(ana, "from the phone again", 1)[0] == 409


def test_a_draft_that_was_discarded_elsewhere_is_kept_anew(world: World) -> None:
    assert save(world.visitor("ana"), "words", 7) == (200, {"version": 8})


def test_texts_at_different_places_are_different_drafts(world: World) -> None:
    ana = world.visitor("ana")
    save(ana, "a section", place=f"{EDIT}?section=meals", section="meals")
    assert "You typed here" not in ana.open(EDIT).main
    assert "You typed here" in ana.open(f"{EDIT}?section=meals").main
    assert ana.open(f"{EDIT}?section=meals&resume=1").typed() == "a section"


def test_drafts_are_listed_with_the_others(world: World) -> None:
    ana = world.visitor("ana")
    save(ana, TEXT, title="Half a title")
    save(ana, "words", place="/-/new?name=travel%2Fx")
    page = ana.open("/-/drafts")
    assert "Half a title" in page.main
    assert len(page.tree.xpath("//a[contains(@href, 'resume=1')]")) == 2
    assert ana.open(str(page.tree.xpath("//a[contains(@href, '/-/edit/')]/@href")[0])).typed() == TEXT


def test_a_draft_begun_from_an_older_text_is_reconciled(world: World) -> None:
    ana = world.visitor("ana")
    page = ana.open(EDIT)
    base = str(page.form(EDIT).fields["base"])
    save(ana, page.typed().replace("every meal", "each meal"), base=base)
    text = world.text("travel/expenses") or ""
    n = world.propose("dee", {"travel/expenses": text.replace("where you sleep well", "where you like")})
    world.endorse(n, "cyd", "zed")
    ana.open(f"{EDIT}?resume=1")
    page = ana.submit(EDIT, "propose", title="Each")
    assert page.status == 409
    assert "each meal" in page.typed()
    assert "where you like" in page.typed()


def test_bad_input_is_refused(world: World) -> None:
    ana = world.visitor("ana")
    assert save(ana, TEXT, place="/travel/expenses")[0] == 400
    assert save(ana, "x" * (5 << 20))[0] == 413
    assert save(world.visitor(), TEXT)[0] == 401
    answer = ana.client.post(
        "/-/sketches", data={"csrf_token": ana.token(), "place": EDIT, "text": "x", "sketch": "9" * 40}
    )
    assert answer.status_code == 200
    assert ana.client.post("/-/sketches", data={"place": EDIT, "text": "x"}).status_code == 400
