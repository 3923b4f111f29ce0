"""Once more, on PostgreSQL; see `test_rooms`."""

from tests.accounts.test_former import (
    ana,
    former,
    own,
    test_one_can_go_back_to_an_address_that_one_had,
    test_people_are_known_by_all_their_addresses_at_once_in_every_process,
    test_whoever_leaves_keeps_their_names_and_loses_everything_else,
)

__all__ = [
    "ana",
    "former",
    "own",
    "test_one_can_go_back_to_an_address_that_one_had",
    "test_people_are_known_by_all_their_addresses_at_once_in_every_process",
    "test_whoever_leaves_keeps_their_names_and_loses_everything_else",
]
