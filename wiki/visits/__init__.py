"""What each colleague has read: private to them, and nothing that git knows of."""

from wiki.visits.visits import Read, Visits

__all__ = ["Read", "Visits"]
