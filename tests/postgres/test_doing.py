"""How we are doing, reckoned by PostgreSQL."""

from tests.web.test_doing import (
    test_a_group_that_is_needed_is_named,
    test_a_month_and_a_folder_have_rows_of_their_own,
    test_first_proposals_are_followed_to_their_end,
    test_half_and_nine_in_ten_are_said_in_prose,
    test_how_much_rests_on_five_is_said_without_naming_them,
    test_pages_that_nobody_looks_after_are_told_with_their_signs,
    test_programs_are_told_the_same,
    test_what_is_stuck_is_counted_by_reason_in_the_words_of_the_decision,
    test_what_open_proposals_lack_is_what_is_decided,
    test_what_somebody_else_went_on_with_is_not_called_withdrawn,
)

__all__ = [
    "test_a_group_that_is_needed_is_named",
    "test_a_month_and_a_folder_have_rows_of_their_own",
    "test_first_proposals_are_followed_to_their_end",
    "test_half_and_nine_in_ten_are_said_in_prose",
    "test_how_much_rests_on_five_is_said_without_naming_them",
    "test_pages_that_nobody_looks_after_are_told_with_their_signs",
    "test_programs_are_told_the_same",
    "test_what_is_stuck_is_counted_by_reason_in_the_words_of_the_decision",
    "test_what_open_proposals_lack_is_what_is_decided",
    "test_what_somebody_else_went_on_with_is_not_called_withdrawn",
]
