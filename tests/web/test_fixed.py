"""What looks the same on every page is made once: with the address and the token of each page all the same."""

from __future__ import annotations

from itertools import product

from tests.world import World

ADDRESSES = ("/welcome", "/travel", "/-/search?q=a+b%26c", "/-/changes?folder=travel")
_NEXT = "//form[@data-theme-form]//input[@name='next']/@value"
_TOKEN = "//form[@data-theme-form]//input[@name='csrf_token']/@value"


def test_the_menu_leads_back_to_the_page_it_stands_on(world: World) -> None:
    for visitor in (world.visitor(), world.visitor("ana"), world.visitor("bob")):
        for address in (*ADDRESSES, *ADDRESSES):
            page = visitor.open(address)
            assert page.tree.xpath(_NEXT) == [address]
            assert not any(mark in page.body for mark in "\x02\x03")


def test_the_forms_of_the_menu_work_for_each_reader_on_each_page(world: World) -> None:
    themes = {"ana": "dark", "bob": "light"}
    for who, address in product(themes, (*ADDRESSES, "/-/account")):
        visitor = world.visitor(who)
        visitor.open(address)
        (token,) = visitor.page.tree.xpath(_TOKEN)
        answer = visitor.post("/-/theme", {"csrf_token": token, "theme": themes[who], "next": "/welcome"})
        assert answer.status == 200
        assert visitor.open(address).tree.xpath("/html/@data-theme") == [themes[who]]
        pressed = visitor.page.tree.xpath("//form[@data-theme-form]//button[@aria-pressed='true']/@value")
        assert pressed == [themes[who]]


def test_each_reader_has_it_in_their_language(world: World) -> None:
    visitor = world.visitor()
    for tag, words in (("de", "Hell"), ("en", "Light"), ("de", "Hell")):
        page = visitor.open("/-/search", headers={"Accept-Language": tag})
        assert words in page.tree.xpath("//form[@data-theme-form]//button/text()")


def test_strangers_get_no_token(world: World) -> None:
    world.visitor("ana").open("/-/proposals")
    for address in ADDRESSES:
        assert world.visitor().open(address).tree.xpath(_TOKEN) == []
