"""How the wiki is: when its clock last beat, and what checking everything last came to. Knows SQL, and nothing of
guidelines. The clock and the checks write here; the pages of administrators read."""

from wiki.health.health import UPKEEP, Health, Verification

__all__ = ["UPKEEP", "Health", "Verification"]
