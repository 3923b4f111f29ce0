"""A letter: what is sent to one person, as a message that mail servers and mail programs expect."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime


@dataclass(frozen=True)
class Letter:
    """One message to one address. ``key`` names it for ever: of all letters with one key, one is sent. ``headers`` are
    further ones, such as ``List-Id``; ``until`` is the unix time after which it is of no use to anybody."""

    key: str
    to: str
    subject: str
    text: str
    html: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    until: int | None = None

    def packed(self) -> str:
        """As the outbox keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def unpacked(cls, content: str) -> Letter:
        """What `packed` made."""
        values = json.loads(content)
        return cls(**{**values, "headers": tuple((name, value) for name, value in values["headers"])})

    def message(self, sender: Address, sent_at: int) -> EmailMessage:
        """The message. Its id follows from its key: where a server took it and the answer was lost, the second one
        can be told to be the same."""
        message = EmailMessage(policy=SMTP)
        message["From"] = sender
        message["To"] = Address(addr_spec=self.to)
        message["Subject"] = _one_line(self.subject)
        message["Date"] = format_datetime(datetime.fromtimestamp(sent_at, UTC))
        message["Auto-Submitted"] = "auto-generated"
        own = {name.lower() for name, _ in self.headers}
        if "message-id" not in own:
            message["Message-ID"] = message_id(self.key, sender)
        message.set_content(self.text)
        if self.html is not None:
            message.add_alternative(self.html, subtype="html")
        for name, value in self.headers:  # after the content, which takes those with it that begin with “Content-”
            message[name] = _one_line(value)
        return message


def message_id(key: str, sender: Address) -> str:
    """The ``Message-ID`` of the letter with this key."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{sender.domain or 'localhost'}>"


def _one_line(text: str) -> str:
    return " ".join(text.split())
