"""What each colleague has read: private to them, and nothing that git knows of."""

from wiki.visits.visits import Read, Visit, Visits, forget_visits

__all__ = ["Read", "Visit", "Visits", "forget_visits"]
