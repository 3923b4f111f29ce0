"""What goes wrong at the provider or on the way: each is a page that says what to do next, and nobody is signed in."""

from __future__ import annotations

import time
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from tests.oidc_provider import open_provider
from tests.post_office import free_port
from tests.web.sso.conftest import BACK, BEGIN, LIMITS, Door, Open
from tests.web.sso.test_signing_in_elsewhere import somebody
from tests.world import Page, Visitor
from wiki.providers import Provider
from wiki.web.sso import asking
from wiki.web.sso.client import KEPT, KEPT_WHILE_DOWN, TRY_AGAIN_AFTER, Client
from wiki.web.sso.problems import Down


def not_in(visitor: Visitor, page: Page, status: int, says: str) -> None:
    """The page says it, offers a way on, and nobody is signed in."""
    assert page.status == status, page.main
    assert says in page.main
    assert page.tree.xpath("//main//p[@class='actions']/a")
    assert "default-src 'self'" in str(page.response and page.response.headers["Content-Security-Policy"])
    assert "Signed in as" not in visitor.open("/").body
    assert visitor.open("/-/sign-in/company/arrived").status == 400, "and nobody was introduced"


NOW = int(time.time())
SPOILT = {
    "of another issuer": {"claims": {"iss": "https://evil.example"}},
    "without an issuer": {"claims": {"iss": None}},
    "for another wiki": {"claims": {"aud": "another"}},
    "for nobody": {"claims": {"aud": None}},
    "for nobody in a list": {"claims": {"aud": []}},
    "for several, without saying for whom": {"claims": {"aud": ["concord", "another"]}},
    "for several, and issued to another": {"claims": {"aud": ["concord", "another"], "azp": "another"}},
    "issued to another": {"claims": {"azp": "another"}},
    "expired": {"claims": {"iat": NOW - 900, "exp": NOW - 120}},
    "that never ends": {"claims": {"exp": None}},
    "that ends at no time": {"claims": {"exp": "tomorrow"}},
    "that ends at another no time": {"claims": {"exp": [1]}},
    "from the future": {"claims": {"iat": NOW + 9000, "exp": NOW + 9900}},
    "not valid yet": {"claims": {"nbf": NOW + 9000}},
    "of another sign-in": {"claims": {"nonce": "another"}},
    "without a nonce": {"claims": {"nonce": None}},
    "with a nonce that is no text": {"claims": {"nonce": ["x"]}},
    "of nobody": {"claims": {"sub": None}},
    "of an empty name": {"claims": {"sub": ""}},
    "of a number": {"claims": {"sub": 7}},
    "of a very long name": {"claims": {"sub": "x" * 256}},
    "with another access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "not signed": {"alg": "none"},
    "signed with the public key as a secret": {"alg": "HS256"},
    "signed with an unknown key": {"alg": "unknown key"},
    "signed with another key of the same name": {"alg": "same name"},
    "that is no token": {"token": "x"},
    "that is no token either": {"token": "a.b.c"},
    "of two parts": {"token": "e30.e30"},
    "of no text": {"token": ""},
    "that says nothing": {"token": "eyJhbGciOiJSUzI1NiJ9.bnVsbA.AAAA"},
    "with a header of no use": {"token": "W10.e30.AAAA"},
}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=SPOILT.keys())
def test_a_token_is_not_believed(door: Door, spoilt: dict[str, object]) -> None:
    subject, visitor = somebody(door), door.visitor()
    url = door.provider.sign_in(door.set_out(visitor), subject)
    door.provider.spoil(**spoilt)
    not_in(visitor, door.return_(visitor, url), 403, "cannot be relied on")


def test_a_token_that_is_signed_anew_and_holds_is_believed(door: Door) -> None:
    for claims in (
        {},
        {"aud": ["concord"]},
        {"aud": ["concord", "x"], "azp": "concord"},
        {"exp": int(time.time()) + 90},
    ):
        door.provider.spoil(claims=claims)
        assert door.come(door.visitor(), somebody(door)).heading == "Make your account"


