"""Once more, on PostgreSQL; see `test_rooms`."""

from tests.web.test_growth import (
    grown,
    test_the_picture_and_its_table_are_on_the_page,
)

__all__ = ["grown", "test_the_picture_and_its_table_are_on_the_page"]
