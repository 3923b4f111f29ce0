"""Sending letters by SMTP."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.outbox.letters import Letter
from wiki.outbox.outbox import Failed, Parcel

SECONDS = 20
_FINE, _FOR_GOOD = 250, 500
_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True)
class PostOffice:
    """A mail server, from an address like ``smtp://user:password@mail.example.com:587``. With ``smtps`` the connection
    is encrypted from the start; with ``smtp`` as soon as the server offers it, and no password is sent before that,
    except to this machine."""

    host: str
    port: int
    encrypted: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, address: str) -> PostOffice:
        """`Refused` says what is wrong with the address."""
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError as error:
            raise Refused(N_("The setting “%(key)s” makes no sense: %(why)s"), key="mail_server", why=error) from error
        if (
            parts.scheme not in _PORTS
            or not parts.hostname
            or parts.path not in ("", "/")
            or parts.query
            or parts.fragment
        ):
            raise Refused(N_("The setting “mail_server” must look like smtp://user:password@mail.example.com:587."))
        return cls(
            parts.hostname,
            port or _PORTS[parts.scheme],
            parts.scheme == "smtps",
            unquote(parts.username or ""),
            unquote(parts.password or ""),
        )

    def open(self) -> smtplib.SMTP:
        """A connection that is ready to send. `OSError` where there is none, which every error of `smtplib` is."""
        secure = ssl.create_default_context()
        smtp = (
            smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=secure)
            if self.encrypted
            else smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        )
        try:
            self._greet(smtp, secure)
        except OSError:
            smtp.close()
            raise
        return smtp

    def _greet(self, smtp: smtplib.SMTP, secure: ssl.SSLContext) -> None:
        smtp.ehlo_or_helo_if_needed()
        if not self.encrypted and smtp.has_extn("starttls"):
            smtp.starttls(context=secure)
            smtp.ehlo()
        elif not self.encrypted and self.user and not _here(self.host):
            raise smtplib.SMTPNotSupportedError("the server offers no encryption, and no password is sent without")
        if self.user:
            smtp.login(self.user, self.password)


class Post:
    """The sender of letters. ``sender`` is the address that they come from. One connection serves as long as letters
    follow one another."""

    def __init__(self, office: PostOffice, sender: Address) -> None:
        self.office = office
        self.sender = sender
        self._smtp: smtplib.SMTP | None = None

    def __call__(self, parcel: Parcel, now: int) -> Failed | None:
        """Send one letter."""
        try:
            message = Letter.unpacked(parcel.content).message(self.sender, now)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            return Failed(f"it cannot be made into a message: {error}", final=True)
        try:
            self._connected().send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, why = next(iter(error.recipients.values()), (0, b""))
            return Failed(_said(code, why), final=code >= _FOR_GOOD)
        except smtplib.SMTPDataError as error:
            return Failed(_said(error.smtp_code, error.smtp_error), final=error.smtp_code >= _FOR_GOOD)
        except (OSError, UnicodeError) as error:  # no name of a host can be like this
            self.close()
            return Failed(f"the mail server cannot be used: {error}", wait=True)
        return None

    def close(self) -> None:
        """Let go of the connection."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(OSError):
                smtp.quit()
            smtp.close()

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is not None:
            with suppress(OSError):
                if self._smtp.noop()[0] == _FINE:
                    return self._smtp
            self.close()
        self._smtp = self.office.open()
        return self._smtp


class Reachable:
    """A sender of letters that lets those be which may no longer be sent."""

    def __init__(self, post: Post, may: Callable[[Parcel], bool]) -> None:
        self.post = post
        self.may = may

    def __call__(self, parcel: Parcel, now: int) -> Failed | None:
        """Send one letter, or not."""
        if not self.may(parcel):
            return Failed("the account of this address is deactivated", final=True)
        return self.post(parcel, now)

    def close(self) -> None:
        """Let go of the connection."""
        self.post.close()


def _said(code: int, why: bytes | str) -> str:
    return f"{code} {why.decode('utf-8', 'replace') if isinstance(why, bytes) else why}"


def _here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