def test_a_provider_that_asks_for_no_signature_in_what_it_says_of_itself_gets_none_believed(door: Door) -> None:
    for alg in ("none", "HS256"):
        door.world.clock.wait(0.1)
        now = int(door.world.clock())
        told = {"id_token_signing_alg_values_supported": ["none", "HS256"]}
        door.provider.spoil(discovery=told, alg=alg, claims={"iat": now, "exp": now + 300})
        page = door.come(visitor := door.visitor(), somebody(door))
        not_in(visitor, page, 403, "cannot be relied on")


def test_who_thinks_better_of_it_comes_back_as_they_were(door: Door) -> None:
    page = door.come(visitor := door.visitor(), None)
    not_in(visitor, page, 403, "did not go through with it")
    assert "Begin again" in page.main
    door.come(bob := door.visitor("bob"), None)
    assert "Your ways to sign in" in bob.page.main
    assert "Bob Reyes" in bob.open("/").body


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        ("access_denied", 403, "did not go through"),
        ("login_required", 403, "did not go through"),
        ("server_error", 503, "Please try again in a minute"),
        ("temporarily_unavailable", 503, "Please try again in a minute"),
        ("unauthorized_client", 503, "do not agree"),
        ("<script>alert(1)</script>", 503, "do not agree"),
        ("", 503, "do not agree"),
    ],
)
def test_what_the_provider_says_in_place_of_a_code_is_told_in_our_words(
    door: Door, error: str, status: int, says: str
) -> None:
    visitor = door.visitor()
    state = parse_qs(urlsplit(door.set_out(visitor)).query)["state"][0]
    query = urlencode({"error": error, "error_description": "Pay at evil.example", "state": state})
    page = visitor.open(f"{BACK}?{query}")
    assert "evil.example" not in page.body
    assert state not in page.body
    assert "<script>alert" not in page.body
    not_in(visitor, page, status, says)
    code = door.provider.sign_in(door.set_out(visitor), somebody(door))
    assert door.return_(visitor, code).heading == "Make your account"


def test_a_way_back_that_was_not_begun_here_leads_nowhere(door: Door) -> None:
    url = door.provider.sign_in(door.set_out(door.visitor()), somebody(door))
    visitor = door.visitor()
    not_in(visitor, door.return_(visitor, url), 400, "begun in another browser")
    door.set_out(visitor)
    not_in(visitor, door.return_(visitor, url), 400, "begun in another browser")
    door.set_out(visitor)
    code = parse_qs(urlsplit(url).query)["code"][0]
    for query in ("", f"code={code}", f"code={code}&state=", "state=x", "code=%00&state=%ff"):
        not_in(visitor, visitor.open(f"{BACK}?{query}"), 400, "begun in another browser")
    assert door.provider.asked("/oauth2/token") == 0


def test_a_way_back_works_once(door: Door) -> None:
    url = door.provider.sign_in(door.set_out(visitor := door.visitor()), somebody(door))
    assert door.return_(visitor, url).heading == "Make your account"
    page = door.return_(visitor, url)
    assert page.status == 400
    assert "has been used already" in page.main
    assert door.provider.asked("/oauth2/token") == 1, "it was not even tried"


def test_a_code_that_was_used_already_is_refused_by_the_provider_even_where_the_cookie_is_put_back(door: Door) -> None:
    url = door.provider.sign_in(door.set_out(visitor := door.visitor()), somebody(door))
    cookie = visitor.client.get_cookie("concord")
    assert cookie is not None
    assert door.return_(visitor, url).heading == "Make your account"
    thief = door.visitor()
    thief.client.set_cookie("concord", cookie.value)
    not_in(thief, door.return_(thief, url), 400, "has been used already")


