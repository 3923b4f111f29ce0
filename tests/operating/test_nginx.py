"""nginx with the files of deploy/ in front of a wiki that serves: what is kept, for whom, and for how long."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.parse import urlencode

import pytest

from benchmarks.nginx import NAME, Nginx, in_front
from tests import warm
from tests.conftest import CHECKOUT
from tests.post_office import free_port
from tests.world import PASSWORD, close, settings_for, write_pages
from wiki.assembly import Wiki, open_wiki
from wiki.model.acts import Person
from wiki.repository.founding import found

pytestmark = pytest.mark.skipif(
    shutil.which("nginx") is None or shutil.which("openssl") is None, reason="nginx is not at hand"
)
POLICY = '[objection]\nhold = "1h"\nweigh = 1\n\n[[rule]]\npages = "**"\nendorse = 0\n'
ANA = Person("Ana", "ana@example.com")
SECOND = 1.0


@dataclass(frozen=True)
class Answer:
    """What came back, and the cookies that it set."""

    status: int
    body: str
    headers: http.client.HTTPMessage
    cookies: str


@dataclass
class Front:
    """nginx, the wiki behind it, and what the wiki logs."""

    nginx: Nginx
    port: int
    data: Path
    log: Path
    server: BaseProcess

    def ask(self, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> Answer:
        """Ask nginx by https, under the name of the wiki."""
        trust = ssl.create_default_context(cafile=self.nginx.certificate)
        connection = http.client.HTTPSConnection("127.0.0.1", self.nginx.https, context=trust, timeout=30)
        own = {"Host": NAME, "Referer": f"https://{NAME}/", **(headers or {})}
        connection.request("GET" if body is None else "POST", path, body, own)
        answer = connection.getresponse()
        text, jar = answer.read().decode("utf-8", "replace"), SimpleCookie()
        for line in answer.headers.get_all("Set-Cookie") or []:
            jar.load(line)
        connection.close()
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
        return Answer(answer.status, text, answer.headers, cookies)

    def sign_in(self) -> str:
        """Ana signs in; her cookie."""
        page = self.ask("/-/sign-in")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.body)
        assert token is not None
        form = urlencode({"csrf_token": token[1], "email": ANA.email, "password": PASSWORD, "next": "/"}).encode()
        sent = {"Cookie": page.cookies, "Content-Type": "application/x-www-form-urlencoded"}
        done = self.ask("/-/sign-in", sent, form)
        assert done.status in {302, 303}, done.body
        return done.cookies

    def asked(self, path: str) -> list[str]:
        """The lines that the wiki logged of requests for this path."""
        return [line for line in self.log.read_text("utf-8").splitlines() if f'"{path}"' in line]


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """One for all of them."""
    place = tmp_path_factory.mktemp("front")
    settings = settings_for(place / "data")
    pages = write_pages(place / "pages", {f"{name}.md": f"# {name.title()}\n\nFirst.\n" for name in ("news", "calm")})
    found(
        settings.content_git, pages, POLICY, Person("Concord", "concord@localhost"), int(time.time()) - 60
    ).store.close()
    wiki = open_wiki(settings)
    wiki.index.rebuild()
    wiki.accounts.add(ANA.email, ANA.name, PASSWORD, int(time.time()) - 60)
    close(wiki)
    (place / "nginx").mkdir()
    port = free_port()
    with in_front(place / "nginx", port) as nginx:
        made = Front(nginx, port, place / "data", place / "log", _begin(place, port))
        try:
            yield made
        finally:
            _end(made.server)


def _begin(place: Path, port: int) -> BaseProcess:
    env = {
        **os.environ, "WIKI_DATA": str(place / "data"), "WIKI_WORKERS": "1", "WIKI_SITE_URL": f"https://{NAME}",
        "WIKI_SECURE_COOKIES": "true", "WIKI_TRUSTED_PROXIES": "127.0.0.1", "WIKI_LOG_FORMAT": "json",
        "WIKI_LOG_ACCESS": "true", "WIKI_SECRET_KEY": "k" * 40,
    }  # fmt: skip
    log = place / "log"
    server = warm.begin(["serve", "--port", str(port)], env, [os.devnull, log, log])
    try:
        _until_ready(port)
    except BaseException:
        _end(server)
        raise
    return server


def _end(server: BaseProcess) -> None:
    server.terminate()
    server.join(20)


@contextmanager
def _away(front: Front) -> Iterator[None]:
    """While this lasts, nobody answers behind nginx."""
    _end(front.server)
    try:
        yield
    finally:
        front.server = _begin(front.data.parent, front.port)


def _until_ready(port: int) -> None:
    for _ in range(600):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/-/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the wiki did not start")


def bring_into_force(data: Path, name: str, text: str) -> float:
    """Change a page; when it was in force."""
    wiki: Wiki = open_wiki(settings_for(data))
    try:
        outcome = wiki.guidelines.propose(ANA, "A change", "", {f"{name}.md": f"# {name.title()}\n\n{text}\n"})
        assert outcome.in_force is not None, outcome.reasons
        return time.monotonic()
    finally:
        close(wiki)


def test_a_page_that_many_ask_for_is_made_at_most_once_a_second(front: Front) -> None:
    began, before = time.monotonic(), len(front.asked("/calm"))
    for _ in range(100):
        answer = front.ask("/calm")
        assert (answer.status, "First." in answer.body) == (200, True)
        assert answer.headers["X-Accel-Expires"] is None
    made = len(front.asked("/calm")) - before
    assert 1 <= made <= time.monotonic() - began + 2 < 60


def test_a_change_is_seen_a_second_after_it_came_into_force_at_the_latest(front: Front) -> None:
    """While somebody reads the page all the time, so that it is always kept when the change comes."""
    for nth in range(4):
        seen: list[tuple[float, bool]] = []
        stop = threading.Event()
        reader = threading.Thread(target=_read_on, args=(front, f"Round {nth}.", seen, stop))
        reader.start()
        ends = bring_into_force(front.data, "news", f"Round {nth}.") + SECOND
        while not (seen and seen[-1][0] > ends + SECOND) and reader.is_alive():
            time.sleep(0.02)
        stop.set()
        reader.join(30)
        assert not seen[0][1]
        assert [began - ends for began, new in seen if began > ends and not new] == []


def _read_on(front: Front, words: str, seen: list[tuple[float, bool]], stop: threading.Event) -> None:
    """For a minute at most: when each request began, and whether its answer had these words."""
    for _ in range(6_000):
        began = time.monotonic()
        seen.append((began, words in front.ask("/news").body))
        if stop.wait(0.01):
            return


def test_whoever_has_a_session_gets_a_page_of_their_own_and_nobody_else_gets_it(front: Front) -> None:
    cookie = front.sign_in()
    before = len(front.asked("/calm"))
    for _ in range(10):
        stranger, mine = front.ask("/calm"), front.ask("/calm", {"Cookie": cookie})
        assert "Sign in" in stranger.body
        assert "csrf_token" not in stranger.body
        assert "Sign in" not in mine.body
        assert "csrf_token" in mine.body
        assert "private" in mine.headers["Cache-Control"]
    assert len(front.asked("/calm")) - before >= 10
    kept = "".join(
        file.read_text("utf-8", "replace") for file in (front.data.parent / "nginx" / "cache").rglob("?" * 32)
    )
    assert "/calm" in kept
    assert "csrf_token" not in kept


def test_a_reader_gets_the_page_in_their_language_and_theme_however_the_cookie_is_written(front: Front) -> None:
    german, plain = {"Accept-Language": "de"}, {"Accept-Language": "en"}
    for _ in range(2):
        assert 'lang="de"' in front.ask("/calm", german).body
        assert 'lang="en"' in front.ask("/calm", plain).body
        assert 'lang="fr"' in front.ask("/calm", {**german, "Cookie": "language=fr"}).body
        assert 'data-theme="dark"' in front.ask("/calm", {**plain, "Cookie": "theme=dark"}).body
        for odd in ("theme =dark", 'theme="dark"', "a=b\x0b;theme=dark", "x; theme=dark\t; theme=light"):
            front.ask("/calm", {**plain, "Cookie": odd})
            assert 'data-theme="dark"' not in front.ask("/calm", plain).body
    small = front.ask("/calm", {**plain, "Accept-Encoding": "br, gzip;q=0.5"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert front.ask("/calm", {**plain, "Accept-Encoding": "gzip;q=0"}).headers["Content-Encoding"] is None


def test_what_a_browser_says_of_where_it_comes_from_ends_at_nginx(front: Front) -> None:
    forged = {
        "X-Forwarded-For": "203.0.113.7", "Forwarded": "for=203.0.113.7", "X-Forwarded-Host": "evil.example.com",
        "X-Forwarded-Proto": "http", "X-Request-Id": "forged-by-a-browser", "X-Remote-User": "ana@example.com",
    }  # fmt: skip
    for path, cookie in (("/calm", "concord=x"), ("/-/changes", "")):
        answer = front.ask(path, {**forged, "Cookie": cookie})
        assert answer.status == 200
        assert answer.headers["Strict-Transport-Security"], "the wiki knows that it is https"
        assert "evil.example.com" not in answer.body
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-Id"])
    log = front.log.read_text("utf-8")
    assert "203.0.113.7" not in log
    assert "forged-by-a-browser" not in log


def test_static_files_are_kept_for_as_long_as_the_wiki_says(front: Front) -> None:
    found = re.search(r'href="(/-/static/style\.[^"]+\.css)"', front.ask("/calm").body)
    assert found is not None
    for _ in range(5):
        answer = front.ask(found[1], {"Accept-Encoding": "gzip"})
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
        assert "immutable" in answer.headers["Cache-Control"]
        time.sleep(0.3)
    assert len(front.asked(found[1])) == 1
    again = front.ask(found[1], {"Accept-Encoding": "gzip", "If-None-Match": answer.headers["ETag"]})
    assert again.status == 304


def test_large_forms_pass_and_larger_ones_are_refused_by_the_limit(front: Front) -> None:
    cookie = {"Cookie": front.sign_in(), "Content-Type": "application/x-www-form-urlencoded"}
    assert front.ask("/-/sign-out", cookie, b"text=" + b"x" * (3 << 20)).status == 400, (
        "read whole, and without a token"
    )
    assert front.ask("/-/sign-out", cookie, b"text=" + b"x" * (17 << 20)).status == 413


def test_a_clone_comes_through_whole_and_the_way_in_is_https_and_http_2(front: Front, tmp_path: Path) -> None:
    address = f"https://127.0.0.1:{front.nginx.https}/-/guidelines.git"
    env = {**os.environ, "GIT_SSL_CAINFO": str(front.nginx.certificate)}
    subprocess.run(["git", "clone", "-q", address, tmp_path / "clone"], check=True, timeout=60, env=env)
    assert (tmp_path / "clone" / "calm.md").read_text("utf-8").startswith("# Calm")
    plain = http.client.HTTPConnection("127.0.0.1", front.nginx.http, timeout=10)
    plain.request("GET", "/calm?a=b", headers={"Host": "evil.example.com"})
    answer = plain.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/calm?a=b")
    plain.close()
    trust = ssl.create_default_context(cafile=front.nginx.certificate)
    trust.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", front.nginx.https), timeout=10) as plain_socket,
        trust.wrap_socket(plain_socket, server_hostname=NAME) as connected,
    ):
        assert connected.selected_alpn_protocol() == "h2"
    assert front.ask("/-/metrics").status == 404


def test_the_key_of_the_cache_names_every_cookie_that_the_wiki_reads() -> None:
    read = set()
    for file in (CHECKOUT / "wiki").rglob("*.py"):
        read |= set(re.findall(r'^[A-Z_]*COOKIE = "(\w+)"', file.read_text("utf-8"), re.M))
    assert read >= {"concord", "language", "theme"}
    shared, server = (
        (CHECKOUT / "deploy" / "nginx" / f"{name}.conf").read_text("utf-8") for name in ("http", "server")
    )
    key = re.search(r'proxy_cache_key "(.*http_accept_language)";', server)
    handed_on = re.search(r'proxy_set_header Cookie "(.*)";', shared)
    assert key is not None
    assert handed_on is not None
    for cookie in read - {"concord"}:
        assert f"$cookie_{cookie}\\n" in key[1]
        assert f"{cookie}=$cookie_{cookie}" in handed_on[1]
    assert 'map "$cookie_concord$http_authorization" $concord_known' in shared


def test_readers_get_what_was_kept_last_while_the_wiki_does_not_answer(front: Front) -> None:
    cookie = front.sign_in()
    assert front.ask("/calm").status == 200
    with _away(front):
        time.sleep(SECOND)
        answer = front.ask("/calm")
        assert (answer.status, "First." in answer.body) == (200, True)
        assert front.ask("/calm", {"Cookie": cookie}).status == 502
        assert front.ask("/news?never=asked").status == 502
    assert front.ask("/calm", {"Cookie": cookie}).status == 200
