"""The interface in the reader's language: who chooses it, what is in it, and what stays in the language of a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world import Page, Visitor, World, begin, copy_of, open_world, write_pages
from wiki import places

FRENCH = {"Accept-Language": "fr-CH, fr;q=0.9, en;q=0.5"}


def html_of(page: Page) -> tuple[str, str]:
    """Language and direction of a whole page."""
    root = page.tree.getroottree().getroot()
    return root.get("lang"), root.get("dir")


def choose(visitor: Visitor, language: str, at: str = "/welcome") -> int:
    """Choose in the menu; the status of the answer."""
    visitor.open(at)
    form = visitor.page.form("/-/language")
    data = {**dict(form.fields), "language": language}
    return int(visitor.client.post("/-/language", data=data).status_code)


def test_the_browser_chooses(world: World) -> None:
    visitor = world.visitor()
    assert html_of(visitor.open("/welcome")) == ("en", "ltr")
    assert html_of(visitor.open("/welcome", headers=FRENCH)) == ("fr", "ltr")
    assert html_of(visitor.open("/welcome", headers={"Accept-Language": "ar"})) == ("ar", "rtl")
    assert html_of(visitor.open("/welcome", headers={"Accept-Language": "fi, ja;q=0.3"})) == ("ja", "ltr")
    assert html_of(visitor.open("/welcome", headers={"Accept-Language": "fi"})) == ("en", "ltr")
    assert html_of(visitor.open("/welcome", headers={"Accept-Language": "\x01;;q=,,"})) == ("en", "ltr")


def test_what_a_reader_chooses_goes_before_what_the_browser_asks_for(world: World) -> None:
    visitor = world.visitor()
    assert choose(visitor, "de") == 303
    assert html_of(visitor.open("/welcome", headers=FRENCH)) == ("de", "ltr")
    assert visitor.page.tree.xpath("//button[@name='language'][@aria-pressed='true']/@value") == ["de"]
    assert choose(visitor, "auto") == 303
    assert html_of(visitor.open("/welcome", headers=FRENCH)) == ("fr", "ltr")


def test_a_language_that_the_wiki_does_not_speak_is_refused(world: World) -> None:
    visitor = world.visitor()
    visitor.open("/welcome")
    page = visitor.post("/-/language", {"language": "tlh", "next": "/welcome"})
    assert page.status == 400
    assert "does not speak that language" in page.main
    visitor.client.set_cookie("language", "tlh")
    assert html_of(visitor.open("/welcome")) == ("en", "ltr")


def test_a_kept_page_is_kept_for_each_language(world: World) -> None:
    client = world.visitor().client
    english = client.get("/welcome")
    french = client.get("/welcome", headers=FRENCH)
    assert english.headers["ETag"] != french.headers["ETag"]
    assert "Accept-Language" in french.headers["Vary"]
    again = client.get("/welcome", headers={**FRENCH, "If-None-Match": english.headers["ETag"]})
    assert again.status_code == 200
    assert client.get("/welcome", headers={**FRENCH, "If-None-Match": french.headers["ETag"]}).status_code == 304


def test_what_a_member_chose_is_found_on_another_device(world: World) -> None:
    phone, laptop = world.visitor("ana"), world.visitor()
    assert choose(phone, "ja") == 303
    laptop.sign_in("ana")
    assert html_of(laptop.open("/welcome")) == ("ja", "ltr")
    assert choose(laptop, "auto") == 303
    assert html_of(world.visitor("ana").open("/welcome")) == ("en", "ltr")


def test_what_was_chosen_on_this_device_stays(world: World) -> None:
    assert choose(world.visitor("ana"), "ja") == 303
    device = world.visitor()
    assert choose(device, "es") == 303
    device.sign_in("ana")
    assert html_of(device.open("/welcome")) == ("es", "ltr")


def test_dates_lists_and_numbers_are_those_of_the_language(world: World) -> None:
    said = {}
    for language in places.languages():
        visitor = world.visitor()
        visitor.client.set_cookie("language", language)
        said[language] = visitor.open("/-/history/welcome").main
    assert "27 February 2026" in said["en"]
    assert "27. Februar 2026" in said["de"]
    assert "27 février 2026" in said["fr"]
    assert "27 de febrero de 2026" in said["es"]
    assert "2026年2月27日" in said["ja"]
    assert "27 فبراير 2026" in said["ar"]


def test_words_of_a_page_say_which_language_they_are_in(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data")) as world:
        number = world.propose("ana", {"notes/hebrew": "---\nlang: he\n---\n\n# שלום\n\nשלום לכולם.\n"})
        assert world.in_force(number)
        visitor = world.visitor()
        assert visitor.open("/welcome").tree.xpath("//article/@lang") == []
        page = visitor.open("/notes/hebrew")
        assert page.tree.xpath("//article/@lang | //h1/@lang") == ["he", "he"]
        assert page.tree.xpath("//article/@dir") == ["rtl"]
        page = visitor.open("/welcome", headers={"Accept-Language": "ar"})
        assert (page.tree.xpath("//article/@lang"), page.tree.xpath("//article/@dir")) == (["en"], ["ltr"])


def test_from_right_to_left_a_name_does_not_mix_with_the_sentence(world: World) -> None:
    visitor = world.visitor("ana")
    visitor.client.set_cookie("language", "ar")
    page = visitor.open("/-/history/welcome")
    assert "\u2068" in page.tree.xpath("string(//title)")
    assert "\u2068" not in world.visitor("ana").open("/-/history/welcome").tree.xpath("string(//title)")


@pytest.mark.parametrize("language", places.languages())
def test_a_change_is_proposed_and_endorsed_in_every_language(world: World, language: str) -> None:
    for who in ("ana", "bob", "cyd"):
        visitor = world.visitor(who)
        visitor.client.set_cookie("language", language)
        if who == "ana":
            visitor.open("/-/edit/welcome")
            visitor.submit("/-/edit/welcome", "propose", text="# Welcome\n\nOther words.\n", title="Other words")
        page = visitor.open("/-/proposals/1")
        assert page.status == 200
        if who != "ana":
            page = visitor.submit("/-/proposals/1/endorse")
            assert page.status == 200
    assert world.in_force(1)


def test_one_language_needs_no_choice(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), languages=("de",)) as world:
        page = world.visitor().open("/welcome", headers=FRENCH)
        assert html_of(page) == ("de", "ltr")
        assert page.tree.xpath("//form[@action='/-/language']") == []


def test_a_wiki_may_be_written_in_another_language(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", {"willkommen.md": "# Willkommen\n\nWir haben Häuser.\n"})
    data = begin(tmp_path / "data", pages)
    with open_world(data, content_language="de") as world:
        assert world.visitor().open("/willkommen").tree.xpath("//article/@lang") == ["de"]


def test_nothing_invisible_goes_into_a_title_that_the_wiki_suggests(world: World) -> None:
    number = world.propose("ana", {"notes/kitchen": "# Kitchen\n\nWash your cup, and one more.\n"}, "Wash one more")
    assert world.in_force(number)
    visitor = world.visitor("ana")
    visitor.client.set_cookie("language", "ar")
    visitor.open(f"/-/proposals/{number}")
    page = visitor.submit(f"/-/proposals/{number}/undo")
    assert page.status == 200
    titles = page.tree.xpath("//input[@name='title']/@value")
    assert ["Wash one more" in title for title in titles] == [True]
    assert not {"\u2068", "\u2069"} & set("".join(titles))
