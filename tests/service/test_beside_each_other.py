"""Who writes waits for whoever is writing the same, and for nobody else."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import TypeVar

import pytest

from tests.house import ANA, BOB, CYD, DEE, HOUR, House, check_from_outside
from wiki.model.acts import Person
from wiki.model.errors import Unavailable
from wiki.repository import MAIN, proposal_ref

WELCOME, VISA = ({path: f"# Page\n\nOther words for {path}.\n"} for path in ("welcome.md", "travel/visa.md"))
ONE_IN_AN_HOUR = '[[rule]]\npages = "**"\nendorse = 1\nopen = "1h"\n'
SOON, LONG = 0.3, 20
WRITERS, EACH = 8, 4
T = TypeVar("T")


def begin(house: House, deed: Callable[[House], T]) -> Future[T]:
    """A deed in a thread of its own, through a repository of its own."""

    def do() -> T:
        own = house.again()
        try:
            return deed(own)
        finally:
            own.close()

    thread = ThreadPoolExecutor(1)
    begun = thread.submit(do)
    thread.shutdown(wait=False)
    return begun


def waits(deed: Future[T]) -> bool:
    """Whether it does not end by itself."""
    try:
        deed.result(SOON)
    except TimeoutError:
        return True
    return False


def endorse(n: int) -> Callable[[House], object]:
    return lambda house: house.endorse(n, BOB)


def propose(who: Person, edits: dict[str, str]) -> Callable[[House], object]:
    return lambda house: house.propose(who, edits)


def test_who_acts_on_one_proposal_does_not_wait_for_who_writes_to_another(house: House) -> None:
    one, other = house.propose(ANA, WELCOME), house.propose(ANA, VISA)
    with house.repository.writing(proposal_ref(one)):
        waiting = begin(house, endorse(one))
        for deed in (
            endorse(other),
            lambda own: own.guidelines.comment(other, CYD, "I see."),
            propose(CYD, WELCOME),
        ):
            begin(house, deed).result(LONG)
        assert waits(waiting)
    waiting.result(LONG)
    assert [house.kinds(n) for n in (one, other)] == [["propose", "endorse"]] * 2


@pytest.mark.parametrize("name", [proposal_ref(2), MAIN])
def test_nothing_comes_into_force_while_somebody_writes_to_its_proposal_or_to_main(house: House, name: str) -> None:
    """Or an act could follow on what is in force already."""
    house.bring_into_force(ANA, {"policy.toml": ONE_IN_AN_HOUR}, BOB, CYD)
    n = house.propose(ANA, WELCOME)
    house.endorse(n, BOB)
    house.clock.wait(2 * HOUR)
    with house.repository.writing(name):
        settling = begin(house, lambda own: own.guidelines.settle(n))
        assert waits(settling)
        assert not house.in_force(n)
    settling.result(LONG)
    assert house.in_force(n)


def test_who_must_be_alone_waits_for_everybody_and_everybody_for_them(house: House) -> None:
    n = house.propose(ANA, WELCOME)
    with house.repository.writing(proposal_ref(n)):
        sweeping = begin(house, lambda own: own.repository.refs.sweep())
        assert waits(sweeping)
    sweeping.result(LONG)
    with house.repository.writing():
        acting = [begin(house, endorse(n)), begin(house, propose(CYD, VISA))]
        assert all(waits(each) for each in acting)
    for each in acting:
        each.result(LONG)


def test_while_a_number_is_given_nobody_waits_for_the_disk(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is waited for when the number is given."""
    house.propose(ANA, WELCOME)
    synced: list[bool] = []
    fdatasync, numbers = os.fdatasync, house.path / "concord.lock"

    def note(file: int) -> None:
        with numbers.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                synced.append(False)
            except BlockingIOError:
                synced.append(True)
        fdatasync(file)

    monkeypatch.setattr(os, "fdatasync", note)
    house.propose(ANA, VISA)
    assert synced == [False]


