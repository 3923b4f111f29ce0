"""Once more, on PostgreSQL; see `test_rooms`."""

from tests.accounts.test_identities import (
    identities,
    test_an_identity_that_opens_one_account_never_opens_another,
    test_introductions_that_are_too_old_are_swept_when_the_next_comes,
    test_no_identity_is_left_where_the_account_is_refused,
    test_one_identity_that_comes_twice_at_once_makes_one_account,
    test_two_ways_that_are_unlinked_at_once_leave_one,
)

__all__ = [
    "identities",
    "test_an_identity_that_opens_one_account_never_opens_another",
    "test_introductions_that_are_too_old_are_swept_when_the_next_comes",
    "test_no_identity_is_left_where_the_account_is_refused",
    "test_one_identity_that_comes_twice_at_once_makes_one_account",
    "test_two_ways_that_are_unlinked_at_once_leave_one",
]
