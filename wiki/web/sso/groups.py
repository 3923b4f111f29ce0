"""Groups, as providers tell of them. They are shown, and decide nothing.

Whether somebody is in a group is a property of the guidelines: it stands in ``policy.toml``, and whoever has a copy can
check years later that the right people endorsed. A provider may say something else tomorrow, to this server alone. So
where the operator trusts what it says (``trust_groups``), the most that comes of it is a text that is ready to be
proposed; it comes into force as every change to the policy does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response, make_response, render_template, url_for
from werkzeug.exceptions import NotFound

from wiki.model.names import POLICY_PATH
from wiki.providers import Provider
from wiki.web.here import member, reader, the_wiki
from wiki.web.sso.routes import all_providers, blueprint

MOST_ACCOUNTS, MOST_OTHERS = 10_000, 50
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Told:
    """The groups of somebody, and the label of who says so."""

    label: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """A group of the policy, and who a provider says is in it: addresses, in order."""

    name: str
    to_add: tuple[str, ...]
    to_take_out: tuple[str, ...]
    told: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the two agree."""
        return not self.to_add and not self.to_take_out


def told_groups(keys: Iterable[str]) -> list[Told]:
    """What providers say of the groups of somebody with one of these addresses, to colleagues alone."""
    listing = {one.issuer: one.label for one in all_providers() if one.groups_claim}
    if not listing or reader() is None:
        return []
    wiki = the_wiki()
    found = wiki.identities.among(wiki.accounts.among(keys).values())
    mine = (one for some in found.values() for one in some)
    return [Told(listing[one.issuer], one.groups) for one in mine if one.issuer in listing and one.groups]


def trusted_for_groups() -> list[Provider]:
    """The providers of which a text for the policy is made ready, for colleagues alone."""
    return [one for one in all_providers() if one.trust_groups] if reader() is not None else []


@blueprint.get("/-/told-groups/<provider>")
def told(provider: str) -> Response:
    """The groups of the policy beside what a provider says of them, and the text that would bring them together."""
    member()
    wiki = the_wiki()
    one = next((one for one in trusted_for_groups() if one.name == provider), None)
    if one is None:
        raise NotFound
    members = _members(one)
    groups = wiki.repository.policy(wiki.repository.main()).groups
    compared = [_compared(name, groups[name], members.get(name, ())) for name in groups]
    html = render_template(
        "told_groups.html",
        provider=one,
        compared=compared,
        others=sorted(members.keys() - groups.keys())[:MOST_OTHERS],
        text=groups_table({one.name: one.told or tuple(sorted(groups[one.name])) for one in compared}),
        edit_url=url_for("editor.edit", name=POLICY_PATH),
    )
    return make_response(html)


def _members(provider: Provider) -> dict[str, tuple[str, ...]]:
    """Who is in each group, as the provider says; a path such as ``/legal`` is the group ``legal``."""
    found: dict[str, dict[str, None]] = {}
    for email, groups in the_wiki().identities.by_issuer(provider.issuer, MOST_ACCOUNTS):
        for group in groups:
            found.setdefault(group.removeprefix("/"), {})[email.casefold()] = None
    return {name: tuple(sorted(emails)) for name, emails in found.items()}


def _compared(name: str, written: frozenset[str], says: tuple[str, ...]) -> Compared:
    return Compared(name, tuple(sorted(set(says) - written)), tuple(sorted(written - set(says))), says)


def groups_table(groups: dict[str, tuple[str, ...]]) -> str:
    """The table as ``policy.toml`` has it."""
    lines = ["[groups]"]
    for name, emails in groups.items():
        key = name if _BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)
        lines.append(f"{key} = [{', '.join(json.dumps(email, ensure_ascii=False) for email in emails)}]")
    return "\n".join(lines) + "\n"
