"""What somebody typed before they signed in at a provider comes along, however they came in."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

from tests.web.sso.conftest import BEGIN, Door
from tests.web.sso.test_signing_in_elsewhere import somebody

WORDS, SENTENCE = "/-/words/travel/expenses", "Keep the receipt of every meal."
TYPED = "Keep each receipt. " * 60


def set_out_address(door: Door) -> tuple[object, str]:
    """A visitor who typed much and is asked to sign in, and the link to the provider that they see."""
    visitor = door.visitor()
    visitor.open(f"{WORDS}?quote={quote(SENTENCE)}")
    page = visitor.submit(WORDS, "propose", words=TYPED.strip(), why="Because it is shorter.")
    (link,) = page.tree.xpath("//main//a[starts-with(@href, '/-/sign-in/company')]/@href")
    assert len(parse_qs(urlsplit(str(link)).query)["next"][0]) > 1_000
    return visitor, str(link)


def test_what_was_typed_comes_along_through_a_provider_and_through_making_an_account(door: Door) -> None:
    visitor, link = set_out_address(door)
    subject = somebody(door)
    door.come(visitor, subject, link)
    page = visitor.submit("/account", name="Eve Adams")
    assert page.heading == "Suggest better words"
    assert page.typed("words") == TYPED.strip()
    assert page.typed("why") == "Because it is shorter."
    again, link = set_out_address(door)
    assert door.come(again, subject, link).typed("words") == TYPED.strip()


def test_what_was_typed_leads_nowhere_else_when_its_cookie_is_another(door: Door) -> None:
    visitor, link = set_out_address(door)
    url = door.provider.sign_in(door.set_out(visitor, link), somebody(door))
    door.set_out(visitor, f"{BEGIN}?next=/welcome?{'x' * 600}")
    door.return_(visitor, url)
    visitor.submit("/account", name="Eve Adams")
    assert visitor.page.address == "/"


def test_the_cookie_is_closed_to_scripts_and_is_sent_to_the_sign_in_alone(door: Door) -> None:
    visitor = door.visitor()
    told = visitor.client.get(f"{BEGIN}?next=/welcome?{'x' * 600}").headers.getlist("Set-Cookie")
    (cookie,) = [each for each in told if each.startswith("on_to=")]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/-/sign-in", "Max-Age=3600"))
    short = visitor.client.get(f"{BEGIN}?next=/welcome").headers.getlist("Set-Cookie")
    assert not [each for each in short if each.startswith("on_to=")]
    longest = visitor.client.get(f"{BEGIN}?next=/{'x' * 3_000}").headers.getlist("Set-Cookie")
    assert not [each for each in longest if each.startswith("on_to=")]
