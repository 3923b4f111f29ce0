"""Once more, on PostgreSQL; see `test_rooms`."""

from tests.accounts.test_sessions import (
    ana,
    sessions,
    test_all_sessions_end_with_a_new_password_and_with_deactivation,
    test_somebody_who_signs_in_without_end_fills_no_table,
    test_that_a_session_goes_on_is_noted_every_few_minutes,
    test_what_is_over_is_swept_and_what_goes_on_is_kept,
)

__all__ = [
    "ana",
    "sessions",
    "test_all_sessions_end_with_a_new_password_and_with_deactivation",
    "test_somebody_who_signs_in_without_end_fills_no_table",
    "test_that_a_session_goes_on_is_noted_every_few_minutes",
    "test_what_is_over_is_swept_and_what_goes_on_is_kept",
]
