"""The outbox: everything in it is sent, once, whoever is killed and whatever is away."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from email.headerregistry import Address
from itertools import pairwise
from pathlib import Path

import pytest

from tests.post_office import PostOffice, free_port, open_post_office
from tests.tables import put_tables
from tests.warm import ended, python
from wiki.database import Database, open_database, writing
from wiki.model.errors import Refused
from wiki.outbox import MAIL, Failed, Letter, Outbox, Parcel, Post
from wiki.outbox import PostOffice as Office
from wiki.versions import migrate

NOW = 1_780_000_000
WIKI = Address("Concord", addr_spec="wiki@example.com")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Database]:
    engine = open_database(put_tables(tmp_path / "wiki.db"))
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


def outbox_to(engine: Database, office: PostOffice) -> Outbox:
    return Outbox(engine, {MAIL: Post(Office.parse(office.address), WIKI)})


def letter(key: str = "one", to: str = "ana@example.com") -> Letter:
    return Letter(key, to, "Your turn", "Bob asks you.\n", "<p>Bob asks you.</p>", (("List-Id", "<wiki.example.com>"),))


class Keeping:
    """A sender that keeps what it is given, and answers as it is told."""

    def __init__(self, answer: Failed | None = None) -> None:
        self.answer = answer
        self.sent: list[str] = []

    def __call__(self, parcel: Parcel, now: int) -> Failed | None:
        self.sent.append(parcel.key)
        return self.answer

    def close(self) -> None:
        pass


def test_a_letter_arrives_as_mail_programs_expect_it(engine: Database, office: PostOffice) -> None:
    outbox = outbox_to(engine, office)
    outbox.put(Letter("one", "ana@example.com", "Größe\n: “ja”", "Grüße\n", "<p>Grüße</p>"), now=NOW)

    assert outbox.deliver(lambda: NOW) == 1

    (arrived,) = office.letters
    assert arrived["Subject"] == "Größe : “ja”"
    assert arrived["From"] == "Concord <wiki@example.com>"
    assert arrived["To"] == "ana@example.com"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert str(arrived["Date"]).startswith("Thu, 28 May 2026 20:26:40")
    assert str(arrived["Message-ID"]).endswith("@example.com>")
    body, other = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert body is not None
    assert other is not None
    assert body.get_content().strip() == "Grüße"
    assert other.get_content().strip() == "<p>Grüße</p>"


def test_one_key_is_sent_once_however_often_it_is_put(engine: Database, office: PostOffice) -> None:
    outbox = outbox_to(engine, office)
    outbox.put(letter(), letter(), now=NOW)
    outbox.deliver(lambda: NOW)
    outbox.put(letter(), now=NOW + 1)
    outbox.deliver(lambda: NOW + 1)

    assert len(office.letters) == 1


def test_what_a_transaction_took_back_is_not_sent(engine: Database) -> None:
    keeping = Keeping()
    outbox = Outbox(engine, {MAIL: keeping})

    def fail() -> None:
        with writing(engine) as connection:
            outbox.put_in(connection, [letter()], NOW)
            raise RuntimeError("the act failed")

    with pytest.raises(RuntimeError):
        fail()

    outbox.deliver(lambda: NOW)

    assert keeping.sent == []


def test_content_is_forgotten_once_it_has_gone(engine: Database, office: PostOffice, tmp_path: Path) -> None:
    outbox = outbox_to(engine, office)
    outbox.put(Letter("one", "ana@example.com", "s", "the-secret-link"), now=NOW)
    outbox.deliver(lambda: NOW)

    with writing(engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE content != ''").scalar() == 0


def test_mail_waits_while_the_server_is_away_and_goes_once_it_is_back(engine: Database) -> None:
    port = free_port()
    outbox = Outbox(engine, {MAIL: Post(Office.parse(f"smtp://127.0.0.1:{port}"), WIKI)})
    outbox.put(*[letter(f"k{n}") for n in range(30)], now=NOW)

    assert outbox.deliver(lambda: NOW) == 0
    assert outbox.waiting(NOW).waiting == 30

    with open_post_office(port) as office:
        assert outbox.deliver(lambda: NOW + 30) == 10, "those that no worker had tried"
        assert outbox.deliver(lambda: NOW + 61) == 20
        assert len({str(one["Message-ID"]) for one in office.letters}) == 30


def test_a_server_whose_name_no_host_can_have_is_away(engine: Database) -> None:
    outbox = Outbox(engine, {MAIL: Post(Office.parse("smtp://mail..example.com"), WIKI)})
    outbox.put(letter(), now=NOW)
    assert outbox.deliver(lambda: NOW) == 0
    assert outbox.waiting(NOW).waiting == 1


def test_an_address_that_does_not_exist_is_given_up_and_told(engine: Database, office: PostOffice) -> None:
    outbox = outbox_to(engine, office)
    ends: list[tuple[str, Failed | None]] = []
    outbox.told.append(lambda parcel, failed: ends.append((parcel.recipient, failed)))
    office.refusals["gone@example.com"] = "550 5.1.1 no such user"
    outbox.put(letter("a", "gone@example.com"), letter("b", "ana@example.com"), now=NOW)

    assert outbox.deliver(lambda: NOW) == 1

    assert [(to, failed is None) for to, failed in ends] == [("gone@example.com", False), ("ana@example.com", True)]
    assert ends[0][1] is not None
    assert "no such user" in ends[0][1].why
    assert outbox.waiting(NOW).given_up == 1


def test_a_full_mailbox_is_tried_again_and_given_up_after_three_days(engine: Database, office: PostOffice) -> None:
    outbox = outbox_to(engine, office)
    office.refusals["ana@example.com"] = "452 mailbox full"
    outbox.put(letter(), now=NOW)
    moments = []
    now = NOW
    while outbox.waiting(now).waiting and now < NOW + 10 * 86_400:
        before = len(moments)
        outbox.senders[MAIL] = Counting(outbox.senders[MAIL], moments) if before == 0 else outbox.senders[MAIL]
        outbox.deliver(lambda: now)  # noqa: B023
        now += 60 if len(moments) < 6 else 1_800

    assert [b - a for a, b in pairwise(moments[:6])] == [60, 120, 300, 900, 1_800]
    assert moments[-1] - NOW > 3 * 86_400
    assert moments[-1] - NOW < 3 * 86_400 + 3_700


class Counting:
    def __init__(self, sender: object, moments: list[int]) -> None:
        self.sender, self.moments = sender, moments

    def __call__(self, parcel: Parcel, now: int) -> Failed | None:
        self.moments.append(now)
        return self.sender(parcel, now)  # type: ignore[operator]

    def close(self) -> None:
        self.sender.close()  # type: ignore[attr-defined]


def test_a_server_that_is_busy_takes_it_later(engine: Database, office: PostOffice) -> None:
    outbox = outbox_to(engine, office)
    office.busy = "451 try again later"
    outbox.put(letter(), now=NOW)
    assert outbox.deliver(lambda: NOW) == 0
    office.busy = ""
    assert outbox.deliver(lambda: NOW + 59) == 0
    assert outbox.deliver(lambda: NOW + 60) == 1


def test_what_is_too_late_or_withdrawn_is_not_sent(engine: Database) -> None:
    keeping = Keeping()
    outbox = Outbox(engine, {MAIL: keeping})
    outbox.put(Letter("late", "a@example.com", "s", "t", until=NOW + 10), letter("taken back"), now=NOW)

    assert outbox.withdraw("taken back", "never put", now=NOW) == 1
    outbox.deliver(lambda: NOW + 11)

    assert keeping.sent == []
    assert outbox.waiting(NOW + 11).waiting == 0


def test_one_that_cannot_be_a_message_does_not_stop_the_others(engine: Database, office: PostOffice) -> None:
    outbox = outbox_to(engine, office)
    outbox.put(Letter("bad", "no address", "s", "t"), letter("good"), now=NOW)
    assert outbox.deliver(lambda: NOW) == 1
    assert outbox.waiting(NOW).given_up == 1


def test_what_a_killed_worker_held_goes_when_its_lease_has_run_out(engine: Database) -> None:
    class Killed(Keeping):
        def __call__(self, parcel: Parcel, now: int) -> Failed | None:
            raise KeyboardInterrupt

    outbox = Outbox(engine, {MAIL: Killed()})
    outbox.put(letter(), now=NOW)
    with pytest.raises(KeyboardInterrupt):
        outbox.deliver(lambda: NOW)
    keeping = Keeping()
    another = Outbox(engine, {MAIL: keeping})

    assert another.deliver(lambda: NOW + 60) == 0
    assert another.deliver(lambda: NOW + 121) == 1
    assert another.deliver(lambda: NOW + 500) == 0


def test_many_workers_send_everything_once(engine: Database) -> None:
    keeping = Keeping()
    Outbox(engine).put(*[letter(f"k{n}") for n in range(200)], now=NOW)
    workers = [threading.Thread(target=Outbox(engine, {MAIL: keeping}).deliver, args=(lambda: NOW,)) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert sorted(keeping.sent) == sorted(f"k{n}" for n in range(200))


WORKER = """
import sys, time
from email.headerregistry import Address
from wiki.database import open_database
from wiki.outbox import MAIL, Outbox, Post, PostOffice
post = Post(PostOffice.parse(sys.argv[2]), Address("C", addr_spec="w@example.com"))
outbox = Outbox(open_database(sys.argv[1]), {MAIL: post})
while True:
    outbox.deliver(lambda: int(time.time()))
