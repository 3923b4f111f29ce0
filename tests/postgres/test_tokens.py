"""Once more, on PostgreSQL; see `test_rooms`."""

from tests.accounts.test_tokens import (
    ana,
    test_a_token_ends_with_its_days,
    test_nobody_has_tokens_without_end,
    tokens,
)

__all__ = ["ana", "test_a_token_ends_with_its_days", "test_nobody_has_tokens_without_end", "tokens"]
