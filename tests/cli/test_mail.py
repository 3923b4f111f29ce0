"""Whether mail arrives can be tried before anybody depends on it."""

from __future__ import annotations

import time

from tests.cli.conftest import Command
from tests.post_office import free_port, open_post_office


def test_a_letter_can_be_tried(founded: Command) -> None:
    with open_post_office() as office:
        ran = founded("mail", "try", "ana@example.com", env={"WIKI_MAIL_SERVER": office.address})

        assert ran.status == 0, ran.err
        assert ran.out == "The mail server took a letter to ana@example.com.\n"
        assert [str(letter["Subject"]) for letter in office.to("ana@example.com")] == ["A letter to try the mail"]


def test_trying_says_why_a_letter_did_not_go(founded: Command) -> None:
    with open_post_office() as office:
        office.refusals["ana@example.com"] = "550 no such user"
        refused = founded("mail", "try", "ana@example.com", env={"WIKI_MAIL_SERVER": office.address})
    away = founded("mail", "try", "ana@example.com", env={"WIKI_MAIL_SERVER": f"smtp://127.0.0.1:{free_port()}"})
    none = founded("mail", "try", "ana@example.com")

    assert (refused.status, away.status, none.status) == (1, 1, 1)
    assert "no such user" in refused.err
    assert "the mail server cannot be used" in away.err
    assert "mail_server" in none.err


def test_the_clock_sends_what_waits(founded: Command) -> None:
    from wiki.assembly import open_wiki
    from wiki.outbox import Letter
    from wiki.settings import Settings

    wiki = open_wiki(Settings.load({"WIKI_DATA": str(founded.data)}))
    wiki.outbox.put(Letter("one", "ana@example.com", "Hello", "Hello."), now=wiki.now())
    wiki.engine.dispose()
    wiki.repository.store.close()
    with open_post_office() as office, founded.running("clock", env={"WIKI_MAIL_SERVER": office.address}):
        ends = time.monotonic() + 20
        while not office.letters and time.monotonic() < ends:
            time.sleep(0.05)

    assert len(office.letters) == 1
