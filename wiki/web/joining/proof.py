"""Whose address counts for something must be shown to be theirs."""

from __future__ import annotations

from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.web.here import the_wiki


def refuse_without_proof(email: str) -> None:
    """`Refused` for an address that a group of the policy names, where no mail is sent that could show whose it is:
    with it, somebody would speak for that group."""
    wiki = the_wiki()
    if wiki.sends_mail:
        return
    policy = wiki.repository.policy(wiki.repository.main())
    if any(email.casefold() in members for members in policy.groups.values()):
        raise Refused(
            N_(
                "The policy gives this address a say of its own, so it must be shown whose it is, and no mail is sent "
                "here. Whoever runs the server invites them with “wiki user invite”."
            )
        )
