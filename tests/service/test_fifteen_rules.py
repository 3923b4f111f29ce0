"""The fifteen rules of model.md section 7, on the model and the service that writes for it. Each test is called after
its rule; on the pages of the wiki they are in tests/web/test_rules.py."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.house import ANA, BEGAN, BOB, CYD, DAY, DEE, LONG, PAGES, ZED, House
from wiki.guidelines import Outcome
from wiki.model.acts import Kind, Person
from wiki.model.decide import Why
from wiki.model.errors import Conflict, Refused
from wiki.model.merge import Weighed
from wiki.model.proposal import Blob
from wiki.repository import MAIN, Swap, proposal_ref

Build = Callable[..., House]
HELLO = {"welcome.md": "# Welcome\n\nHello.\n"}
EXPENSES = "travel/expenses.md"
STRICT = """\
[objection]
hold = "1d"
weigh = 2

[[rule]]
pages = "**"
endorse = 2

[[rule]]
pages = "legal/**"
endorse = 3
open = "2d"
"""


def _line(text: str, number: int, words: str) -> str:
    return text.replace(f"Line {number} of the page.\n", f"{words}\n")


def test_rule_01_text_edited_after_endorsements_lapses_them_at_once(house: House) -> None:
    n = house.propose(ANA, HELLO)
    house.endorse(n, BOB)
    house.guidelines.revise(n, ANA, {"welcome.md": "# Welcome\n\nHello!\n"})
    assert house.endorsers(n) == set()
    house.endorse(n, CYD)
    assert not house.in_force(n)


def test_rule_02_a_screen_that_was_out_of_date_is_refused(house: House) -> None:
    n = house.propose(ANA, HELLO)
    seen = house.change(n)
    house.guidelines.revise(n, ANA, {"welcome.md": "# Welcome\n\nHello!\n"})
    with pytest.raises(Conflict):
        house.guidelines.endorse(n, BOB, seen, member_since=0)
    with pytest.raises(Conflict):
        house.guidelines.object(n, BOB, seen, "No.")
    assert house.kinds(n) == ["propose", "revise"]


def test_rule_03_a_revise_between_deciding_and_merging_makes_the_swap_fail(house: House) -> None:
    n = house.propose(ANA, HELLO)
    house.endorse(n, BOB)
    other, weigh, raced = house.again(), house.guidelines.weigh, []

    def weigh_late(number: int) -> Weighed:
        weighed = weigh(number)
        if not weighed.standing.reasons and weighed.in_force is None and not raced:
            raced.append(number)
            tip = weighed.proposal.tip.id
            batch = other.repository.batch()
            tree = batch.splice(other.repository.commit(tip).tree, other.repository.ids({"welcome.md": "# X\n"}, batch))
            act = batch.commit(tree=tree, parents=(tip,), author=ANA, committer=other.repository.system,
                               when=weighed.now, message="Act: revise\n")  # fmt: skip
            other.repository.store_and_swap(batch, [Swap(proposal_ref(n), tip, act)])
        return weighed

    house.guidelines.weigh = weigh_late  # type: ignore[method-assign]
    outcome = house.endorse(n, CYD)
    house.guidelines.weigh = weigh  # type: ignore[method-assign]
    other.close()
    assert raced == [n]
    assert outcome.in_force is None
    assert house.text("welcome.md") == PAGES["welcome.md"]
    assert house.endorsers(n) == set()


@pytest.mark.parametrize("line", [1, 9])
def test_rule_04_another_page_or_place_lapses_nothing(house: House, line: int) -> None:
    text = PAGES[EXPENSES]
    n = house.propose(ANA, {EXPENSES: _line(text, 30, "The end.")})
    house.endorse(n, BOB)
    house.bring_into_force(DEE, HELLO, CYD, ZED)
    assert house.kinds(n) == ["propose", "endorse"]
    house.bring_into_force(DEE, {EXPENSES: _line(text, line, "Another beginning.")}, CYD, ZED)
    house.guidelines.settle(n)
    assert house.kinds(n) == ["propose", "endorse", "refresh"]
    assert house.endorsers(n) == {"Bob"}
    house.endorse(n, CYD)
    assert house.in_force(n)


@pytest.mark.parametrize("line", [27, 28, 29, 30])
def test_rule_04_a_neighbouring_line_lapses_them_or_conflicts(house: House, line: int) -> None:
    text = PAGES[EXPENSES]
    n = house.propose(ANA, {EXPENSES: _line(text, 30, "The end.")})
    house.endorse(n, BOB)
    house.bring_into_force(DEE, {EXPENSES: _line(text, line, "Another line.")}, CYD, ZED)
    house.guidelines.settle(n)
    assert house.endorsers(n) == set() or house.weigh(n).overtaken
    assert not house.in_force(n)


def test_rule_05_no_author_ever_counts_whoever_refreshed(house: House) -> None:
    text = PAGES[EXPENSES]
    n = house.guidelines.propose(ANA, "T", "", {EXPENSES: _line(text, 30, "End.")}, co_authors=[BOB]).n
    house.endorse(n, CYD)
    house.guidelines.revise(n, ANA, {EXPENSES: _line(text, 30, "The end.")}, suggested_by=[CYD])
    house.guidelines.revise(n, DEE, {EXPENSES: _line(text, 30, "The very end.")}, accepted_by=ANA)
    for author in (ANA, BOB, CYD, DEE):
        with pytest.raises(Refused):
            house.endorse(n, author)
    house.bring_into_force(DEE, {EXPENSES: _line(text, 1, "Beginning.")}, CYD, ZED)
    house.guidelines.refresh(n)
    assert {author.name for author in house.weigh(n).proposal.authors} == {p.name for p in (ANA, BOB, CYD, DEE)}
    house.endorse(n, ZED)
    assert house.endorsers(n) == {"Zed"}


def test_rule_06_the_policy_is_judged_by_the_one_it_replaces_and_may_not_lock_itself_out(build: Build) -> None:
    house = build(policy=STRICT)
    soft = STRICT.replace("endorse = 3", "endorse = 0").replace("endorse = 2", "endorse = 0").replace("2d", "0d")
    n = house.propose(ANA, {"policy.toml": soft, **HELLO})
    assert house.why_not(n) == [Why.FEW, Why.OPEN]
    house.endorse(n, BOB, CYD)
    house.clock.wait(3 * DAY)
    house.guidelines.settle(n)
    assert not house.in_force(n)
    locked = house.propose(DEE, {"policy.toml": STRICT.replace("endorse = 3", "endorse = 500")})
    assert Why.POLICY in house.why_not(locked)


def test_rule_07_a_lowered_bar_wakes_nothing_and_restarts_the_clock_and_a_raised_one_holds(build: Build) -> None:
    house = build(policy=STRICT)
    closed = house.propose(ANA, HELLO)
    house.endorse(closed, BOB)
    house.guidelines.close(closed, ANA)
    waiting = house.propose(ANA, {"legal/contracts.md": "# Contracts\n\nTwo sign.\n"})
    house.endorse(waiting, BOB)
    policy = house.propose(DEE, {"policy.toml": STRICT.replace("endorse = 2", "endorse = 1").replace("= 3", "= 1")})
    house.endorse(policy, BOB, CYD, ZED)
    house.clock.wait(2 * DAY)
    house.guidelines.settle(policy)
    for n in (closed, waiting):
        house.guidelines.settle(n)
        assert not house.in_force(n)
    assert house.why_not(waiting) == [Why.OPEN]
    house.clock.wait(2 * DAY)
    house.guidelines.settle(waiting)
    assert house.in_force(waiting)
    raised = house.propose(ZED, {"policy.toml": STRICT.replace("endorse = 2", "endorse = 4")})
    open_one = house.propose(ANA, {"travel/visa.md": "# Visas\n\nAsk.\n"})
    house.endorse(raised, BOB, CYD)
    house.clock.wait(2 * DAY)
    house.guidelines.settle(raised)
    assert house.in_force(raised)
    house.endorse(open_one, BOB, CYD)
    assert house.why_not(open_one) == [Why.FEW]


def test_rule_08_a_rename_needs_both_rules_and_what_is_no_page_is_refused(build: Build) -> None:
    house = build(policy=STRICT)
    text = PAGES["legal/contracts.md"]
    n = house.propose(ANA, {"legal/contracts.md": None, "contracts.md": text})
    house.endorse(n, BOB, CYD)
    assert house.why_not(n) == [Why.FEW, Why.OPEN]
    for path in (
        ".gitattributes",
        "a/../b.md",
        "Welcome.md",
        "tab\there.md",
        "e\u0301.md",
        "x.txt",
        "a/.git/x.md",
        "-x.md",
    ):
        with pytest.raises(Refused):
            house.propose(ANA, {path: "# X\n\nY.\n"})


def test_rule_08_a_link_planted_in_a_chain_is_a_reason_not_to_merge(house: House) -> None:
    n = house.propose(ANA, HELLO)
    tip = house.weigh(n).proposal.tip
    batch = house.repository.batch()
    tree = batch.splice(tip.tree, {"link.md": Blob("120000", batch.blob(b"/etc/passwd"))})
    act = batch.commit(tree=tree, parents=(tip.id,), author=ANA, committer=house.repository.system,
                       when=tip.when, message="Act: revise\n")  # fmt: skip
    house.repository.store_and_swap(batch, [Swap(proposal_ref(n), tip.id, act)])
    house.endorse(n, BOB, CYD)
    assert house.why_not(n) == [Why.MODE]


def test_rule_09_twice_counts_once_and_who_left_no_longer_counts(house: House) -> None:
    n = house.propose(ANA, HELLO)
    house.endorse(n, BOB, BOB, Person("Bob R.", "BOB@example.com"))
    assert house.kinds(n) == ["propose", "endorse"]
    house.guidelines.retract(n, ANA, left="bob@example.com")
    assert house.endorsers(n) == set()
    done = house.bring_into_force(DEE, {"travel/visa.md": "# Visas\n\nAsk.\n"}, BOB, CYD)
    with pytest.raises(Refused):
        house.guidelines.retract(done, ANA, left="bob@example.com")
    assert house.in_force(done)


def test_rule_10_an_objection_holds_is_not_washed_away_and_weighs_without_a_veto(build: Build) -> None:
    house = build(policy=STRICT)
    n = house.propose(ANA, {"legal/contracts.md": "# Contracts\n\nTwo sign.\n"})
    house.endorse(n, BOB, CYD, DEE)
    house.clock.wait(2 * DAY - 60)
    objection = house.object(n, ZED)
    house.clock.wait(120)
    house.guidelines.settle(n)
    assert set(house.why_not(n)) == {Why.FEW, Why.UNANSWERED, Why.HELD}
    house.guidelines.revise(n, ANA, {"legal/contracts.md": "# Contracts\n\nThree sign.\n"})
    assert [act.id for act in house.weigh(n).standing.objections] == [objection]
    house.object(n, ZED, "Still not.")
    latest = house.weigh(n).standing.objections[0].id
    house.guidelines.answer(n, ANA, latest, "We thought about it.")
    house.endorse(n, BOB, CYD, DEE, Person("Eve", "eve@example.com"), Person("Fay", "fay@example.com"))
    house.clock.wait(2 * DAY)
    house.guidelines.settle(n)
    assert house.in_force(n)
    assert "Objected-by: Zed Okafor" in house.git("log", "-1", "--format=%B", "main")


def test_rule_11_trailers_typed_into_any_field_change_nothing(house: House) -> None:
    evil = "x\n\nAct: endorse\nOf: 0\nFor: bob@example.com\nWith: Bob Reyes <bob@example.com>"
    n = house.guidelines.propose(ANA, "Endorsed-by: Bob <bob@example.com>", evil, HELLO).n
    objection = house.object(n, ZED, evil)
    house.guidelines.answer(n, ANA, objection, evil)
    house.guidelines.revise(n, ANA, {"welcome.md": f"# W\n\n{evil}\n"}, note=evil)
    house.guidelines.comment(n, BOB, evil)
    house.guidelines.close(n, ANA, evil)
    house.guidelines.reopen(n, ANA, evil)
    proposal = house.weigh(n).proposal
    assert [author.name for author in proposal.authors] == ["Ana Souza"]
    assert set(proposal.voices) == {ZED.key}
    assert house.kinds(n) == ["propose", "object", "answer", "revise", "close", "reopen"]
    with pytest.raises(Refused):
        house.guidelines.propose(Person("\nAct: endorse\n", "\n<>"), "T", "", HELLO)


def test_rule_12_the_clock_jumps_back_and_times_stay_in_order(house: House) -> None:
    n = house.propose(ANA, HELLO)
    house.clock.wait(-900 * DAY)
    house.endorse(n, BOB, CYD)
    merge = house.weigh(n).in_force
    assert merge is not None
    times = [act.when for act in house.weigh(n).proposal.acts] + [house.repository.commit(merge).when]
    assert times == sorted(times)
    assert times[0] == BEGAN


def test_rule_13_many_at_once_are_each_there_exactly_once(house: House) -> None:
    n = house.propose(ANA, HELLO)
    change = house.change(n)

    def endorse(job: int) -> Outcome | None:
        who = Person(f"P{job}", f"p{job}@example.com")
        mine = house.again()
        try:
            return mine.guidelines.endorse(n, who, change, member_since=0)
        except Refused:
            return None
        finally:
            mine.close()

    with ThreadPoolExecutor(8) as pool:
        outcomes = [outcome for outcome in pool.map(endorse, range(32)) if outcome is not None]
    acts = [act.id for act in house.weigh(n).proposal.acts if act.kind is Kind.ENDORSE]
    assert sorted(acts) == sorted(outcome.act for outcome in outcomes)
    assert sum(outcome.in_force is not None for outcome in outcomes) >= 1
    assert house.git("log", "--first-parent", "--format=%s", "main").count("A change (#1)") == 1


@pytest.mark.parametrize("step", ["os.rename", "os.pwrite"])
def test_rule_14_a_writer_that_dies_at_any_step_leaves_all_as_it_was(
    house: House, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where objects get their names, and where refs are locked and it is noted what becomes of them."""
    n = house.propose(ANA, HELLO)
    house.endorse(n, BOB)
    refs = house.git("for-each-ref")

    def die(*_names: object) -> None:
        raise SystemExit(step)

    with monkeypatch.context() as dying:
        dying.setattr(step, die)
        with pytest.raises(SystemExit):
            house.endorse(n, CYD)
    assert house.git("for-each-ref") == refs
    house.git("fsck", "--strict", "--no-dangling")
    house.endorse(n, CYD)
    assert house.in_force(n)
    assert house.kinds(n) == ["propose", "endorse", "endorse"]


def test_rule_15_who_remembers_nothing_sees_the_same(house: House) -> None:
    n = house.propose(ANA, {EXPENSES: _line(f"# Expenses\n\n{LONG}", 3, "Other.")})
    house.endorse(n, BOB)
    house.bring_into_force(DEE, HELLO, CYD, ZED)
    before = [house.weigh(number) for number in (1, 2)]
    again = house.again()
    assert [again.weigh(number) for number in (1, 2)] == before
    assert again.repository.refs.read(MAIN) == house.repository.main()
    again.close()
