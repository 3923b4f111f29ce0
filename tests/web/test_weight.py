"""What a page weighs on its way to a reader, and how often it has to travel."""

from __future__ import annotations

import gzip
import re
import time
from urllib.parse import urljoin

from tests.world import World
from wiki.web.static_files import StaticFiles

LIMIT = 60_000


def test_a_page_with_its_style_and_scripts_weighs_under_sixty_kilobytes(world: World) -> None:
    for who in (None, "bob"):
        client = world.visitor(who).client
        for address in ("/", "/travel", "/travel/expenses"):
            page = client.get(address, headers={"Accept-Encoding": "gzip"})
            sent = len(page.get_data())
            body = gzip.decompress(page.get_data()) if "Content-Encoding" in page.headers else page.get_data()
            parts = set(re.findall(r'(?:href|src)="(/-/static/[^"]+)"', body.decode()))
            assert len(parts) >= 4
            sent += sum(len(client.get(part, headers={"Accept-Encoding": "gzip"}).get_data()) for part in parts)
            assert sent < LIMIT, (who, address, sent)


def test_static_files_have_names_that_change_with_them_and_are_kept_for_a_year(world: World) -> None:
    client = world.visitor().client
    (name,) = re.findall(r'href="(/-/static/style\.[0-9a-f]{12}\.css)"', client.get("/").get_data(as_text=True))
    answer = client.get(name)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/css"
    assert answer.get_data() == client.get("/-/static/style.css").get_data()
    assert client.get("/-/static/style.css").headers["Cache-Control"] == "no-cache"
    old = client.get("/-/static/style.000000000000.css")
    assert (old.status_code, old.headers["Cache-Control"]) == (200, "no-cache")
    assert client.get("/-/static/none.000000000000.css").status_code == 404
    small = client.get(name, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert gzip.decompress(small.get_data()) == answer.get_data()
    assert small.headers["ETag"] != answer.headers["ETag"]
    assert client.get(name, headers={"Accept-Encoding": "gzip;q=0"}).get_data() == answer.get_data()
    again = client.get("/-/static/style.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_scripts_import_each_other_under_their_changing_names(tmp_path) -> None:  # type: ignore[no-untyped-def]
    for name, text in {
        "a.js": 'import { b } from "./b.js";\nimport("./c.js");\n', "b.js": "import './c.js';\n", "c.js": "1;\n",
        "d.js": 'import "./e.js";', "e.js": 'import "./d.js"; import "./gone.js";',
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text)
    files = StaticFiles(tmp_path)
    name_of = {name: files.get(name).hashed_name for name in ("b.js", "c.js", "e.js")}  # type: ignore[union-attr]
    body = files.get("a.js").body.decode()  # type: ignore[union-attr]
    assert body == f'import {{ b }} from "./{name_of["b.js"]}";\nimport("./{name_of["c.js"]}");\n'
    assert name_of["c.js"] in files.get("b.js").body.decode()  # type: ignore[union-attr]
    assert files.get("e.js").body.decode() == 'import "./d.js"; import "./gone.js";'  # type: ignore[union-attr]
    (tmp_path / "c.js").write_text("2;\n")
    assert StaticFiles(tmp_path).get("a.js").hashed_name != files.get("a.js").hashed_name  # type: ignore[union-attr]


def test_scripts_in_folders_are_named_by_their_content_too(world: World) -> None:
    client = world.visitor("bob").client
    to_do = re.findall(r'src="(/-/static/editor\.[^"]+)"', client.get("/-/new").get_data(as_text=True))
    seen: set[str] = set()
    while to_do:
        address = to_do.pop()
        answer = client.get(address)
        assert "immutable" in answer.headers["Cache-Control"], address
        found = re.findall(r'from "([^"]+)"', answer.get_data(as_text=True))
        to_do += [urljoin(address, target) for target in found if urljoin(address, target) not in seen]
        seen.add(address)
    assert {re.sub(r"\.[0-9a-f]{12}\.js$", "", one) for one in seen} >= {
        "/-/static/editor", "/-/static/drafts", "/-/static/editor/keeping", "/-/static/editor/text",
    }  # fmt: skip


def test_only_pages_without_a_session_are_compressed(world: World) -> None:
    small = {"Accept-Encoding": "gzip"}
    reader, bob = world.visitor().client, world.visitor("bob").client
    plain, packed = reader.get("/travel/expenses"), reader.get("/travel/expenses", headers=small)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert reader.get("/travel/expenses", headers={**small, "If-None-Match": packed.headers["ETag"]}).status_code == 304
    assert "Content-Encoding" not in reader.get("/travel/expenses?x=y", headers=small).headers
    assert "csrf_token" in bob.get("/travel/expenses").get_data(as_text=True)
    assert "Content-Encoding" not in bob.get("/travel/expenses", headers=small).headers


def test_a_page_that_a_member_has_does_not_travel_again_until_it_changes(world: World) -> None:
    bob = world.visitor("bob").client
    bob.get("/travel/expenses")
    first = bob.get("/travel/expenses")
    have = {"If-None-Match": first.headers["ETag"]}
    assert "private" in first.headers["Cache-Control"]
    time.sleep(1.1)  # tokens of forms hold the second in which they were made
    assert bob.get("/travel/expenses", headers=have).status_code == 304
    assert world.visitor("cyd").client.get("/travel/expenses", headers=have).status_code == 200
    n = world.propose("ana", {"travel/expenses": "# Expenses\n\nNew words.\n"})
    fresh = bob.get("/travel/expenses", headers=have)
    assert fresh.status_code == 200
    world.endorse(n, "cyd", "dee")
    assert "New words." in bob.get("/travel/expenses", headers=have).get_data(as_text=True)


def test_a_form_of_a_page_that_a_browser_kept_still_works(world: World) -> None:
    visitor = world.visitor("bob")
    visitor.open("/welcome")
    page = visitor.open("/welcome")
    again = visitor.client.get("/welcome", headers={"If-None-Match": page.response.headers["ETag"]})  # type: ignore[union-attr]
    assert again.status_code == 304
    fields = {**dict(page.form("/-/theme").fields), "theme": "dark"}
    assert visitor.client.post("/-/theme", data=fields).status_code == 303


def test_nothing_comes_from_elsewhere(world: World) -> None:
    for address in ("/", "/travel", "/travel/expenses", "/-/proposals", "/-/changes"):
        body = world.visitor("bob").open(address).body
        assert not re.findall(r'(?:src|srcset|data|action)="(?:https?:)?//', body)
        assert not re.findall(r'<link[^>]+href="(?:https?:)?//', body)