def test_a_code_of_somebody_else_is_refused_for_it_was_asked_for_with_another_secret(door: Door) -> None:
    stolen = parse_qs(urlsplit(door.provider.sign_in(door.set_out(door.visitor()), somebody(door))).query)["code"][0]
    visitor = door.visitor()
    state = parse_qs(urlsplit(door.set_out(visitor)).query)["state"][0]
    not_in(visitor, visitor.open(f"{BACK}?{urlencode({'code': stolen, 'state': state})}"), 400, "used already")


def test_a_sign_in_that_takes_too_long_begins_again(door: Door) -> None:
    url = door.provider.sign_in(door.set_out(visitor := door.visitor()), somebody(door))
    door.world.clock.at += 601
    not_in(visitor, door.return_(visitor, url), 400, "too long ago")


def test_sign_ins_in_several_windows_do_not_end_each_other(door: Door) -> None:
    visitor = door.visitor()
    urls = [door.provider.sign_in(door.set_out(visitor), somebody(door)) for _ in range(4)]
    statuses = [door.return_(visitor, url).status for url in urls]
    assert statuses == [400, 200, 200, 200], "three at a time, for cookies are small"
    cookie = visitor.client.get_cookie("concord")
    assert cookie is not None
    assert len(cookie.value) < 3000


def test_a_cookie_stays_small_whatever_somebody_was_going_to_see(door: Door) -> None:
    visitor = door.visitor()
    for _ in range(5):
        door.set_out(visitor, f"{BEGIN}?next=/{'x' * 3000}")
    cookie = visitor.client.get_cookie("concord")
    assert cookie is not None
    assert len(cookie.value) < 3000


def test_an_answer_that_comes_from_another_issuer_is_not_used(door: Door) -> None:
    door.provider.spoil(discovery={"authorization_response_iss_parameter_supported": True})
    for iss, good in ((f"&iss={door.provider.issuer}", True), ("&iss=https://evil.example", False), ("", False)):
        url = door.provider.sign_in(door.set_out(visitor := door.visitor()), somebody(door))
        page = door.return_(visitor, url + iss)
        assert page.heading == "Make your account" if good else page.status == 403


def test_a_provider_that_is_down_is_said_to_be(open_door: Open) -> None:
    door = open_door(issuer=f"http://127.0.0.1:{free_port()}")
    visitor = door.visitor()
    page = visitor.open(BEGIN)
    not_in(visitor, page, 503, "nobody can sign in with it just now")
    assert page.heading == "Company account does not answer"
    assert visitor.sign_in("bob").page.address == "/", "with a password one can"


def test_nobody_waits_for_a_provider_that_has_just_not_answered(open_door: Open) -> None:
    with open_provider() as provider:
        door = open_door(issuer=provider.issuer)
        path = "/.well-known/openid-configuration"
        provider.spoil(answers={path: {"status": 500}})
        assert [door.visitor().open(BEGIN).status for _ in range(5)] == [503] * 5
        assert provider.asked(path) == 1
        provider.spoil()
        door.world.clock.at += TRY_AGAIN_AFTER
        door.set_out(door.visitor())


def test_a_provider_that_went_away_on_the_way_is_said_to_be_down(open_door: Open) -> None:
    with open_provider() as provider:
        door = open_door(issuer=provider.issuer)
        door.provider = provider
        url = provider.sign_in(door.set_out(visitor := door.visitor()), somebody(door))
    not_in(visitor, door.return_(visitor, url), 503, "does not answer")


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/oauth2/token", "/jwks"])
@pytest.mark.parametrize(
    "answer",
    [
        {"status": 500},
        {"status": 503, "body": "<h1>Down</h1>"},
        {"status": 404},
        {"status": 429},
        {"status": 302, "headers": {"Location": "http://127.0.0.1:9/"}},
        {"body": "<h1>Welcome to the hotel</h1>"},
        {"body": "[]"},
        {"body": "null"},
        {"body": '"x"'},
        {"body": ""},
        {"body": "{" * 20_000},
    ],
)
def test_whatever_a_provider_answers_is_a_page(open_door: Open, path: str, answer: dict[str, object]) -> None:
    door = open_door()
    visitor, subject = door.visitor(), somebody(door)
    if "openid" in path:
        door.provider.spoil(answers={path: answer})
        not_in(visitor, visitor.open(BEGIN), 503, "Company account")
        return
    url = door.provider.sign_in(door.set_out(visitor), subject)
    door.provider.spoil(answers={path: answer})
    not_in(visitor, door.return_(visitor, url), 503, "Company account")


