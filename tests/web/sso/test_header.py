"""A proxy that says who is there: believed from its own address and from nowhere else, for as long as it says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.web.routes import all_routes
from tests.world import PASSWORD, Page, Visitor, World, copy_of, open_world
from wiki.web.proxies import TOLD_NAME, TOLD_USER, TrustedProxies

PROXY, ELSEWHERE = "10.0.0.1", "10.0.0.2"
Open = Callable[..., World]


@pytest.fixture
def open_proxied(founded: Path, tmp_path: Path) -> Iterator[Open]:
    """Opens a wiki behind a proxy."""
    with ExitStack() as stack:

        def opened(**settings: object) -> World:
            told = {"trusted_proxies": (PROXY,), "proxy_user_header": "X-Forwarded-Email",
                    "proxy_name_header": "X-Forwarded-Name", "proxy_join": True, **settings}  # fmt: skip
            return stack.enter_context(open_world(copy_of(founded, tmp_path / "data"), **told))

        yield opened


@pytest.fixture
def proxied(open_proxied: Open) -> World:
    """A wiki where whoever the proxy names has an account made."""
    return open_proxied()


def look(visitor: Visitor, email: str | None = None, *, of: str = PROXY, at: str = "/", **others: object) -> Page:
    """Open a page through the proxy, which says who is there."""
    headers = [("X-Forwarded-Email", email)] if email is not None else []
    headers += [(key.replace("_", "-"), str(value)) for key, value in others.items()]
    return visitor.open(at, headers=headers, environ_overrides={"REMOTE_ADDR": of})


def who(page: Page) -> str | None:
    """Who is signed in on a page."""
    found = page.tree.xpath("//header//p[@class='meta']//text()")
    return str(found[0]) if found else None


def test_whom_the_proxy_names_is_signed_in(proxied: World) -> None:
    bob = proxied.visitor()
    assert who(look(bob, "bob@example.com")) == "bob@example.com"
    assert who(look(bob, "Bob@Example.COM")) == "bob@example.com"
    page = bob.open("/-/new", headers={"X-Forwarded-Email": "bob@example.com"},
                    environ_overrides={"REMOTE_ADDR": PROXY})  # fmt: skip
    assert page.status == 200
    assert proxied.wiki.accounts.count() == 5


def test_somebody_new_has_an_account_made_at_first_sight(proxied: World) -> None:
    page = look(proxied.visitor(), "eve@example.com", X_Forwarded_Name="Eve Adams")
    account = proxied.wiki.accounts.by_email("eve@example.com")
    assert who(page) == "eve@example.com"
    assert account is not None
    assert (account.name, account.created_at, account.administrator) == ("Eve Adams", proxied.wiki.now(), False)
    assert not proxied.wiki.identities.has_password(account)


def test_names_come_in_any_script_and_are_made_unique(proxied: World) -> None:
    for email, told, name in (
        ("eve@example.com", "Bob Reyes", "Bob Reyes (eve)"),
        ("zoe@example.com", "", "zoe"),
        ("bob@example.org", "", "bob"),
        ("bob@example.net", "", "bob 2"),
        ("mei@example.com", "李梅".encode().decode("latin-1"), "李梅"),
        ("mal@example.com", "<b>Mal</b>", "mal"),
        ("may@example.com", "x" * 500, "x" * 50),
    ):
        look(proxied.visitor(), email, X_Forwarded_Name=told)
        account = proxied.wiki.accounts.by_email(email)
        assert account is not None
        assert account.name == name


def test_only_domains_that_are_named_have_accounts_made(open_proxied: Open) -> None:
    world = open_proxied(proxy_join=False, join_domains=("Example.com",))
    assert who(look(world.visitor(), "eve@EXAMPLE.com")) == "eve@example.com"
    for email in ("mal@example.org", "mal@sub.example.com", "mal@example.com.evil.example"):
        assert who(look(world.visitor(), email)) is None
        assert world.wiki.accounts.by_email(email) is None
    assert who(look(world.visitor(), "bob@example.com")) == "bob@example.com"


def test_without_leave_nobody_new_comes_in(open_proxied: Open) -> None:
    world = open_proxied(proxy_join=False)
    assert who(look(world.visitor(), "eve@example.com")) is None
    assert world.wiki.accounts.count() == 5


def test_an_account_that_is_not_in_use_stays_out(proxied: World) -> None:
    bob = proxied.visitor()
    look(bob, "bob@example.com")
    proxied.wiki.accounts.deactivate(proxied.people["bob"])
    assert who(look(bob, "bob@example.com")) is None
    assert who(look(proxied.visitor(), "bob@example.com")) is None


def test_the_address_of_the_wiki_itself_is_nobody(proxied: World) -> None:
    assert who(look(proxied.visitor(), "concord@localhost")) is None
    assert proxied.wiki.accounts.by_email("concord@localhost") is None


def test_the_session_ends_when_the_proxy_says_nothing_more(proxied: World) -> None:
    bob = proxied.visitor()
    look(bob, "bob@example.com")
    assert who(look(bob)) is None
    assert who(look(bob)) is None
    for silence in ("", " ", "\t"):
        look(bob, "bob@example.com")
        assert who(look(bob, silence)) is None


def test_the_session_ends_when_the_proxy_names_somebody_else(proxied: World) -> None:
    visitor = proxied.visitor()
    look(visitor, "bob@example.com", at="/-/drafts")
    page = look(visitor, "ana@example.com")
    assert who(page) == "ana@example.com"
    assert "Bob Reyes" not in page.body
    assert who(look(visitor, "mal@nowhere.invalid@x")) is None


def test_a_form_of_one_is_not_sent_in_the_name_of_another(proxied: World) -> None:
    visitor = proxied.visitor()
    page = look(visitor, "bob@example.com", at="/-/edit/welcome")
    form = dict(page.form("/-/edit/welcome").fields) | {"text": "# W\n", "title": "Mine", "do": "propose"}
    before = proxied.everything()
    for headers in ({"X-Forwarded-Email": "ana@example.com"}, {}):
        answer = visitor.client.post("/-/edit/welcome", data=form, headers=headers,
                                     environ_overrides={"REMOTE_ADDR": PROXY})  # fmt: skip
        assert answer.status_code in {400, 401}
    assert proxied.everything() == before


def test_the_cookie_of_such_a_session_is_of_no_use_past_the_proxy(proxied: World) -> None:
    bob = proxied.visitor()
    look(bob, "bob@example.com")
    cookie = bob.client.get_cookie("concord")
    assert cookie is not None
    thief = proxied.visitor()
    thief.client.set_cookie("concord", cookie.value)
    assert who(look(thief, of=ELSEWHERE)) is None
    thief.client.set_cookie("concord", cookie.value)
    assert who(look(thief, "bob@example.com", of=ELSEWHERE)) is None


def test_a_session_with_a_password_goes_on_without_the_header_and_with_the_same_name(proxied: World) -> None:
    bob = proxied.visitor("bob")
    assert who(look(bob)) == "bob@example.com"
    assert who(look(bob, "bob@example.com")) == "bob@example.com"
    assert who(look(bob)) == "bob@example.com"
    assert who(look(bob, "ana@example.com")) == "ana@example.com"
    assert who(look(bob)) is None


@pytest.mark.parametrize(
    "headers",
    [
        [("X-Forwarded-Email", "bob@example.com")],
        [("x-forwarded-email", "bob@example.com")],
        [("X_Forwarded_Email", "bob@example.com")],
        [("X-Forwarded_Email", "bob@example.com")],
        [("X-Forwarded-Email", "bob@example.com"), ("X-Forwarded-For", PROXY)],
        [("X-Forwarded-Email", "bob@example.com"), ("Forwarded", f"for={PROXY}")],
        [("X-Forwarded-Email", "bob@example.com"), ("X-Real-IP", PROXY), ("Remote-Addr", PROXY)],
        [("X-Forwarded-Email", "bob@example.com"), ("Wiki.Told-User", "bob@example.com")],
        [("Wiki.Told_User", "bob@example.com"), ("wiki.told_user", "bob@example.com")],
    ],
)
def test_nobody_else_is_believed(proxied: World, headers: list[tuple[str, str]]) -> None:
    for address in (ELSEWHERE, "10.0.0.11", "::ffff:10.0.0.1", "", "127.0.0.1"):
        visitor = proxied.visitor()
        page = visitor.open("/", headers=headers, environ_overrides={"REMOTE_ADDR": address})
        assert who(page) is None
        assert "bob@example.com" not in page.body
        assert visitor.client.get_cookie("concord") is None


def test_what_decides_is_the_peer_and_not_whom_it_forwards_for(proxied: World) -> None:
    assert who(look(proxied.visitor(), "bob@example.com", X_Forwarded_For=ELSEWHERE)) == "bob@example.com"
    assert who(look(proxied.visitor(), "bob@example.com", of=ELSEWHERE, X_Forwarded_For=PROXY)) is None


@pytest.mark.parametrize(
    "value",
    [
        "bob@example.com,ana@example.com", "bob@example.com, ana@example.com", "bob@example.com,", ",bob@example.com",
        "bob@example.com bob@example.com", "bob@example.com;ana@example.com", "Bob <bob@example.com>", "bob", "@",
        "bob@example.com\x00", "bob@example.com\x7f", "bob@", "b\u00f6b@", "%62ob@example.com@", "x" * 5000,
        '"bob@example.com"', "bob@example.com\u00a0x", "bob%40example.com",
    ],
)  # fmt: skip
def test_a_header_that_names_several_or_nobody_signs_nobody_in(proxied: World, value: str) -> None:
    bob = proxied.visitor()
    look(bob, "bob@example.com")
    before = proxied.wiki.accounts.count()
    for visitor in (proxied.visitor(), bob):
        page = visitor.open("/", environ_overrides={"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_EMAIL": value})
        assert page.status == 200
        assert who(page) is None
    assert proxied.wiki.accounts.count() == before


def test_a_header_that_comes_twice_signs_nobody_in(proxied: World) -> None:
    twice = [("X-Forwarded-Email", "bob@example.com"), ("X-Forwarded-Email", "ana@example.com")]
    for headers in (twice, twice[::-1], [twice[0], twice[0]]):
        page = proxied.visitor().open("/", headers=headers, environ_overrides={"REMOTE_ADDR": PROXY})
        assert who(page) is None


def test_pages_that_are_kept_for_readers_show_nothing_of_whom_the_proxy_names(proxied: World) -> None:
    for address in ("/welcome", "/", "/-/changes"):
        assert "bob@example.com" in look(proxied.visitor(), "bob@example.com", at=address).body
        for _ in range(2):
            assert "bob@example.com" not in look(proxied.visitor(), at=address).body
        assert "bob@example.com" in look(proxied.visitor(), "bob@example.com", at=address).body


def test_the_header_is_nowhere_in_an_answer_to_somebody_else(proxied: World) -> None:
    for address in sorted(all_routes(proxied.app)):
        page = proxied.visitor().client.get(address, headers={"X-Forwarded-Email": "eve@secret.example"},
                                            environ_overrides={"REMOTE_ADDR": ELSEWHERE})  # fmt: skip
        assert "secret.example" not in page.get_data(as_text=True)
        page.close()
    assert proxied.wiki.accounts.by_email("eve@secret.example") is None


def test_what_was_sent_reaches_nobody_under_its_own_name() -> None:
    seen: list[dict[str, object]] = []

    def app(environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
        seen.append(environ)
        return []

    proxies = TrustedProxies(app, [PROXY], "X-Forwarded-Email", "X-Forwarded-Name")
    sent = {"HTTP_X_FORWARDED_EMAIL": "eve@example.com", "HTTP_X_FORWARDED_NAME": "Eve", "HTTP_HOST": "localhost"}
    for address in (PROXY, ELSEWHERE):
        proxies({**sent, "REMOTE_ADDR": address}, lambda *_: None)
    near, far = seen
    assert (near[TOLD_USER], near[TOLD_NAME]) == ("eve@example.com", "Eve")
    assert not {TOLD_USER, TOLD_NAME} & far.keys()
    assert not {"HTTP_X_FORWARDED_EMAIL", "HTTP_X_FORWARDED_NAME"} & (near.keys() | far.keys())


def test_pictures_styles_and_health_make_no_session(proxied: World) -> None:
    visitor = proxied.visitor()
    for address in ("/-/static/style.css", "/-/health", "/robots.txt"):
        answer = visitor.client.get(address, headers={"X-Forwarded-Email": "eve@example.com"},
                                    environ_overrides={"REMOTE_ADDR": PROXY})  # fmt: skip
        assert "Set-Cookie" not in answer.headers
        answer.close()
    assert proxied.wiki.accounts.by_email("eve@example.com") is None


def test_a_wiki_that_names_no_header_believes_none(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), trusted_proxies=(PROXY,)) as world:
        assert who(look(world.visitor(), "bob@example.com")) is None
        bob = world.visitor()
        bob.open("/-/sign-in", environ_overrides={"REMOTE_ADDR": PROXY})
        bob.submit("/-/sign-in", email="bob@example.com", password=PASSWORD)
        assert who(look(bob, "ana@example.com")) == "bob@example.com"
