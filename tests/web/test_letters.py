"""Letters say what they say in the language of whoever gets them, with links to where the wiki really is."""

from __future__ import annotations

from flask_login import login_user

from tests.world import BEGAN, World
from wiki.accounts import Device
from wiki.web.here import reader
from wiki.web.languages import language
from wiki.web.letters import render_letter
from wiki.web.signin import User


def test_links_lead_to_the_address_of_the_wiki_whoever_asks(world: World) -> None:
    with world.app.test_request_context("/", base_url="https://evil.example", headers={"Accept-Language": "fr"}):
        words = render_letter("trial", "en")

    assert f"{world.wiki.settings.address}/\n" in words.text
    assert f'href="{world.wiki.settings.address}/"' in words.html
    assert "evil" not in words.text + words.html


def test_a_letter_needs_no_request(world: World) -> None:
    with world.app.app_context():
        words = render_letter("trial", None)

    assert words.subject == "A letter to try the mail"
    assert words.text.startswith("Mail from Concord arrives here.")


def test_a_letter_speaks_the_language_of_whoever_gets_it(world: World) -> None:
    with world.app.test_request_context("/", headers={"Accept-Language": "fr"}):
        assert 'lang="ar" dir="rtl"' in render_letter("trial", "ar").html
        assert 'lang="en" dir="ltr"' in render_letter("trial", "tlh").html


def test_whoever_asks_for_a_letter_stays_signed_in(world: World) -> None:
    with world.app.test_request_context("/"):
        login_user(User(world.people["ana"], *world.wiki.sessions.begin(world.people["ana"], Device(), BEGAN)))
        render_letter("trial", "ar")
        assert reader() == world.people["ana"]
        assert language() == "en"
