"""Requests that ended in a fault once, found by sending strange ones."""

from __future__ import annotations

import io

import pytest

from tests.world import Page, World


@pytest.mark.parametrize("query", ["q=\xff", "next=\xc3(", "name=\x80&title=\xfe", "\xff"])
def test_a_query_of_bytes_that_are_no_text_is_read_as_well_as_it_can_be(world: World, query: str) -> None:
    for address in ("/-/search", "/-/sign-in", "/none", "/-/new"):
        answer = world.app.test_client().get(address, environ_overrides={"QUERY_STRING": query})
        assert answer.status_code in {200, 302, 404}, address
        assert answer.headers["Content-Security-Policy"]


def test_a_part_of_a_form_without_a_name_is_left_out(world: World) -> None:
    bob = world.visitor("bob")
    body = b"--x\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--x--\r\n"
    headers = {"X-CSRFToken": bob.token()}
    for address in ("/-/new", "/-/drafts/1", "/-/sign-in"):
        answer = bob.client.post(address, data=body, content_type="multipart/form-data; boundary=x", headers=headers)
        assert answer.status_code in {400, 404}, address
        assert Page(answer).main


def test_a_file_where_text_is_meant_is_no_text(world: World) -> None:
    visitor = world.visitor()
    token = visitor.token()
    for field in ("email", "password", "next"):
        sent = {"csrf_token": token, "email": "bob@example.com", "password": "x", field: (io.BytesIO(b"x"), "x.png")}
        answer = visitor.client.post("/-/sign-in", data=sent, content_type="multipart/form-data")
        assert answer.status_code in {400, 403}, field
        assert Page(answer).main
