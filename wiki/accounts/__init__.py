"""Accounts: people, passwords, sessions and one-time links. Knows SQL, and nothing of guidelines."""

from wiki.accounts.identities import Identities, Identity, Introduction
from wiki.accounts.people import Account, Accounts, Link

__all__ = ["Account", "Accounts", "Identities", "Identity", "Introduction", "Link"]
