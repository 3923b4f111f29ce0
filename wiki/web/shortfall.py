"""That a proposal needs more voices than there are colleagues to give them, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wiki.accounts.voices import count_voices
from wiki.model.decide import Why
from wiki.model.merge import Weighed
from wiki.model.names import POLICY_PATH
from wiki.model.shortfall import Colleagues, Member, Shortfall, groups_asked, shortfall
from wiki.web.here import reader, the_wiki
from wiki.web.joining.routes import may_invite
from wiki.web.say import _, ngettext
from wiki.web.words import listed


@dataclass(frozen=True)
class ShortfallView:
    """What is missing, and what helps, in words. ``groups`` are those in which nobody could endorse; ``may_invite``
    is whether the reader may let colleagues in, ``rules_help`` whether a change of the policy can do anything."""

    sentences: Sequence[str]
    helps: str
    may_invite: bool
    rules_help: bool
    groups: Sequence[str]


def shortfall_of(weighed: Weighed) -> ShortfallView | None:
    """What the reader is told; None where there are enough colleagues."""
    if not any(reason.why in {Why.FEW, Why.GROUP} for reason in weighed.standing.reasons):
        return None
    wiki, now = the_wiki(), the_wiki().now()
    proposal, standing, policy = weighed.proposal, weighed.standing, weighed.policy
    active_members = wiki.guidelines.active_members()
    found = shortfall(proposal, standing, policy, _colleagues(weighed, now), now, active_members)
    if found is None:
        return None
    return ShortfallView(_sentences(found), _helps(found), may_invite(reader()), not found.rules_too, found.groups)


def _colleagues(weighed: Weighed, now: int) -> Colleagues:
    accounts, authors = the_wiki().accounts, weighed.proposal.authors
    bar = weighed.policy.requirement({POLICY_PATH: 0}).endorsements(the_wiki().guidelines.active_members())
    most = max(weighed.standing.needed, bar) + len(authors) + 1
    count, too_new = count_voices(accounts, now - weighed.policy.members_since, most)
    wrote = accounts.among((author.key for author in authors), formerly=True).values()
    named = accounts.among(groups_asked(weighed.policy))
    return Colleagues(
        count=count,
        too_new=too_new,
        authors=frozenset(Member(each.id, each.created_at) for each in wrote if each.active),
        members={key: Member(each.id, each.created_at) for key, each in named.items() if each.active},
    )


def _sentences(found: Shortfall) -> list[str]:
    said = []
    if found.few and not found.able:
        said.append(
            ngettext(
                "It needs %(num)s endorsement, and there is nobody who could give it: authors do not count.",
                "It needs %(num)s endorsements, and there is nobody who could give them: authors do not count.",
                found.needed,
            )
        )
    elif found.few:
        said.append(
            ngettext(
                "It needs %(needed)s endorsements, and only %(num)s colleague could give one: authors do not count.",
                "It needs %(needed)s endorsements, and only %(num)s colleagues could give one: authors do not count.",
                found.able,
                needed=found.needed,
            )
        )
    if found.few and found.too_new:
        said.append(
            ngettext(
                "%(num)s more account is too new for its voice to count yet.",
                "%(num)s more accounts are too new for their voices to count yet.",
                found.too_new,
            )
        )
    if found.groups:
        groups = listed([_("“%(title)s”", title=group) for group in found.groups])
        said.append(
            ngettext(
                "Nobody in the group %(groups)s could endorse it: whoever is in it wrote part of this, or has no "
                "account whose voice counts.",
                "Nobody in the groups %(groups)s could endorse it: whoever is in them wrote part of this, or has no "
                "account whose voice counts.",
                len(found.groups),
                groups=groups,
            )
        )
    return said


def _helps(found: Shortfall) -> str:
    """What can be done, and who does it where the reader may not."""
    words = _what_helps(found)
    account = reader()
    if account is None or may_invite(account):
        return words
    return f"{words} {_('Administrators invite people here.')}"


def _what_helps(found: Shortfall) -> str:
    if found.few and found.rules_too:
        return _("What helps is to invite colleagues: there are too few to change the rules as well.")
    if found.few:
        return _("What helps is to invite colleagues, or to propose rules that ask for fewer.")
    if found.rules_too:
        return _("What helps is an account for somebody of the group: a change of the rules needs the group as well.")
    return _("What helps is an account for somebody of the group, or to propose that others belong to it.")
