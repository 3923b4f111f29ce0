"""What is kept of a page for one reader: nothing is asked twice, and nothing of one reader reaches another."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.sql import small_questions, statements
from tests.world import COLLEAGUES, World, first_name

MANY = 110


def _bodies(clients: list[FlaskClient], address: str) -> list[bytes]:
    return [client.get(address).get_data() for client in clients]


def test_whoever_reads_on_while_nothing_changes_asks_only_whether_anything_has(world: World) -> None:
    n = world.propose("ana", {f"notes/page-{nth}": f"# Page {nth}\n\nSome words.\n" for nth in range(MANY)})
    assert world.in_force(n)
    client = world.visitor("bob").client
    pages = [f"/notes/page-{nth}" for nth in range(MANY)]
    for _ in range(3):
        for page in pages:
            assert client.get(page).status_code == 200
    with small_questions() as asked:
        for page in pages:
            client.get(page)
    beat = set(asked)
    assert len(beat) == 1
    assert len(asked) == MANY


def test_where_something_has_changed_little_is_asked_and_no_text_is_looked_through(world: World) -> None:
    client = world.visitor("bob").client
    n = world.propose("ana", {"travel/visa": "# Visas\n\nAsk.\n"})
    for _ in range(3):
        client.get("/welcome")
    world.endorse(n, "cyd")
    with small_questions() as asked, statements(world.wiki.engine) as put_together:
        body = client.get("/welcome").get_data(as_text=True)
    assert "1 waits for you" in body
    assert put_together == []
    assert len(asked) <= 13
    assert not [said for said in asked if "LIKE" in said]
    assert not [said for said in asked if "files" in said]


def test_more_readers_than_a_page_is_kept_for_each_see_their_own(world: World) -> None:
    clients = [world.visitor(first_name(name)).client for name in COLLEAGUES]
    world.wiki.notify.watches.begin(world.people["bob"].id, "page", "welcome", world.wiki.now())
    first = _bodies(clients, "/welcome")
    for _ in range(3):
        again = _bodies(clients, "/welcome")
        assert again == _bodies(clients, "/welcome")
        for name, body in zip(COLLEAGUES, again, strict=True):
            assert [other for other in COLLEAGUES if other.encode() in body and other != name] == []
            assert (b"Stop watching" in body) == (first_name(name) == "bob")
    assert len(first) == len(set(again)) == len(COLLEAGUES)
