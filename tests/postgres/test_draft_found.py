"""Once more, on PostgreSQL; see `test_rooms`."""

from tests.operating.test_drafts_by_page import test_drafts_of_before_are_found_by_the_path
from tests.web.test_draft_found import (
    test_another_text_of_a_proposal_is_told_of_where_it_is_revised,
    test_names_with_signs_that_mean_something_to_sql_are_found_alone,
    test_the_last_touched_of_several_is_meant_and_a_draft_that_is_gone_is_not,
    test_the_page_and_the_editor_lead_on_to_the_draft,
    test_what_a_draft_holds_is_what_it_was_saved_with_last,
    test_what_another_process_does_to_a_draft_shows_at_the_next_view,
)

__all__ = [
    "test_another_text_of_a_proposal_is_told_of_where_it_is_revised",
    "test_drafts_of_before_are_found_by_the_path",
    "test_names_with_signs_that_mean_something_to_sql_are_found_alone",
    "test_the_last_touched_of_several_is_meant_and_a_draft_that_is_gone_is_not",
    "test_the_page_and_the_editor_lead_on_to_the_draft",
    "test_what_a_draft_holds_is_what_it_was_saved_with_last",
    "test_what_another_process_does_to_a_draft_shows_at_the_next_view",
]
