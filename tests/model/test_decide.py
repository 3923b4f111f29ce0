"""What is enough, weighed on paper: no git, no clock, no policy but the one given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.house import ANA, BOB, CYD, DAY, DEE, HOUR, SYSTEM, ZED
from tests.model.table import PAGE, RULES, Table, blob
from wiki.model.acts import Kind, Person
from wiki.model.decide import Lapse, decide
from wiki.model.policy import parse_policy
from wiki.model.proposal import Blob, Touched


def test_two_colleagues_are_enough_where_the_rule_asks_for_two(table: Table) -> None:
    table.propose(ANA)
    table.endorse(BOB)
    assert table.why_not == ["few"]
    table.endorse(CYD)
    assert table.why_not == []


def test_what_is_shown_is_what_decides(table: Table) -> None:
    table.propose(ANA)
    table.object(ZED)
    weighed = table.standing
    assert list(weighed.reasons) == decide(table.proposal, table.main, table.policy, table.now, table.active)


def test_an_edit_lapses_endorsements_at_once(table: Table) -> None:
    table.propose(ANA)
    table.endorse(BOB)
    table.revise(ANA)
    table.endorse(CYD)
    assert table.why_not == ["few"]
    assert [(act.author, why) for act, why in table.standing.lapsed] == [(BOB, Lapse.EARLIER_TEXT)]


def test_a_clean_refresh_keeps_endorsements_another_does_not(table: Table) -> None:
    table.propose(ANA)
    table.endorse(BOB, CYD)
    table.refresh(kept=True)
    assert table.why_not == []
    table.refresh(kept=False)
    assert table.why_not == ["few"]


def test_no_author_counts_whatever_made_them_one(table: Table) -> None:
    table.propose(ANA, DEE)
    table.revise(ZED)
    table.refresh(kept=True)
    table.endorse(ANA, DEE, ZED, BOB)
    assert [act.author for act in table.standing.valid] == [BOB]
    assert table.why_not == ["few"]


def test_who_endorses_first_and_becomes_an_author_later_does_not_count(table: Table) -> None:
    table.propose(ANA)
    table.endorse(BOB, CYD)
    table.revise(ANA, BOB)
    table.endorse(CYD)
    assert table.why_not == ["few"]
    assert (BOB, Lapse.AUTHOR) in [(act.author, why) for act, why in table.standing.lapsed]


def test_the_same_endorsement_twice_counts_once_however_the_address_is_written(table: Table) -> None:
    table.propose(ANA)
    table.endorse(BOB, BOB, Person("Robert", "BOB@Example.com"))
    assert len(table.standing.valid) == 1


@pytest.mark.parametrize("address", ["ANA@example.com", "Ana@Example.COM"])
def test_an_author_with_another_name_or_case_is_still_the_author(table: Table, address: str) -> None:
    table.propose(ANA)
    table.endorse(Person("Somebody Else", address), BOB)
    assert table.why_not == ["few"]


def test_endorse_and_object_replace_each_other(table: Table) -> None:
    table.propose(ANA)
    table.endorse(BOB, CYD)
    table.object(CYD)
    assert "few" in table.why_not
    table.endorse(CYD)
    assert table.why_not == []


def test_who_takes_back_what_they_said_has_said_nothing(table: Table) -> None:
    table.propose(ANA)
    table.endorse(BOB, CYD)
    table.object(ZED)
    table.retract(ZED)
    assert table.why_not == []
    table.retract(CYD)
    assert table.why_not == ["few"]


def test_the_wiki_takes_back_the_voice_of_who_has_left_and_nobody_else_can(table: Table) -> None:
    table.propose(ANA)
    table.endorse(BOB, CYD)
    table.retract(ZED, left=BOB.email)
    assert table.why_not == []
    table.retract(SYSTEM, left="BOB@example.com")
    assert table.why_not == ["few"]


def test_a_retraction_by_a_person_takes_back_their_own_voice_whatever_it_says(table: Table) -> None:
    table.propose(ANA)
    table.endorse(BOB, CYD)
    table.retract(CYD, left=BOB.email)
    assert [act.author for act in table.standing.valid] == [BOB]


@pytest.mark.parametrize(("age", "counts"), [(0, False), (7 * DAY - 1, False), (7 * DAY, True), (30 * DAY, True)])
def test_an_account_must_be_old_enough_when_it_endorses(table: Table, age: int, counts: bool) -> None:
    table.policy = replace(table.policy, members_since=7 * DAY)
    table.propose(ANA)
    table.endorse(BOB)
    table.endorse(CYD, since=table.now - age)
    assert (table.why_not == []) is counts
    table.now += 60 * DAY
    assert (table.why_not == []) is counts


def test_an_endorsement_that_does_not_say_how_old_the_account_is_does_not_count(table: Table) -> None:
    table.propose(ANA)
    table.endorse(BOB, CYD)
    table.acts[-1] = replace(table.acts[-1], trailers=(("Act", "endorse"), ("Of", table.acts[0].id)))
    assert table.why_not == ["few"]


def test_an_objection_holds_until_it_is_answered_and_has_rested_and_then_weighs(table: Table) -> None:
    table.propose(ANA)
    table.endorse(BOB, CYD)
    objection = table.object(ZED)
    assert sorted(table.why_not) == ["few", "held", "unanswered"]
    table.answer(ANA, objection)
    assert sorted(table.why_not) == ["few", "held"]
    table.endorse(DEE, Person("Eve", "eve@example.com"))
    assert table.why_not == ["held"]
    table.now += 3 * DAY - 1
    assert table.why_not == ["held"]
    assert table.standing.earliest == table.now + 1
    table.now += 1
    assert table.why_not == []


def test_only_an_author_can_answer(table: Table) -> None:
    table.propose(ANA)
    objection = table.object(ZED)
    table.answer(BOB, objection)
    assert "unanswered" in table.why_not


def test_an_objection_said_again_in_other_words_is_the_same_objection(table: Table) -> None:
    table.policy = replace(table.policy, weigh=0)
    table.propose(ANA)
    table.endorse(BOB, CYD)
    table.answer(ANA, table.object(ZED))
    table.now += 2 * DAY
    table.object(ZED)
    table.now += DAY
    assert table.why_not == []


def test_an_edit_does_not_wash_an_objection_away_before_it_has_rested(table: Table) -> None:
    table.propose(ANA)
    table.object(ZED)
    table.now += DAY
    table.revise(ANA)
    table.endorse(BOB, CYD)
    table.now += 3 * DAY - 1
    assert "unanswered" in table.why_not
    assert table.standing.needed == 4
    table.now += 1
    assert table.why_not == []


def test_an_objection_to_an_earlier_text_may_be_answered_too(table: Table) -> None:
    table.propose(ANA)
    objection = table.object(ZED)
    table.revise(ANA)
    table.answer(ANA, objection)
    assert "unanswered" not in table.why_not


def test_every_objection_weighs(table: Table) -> None:
    table.propose(ANA)
    table.object(BOB)
    table.object(CYD)
    assert table.standing.needed == 2 + 2 * 2


def test_it_stays_on_the_table_as_long_as_the_rule_says(table: Table) -> None:
    table.policy = parse_policy(RULES + 'open = "12h"\n')
    table.propose(ANA)
    table.endorse(BOB, CYD)
    assert table.why_not == ["open"]
    assert table.standing.earliest == table.now + 12 * HOUR
    table.now += 12 * HOUR - 1
    assert table.why_not == ["open"]
    table.now += 1
    assert table.why_not == []


@pytest.mark.parametrize("what", ["revise", "reopen", "policy", "refresh"])
def test_what_starts_the_time_on_the_table_again(table: Table, what: str) -> None:
    table.policy = parse_policy(RULES + 'open = "2d"\n')
    table.propose(ANA)
    table.now += 2 * DAY
    if what == "revise":
        table.revise(ANA)
    elif what == "refresh":
        table.refresh(kept=False)
    elif what == "reopen":
        table.act(Kind.CLOSE, ANA)
        table.act(Kind.REOPEN, ANA)
    else:
        table.policy_changed_at = table.now
    table.endorse(BOB, CYD)
    assert table.why_not == ["open"]
    table.now += 2 * DAY
    assert table.why_not == []


def test_a_clean_refresh_does_not_start_the_time_again(table: Table) -> None:
    table.policy = parse_policy(RULES + 'open = "2d"\n')
    table.propose(ANA)
    table.endorse(BOB, CYD)
    table.now += 2 * DAY
    table.refresh(kept=True)
    assert table.why_not == []


def test_silence_is_consent_where_the_rule_says_so_unless_somebody_objects(table: Table) -> None:
    table.policy = parse_policy(RULES.replace("endorse = 2", 'endorse = 0\nopen = "2d"'))
    table.propose(ANA)
    assert table.why_not == ["open"]
    table.now += 2 * DAY
    assert table.why_not == []
    table.answer(ANA, table.object(ZED))
    table.now += 3 * DAY
    assert table.why_not == ["few"]
    table.endorse(BOB, CYD)
    assert table.why_not == []


def test_a_closed_proposal_waits_for_nobody(table: Table) -> None:
    table.propose(ANA)
    table.endorse(BOB, CYD)
    table.act(Kind.CLOSE, ANA)
    assert table.why_not == ["closed"]
    assert table.standing.earliest is None


@pytest.mark.parametrize(("active", "needed"), [(0, 2), (200, 2), (201, 3), (300, 3), (301, 4)])
def test_a_share_of_the_active_members_is_rounded_up_exactly(table: Table, active: int, needed: int) -> None:
    table.policy = parse_policy(RULES + "share = 0.01\n")
    table.active = active
    table.propose(ANA)
    assert table.standing.needed == needed


def test_the_most_demanding_of_all_touched_pages_counts(table: Table) -> None:
    table.policy = parse_policy(
        RULES.replace("[[rule]]", '[groups]\nlegal = ["Dee@Example.com"]\n[[rule]]', 1)
        + '[[rule]]\npages = "legal/**"\nendorse = 1\nopen = "1d"\nneed = ["@legal"]\n'
    )
    table.touched = (PAGE, Touched("legal/contracts.md", blob(3), blob(4)))
    table.propose(ANA)
    table.endorse(BOB, CYD)
    assert sorted(table.why_not) == ["group", "open"]
    table.endorse(DEE)
    table.now += DAY
    assert table.why_not == []


def test_an_author_in_a_group_is_not_the_endorser_it_needs(table: Table) -> None:
    table.policy = parse_policy(f'[groups]\nlegal = ["{ANA.email}"]\n{RULES}need = ["@legal"]\n')
    table.propose(ANA)
    table.endorse(ANA, BOB, CYD)
    assert table.why_not == ["group"]


@pytest.mark.parametrize(
    ("path", "after"),
    [
        ("travel/visa.md", Blob("120000", "2" * 40)),
        ("travel/visa.md", Blob("100755", "2" * 40)),
        ("travel/visa.md", Blob("160000", "2" * 40)),
        (".gitmodules", blob(2)),
        ("picture.svg", blob(2)),
        ("picture.png", Blob("120000", "2" * 40)),
        (".png", blob(2)),
        ("a/../b.md", blob(2)),
    ],
)
def test_nothing_but_plain_pages_comes_into_force(table: Table, path: str, after: Blob) -> None:
    table.touched = (Touched(path, None, after),)
    table.propose(ANA)
    table.endorse(BOB, CYD)
    assert table.why_not
    assert set(table.why_not) <= {"name", "mode"}


@pytest.mark.parametrize("path", ["map.png", "travel/map.jpeg", "a/b/größe.webp", "form.pdf", "x.gif"])
def test_pictures_and_documents_come_into_force_beside_pages(table: Table, path: str) -> None:
    table.touched = (Touched(path, None, blob(2)),)
    table.propose(ANA)
    table.endorse(BOB, CYD)
    assert table.why_not == []


def test_a_page_that_moved_must_be_brought_in_first(table: Table) -> None:
    table.propose(ANA)
    table.endorse(BOB, CYD)
    table.blobs = {PAGE.path: blob(9)}
    assert table.why_not == ["overtaken"]


@pytest.mark.parametrize("name", ["Travel.md", "TRAVEL/other.md", "travel.md", "travel/VISA.md", "travel/visa.md/x.md"])
def test_no_page_may_come_beside_one_that_differs_only_in_how_it_is_written(table: Table, name: str) -> None:
    table.neighbours = {"": frozenset({("travel", True)}), "travel": frozenset({("visa.md", False)})}
    table.touched = (Touched(name, None, blob(2)),)
    table.propose(ANA)
    table.endorse(BOB, CYD)
    assert set(table.why_not) == {"name"}


def test_a_page_may_be_renamed_to_another_case_of_its_name(table: Table) -> None:
    table.neighbours = {"": frozenset({("Visa.md", False)})}
    table.touched = (Touched("Visa.md", blob(1), None), Touched("visa.md", None, blob(1)))
    table.propose(ANA)
    table.endorse(BOB, CYD)
    assert table.why_not == []


def test_a_proposal_that_changes_nothing_stays_one(table: Table) -> None:
    table.policy = parse_policy(RULES.replace("endorse = 2", "endorse = 0"))
    table.touched = ()
    table.propose(ANA)
    assert table.why_not == ["nothing"]


# The policy itself


def _policy_change(table: Table, new: str | None) -> None:
    table.touched = (Touched("policy.toml", blob(1), blob(2) if new is not None else None),)
    table.new_policy = new
    table.propose(ANA)


def test_the_policy_is_judged_by_the_one_it_would_replace_at_its_most_demanding(table: Table) -> None:
    table.policy = parse_policy(RULES + '[[rule]]\npages = "legal/**"\nendorse = 3\nopen = "1d"\n')
    _policy_change(table, RULES.replace("endorse = 2", "endorse = 0"))
    table.endorse(BOB, CYD)
    assert sorted(table.why_not) == ["few", "open"]
    table.endorse(DEE)
    table.now += DAY
    assert table.why_not == []


@pytest.mark.parametrize(
    "new",
    [None, "", "[[rule]]", "not toml", RULES + "unknown = 1\n", RULES.replace('"**"', '"a/**"'), RULES + "share = 1\n",
     RULES.replace("endorse = 2", "endorse = 5"), RULES + '[[rule]]\npages = "x"\nendorse = 7\n'],
)  # fmt: skip
def test_a_policy_that_cannot_be_read_or_changed_again_does_not_come_into_force(table: Table, new: str | None) -> None:
    _policy_change(table, new)
    table.endorse(BOB, CYD, DEE, ZED)
    assert table.why_not == ["policy"]


def test_the_highest_bar_that_can_still_be_reached_is_allowed(table: Table) -> None:
    _policy_change(table, RULES.replace("endorse = 2", "endorse = 4"))
    table.endorse(BOB, CYD)
    assert table.why_not == []


# Rules for small changes


SMALL = RULES + '[[rule]]\npages = "travel/**"\nendorse = 1\nlines = 5\n'


@pytest.mark.parametrize(("lines", "needed"), [((5,), 1), ((6,), 2), ((3, 2), 1), ((3, 3), 2)])
def test_a_rule_for_small_changes_counts_all_the_lines_of_its_pages(
    table: Table, lines: tuple[int, ...], needed: int
) -> None:
    table.policy = parse_policy(SMALL)
    table.touched = tuple(Touched(f"travel/{at}.md", blob(1), blob(2), count) for at, count in enumerate(lines))
    table.propose(ANA)
    assert table.standing.needed == needed


def test_a_rule_for_small_changes_counts_no_lines_of_other_pages(table: Table) -> None:
    table.policy = parse_policy(SMALL.replace("endorse = 2", "endorse = 0"))
    table.touched = (Touched("travel/a.md", blob(1), blob(2), 5), Touched("working/b.md", blob(1), blob(2), 100))
    table.propose(ANA)
    assert table.standing.needed == 1
