"""Once more, on PostgreSQL; see `test_rooms`."""

from tests.web.test_administration import (
    ana,
    test_a_check_is_asked_for_once_and_written_down,
    test_a_deactivation_ends_sessions_at_once_and_takes_voices_back,
    test_a_long_log_is_shown_page_by_page,
    test_people_are_found_by_any_part_of_name_or_address,
)

__all__ = [
    "ana",
    "test_a_check_is_asked_for_once_and_written_down",
    "test_a_deactivation_ends_sessions_at_once_and_takes_voices_back",
    "test_a_long_log_is_shown_page_by_page",
    "test_people_are_found_by_any_part_of_name_or_address",
]
