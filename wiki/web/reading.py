"""Since you last read: what changed on a page since a colleague knew it. For them alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, flash, make_response, redirect, url_for

from wiki.accounts import Account
from wiki.addresses import page_address
from wiki.index import RevisionRow
from wiki.notify import FOLDER, PAGE
from wiki.visits import Read
from wiki.web.here import member, the_wiki
from wiki.web.say import _, ngettext

blueprint = Blueprint("reading", __name__)
SHOWN = 6
_NAMED = 3


@dataclass(frozen=True)
class Since:
    """What changed on a page since somebody read it, in unix seconds: the changes (the newest first, and how many more
    there were), and the address of the difference."""

    at: int
    changes: Sequence[RevisionRow]
    more: bool
    url: str


@dataclass(frozen=True)
class News:
    """A page that somebody knows and that reads otherwise now, or was removed: then ``change`` is what removed it, and
    there is no difference."""

    title: str
    url: str
    name: str
    change: RevisionRow
    difference_url: str | None


@blueprint.app_template_global()
def since_you_read(known: Read, name: str, revision: str) -> Since | None:
    """What changed on a page since its reader knew it; None where nothing did, or where the last word is their own."""
    wiki, account = the_wiki(), member()
    before, now = (wiki.index.revision(commit, name) for commit in (known.commit, revision))
    if before is None or now is None or before.blob == now.blob:
        return None
    changes = [row for row in wiki.index.history(name, limit=_NAMED + 1) or [] if row.seq > before.seq]
    if not changes or changes[0].author.key == account.person.key:
        return None
    url = url_for("history.compare", name=name, a=known.commit, b=revision)
    return Since(known.at, changes[:_NAMED], len(changes) > _NAMED, url)


def news_for(account: Account) -> list[News]:
    """The pages that somebody has read and that others have changed or removed since: first those that they watch, then
    the others, the last to change first."""
    wiki = the_wiki()
    watched = {one.target: one.kind for one in wiki.notify.watches.of(account.id) if one.kind in (PAGE, FOLDER)}
    known = wiki.visits.known(account.id)
    known |= wiki.visits.among(
        account.id, [name for name, kind in watched.items() if kind == PAGE and name not in known]
    )
    mine = {name for name in known if name in watched or any(above in watched for above in _above(name))}
    changed = [
        page
        for names in (mine, known.keys() - mine)
        for page in wiki.index.changed_since({name: known[name][1] for name in names}, 2 * SHOWN)
    ]
    return [
        News(
            page.change.page_title,
            page.url,
            page.known_as,
            page.change,
            None if page.removed else _difference(known[page.known_as][0], page.change),
        )
        for page in changed
        if page.change.author.key != account.person.key
    ][:SHOWN]


def _difference(known: str, change: RevisionRow) -> str:
    return url_for("history.compare", name=change.name, a=known, b=change.commit)


def _above(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


@blueprint.post("/-/understood/<path:name>")
def understood(name: str) -> Response:
    """Somebody has taken note of what changed on a page, or that it was removed."""
    wiki, account = the_wiki(), member().id
    latest = wiki.index.history(name)
    gone = bool(latest) and latest is not None and latest[0].status == "removed"
    if gone and latest is not None and name in wiki.visits.among(account, [name]):
        wiki.visits.come(account, [name], (latest[0].commit, latest[0].seq), wiki.now())
    wiki.visits.understood(account, name)
    return make_response(redirect(url_for("pages.contents") if gone else page_address(name), 303))


@blueprint.post("/-/forget-visits")
def forget() -> Response:
    """Forget which pages somebody has read."""
    count = the_wiki().visits.forget(member().id)
    flash(ngettext("Forgotten: you read %(num)s page.", "Forgotten: you read %(num)s pages.", count) if count else
          _("There was nothing to forget."))  # fmt: skip
    return make_response(redirect(url_for("pages.contents"), 303))
