"""Letters about one's own account."""

from __future__ import annotations

from flask import url_for

from wiki.accounts import Account, Pending
from wiki.outbox import Letter
from wiki.web.here import the_wiki
from wiki.web.letters import render_letter


def ask_to_confirm(account: Account, pending: Pending, token: str) -> None:
    """To the new address: the link that shows it to be theirs."""
    link = the_wiki().settings.address + url_for("account.confirm_address", token=token)
    words = render_letter("confirm_address", account, who=account.name, email=pending.email, link=link)
    key = f"address:{account.id}:{token[:12]}"
    _put(Letter(key, pending.email, words.subject, words.text, words.html, until=pending.expires_at))


def told_of_address(before: Account, email: str) -> Letter:
    """To the old address: it is no longer the one of this account."""
    words = render_letter("address_changed", before, who=before.name, old=before.email, email=email)
    key = f"address-changed:{before.id}:{the_wiki().now()}"
    return Letter(key, before.email, words.subject, words.text, words.html)


def _put(letter: Letter) -> None:
    the_wiki().outbox.put(letter, now=the_wiki().now())
