"""Three servers share one PostgreSQL, one Redis and one repository: one is killed, one is cut off, nothing is lost."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from tests.postgres.machines import Browser, Machine, Refused, Wire
from tests.servers import PostgreSQL, Server, redis
from tests.world import check_from_outside, close, copy_of, settings_for
from wiki.assembly import Wiki, open_wiki
from wiki.database import reading
from wiki.index import schema

ENOUGH = 6
"""Acts that are waited for in each part of the story."""


@dataclass
class Shared:
    """What three machines have together. ``wire`` is how the third one reaches PostgreSQL."""

    data: Path
    url: str
    cache: Server
    machines: list[Machine]
    wire: Wire


@pytest.fixture
def shared(server: PostgreSQL, founded: tuple[Path, str], tmp_path: Path) -> Iterator[Shared]:
    data, name = copy_of(founded[0], tmp_path / "data"), server.new(founded[1])
    cache, wire = redis(tmp_path), Wire(server.server.port)
    cache.start()
    far = server.url(name).replace(f":{server.server.port}/", f":{wire.port}/")
    addresses = [server.url(name), server.url(name), far]
    machines = [Machine(data, address, f"redis://127.0.0.1:{cache.port}/0") for address in addresses]
    try:
        for machine in machines:
            machine.start()
        for machine in machines:
            machine.wait()
        yield Shared(data, server.url(name), cache, machines, wire)
    finally:
        for machine in machines:
            machine.end()
        cache.end()
        wire.close()
        server.drop(name)


@dataclass
class Colleague:
    """Proposes pages, comments on them and endorses what others proposed, until told to stop. ``told`` is what the wiki
    acknowledged: titles of proposals, words of comments, and endorsements as who and number."""

    browser: Browser
    told: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        turn = 0
        while not self.stopped.is_set():
            turn += 1
            try:
                if turn == 1:
                    self.browser.sign_in()
                self.act(f"{self.browser.who} {turn}")
            except Refused as error:
                self.failed.append(str(error))
                self.stopped.wait(0.2)
                with suppress(Refused):
                    self.browser.sign_in()

    def act(self, title: str) -> None:
        page = f"working/{title.replace(' ', '-')}"
        done = self.browser.submit(f"/-/new?name={page}", "/-/new", "propose", name=page, title=title,
                                   text=f"# {title}\n\nWords of {title}.\n", why="It is so.")  # fmt: skip
        number = re.search(r"/-/proposals/(\d+)", done.url)
        if number is None:
            raise Refused(done.url)
        self.told.append(f"propose {title}")
        n = int(number[1])
        self.numbers.append(n)
        self.browser.submit(f"/-/proposals/{n}", f"/-/proposals/{n}/comment", text=f"Word on {title}")
        self.told.append(f"comment Word on {title}")
        for other in range(n - 1, max(0, n - 3), -1):
            with suppress(Refused):
                self.browser.submit(f"/-/proposals/{other}", f"/-/proposals/{other}/endorse")
                self.told.append(f"endorse {self.browser.who}@example.com {other}")


def wait_for(colleagues: list[Colleague], more: int) -> None:
    """Until each has done so much more."""
    goal = [len(each.told) + more for each in colleagues]
    until = time.monotonic() + 120
    while any(len(each.told) < enough for each, enough in zip(colleagues, goal, strict=True)):
        assert time.monotonic() < until, [(each.browser.who, len(each.told), each.failed[-1:]) for each in colleagues]
        time.sleep(0.1)


def in_git(wiki: Wiki) -> list[str]:
    """Every act of the proposals and every comment, as `Colleague.told` says it."""
    found = []
    for n in range(1, wiki.guidelines.count() + 1):
        for act in wiki.guidelines.weigh(n).proposal.acts:
            said = {"propose": act.text.partition("\n")[0], "endorse": f"{act.author.email} {n}"}.get(
                act.kind.value, ""
            )
            found.append(f"{act.kind.value} {said}")
        found += [f"comment {act.text.strip()}" for act in wiki.guidelines.talk(n)]
    return found


def rows_of(wiki: Wiki) -> dict[str, list[str]]:
    """What the index says of guidelines and proposals, whoever was numbered first."""
    with reading(wiki.engine) as connection:
        people = {row.id: row.key for row in connection.execute(select(schema.person))}
        found = {}
        for table in (schema.landed, schema.proposal, schema.proposal_person, schema.act, schema.page, schema.revision):
            rows = [dict(row._mapping) for row in connection.execute(select(table))]
            for row in rows:
                if "person_id" in row:
                    row["person_id"] = people[row["person_id"]]
                for numbered in ("id", "page_id"):
                    if isinstance(row.get(numbered), int):
                        del row[numbered]
            found[table.name] = sorted(map(repr, rows))
    return found


@pytest.mark.slow
def test_one_is_killed_and_one_cut_off_and_nothing_that_was_acknowledged_is_lost(shared: Shared) -> None:
    first, second, third = shared.machines
    colleagues = [Colleague(Browser(machine, who)) for machine, who in zip(shared.machines, ("ana", "bob", "cyd"),
                                                                          strict=True)]  # fmt: skip
    threads = [threading.Thread(target=each.run) for each in colleagues]
    for thread in threads:
        thread.start()
    try:
        wait_for(colleagues, ENOUGH)
        second.kill()
        shared.wire.sever()
        assert third.wait(503) == "sql"
        away = requests.get(f"{third.address}/travel/visa", timeout=60)
        assert (away.status_code, "<main" in away.text) in {(200, True), (503, True)}
        assert away.status_code == 200 or int(away.headers["Retry-After"]) > 0
        wait_for(colleagues[:1], ENOUGH)
        assert requests.get(f"{first.address}/travel/visa", timeout=60).status_code == 200
        shared.cache.end(signal.SIGKILL)
        wait_for(colleagues[:1], ENOUGH)
        shared.wire.mend()
        assert third.wait(200) == "ok"
        second.start()
        second.wait()
        wait_for(colleagues, ENOUGH)
    finally:
        for each in colleagues:
            each.stopped.set()
        for thread in threads:
            thread.join(90)
        for each in colleagues:
            each.browser.close()
    for machine in shared.machines:
        machine.end()
    wiki = open_wiki(settings_for(shared.data, database_url=shared.url))
    try:
        wiki.index.catch_up()
        there, told = in_git(wiki), [said for each in colleagues for said in each.told]
        assert [said for said in told if said not in there] == []
        once = [said for said in there if said.startswith(("propose", "comment"))]
        assert sorted(once) == sorted(set(once)), "no act is there twice"
        served = rows_of(wiki)
        wiki.index.rebuild()
        assert rows_of(wiki) == served
    finally:
        close(wiki)
    check_from_outside(shared.data / "content.git")
