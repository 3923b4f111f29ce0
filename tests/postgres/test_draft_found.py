"""Once more, on PostgreSQL; see `test_rooms`."""

from tests.web.test_draft_found import (
    test_names_with_signs_that_mean_something_to_sql_are_found_alone,
    test_the_last_touched_of_several_is_meant_and_a_draft_that_is_gone_is_not,
    test_the_page_and_the_editor_lead_on_to_the_draft,
)

__all__ = [
    "test_names_with_signs_that_mean_something_to_sql_are_found_alone",
    "test_the_last_touched_of_several_is_meant_and_a_draft_that_is_gone_is_not",
    "test_the_page_and_the_editor_lead_on_to_the_draft",
]