"""


def test_workers_killed_again_and_again_lose_nothing(engine: Database, office: PostOffice) -> None:
    count = 70
    now = int(time.time())
    outbox = outbox_to(engine, office)
    outbox.put(*[letter(f"k{n}") for n in range(count)], now=now)
    for _ in range(3):
        had = len(office.letters)
        worker = python(WORKER, engine.url, office.address)
        ends = time.monotonic() + 20
        while len(office.letters) < min(had + 5, count) and time.monotonic() < ends:
            time.sleep(0.005)
        worker.kill()
        assert ended(worker) == -signal.SIGKILL

    outbox.deliver(lambda: now + 200)

    sent = [str(one["Message-ID"]) for one in office.letters]
    assert len(set(sent)) == count
    assert len(sent) <= count + 3, "at most the one that each was sending when it was killed"


@pytest.mark.parametrize(
    "address",
    [
        "mail.example.com",
        "http://mail.example.com",
        "smtp://",
        "smtp://host:port",
        "smtp://host/path",
        "smtp://h:99999",
    ],
)
def test_a_mail_server_that_makes_no_sense_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        Office.parse(address)


def test_a_mail_server_is_read_from_its_address() -> None:
    assert Office.parse("smtps://w%40e.com:p%3Aw@mail.example.com") == Office(
        "mail.example.com", 465, True, "w@e.com", "p:w"
    )
    assert Office.parse("smtp://[::1]:2525") == Office("::1", 2525, False)
    assert "p:w" not in repr(Office.parse("smtp://u:p%3Aw@mail.example.com"))
