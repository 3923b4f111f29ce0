"""Accounts: people and who they were, passwords, sessions, tokens and one-time links. Knows SQL, and nothing of
guidelines."""

from wiki.accounts.former import Former, FormerIdentity
from wiki.accounts.own import Own, Pending
from wiki.accounts.people import Account, Accounts, Link
from wiki.accounts.sessions import Device, Session, Sessions
from wiki.accounts.tokens import Token, Tokens

__all__ = [
    "Account", "Accounts", "Device", "Former", "FormerIdentity", "Link", "Own", "Pending", "Session", "Sessions",
    "Token", "Tokens",
]  # fmt: skip
