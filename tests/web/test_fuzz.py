"""Chance as a visitor: whatever the address, the fields and the headers, the answer is a page and git is whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.routes import HOSTILE_NAMES, all_routes
from tests.world import Page, Visitor, World, copy_of, open_world

SEGMENTS = st.one_of(
    st.sampled_from(HOSTILE_NAMES), st.text(max_size=30), st.sampled_from(["1", "travel", "-", "0" * 40])
)
TEXT = st.one_of(
    st.text(max_size=200), st.sampled_from(["", "\x00", "[" * 3000, "> " * 2000, "# a\n\n" * 50, "\r\r\n"])
)
NAMES = ("name", "title", "why", "text", "base", "do", "change", "reason", "to", "next", "theme", "email", "x")
SIGN_OUT = {"/-/sign-out", "/-/account/sessions/1/end"}
ASKED = ("tab", "page", "before", "a", "b", "proposal", "path", "next")
SENT = ("Referer", "Accept-Language", "Accept", "If-None-Match", "Range", "X-Forwarded-For", "User-Agent")
FIELDS = st.dictionaries(
    st.sampled_from(NAMES),
    st.one_of(TEXT, st.sampled_from(["propose", "preview", "difference", "0" * 40, "welcome"])),
    max_size=6,
)
HEADERS = st.dictionaries(
    st.sampled_from(SENT),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60),
    max_size=3,
)


@pytest.fixture(scope="module")
def visited(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Visitor]]:
    """One wiki for all of chance's visits."""
    with open_world(copy_of(founded, tmp_path_factory.mktemp("fuzz") / "data")) as world:
        world.propose("ana", {"welcome": "# W\n\nHello.\n"})
        yield world, world.visitor("bob")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.data())
def test_any_request_gets_a_page(visited: tuple[World, Visitor], data: st.DataObject) -> None:
    world, bob = visited
    address = data.draw(st.sampled_from(sorted(all_routes(world.app).keys() - SIGN_OUT)))
    for _ in range(data.draw(st.integers(0, 2))):
        parts = address.split("/")
        parts[data.draw(st.integers(1, len(parts) - 1))] = data.draw(SEGMENTS)
        address = "/".join(parts)
    method = data.draw(st.sampled_from(["GET", "POST", "GET", "POST", "HEAD", "PUT"]))
    fields = data.draw(FIELDS)
    query = data.draw(st.dictionaries(st.sampled_from(ASKED), TEXT, max_size=3))
    if method == "POST":
        fields["csrf_token"] = bob.token()
    if not address.startswith("/") or address.startswith("//"):
        address = "/" + address.lstrip("/")
    response = bob.client.open(
        path=quote(address, safe="/"),
        method=method,
        query_string=query,
        data=fields if method == "POST" else None,
        headers=data.draw(HEADERS),
    )
    assert response.status_code < 500, f"{method} {address!r}: {response.get_data(as_text=True)[:800]}"
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    if response.status_code >= 400 and method != "HEAD":
        told = response.get_json() if response.is_json else {}
        assert (told.get("error") or told.get("problem")) if response.is_json else Page(response).main
    response.close()
