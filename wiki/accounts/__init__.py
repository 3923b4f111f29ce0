"""Accounts: people and who they were, passwords, sessions, tokens, one-time links and invitations. Knows SQL, and not
guidelines."""

from wiki.accounts.administration import Administration
from wiki.accounts.former import Former, FormerIdentity
from wiki.accounts.identities import Identities, Identity, Introduction
from wiki.accounts.invitations import Invitations
from wiki.accounts.own import Own, Pending
from wiki.accounts.people import Account, Accounts, Link
from wiki.accounts.sessions import Device, Session, Sessions
from wiki.accounts.tokens import Token, Tokens

__all__ = [
    "Account", "Accounts", "Administration", "Device", "Former", "FormerIdentity", "Identities", "Identity",
    "Introduction", "Invitations", "Link", "Own", "Pending", "Session", "Sessions", "Token", "Tokens",
]  # fmt: skip
