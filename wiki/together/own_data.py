"""All that is kept about one colleague: given to them whole, and forgotten when they leave."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import PurePosixPath

from wiki.accounts import Account
from wiki.accounts.own import Forget
from wiki.asking import forget_requests, requests_kept
from wiki.assembly import Wiki
from wiki.drafts import forget_drafts
from wiki.model.acts import Person
from wiki.notify import forget_notices, kept_of
from wiki.visits import forget_visits

FORGOTTEN: tuple[Forget, ...] = (forget_drafts, forget_visits, forget_notices, forget_requests)
"""What each room does to forget somebody who leaves, in the transaction in which they do."""
MOST_ACTS = 100_000
Part = Callable[[Wiki, Account], object]


def everything_about(wiki: Wiki, account: Account) -> bytes:
    """A zip archive: ``about-me.json`` with every row, and the files that wait to be proposed. Secrets are left out."""
    packed = io.BytesIO()
    about = {name: part(wiki, account) for name, part in PARTS.items()}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about-me.json", json.dumps(about, ensure_ascii=False, indent=2, default=str))
        for upload in wiki.uploads.of(account.id):
            archive.writestr(
                f"files/{upload.id}-{PurePosixPath(upload.name).name}",
                wiki.uploads.data(account.id, upload.blob) or b"",
            )
    return packed.getvalue()


def leave_for_good(wiki: Wiki, account: Account) -> None:
    """Somebody goes: their account, what was kept for them alone, and at once their voices. What they did in git
    stays. `Refused` for the last administrator."""
    wiki.own.leave(account, FORGOTTEN)
    wiki.take_back_voices_of_departed()


def _account(wiki: Wiki, account: Account) -> object:
    return {
        "name": account.name,
        "address": account.email,
        "member since": _moment(account.created_at),
        "last signed in": _moment(account.last_sign_in_at),
        "administrator": account.administrator,
        "language": account.language,
        "has a password": wiki.own.has_password(account),
        "before": [{**asdict(each), "until": _moment(each.until)} for each in wiki.former.of(account.id)],
    }


def _sessions(wiki: Wiki, account: Account) -> object:
    return [
        {**asdict(each.device), "began": _moment(each.began_at), "last seen": _moment(each.seen_at)}
        for each in wiki.sessions.of(account.id, wiki.now())
    ]


def _tokens(wiki: Wiki, account: Account) -> object:
    return [
        {
            "name": each.name,
            "may propose": each.may_propose,
            "made": _moment(each.created_at),
            "expires": _moment(each.expires_at),
            "last used": _moment(each.used_at),
        }
        for each in wiki.tokens.of(account.id)
    ]


def _ways(wiki: Wiki, account: Account) -> object:
    return [
        {**asdict(each), "created_at": _moment(each.created_at), "used_at": _moment(each.used_at)}
        for each in wiki.identities.of(account)
    ]


def _drafts(wiki: Wiki, account: Account) -> object:
    return [{**asdict(each), "updated_at": _moment(each.updated_at)} for each in wiki.drafts.of(account.id)]


def _sketches(wiki: Wiki, account: Account) -> object:
    return [
        {**asdict(each), "updated_at": _moment(each.updated_at)} for each in wiki.sketches.of(account.id, thrown=True)
    ]


def _uploads(wiki: Wiki, account: Account) -> object:
    return [{**asdict(each), "made_at": _moment(each.made_at)} for each in wiki.uploads.of(account.id)]


def _suggestions(wiki: Wiki, account: Account) -> object:
    found = wiki.suggestions.by([each.email for each in _selves(wiki, account)])
    return [{**asdict(each), "made_at": _moment(each.made_at)} for each in found]


def _visits(wiki: Wiki, account: Account) -> object:
    return [{**asdict(each), "seen_at": _moment(each.seen_at)} for each in wiki.visits.of(account.id)]


def _told(wiki: Wiki, account: Account) -> object:
    return kept_of(wiki.engine, account.id)


def _asked(wiki: Wiki, account: Account) -> object:
    return requests_kept(wiki.engine, account.id)


def _acts(wiki: Wiki, account: Account) -> object:
    """Where in git their acts are, so that they can be found in any clone."""
    keys = [each.key for each in _selves(wiki, account)]
    return {
        "repository": "/-/guidelines.git",
        "addresses": [each.email for each in _selves(wiki, account)],
        "how to find them": [f"git log --all --author='<{each.email}>'" for each in _selves(wiki, account)],
        "acts": [
            {"ref": f"refs/proposals/{n}", "commit": commit, "act": kind, "at": _moment(at)}
            for n, commit, kind, at in wiki.index.colleagues.acts(keys, MOST_ACTS)
        ],
    }


def _selves(wiki: Wiki, account: Account) -> Sequence[Person]:
    return (account.person, *wiki.former.others(account.person))


def _moment(at: int | None) -> str | None:
    return datetime.fromtimestamp(at, UTC).isoformat() if at is not None else None


PARTS: dict[str, Part] = {
    "account": _account,
    "sessions": _sessions,
    "ways to sign in": _ways,
    "tokens": _tokens,
    "drafts": _drafts,
    "being written": _sketches,
    "files that wait": _uploads,
    "suggestions": _suggestions,
    "pages read": _visits,
    "watched and told": _told,
    "asked to look": _asked,
    "acts in git": _acts,
}
"""What the archive tells, by its headings. Each room that keeps something about people has a part here."""
