"""Once more, on PostgreSQL; see `test_rooms`."""

from tests.web.test_suggestions import (
    proposed,
    test_pressed_twice_it_is_taken_once,
    test_several_are_taken_together_as_one_text_that_names_everybody,
)

__all__ = [
    "proposed",
    "test_pressed_twice_it_is_taken_once",
    "test_several_are_taken_together_as_one_text_that_names_everybody",
]