@pytest.mark.parametrize(
    "told",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://evil.example/token"},
        {"token_endpoint": 7},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "https://user:pass@evil.example"},
    ],
)
def test_a_provider_that_says_nothing_of_use_of_itself_is_not_used(door: Door, told: dict[str, object]) -> None:
    door.provider.spoil(discovery=told)
    not_in(visitor := door.visitor(), visitor.open(BEGIN), 503, "does not answer")


@pytest.mark.parametrize("keys", ['{"keys": []}', '{"keys": [{"kty": "oct", "k": "AAAA"}]}', '{"keys": 7}', "{}",
                                  '{"keys": [7]}', '{"keys": [{"kty": "RSA"}]}'])  # fmt: skip
def test_keys_that_open_nothing_make_no_token_good(open_door: Open, keys: str) -> None:
    door = open_door()
    url = door.provider.sign_in(door.set_out(visitor := door.visitor()), somebody(door))
    door.provider.spoil(answers={"/jwks": {"body": keys}})
    not_in(visitor, door.return_(visitor, url), 403, "cannot be relied on")


def test_a_secret_that_the_provider_does_not_know_is_said_to_whoever_runs_the_wiki(door: Door) -> None:
    for status, body in ((401, '{"error": "invalid_client"}'), (400, '{"error": "unauthorized_client"}'), (401, "")):
        url = door.provider.sign_in(door.set_out(visitor := door.visitor()), somebody(door))
        door.provider.spoil(answers={"/oauth2/token": {"status": status, "body": body}})
        not_in(visitor, door.return_(visitor, url), 503, "tell whoever runs this wiki")
        door.provider.spoil()