def test_many_at_once_get_a_number_each_and_nothing_is_lost_or_mixed(house: House, tmp_path: Path) -> None:
    people = [Person(f"Colleague {nth}", f"colleague{nth}@example.com") for nth in range(WRITERS)]

    def write(who: Person) -> Callable[[House], dict[int, str]]:
        def some(own: House) -> dict[int, str]:
            return {own.propose(who, _words(who, nth)): f"{who.name} {nth}" for nth in range(EACH)}

        return some

    deeds = [begin(house, write(who)) for who in people]
    made = {n: words for deed in deeds for n, words in deed.result(60).items()}
    assert sorted(made) == list(range(1, WRITERS * EACH + 1))
    for n, words in made.items():
        proposal = house.weigh(n).proposal
        assert words.startswith(proposal.acts[0].author.name)
        (touched,) = proposal.touched
        assert house.repository.content(touched.after or "").decode() == f"# Page\n\n{words}\n"
    check_from_outside(house.path, tmp_path)


def _words(who: Person, nth: int) -> dict[str, str]:
    return {f"of/{who.email.partition('@')[0]}.md": f"# Page\n\n{who.name} {nth}\n"}


def test_the_same_change_sent_many_times_at_once_is_one_proposal(house: House) -> None:
    deeds = [begin(house, propose(DEE, VISA)) for _ in range(WRITERS)]
    assert {deed.result(LONG) for deed in deeds} == {1}
    assert house.guidelines.count() == 1


def test_where_no_lock_can_be_had_nothing_is_written_and_the_others_are_free(house: House) -> None:
    n = house.propose(ANA, WELCOME)
    in_the_way = house.path / "concord.lock.main"
    in_the_way.unlink(missing_ok=True)
    in_the_way.mkdir()
    with pytest.raises(Unavailable, match="cannot be written"):
        house.repository.refs.sweep()
    house.endorse(n, BOB)
    in_the_way.rmdir()
    assert house.repository.refs.lent() == ()


def test_a_lock_that_another_user_has_made_is_a_lock(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as an operator who ran a command of the wiki with more rights than the server has."""
    house.repository.refs.sweep()
    n, opened, told = house.propose(ANA, WELCOME), os.open, []

    def as_another(file: str | Path, flags: int, mode: int = 0o777, **rest: int) -> int:
        if "concord.lock." in str(file) and flags & os.O_RDWR:
            told.append(file)
            raise PermissionError(13, "Permission denied")
        return opened(file, flags, mode, **rest)

    monkeypatch.setattr(os, "open", as_another)
    with house.repository.writing(proposal_ref(n)):
        waiting = begin(house, endorse(n))
        assert waits(waiting)
    waiting.result(LONG)
    assert len(told) >= 2
    assert house.kinds(n) == ["propose", "endorse"]


def test_threads_of_one_process_act_one_after_the_other_while_others_read(house: House) -> None:
    """What follows on an act, here where it is made visible, belongs to it."""
    one = house.propose(ANA, WELCOME)
    acting, most, left, again = [], [], Event(), house.guidelines.settle

    def written(n: int, settled_on: str | None) -> None:
        acting.append(n)
        most.append(len(acting))
        if n == one:
            again(one) if len(acting) == 1 else None  # one act may lead to others
            left.wait(SOON)
        acting.pop()

    house.guidelines.written = written
    with ThreadPoolExecutor(WRITERS) as threads:
        deeds = [threads.submit(house.guidelines.settle, one)]
        deeds += [threads.submit(house.guidelines.comment, one, CYD, f"I see {nth}.") for nth in range(3)]
        deeds += [threads.submit(house.guidelines.propose, BOB, "A change", "", VISA)]
        while not acting:
            left.wait(0.01)
        assert house.guidelines.weigh(one).n == one
        assert not any(deed.done() for deed in deeds)
        left.set()
        for deed in deeds:
            deed.result(LONG)
    assert max(most) == 2, "but the one that was led to"
    assert len(most) == 9
