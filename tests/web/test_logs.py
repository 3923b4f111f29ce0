"""Log lines, and the id that ties them to a request."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.world import World, copy_of, open_world
from wiki import logs
from wiki.logs import ACCESS, JsonLines, TextLines, request_id

MADE = re.compile(r"[0-9a-f]{16}")


@contextmanager
def lines(form: logging.Formatter, name: str = "wiki", level: int = logging.WARNING) -> Iterator[io.StringIO]:
    """What is logged while the block lasts."""
    out = io.StringIO()
    handler, logger = logging.StreamHandler(out), logging.getLogger(name)
    handler.setFormatter(form)
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(level)
    try:
        yield out
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


def break_search(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of our own in a view."""

    def fault(*_anything: object) -> None:
        raise ZeroDivisionError("by\nnought")

    monkeypatch.setattr(type(world.wiki.index), "contents", fault)


def test_every_answer_has_an_id_of_its_own(world: World) -> None:
    client = world.app.test_client()
    ids = []
    for address in ("/welcome", "/welcome", "/none", "/-/static/style.css", "/%00", "/-/healthz", "/-/policy"):
        answer = client.get(address)
        assert len(answer.headers.getlist("X-Request-Id")) == 1
        ids.append(answer.headers["X-Request-Id"])
        answer.close()
    assert all(MADE.fullmatch(each) for each in ids)
    assert len(set(ids)) == len(ids)
    assert request_id.get() == ""


def test_nobody_gives_a_request_its_id_but_a_trusted_proxy(world: World) -> None:
    answer = world.app.test_client().get("/welcome", headers={"X-Request-Id": "chosen-by-me"})
    assert MADE.fullmatch(answer.headers["X-Request-Id"])


@pytest.mark.parametrize(("given", "kept"), [
    ("5f3c-77.AB_9", True), ("x" * 128, True), ("x" * 129, False), ("short", False), ("", False),
    ("with space 1234", False), ("ümlaut-12345", False), ('"quoted-12345', False), ("<script>alert(1)", False),
])  # fmt: skip
def test_a_trusted_proxy_gives_an_id_that_is_well_formed(founded: Path, tmp_path: Path, given: str, kept: bool) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), trusted_proxies=("127.0.0.1",)) as world:
        sent = given.encode().decode("latin-1")
        client = world.app.test_client()
        answer = client.get("/welcome", environ_overrides={"HTTP_X_REQUEST_ID": sent})
        told = answer.headers["X-Request-Id"]
        assert (told == given) is kept
        elsewhere = client.get("/welcome", environ_overrides={"HTTP_X_REQUEST_ID": sent, "REMOTE_ADDR": "192.0.2.1"})
        assert MADE.fullmatch(elsewhere.headers["X-Request-Id"])


def test_a_fault_shows_the_id_that_its_log_lines_have(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    break_search(world, monkeypatch)
    world.app.config["PROPAGATE_EXCEPTIONS"] = False
    with lines(TextLines()) as out:
        page = world.visitor().open("/")
    assert page.status == 500
    number = page.response.headers["X-Request-Id"]  # type: ignore[union-attr]
    assert f"if you tell them: {number}" in page.main
    first = out.getvalue().splitlines()[0]
    assert f"[{number}] unexpected fault" in first
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ERROR wiki\.web\.errors ", first)
    assert "ZeroDivisionError" in out.getvalue()


def test_a_program_is_told_the_id_of_a_fault_as_well(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(world.wiki.index), "pages", lambda *_a, **_k: 1 / 0)
    with lines(TextLines()):
        answer = world.app.test_client().get("/-/api/1/pages")
    assert answer.status_code == 500
    assert answer.get_json()["request_id"] == answer.headers["X-Request-Id"]


def test_other_errors_show_no_id(world: World) -> None:
    assert "if you tell them" not in world.visitor().open("/none").main


def test_json_lines_are_one_object_each(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    break_search(world, monkeypatch)
    with lines(JsonLines()) as out:
        answer = world.app.test_client().get("/")
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(told) == 1
    assert told[0]["request_id"] == answer.headers["X-Request-Id"]
    assert (told[0]["level"], told[0]["logger"], told[0]["message"]) == ("error", "wiki.web.errors", "unexpected fault")
    assert "ZeroDivisionError" in told[0]["exception"]


def test_what_people_send_begins_no_line_of_its_own() -> None:
    record = logging.LogRecord("x", logging.WARNING, "", 1, "said %s", ("a\nERROR forged\r\x1b[2J\u2028b",), None)
    assert TextLines().format(record).splitlines()[1:] == []
    assert "\\nERROR forged\\r\\x1b[2J\\u2028b" in TextLines().format(record)
    assert len(JsonLines().format(record).splitlines()) == 1


def test_requests_are_logged_where_that_is_wanted(world: World) -> None:
    with lines(JsonLines(), ACCESS, logging.INFO) as out:
        client = world.app.test_client()
        client.get("/welcome?secret=query")
        client.get("/größe/naïve")
        client.get("/a%0Ab")
        client.get("/-/welcome/a-token-that-lets-somebody-in")
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [each["path"] for each in told] == ["/welcome", "/größe/naïve", "/a\nb", "/-/welcome/<token>"]
    assert told[0]["status"] == 200
    assert told[0]["method"] == "GET"
    assert told[0]["address"] == "127.0.0.1"
    assert told[0]["milliseconds"] > 0
    assert MADE.fullmatch(told[0]["request_id"])
    assert "secret" not in out.getvalue()
    assert "lets-somebody-in" not in out.getvalue()


def test_requests_are_not_logged_where_nobody_asked(world: World) -> None:
    assert logs.configuration("text", access=False)["loggers"][ACCESS]["level"] == "CRITICAL"
    with lines(TextLines(), ACCESS, logging.WARNING) as out:
        world.visitor().open("/welcome")
    assert out.getvalue() == ""


def test_every_address_with_a_token_is_logged_without_it(world: World) -> None:
    """Whoever reads the log could follow it."""
    for rule in world.app.url_map.iter_rules():
        secret = {name for name in rule.arguments if re.search("token|key|secret|proof|code", name)}
        assert secret <= {"token"}, rule.rule