def test_what_goes_to_the_log_holds_no_secret(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    subject, visitor = somebody(door), door.visitor()
    url = door.provider.sign_in(door.set_out(visitor), subject)
    door.provider.spoil(claims={"aud": "x"})
    page = door.return_(visitor, url)
    assert "sign-in by company" in caplog.text
    for secret in ("between us", parse_qs(urlsplit(url).query)["code"][0]):
        assert secret not in caplog.text
    assert "between us" not in page.body


def test_a_provider_that_is_slow_is_not_waited_for_longer_than_the_limits(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LIMITS == (3, 5, 10)
    monkeypatch.setattr(asking, "READ_SECONDS", 0.3)
    monkeypatch.setattr(asking, "WHOLE_SECONDS", 1)
    for slow in ({"delay": 30}, {"drip": 0.2, "body": "x" * 1000}):
        url = door.provider.sign_in(door.set_out(visitor := door.visitor()), somebody(door))
        door.provider.spoil(answers={"/oauth2/token": slow})
        began = time.monotonic()
        page = door.return_(visitor, url)
        assert time.monotonic() - began < 20
        not_in(visitor, page, 503, "does not answer")
        door.provider.spoil()


def test_an_answer_without_end_is_cut_off(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_BYTES", 10_000)
    url = door.provider.sign_in(door.set_out(visitor := door.visitor()), somebody(door))
    door.provider.spoil(answers={"/oauth2/token": {"body": '{"x": "' + "y" * 20_000 + '"}'}})
    not_in(visitor, door.return_(visitor, url), 503, "does not answer")


def test_what_a_provider_says_of_itself_and_its_keys_are_kept(door: Door) -> None:
    door.provider.spoil()
    for _ in range(3):
        door.come(door.visitor(), somebody(door))
    assert (door.provider.asked("/.well-known/openid-configuration"), door.provider.asked("/jwks")) == (1, 1)


def client_of(door: Door) -> Client:
    return Client(Provider("company", door.provider.issuer, "concord", "between us", "Company account"))


def test_what_is_kept_is_asked_for_again_after_an_hour_and_does_while_the_provider_is_down(door: Door) -> None:
    client, path = client_of(door), "/.well-known/openid-configuration"
    client.described(NOW)
    client.described(NOW + KEPT - 1)
    assert door.provider.asked(path) == 1
    client.described(NOW + KEPT)
    assert door.provider.asked(path) == 2
    door.provider.spoil(answers={path: {"status": 500}})
    client.described(NOW + 3 * KEPT)
    client.described(NOW + 3 * KEPT + 1)
    assert door.provider.asked(path) == 1, "and nobody waits for it each time"
    with pytest.raises(Down):
        client.described(NOW + KEPT + KEPT_WHILE_DOWN)
    door.provider.spoil()
    client.described(NOW + 2 * KEPT_WHILE_DOWN)


def test_new_keys_are_asked_for_when_a_token_is_signed_with_one(door: Door) -> None:
    door.come(door.visitor(), somebody(door))
    door.world.clock.at += 61
    door.provider.spoil(rotate=time.time_ns())
    assert door.come(door.visitor(), somebody(door)).heading == "Make your account"
    assert door.provider.asked("/jwks") == 1


def test_keys_that_are_made_up_do_not_make_the_wiki_ask_each_time(door: Door) -> None:
    door.come(door.visitor(), somebody(door))
    door.provider.spoil(alg="unknown key")
    for _ in range(3):
        assert door.come(door.visitor(), somebody(door)).status == 403
    assert door.provider.asked("/jwks") == 0, "they were asked for less than a minute ago"


def test_claims_that_only_its_page_for_them_tells_are_asked_for_there(door: Door) -> None:
    subject, answers = somebody(door), {"email": None, "email_verified": None}
    door.provider.spoil(claims=answers)
    assert door.come(door.visitor(), subject).heading == "Make your account"
    assert door.provider.asked("/userinfo") == 1
    other = '{"sub": "somebody else", "email": "bob@example.com", "email_verified": true}'
    door.provider.spoil(claims=answers, answers={"/userinfo": {"body": other}})
    page = door.come(visitor := door.visitor(), subject)
    not_in(visitor, page, 403, "cannot be relied on")
    door.provider.spoil(claims=answers, answers={"/userinfo": {"status": 500}})
    assert "does not say that it has confirmed" in door.come(door.visitor(), subject).main


def test_the_secret_goes_to_the_provider_as_it_wants_it(open_door: Open, door: Door) -> None:
    door.come(door.visitor(), somebody(door))
    (sent,) = [one for one in door.provider.seen if one["path"] == "/oauth2/token"]
    assert sent["authorization"].startswith("Basic ")
    assert "between" not in sent["body"]
    assert "code_verifier=" in sent["body"]
    client = client_of(door)
    door.provider.spoil(discovery={"token_endpoint_auth_methods_supported": ["client_secret_post"]})
    assert client.described(NOW).token_auth == "client_secret_post"
    public = Client(replace(client.provider, client_secret=""))
    assert public.begin("http://localhost/back", NOW).url.startswith(door.provider.issuer)


def test_many_ways_back_from_one_place_have_to_wait(open_door: Open) -> None:
    door = open_door({"sign_in_limit_per_address": "3 per minute"})
    statuses = [door.come(door.visitor(), somebody(door)).status for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


def test_the_provider_next_door_insists_on_what_a_real_one_does(door: Door) -> None:
    url = door.provider.sign_in(door.set_out(door.visitor()), somebody(door))
    code = parse_qs(urlsplit(url).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": f"http://localhost{BACK}"}
    answer = requests.post(f"{door.provider.issuer}/oauth2/token", data=form, auth=("concord", "x"), timeout=10)
    assert answer.status_code == 400
