"""Once more, on PostgreSQL; see `test_rooms`."""

from tests.accounts.test_invitations import (
    invitations,
    test_a_link_for_three_lets_three_in_however_many_come_at_once,
    test_of_two_administrators_who_unmake_each_other_at_once_one_stays,
)

__all__ = [
    "invitations",
    "test_a_link_for_three_lets_three_in_however_many_come_at_once",
    "test_of_two_administrators_who_unmake_each_other_at_once_one_stays",
]
