"""What the rooms do, done once more on PostgreSQL: of each some of what it asks of SQL, with the fixtures from here.

A test that is named here is the same as in its own file.
"""

import pytest

from tests.accounts.test_accounts import (
    test_a_colleague_signs_in_with_address_and_password,
    test_a_link_is_used_once_under_a_race,
    test_active_members_signed_in_within_ninety_days,
    test_an_address_is_taken_in_whatever_case,
    test_the_first_link_makes_the_first_account_once,
    test_what_is_no_address_is_nobody,
    test_whoever_is_seen_is_active_and_noted_once_a_day,
)
from tests.notify.test_telling import (
    test_an_objection_that_is_taken_back_asks_nothing_any_more,
    test_marking_read_takes_things_out_and_all_means_what_was_seen,
    test_who_watches_a_page_or_its_folder_hears_of_proposals_for_it,
    test_whoever_watched_a_page_watches_it_under_its_new_name,
)
from tests.outbox.test_outbox import (
    office,
    test_many_workers_send_everything_once,
    test_one_key_is_sent_once_however_often_it_is_put,
    test_what_a_killed_worker_held_goes_when_its_lease_has_run_out,
    test_what_a_transaction_took_back_is_not_sent,
    test_what_is_too_late_or_withdrawn_is_not_sent,
)
from tests.web.test_attachments import (
    test_a_picture_travels_in_the_proposal_and_comes_into_force_with_it,
    test_files_that_nobody_proposed_are_forgotten_after_a_month,
)
from tests.web.test_book_of_many import crowded, test_no_more_rows_are_read_than_are_shown
from tests.web.test_drafts import (
    test_a_draft_proposed_in_two_windows_is_one_proposal,
    test_several_pages_become_one_proposal,
    test_there_is_a_limit_to_drafts,
)
from tests.web.test_inbox import (
    test_a_page_and_a_folder_are_watched_with_one_button_and_no_longer_with_the_same,
    test_home_tells_first_of_pages_that_are_watched,
    test_the_zone_the_rhythm_and_how_to_be_asked_are_chosen,
)
from tests.web.test_journey import (
    test_a_colleague_suggests_two_endorse_and_it_is_in_force,
    test_a_page_is_removed_when_colleagues_agree_and_its_address_says_so,
    test_a_page_is_renamed_and_its_old_address_leads_to_the_new_one,
    test_the_policy_is_changed_like_a_page_at_its_own_strictest_rule,
)
from tests.web.test_operating import test_how_much_there_is, test_with_tables_of_a_newer_version_it_is_not_ready
from tests.web.test_people import test_a_page_tells_what_somebody_wrote_proposed_endorsed_and_objected_to
from tests.web.test_removed_since_read import test_it_is_named_until_it_is_understood
from tests.web.test_since_read import (
    test_a_reader_sees_once_as_a_difference_what_changed_since_their_last_visit,
    test_the_home_page_lists_the_known_pages_that_changed_under_their_present_names,
)
from tests.world import World

__all__ = [
    "crowded",
    "office",
    "test_a_colleague_signs_in_with_address_and_password",
    "test_a_colleague_suggests_two_endorse_and_it_is_in_force",
    "test_a_draft_proposed_in_two_windows_is_one_proposal",
    "test_a_link_is_used_once_under_a_race",
    "test_a_page_and_a_folder_are_watched_with_one_button_and_no_longer_with_the_same",
    "test_a_page_is_removed_when_colleagues_agree_and_its_address_says_so",
    "test_a_page_is_renamed_and_its_old_address_leads_to_the_new_one",
    "test_a_page_tells_what_somebody_wrote_proposed_endorsed_and_objected_to",
    "test_a_picture_travels_in_the_proposal_and_comes_into_force_with_it",
    "test_a_reader_sees_once_as_a_difference_what_changed_since_their_last_visit",
    "test_active_members_signed_in_within_ninety_days",
    "test_an_address_is_taken_in_whatever_case",
    "test_an_objection_that_is_taken_back_asks_nothing_any_more",
    "test_files_that_nobody_proposed_are_forgotten_after_a_month",
    "test_home_tells_first_of_pages_that_are_watched",
    "test_how_much_there_is",
    "test_it_is_named_until_it_is_understood",
    "test_many_workers_send_everything_once",
    "test_marking_read_takes_things_out_and_all_means_what_was_seen",
    "test_no_more_rows_are_read_than_are_shown",
    "test_one_key_is_sent_once_however_often_it_is_put",
    "test_several_pages_become_one_proposal",
    "test_the_first_link_makes_the_first_account_once",
    "test_the_home_page_lists_the_known_pages_that_changed_under_their_present_names",
    "test_the_policy_is_changed_like_a_page_at_its_own_strictest_rule",
    "test_the_zone_the_rhythm_and_how_to_be_asked_are_chosen",
    "test_there_is_a_limit_to_drafts",
    "test_what_a_killed_worker_held_goes_when_its_lease_has_run_out",
    "test_what_a_transaction_took_back_is_not_sent",
    "test_what_is_no_address_is_nobody",
    "test_what_is_too_late_or_withdrawn_is_not_sent",
    "test_who_watches_a_page_or_its_folder_hears_of_proposals_for_it",
    "test_whoever_is_seen_is_active_and_noted_once_a_day",
    "test_whoever_watched_a_page_watches_it_under_its_new_name",
    "test_with_tables_of_a_newer_version_it_is_not_ready",
]

ADDRESSES = (
    "/", "/welcome", "/travel", "/travel/expenses", "/-/history/travel/expenses", "/-/changes",
    "/-/changes?folder=travel", "/-/changes?person=ana&kind=edited", "/-/changes?until=2026-06-01",
    "/-/proposals", "/-/proposals?tab=open",
    "/-/proposals?tab=waiting", "/-/proposals?tab=mine", "/-/proposals?tab=in+force", "/-/proposals?tab=closed",
    "/-/proposals/1", "/-/proposals/99999999999999999999", "/-/proposals?page=99999", "/-/search?q=train",
    "/-/search?q=%00", "/-/policy", "/-/inbox", "/-/account", "/-/changes.atom", "/-/who-wrote/travel/expenses",
    "/no%00thing", "/x" * 200,
)  # fmt: skip


@pytest.mark.parametrize("who", [None, "zed"])
def test_every_kind_of_page_is_shown(world: World, who: str | None) -> None:
    n = world.propose("ana", {"travel/expenses": "# Expenses\n\nYou are paid back at once.\n"}, "Sooner")
    world.endorse(n, "bob", "cyd")
    world.propose("bob", {"travel/visa": "# Visas\n\nAsk very early.\n"}, "Earlier")
    visitor = world.visitor(who)
    statuses = {address: visitor.open(address).status for address in ADDRESSES}
    assert {address: status for address, status in statuses.items() if status >= 500} == {}
