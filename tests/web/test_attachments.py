"""Pictures and documents: sent with a text, proposed with it, served as nothing but what their bytes are."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.pictures import GIF, JPEG, PDF, SCRIPT, SVG, WEBP, png
from tests.world import Page, Visitor, World, copy_of, open_world
from wiki.together.drafts import draft_place
from wiki.web.attachments.kinds import kind_of, name_for, words_of

EDIT = "/-/edit/travel/visa"
LOCKED_UP = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def send(visitor: Visitor, data: bytes, name: str = "map.png", place: str = EDIT) -> tuple[int, dict[str, str]]:
    """Upload a file as the script of the editor does; the status and what was answered."""
    fields = {"csrf_token": visitor.token(), "place": place, "file": (io.BytesIO(data), name)}
    answer = visitor.client.post("/-/uploads", data=fields, content_type="multipart/form-data")
    told = answer.status_code, answer.get_json() if answer.is_json else {}
    answer.close()
    return told


def propose_with(visitor: Visitor, words: str, edit: str = EDIT) -> Page:
    """Put words at the end of the text, and propose it."""
    page = visitor.open(edit)
    return visitor.submit(edit, "propose", text=f"{page.typed()}\n{words}\n", title="Show it", why="It helps.")


def pictures(page: Page) -> list[str]:
    """Where the pictures of a page come from."""
    return [str(found) for found in page.tree.xpath("//main//img/@src")]


@pytest.mark.parametrize(
    ("data", "suffix"),
    [(png(), ".png"), (GIF, ".gif"), (JPEG, ".jpg"), (WEBP, ".webp"), (PDF, ".pdf"), (SCRIPT, None), (SVG, None),
     (b"", None), (b"MZ\x90\0", None), (b"plain words", None), (SCRIPT + png(), None), (b"\0" * 4096, None),
     (b"PK\3\4" + PDF, None), (b" " + png(), None), (b"RIFF\x24\0\0\0AVI LIST", None)],
)  # fmt: skip
def test_a_file_is_what_its_bytes_are(data: bytes, suffix: str | None) -> None:
    assert kind_of(data) == suffix


@pytest.mark.parametrize(
    ("sent", "name"),
    [("Map of Rome.PNG", "Map-of-Rome-0123abcd.png"), ("../../etc/passwd", "passwd-0123abcd.png"),
     ("C:\\pictures\\größe.jpg", "größe-0123abcd.png"), (".git", "git-0123abcd.png"), ("", "picture-0123abcd.png"),
     ("image.png", "picture-0123abcd.png"), ("a\0b\nc\u202e.png", "a-b-c-0123abcd.png"), ("-rf.png", "rf-0123abcd.png"),
     ("x" * 300, f"{'x' * 60}-0123abcd.png"), ("<script>.html", "script-0123abcd.png"), ("con.png", "con-0123abcd.png"),
     ("map.png.exe", "map.png-0123abcd.png"), ("日本", "日本-0123abcd.png"), ("$(id)`id`", "id-id-0123abcd.png")],
)  # fmt: skip
def test_a_file_name_is_cleaned_and_never_the_same_for_other_bytes(sent: str, name: str) -> None:
    assert name_for(sent, ".png", "0123abcd" + "0" * 32) == name


def test_what_a_picture_shows_is_guessed_from_its_name() -> None:
    assert words_of("map_of-Rome.png") == "map of Rome"
    assert words_of("IMG_2024.jpg") == ""


def test_a_picture_travels_in_the_proposal_and_comes_into_force_with_it(world: World) -> None:
    ana = world.visitor("ana")
    status, told = send(ana, png(), "Map of Rome.png")
    assert status == 201
    assert re.fullmatch(r"!\[Map of Rome\]\(Map-of-Rome-[0-9a-f]{8}\.png\)", told["written"])
    page = propose_with(ana, told["written"])
    assert page.address == "/-/proposals/1"
    assert pictures(page) == [f"/-/proposals/1/files/travel/{told['name']}"] * 2
    shown = world.visitor("bob").client.get(f"/-/proposals/1/files/travel/{told['name']}")
    assert (shown.status_code, shown.mimetype, shown.data) == (200, "image/png", png())
    world.endorse(1, "bob", "cyd")
    assert world.in_force(1)
    reader = world.visitor()
    assert pictures(reader.open("/travel/visa")) == [f"/travel/{told['name']}"]
    seen = reader.client.get(f"/travel/{told['name']}", follow_redirects=True)
    assert seen.request.path == f"/-/files/travel/{told['name']}"
    assert seen.data == png()
    repository = world.wiki.repository
    blob = repository.file(repository.main(), f"travel/{told['name']}")
    assert blob is not None
    assert (blob.mode, repository.content(blob)) == ("100644", png())
    assert world.wiki.uploads.at(world.people["ana"].id, EDIT) == []


def test_the_difference_shows_the_picture_that_comes(world: World) -> None:
    ana = world.visitor("ana")
    _status, told = send(ana, png())
    page = propose_with(ana, told["written"])
    files = page.tree.xpath("//section[contains(@class, 'file')]")
    assert len(files) == 2
    figure = next(file for file in files if told["name"] in file.xpath(".//h2")[0].text_content())
    assert figure.xpath(".//figure//img/@alt") == [told["name"]]
    assert "new page" not in figure.text_content()


def test_a_document_is_offered_and_never_shown_inside_the_wiki(world: World) -> None:
    ana = world.visitor("ana")
    _status, told = send(ana, PDF, "Travel form.pdf")
    assert told["written"] == f"[Travel form]({told['name']})"
    propose_with(ana, told["written"])
    given = ana.client.get(f"/-/proposals/1/files/travel/{told['name']}")
    assert given.mimetype == "application/pdf"
    assert given.headers["Content-Disposition"].startswith("attachment;")


def test_files_are_served_so_that_nothing_in_them_can_do_anything(world: World) -> None:
    ana = world.visitor("ana")
    polyglot = GIF + SCRIPT
    status, told = send(ana, polyglot, "x.html")
    assert status == 201
    assert told["name"].endswith(".gif")
    propose_with(ana, told["written"])
    given = ana.client.get(f"/-/proposals/1/files/travel/{told['name']}")
    assert given.mimetype == "image/gif"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers.getlist("Content-Security-Policy") == [LOCKED_UP]
    assert given.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''x-")


def test_a_file_of_another_kind_in_an_imported_history_is_only_given_as_bytes(world: World) -> None:
    edits: dict[str, Any] = {"notes/trick.png": SCRIPT}
    world.wiki.guidelines.propose(world.person("ana"), "A trick", "", edits)
    given = world.visitor().client.get("/-/files/notes/trick.png")
    assert given.mimetype == "application/octet-stream"
    assert given.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("data", "name"),
    [(SCRIPT, "photo.png"), (SVG, "photo.svg"), (SVG, "photo.png"), (b"", "photo.png"), (b"words", "words.pdf")],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(world: World, data: bytes, name: str) -> None:
    before = world.everything()
    status, told = send(world.visitor("ana"), data, name)
    assert status == 400
    assert "not a picture" in told["problem"]
    assert world.everything() == before


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), max_page_bytes=40_000, max_attachment_bytes=90_000) as world:
        ana = world.visitor("ana")
        status, told = send(ana, png() + b"\0" * 90_000)
        assert status == 400
        assert "too large" in told["problem"]
        assert send(ana, png() + b"\0" * 300_000)[0] == 413
        assert world.wiki.uploads.at(world.people["ana"].id, EDIT) == []
        assert send(ana, png() + b"\0" * 80_000)[0] == 201


def test_a_form_without_a_file_may_not_be_as_large_as_one_with(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), max_page_bytes=40_000, max_attachment_bytes=90_000) as world:
        ana = world.visitor("ana")
        assert ana.post(EDIT, {"text": "x" * 200_000}).status == 413


def test_a_thousand_files_are_too_many(world: World) -> None:
    ana = world.visitor("ana")
    most = world.wiki.settings.max_attachments
    statuses = [send(ana, png(shade))[0] for shade in range(most + 2)]
    assert statuses == [201] * most + [400] * 2
    assert len(world.wiki.uploads.at(world.people["ana"].id, EDIT)) == most


@pytest.mark.parametrize(
    "place", ["", "/travel/visa", "https://a.example/-/edit/x", "/-/edit/a\nb", "/-/edit/" + "a" * 900]
)
def test_files_are_kept_for_texts_only(world: World, place: str) -> None:
    assert send(world.visitor("ana"), png(), place=place)[0] == 400


def test_nobody_sends_files_without_signing_in_or_without_a_token(world: World) -> None:
    fields = {"place": EDIT, "file": (io.BytesIO(png()), "a.png")}
    answer = world.visitor("ana").client.post("/-/uploads", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert send(world.visitor(), png())[0] == 401


def test_a_waiting_file_is_seen_by_whoever_sent_it_alone(world: World) -> None:
    ana = world.visitor("ana")
    _status, told = send(ana, png())
    assert ana.client.get(told["address"]).data == png()
    assert world.visitor("bob").client.get(told["address"]).status_code == 404
    assert world.visitor().client.get(told["address"]).status_code == 302


def test_the_same_bytes_twice_wait_once(world: World) -> None:
    ana = world.visitor("ana")
    assert send(ana, png(), "one.png")[1]["name"] == send(ana, png(), "two.png")[1]["name"]


def test_a_file_that_the_text_does_not_show_stays_behind(world: World) -> None:
    ana = world.visitor("ana")
    send(ana, png(1))
    _status, told = send(ana, png(2), "second.png")
    propose_with(ana, told["written"])
    touched = world.wiki.guidelines.weigh(1).proposal.touched
    assert [each.path for each in touched] == [f"travel/{told['name']}", "travel/visa.md"]


def test_a_refused_proposal_loses_no_file(world: World) -> None:
    ana = world.visitor("ana")
    _status, told = send(ana, png())
    page = ana.open(EDIT)
    refused = ana.submit(EDIT, "propose", text=f"{page.typed()}\n{told['written']}\n", title="")
    assert refused.status == 400
    assert told["written"] in refused.typed()
    assert ana.submit(EDIT, "propose", title="Now with a title").address == "/-/proposals/1"
    assert len(world.wiki.guidelines.weigh(1).proposal.touched) == 2


def test_without_scripts_a_file_is_chosen_and_shown_at_the_end_of_the_text(world: World) -> None:
    ana = world.visitor("ana")
    page = ana.open(EDIT)
    fields = {"csrf_token": ana.token(), "text": page.typed(), "title": "Show it", "name": "travel/visa",
              "base": page.form(EDIT).fields["base"], "do": "attach",
              "file": (io.BytesIO(png()), "Map.png")}  # fmt: skip
    answer = Page(ana.client.post(EDIT, data=fields, content_type="multipart/form-data"))
    assert answer.status == 200
    assert re.search(r"\n\n!\[Map\]\(Map-[0-9a-f]{8}\.png\)\n$", answer.typed())
    ana.page = answer
    ana.submit(EDIT, "propose")
    assert len(world.wiki.guidelines.weigh(1).proposal.touched) == 2


def test_without_scripts_a_file_that_is_refused_costs_no_words(world: World) -> None:
    ana = world.visitor("ana")
    fields = {"csrf_token": ana.token(), "text": "# Visas\n\nAn hour of typing.\n", "do": "propose", "title": "Show it",
              "file": (io.BytesIO(SVG), "Map.svg")}  # fmt: skip
    answer = Page(ana.client.post(EDIT, data=fields, content_type="multipart/form-data"))
    assert answer.status == 400
    assert "not a picture" in answer.main
    assert "An hour of typing." in answer.typed()


def test_the_preview_shows_what_waits(world: World) -> None:
    ana = world.visitor("ana")
    _status, told = send(ana, png())
    fields = {"csrf_token": ana.token(), "text": told["written"], "name": "travel/visa", "place": EDIT}
    shown = ana.client.post("/-/preview", data=fields).get_data(as_text=True)
    assert f'src="{told["address"]}"' in shown


def test_the_difference_before_proposing_shows_what_waits(world: World) -> None:
    ana = world.visitor("ana")
    _status, told = send(ana, png())
    page = ana.open(EDIT)
    page = ana.submit(EDIT, "difference", text=f"{page.typed()}\n{told['written']}\n")
    assert [str(found) for found in page.tree.xpath("//*[@class='shown-difference']//img/@src")] == [told["address"]]


def test_files_wait_in_a_draft_and_are_proposed_with_it(world: World) -> None:
    ana = world.visitor("ana")
    _status, told = send(ana, png())
    page = ana.open(EDIT)
    draft = ana.submit(EDIT, "draft", text=f"{page.typed()}\n{told['written']}\n", title="Show it")
    assert draft.address.startswith("/-/drafts/")
    address = f"{draft.address}/files/travel/{told['name']}"
    assert pictures(draft) == [address] * 2
    assert ana.client.get(address).data == png()
    assert world.visitor("bob").client.get(address).status_code == 404
    assert ana.submit(draft.address, "propose").address == "/-/proposals/1"
    assert len(world.wiki.guidelines.weigh(1).proposal.touched) == 2
    assert world.wiki.uploads.at(world.people["ana"].id, draft.address) == []


def test_a_picture_that_came_into_force_goes_with_the_undoing(world: World) -> None:
    ana = world.visitor("ana")
    _status, told = send(ana, png())
    propose_with(ana, told["written"])
    world.endorse(1, "bob", "cyd")
    assert world.in_force(1)
    ana.open("/-/proposals/1")
    draft = ana.post("/-/proposals/1/undo")
    assert draft.address.startswith("/-/drafts/"), draft.main
    ana.submit(draft.address, "propose", title="Undo it")
    world.endorse(2, "bob", "cyd")
    assert world.in_force(2)
    repository = world.wiki.repository
    assert repository.file(repository.main(), f"travel/{told['name']}") is None


def test_the_size_is_a_setting(world: World) -> None:
    form = world.visitor("ana").open(EDIT).tree.xpath("//form[@data-most]")[0]
    assert json.loads(form.get("data-most")) == world.wiki.settings.max_attachment_bytes


def test_a_proposal_with_a_picture_is_brought_together_with_what_changed_and_keeps_it(world: World) -> None:
    ana, edit = world.visitor("ana"), "/-/edit/welcome"
    _status, told = send(ana, png(), place=edit)
    page = ana.open(edit)
    text = page.typed().replace("how we work", "how we work best")
    ana.submit(edit, "propose", text=f"{text}\n{told['written']}\n", title="Best")
    n = world.propose("dee", {"welcome": "# Welcome\n\nThis is how all of us work. Read it once, then change it.\n"})
    world.endorse(n, "cyd", "zed")
    page = ana.open("/-/reconcile/1")
    assert page.status == 200
    assert told["name"] not in " ".join(heading.text_content() for heading in page.tree.xpath("//main//h2"))
    weighed = world.wiki.guidelines.weigh(1)
    world.wiki.guidelines.revise(
        1, world.person("ana"), {"welcome.md": text}, seen=weighed.proposal.change, onto=weighed.main
    )
    touched = world.wiki.guidelines.weigh(1).proposal.touched
    assert [each.path for each in touched] == [told["name"], "welcome.md"]


def test_files_that_nobody_proposed_are_forgotten_after_a_month(world: World) -> None:
    ana = world.visitor("ana")
    send(ana, png())
    send(ana, png(), place="/-/edit/welcome")
    account = world.people["ana"].id
    world.wiki.sketches.save(account, "/-/edit/welcome", {"text": "still writing"}, 0, world.wiki.now())
    world.wiki.uploads.add(account, draft_place(7), "a.png", "a" * 40, png(), world.wiki.now())
    world.clock.wait(29)
    world.wiki.sweep()
    assert len(world.wiki.uploads.at(account, EDIT)) == 1

    world.clock.wait(2)
    world.wiki.sweep()

    assert world.wiki.uploads.at(account, EDIT) == []
    assert len(world.wiki.uploads.at(account, "/-/edit/welcome")) == 1, "somebody is writing there"
    assert len(world.wiki.uploads.at(account, draft_place(7))) == 1, "it goes with the draft"
