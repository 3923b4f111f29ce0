"""Accounts: people, passwords, sessions, one-time links and invitations. Knows SQL, and nothing of guidelines."""

from wiki.accounts.administration import Administration
from wiki.accounts.invitations import Invitations
from wiki.accounts.people import Account, Accounts, Link

__all__ = ["Account", "Accounts", "Administration", "Invitations", "Link"]
