"""What stands on a page for its reader alone.

Each kind of place has a function here that says what one reader has there, as a value that tells it from what others
have: three things in the inbox, a page that is watched. What a template makes of the value is then the same for
everybody who has the same. A function knows the wiki and the account, and no request.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import NamedTuple

from wiki.accounts import Account
from wiki.assembly import Wiki
from wiki.model.names import PAGE_SUFFIX
from wiki.notify import Watched
from wiki.visits import Read

Value = Hashable
Own = Callable[..., Value]
_OWN: dict[str, Own] = {}
NOTING = frozenset({"since"})
"""The places whose function notes that their reader has come. Where somebody has nothing there, it is None."""
ON_EVERY_PAGE = frozenset({"you", "waiting", "inbox"})
"""The places in which one reader has the same on every page."""


@dataclass(frozen=True)
class ForOnce:
    """A value of which the template makes something new each time."""

    value: object


def own(name: str) -> Callable[[Own], Own]:
    """The function is what one reader has in places of this name."""

    def named(function: Own) -> Own:
        _OWN[name] = function
        return function

    return named


def value_of(wiki: Wiki, account: Account, name: str, about: tuple[Hashable, ...]) -> Value:
    """What a reader has there."""
    return _OWN[name](wiki, account, *about)


class You(NamedTuple):
    """What the layout says of whoever is signed in."""

    name: str
    email: str
    handle: str
    administrator: bool
    may_invite: bool


@own("you")
def _you(wiki: Wiki, account: Account, _part: str = "") -> You:
    return You(
        account.name,
        account.email,
        account.person.handle,
        account.administrator,
        wiki.invitations.may_invite(account),
    )


@own("waiting")
def _waiting(wiki: Wiki, account: Account) -> int:
    return wiki.index.count_waiting(account.person.key, wiki.asking.passed_by(account.id))


@own("inbox")
def _inbox(wiki: Wiki, account: Account, _here: bool) -> int:
    return wiki.notify.inbox.count(account.id)


@own("watch")
def _watch(wiki: Wiki, account: Account, kind: str, target: str) -> bool:
    """Whether it is watched."""
    found: Watched | None = wiki.notify.watches.get(account.id, kind, target)
    return found is not None


@own("draft")
def _draft(wiki: Wiki, account: Account, name: str) -> int | None:
    """The number of their draft that holds this page."""
    found = wiki.drafts.holding(account.id, f"{name}{PAGE_SUFFIX}")
    return found[0].id if found else None


class Knew(NamedTuple):
    """What a reader knew of a page that reads otherwise now, whose words are theirs, and of which revision, with which
    names, that is told."""

    read: Read
    who: str
    told: Hashable


@own("since")
def _since(wiki: Wiki, account: Account, page: int, name: str, commit: str, seq: int) -> Knew | None:
    """What a reader knew of a page that reads otherwise now. That they come is noted."""
    now = wiki.now()
    if wiki.visits.knows(account.id, name, commit, now):
        return None
    read = wiki.visits.come(account.id, [name, *wiki.index.former_names(page)], (commit, seq), now)
    if read is None:
        return None
    return Knew(read, account.person.key, (commit, wiki.index.names_stirred(), wiki.former.version()))


@own("home")
def _home(_wiki: Wiki, _account: Account, _part: str) -> ForOnce:
    return ForOnce(None)
