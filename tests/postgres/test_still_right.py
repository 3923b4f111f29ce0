"""Once more, on PostgreSQL; see `test_rooms`."""

from tests.web.test_still_right import (
    due,
    test_made_again_the_index_tells_the_same,
    test_what_is_due_stands_in_a_list_by_folder_and_what_comes_soon_after_it,
    test_who_confirms_a_page_is_not_told_to_have_written_it,
    test_who_wrote_a_page_that_is_due_is_told_quietly,
)

__all__ = [
    "due",
    "test_made_again_the_index_tells_the_same",
    "test_what_is_due_stands_in_a_list_by_folder_and_what_comes_soon_after_it",
    "test_who_confirms_a_page_is_not_told_to_have_written_it",
    "test_who_wrote_a_page_that_is_due_is_told_quietly",
]
