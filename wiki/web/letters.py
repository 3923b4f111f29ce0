"""Letters: templates of mail, filled in the language of the one who gets them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import current_app, render_template
from flask_babel import force_locale

from wiki.accounts import Account
from wiki.web.here import the_wiki


@dataclass(frozen=True)
class Words:
    """What a letter says: one line, plain text, and the same as HTML."""

    subject: str
    text: str
    html: str


@contextmanager
def speaking_to(to: Account | str | None) -> Iterator[str]:
    """Say everything in the language of somebody, or in a language by its tag, whoever asks; its tag."""
    settings = the_wiki().settings
    language = to.language if isinstance(to, Account) else to
    chosen = language if language in settings.languages else settings.languages[0]
    with (
        current_app.app_context(),  # what this request knows of who is asking is not the letter's, nor to be lost
        current_app.test_request_context(base_url=settings.address),
        force_locale(chosen.replace("-", "_")),
    ):
        yield chosen


def render_letter(name: str, to: Account | str | None, **values: object) -> Words:
    """The letter ``templates/mail/NAME``, to somebody or in a language by its tag; None for the first of the wiki's
    own. Links are whole and begin with the address of the setting ``site_url``, whoever asks and by whichever name.
    Needs an application, but no request."""
    with speaking_to(to) as chosen:
        values = {"language": chosen, **values}
        lines = render_template(f"mail/{name}.txt", **values).strip().split("\n")
        html = render_template(f"mail/{name}.html", **values)
    subject, text = lines[0], "\n".join(lines[1:]).strip() + "\n"
    return Words(subject, text, html)
