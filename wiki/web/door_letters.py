"""Letters about coming in and about passwords. Each goes into the outbox with what it is about."""

from __future__ import annotations

import hashlib

from wiki.accounts import Account
from wiki.accounts.invitations import CONFIRMED_WITHIN, INVITED_FOR
from wiki.accounts.people import Also, nothing
from wiki.accounts.resetting import RESET_LIFETIME
from wiki.outbox import Letter
from wiki.web.here import the_wiki
from wiki.web.languages import language
from wiki.web.letters import render_letter


def putting(letter: Letter) -> Also:
    """Puts a letter into the outbox, in the transaction it is given; nothing where no mail is sent."""
    wiki = the_wiki()
    if not wiki.sends_mail:
        return nothing
    return lambda connection: _put(letter, connection)


def _put(letter: Letter, connection: object) -> None:
    wiki = the_wiki()
    wiki.outbox.put_in(connection, [letter], wiki.now())  # type: ignore[arg-type]  # SQL passes through here unseen


def invitation_letter(email: str, token: str, by: str | None, tongue: str | None) -> Letter:
    """Somebody is invited, in the language of who invites them."""
    link = link_with("invitation", token)
    return _letter("invitation", email, tongue, token, INVITED_FOR, link=link, by=by)


def joining_letter(email: str, token: str, known: Account | None) -> Letter:
    """The link that confirms an address. For one that has an account already, only that it has."""
    if known is not None:
        return _letter("joining", known.email, known, token, CONFIRMED_WITHIN, link=None, active=known.active)
    return _letter("joining", email, language(), token, CONFIRMED_WITHIN, link=link_with("invitation", token))


def reset_letter(email: str, token: str, known: Account | None, lifetime: int = RESET_LIFETIME) -> Letter:
    """The link to a new password, to the address that is kept: what was typed may only look the same, and be another's.
    For an address without an account, only that it has none."""
    hours = lifetime // 3600
    if known is not None:
        return _letter("reset", known.email, known, token, lifetime, link=link_with("welcome", token), hours=hours)
    return _letter("reset", email, language(), token, lifetime, link=None, hours=hours)


def password_changed(account: Account, key: str) -> Also:
    """Tells somebody that their password was changed. ``key`` stands for the change."""
    return putting(_letter("password_changed", account.email, account, key, None, at=the_wiki().now()))


def link_with(place: str, token: str) -> str:
    """The whole address of a page behind a token, whoever asks and by whichever name."""
    return f"{the_wiki().settings.address}/-/{place}/{token}"


def _letter(
    name: str, email: str, to: Account | str | None, token: str, lifetime: int | None, **values: object
) -> Letter:
    words = render_letter(name, to, **values)
    until = the_wiki().now() + lifetime if lifetime is not None else None
    key = f"{name}:{hashlib.sha256(token.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
    return Letter(key, email, words.subject, words.text, words.html, until=until)
