"""Former names and addresses stay those of their owner."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from wiki.accounts import Account, Accounts, Former, Own
from wiki.accounts.former import NAMES_KEPT
from wiki.model.acts import Person
from wiki.model.errors import NotFound, Refused

PASSWORD = "a calm blue morning"
DAY = 86400


@pytest.fixture
def ana(accounts: Accounts) -> Account:
    return accounts.add("ana@example.com", "Ana Souza", PASSWORD, 0)


@pytest.fixture
def own(accounts: Accounts) -> Own:
    return Own(accounts)


@pytest.fixture
def former(engine: Engine) -> Former:
    return Former(engine)


def _move(own: Own, who: Account, email: str, now: int = 10) -> Account:
    _, token = own.ask_for_address(who, email, now)
    return own.confirm_address(who, token, now + 1)


def test_an_address_changes_when_the_link_is_opened_and_not_before(own: Own, ana: Account, accounts: Accounts) -> None:
    pending, token = own.ask_for_address(ana, " Ana@New.Example ", 10)
    assert pending.email == "Ana@new.example"
    assert accounts.get(ana.id).email == "ana@example.com"
    changed = own.confirm_address(ana, token, 11)
    assert (changed.id, changed.email) == (ana.id, "Ana@new.example")
    assert accounts.by_email("ana@new.example") == changed
    assert accounts.by_email("ana@example.com") is None
    assert accounts.authenticate("ana@example.com", PASSWORD, 12) is None
    assert accounts.authenticate("ana@new.example", PASSWORD, 12) is not None
    assert own.pending(changed, 12) is None


def test_a_link_works_once_for_a_day_and_for_its_owner(own: Own, ana: Account, accounts: Accounts) -> None:
    bob = accounts.add("bob@example.com", "Bob", PASSWORD, 0)
    _, token = own.ask_for_address(ana, "ana@new.example", 10)
    for who, said, now in ((bob, token, 11), (ana, "x", 11), (ana, "\ud800", 11), (ana, token, 10 + DAY)):
        with pytest.raises(NotFound):
            own.confirm_address(who, said, now)
    changed = own.confirm_address(ana, token, 11)
    with pytest.raises(NotFound):
        own.confirm_address(changed, token, 12)


def test_a_second_wish_takes_the_place_of_the_first(own: Own, ana: Account) -> None:
    _, first = own.ask_for_address(ana, "one@new.example", 10)
    _, second = own.ask_for_address(ana, "two@new.example", 11)
    assert own.pending(ana, 12, first) is None
    own.forget_wish(ana)
    assert own.pending(ana, 12, second) is None


@pytest.mark.parametrize("email", ["bob@example.com", "BOB@example.com", "concord@localhost", "ana@example.com",
                                   "ANA@example.com", "nowhere", "", "a@b\n.example"])  # fmt: skip
def test_an_address_that_is_no_good_or_somebody_elses_is_refused(
    own: Own, ana: Account, accounts: Accounts, email: str
) -> None:
    accounts.add("bob@example.com", "Bob", PASSWORD, 0)
    with pytest.raises(Refused):
        own.ask_for_address(ana, email, 10)
    assert own.pending(ana, 11) is None


def test_an_address_that_was_taken_before_the_link_was_opened_is_refused(
    own: Own, ana: Account, accounts: Accounts
) -> None:
    _, token = own.ask_for_address(ana, "new@example.com", 10)
    accounts.add("new@example.com", "Newt", PASSWORD, 11)
    with pytest.raises(Refused):
        own.confirm_address(ana, token, 12)
    assert accounts.get(ana.id).email == "ana@example.com"


def test_nobody_else_may_ever_have_a_former_address(own: Own, ana: Account, accounts: Accounts) -> None:
    bob = accounts.add("bob@example.com", "Bob", PASSWORD, 0)
    moved = _move(own, ana, "ana@new.example")
    for again in range(3):
        moved = _move(own, moved, f"ana{again}@new.example", 20 + again)
    for email in ("ana@example.com", "ANA@Example.com", "ana@new.example", "ana1@new.example"):
        with pytest.raises(Refused):
            accounts.add(email, "Mallory", PASSWORD, 100)
        with pytest.raises(Refused):
            own.ask_for_address(bob, email, 100)
        with pytest.raises(Refused):
            own.set_address(bob, email, 100)
    token = accounts.issue_link("password", bob, 100)
    assert accounts.link(token, 101) is not None


def test_one_can_go_back_to_an_address_that_one_had(own: Own, ana: Account, former: Former) -> None:
    back = _move(own, _move(own, ana, "ana@new.example"), "ana@example.com", 20)
    assert back.email == "ana@example.com"
    assert [each.text for each in former.of(ana.id)] == ["ana@new.example"]
    assert former.called(Person("Ana", "ana@new.example")) == back.person
    assert former.called(back.person) == back.person


def test_links_that_were_sent_to_the_old_address_work_no_more(own: Own, ana: Account, accounts: Accounts) -> None:
    token = accounts.issue_link("password", ana, 0)
    _move(own, ana, "ana@new.example")
    assert accounts.link(token, 20) is None


def test_voices_under_an_address_that_was_given_up_are_to_be_taken_back(
    own: Own, ana: Account, accounts: Accounts
) -> None:
    _move(own, ana, "ana@new.example")
    assert accounts.departed() == ["ana@example.com"]
    assert accounts.among(["ana@example.com"]) == {}
    assert accounts.among(["ana@example.com"], formerly=True)["ana@example.com"].email == "ana@new.example"


def test_people_are_known_by_all_their_addresses_at_once_in_every_process(
    own: Own, ana: Account, former: Former, accounts: Accounts, engine: Engine
) -> None:
    other = Former(engine)
    assert (former.version(), other.version()) == (0, 0)
    assert former.called(ana.person) == ana.person
    moved = _move(own, ana, "ana@new.example")
    for each in (former, other):
        assert each.called(ana.person) == moved.person
        assert [person.key for person in each.others(moved.person)] == ["ana@example.com"]
        assert set(each.keys("ana@example.com")) == {"ana@example.com", "ana@new.example"}
        assert each.keys("bob@example.com") == ("bob@example.com",)
    renamed = accounts.rename(moved, "Ana Lima", 30)
    assert other.called(ana.person) == renamed.person


def test_a_name_that_was_given_up_is_kept_for_its_owner(ana: Account, accounts: Accounts, former: Former) -> None:
    renamed = accounts.rename(ana, "Ana Lima", 30)
    for name in ("Ana Souza", "ana souza", "ＡNA Souza", "ana lima"):
        with pytest.raises(Refused, match="this name"):
            accounts.add("mal@example.com", name, PASSWORD, 40)
    assert [(each.text, each.until) for each in former.of(ana.id)] == [("Ana Souza", 30)]
    assert accounts.rename(renamed, "Ana Souza", 50).name == "Ana Souza"


def test_nobody_keeps_more_than_a_few_names(ana: Account, accounts: Accounts, former: Former) -> None:
    for nth in range(NAMES_KEPT + 2):
        accounts.rename(accounts.get(ana.id), f"Ana {nth}", nth)
    assert len(former.of(ana.id)) == NAMES_KEPT
    accounts.add("new@example.com", "Ana Souza", PASSWORD, 40)


def test_the_same_name_again_is_no_news(ana: Account, accounts: Accounts, former: Former) -> None:
    accounts.rename(ana, "Ana Souza", 30)
    assert former.version() == 0


def test_whoever_leaves_keeps_their_names_and_loses_everything_else(
    own: Own, ana: Account, accounts: Accounts, former: Former
) -> None:
    moved = _move(own, ana, "ana@new.example")
    forgotten: list[int] = []
    own.leave(moved, [lambda connection, number: forgotten.append(number)])
    gone = accounts.get(ana.id)
    assert (gone.active, gone.administrator) == (False, False)
    assert forgotten == [ana.id]
    assert not own.has_password(gone)
    assert set(accounts.departed()) == {"ana@new.example", "ana@example.com"}
    for email in ("ana@new.example", "ana@example.com"):
        with pytest.raises(Refused):
            accounts.add(email, "Mallory", PASSWORD, 100)


def test_the_last_administrator_cannot_leave(own: Own, accounts: Accounts) -> None:
    root = accounts.add("root@example.com", "Root", PASSWORD, 0, administrator=True)
    other = accounts.add("other@example.com", "Other", PASSWORD, 0, administrator=True)
    accounts.deactivate(other)
    forgotten: list[int] = []
    with pytest.raises(Refused, match="last administrator"):
        own.leave(root, [lambda connection, number: forgotten.append(number)])
    assert accounts.get(root.id).active
    assert forgotten == []
    accounts.reactivate(other)
    own.leave(root, [])
    assert not accounts.get(root.id).active


def test_a_departure_that_fails_in_the_middle_changes_nothing(own: Own, ana: Account, accounts: Accounts) -> None:
    def broken(_connection: object, _number: int) -> None:
        raise Refused("no")

    with pytest.raises(Refused):
        own.leave(ana, [broken])
    assert accounts.get(ana.id).active
    assert own.is_password(ana, PASSWORD)
