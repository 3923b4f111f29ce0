"""Another address: asked for, confirmed by a link that is sent there, and what that means for what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, flash, make_response, redirect, url_for

from wiki.accounts import Account
from wiki.index import ProposalRow
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_
from wiki.web.account.letters import ask_to_confirm, told_of_address
from wiki.web.account.routes import blueprint, page
from wiki.web.account.you import AddressForm, Forms, shown
from wiki.web.here import member, the_wiki
from wiki.web.limits import count_try
from wiki.web.say import _, ngettext
from wiki.web.words import translate


@dataclass(frozen=True)
class Consequences:
    """What another address takes away: the voices on these proposals, and the place in these groups of the policy."""

    proposals: Sequence[ProposalRow]
    groups: Sequence[str]


def consequences_for(account: Account) -> Consequences:
    """What hangs on the present address."""
    wiki, key = the_wiki(), account.person.key
    numbers = dict.fromkeys(n for n, _key in wiki.index.spoken_on([key]))
    rows = (wiki.index.proposal(n) for n in numbers)
    policy = wiki.repository.policy(wiki.repository.main())
    groups = [name for name, members in policy.groups.items() if key in members]
    return Consequences([row for row in rows if row is not None], groups)


@blueprint.post("/-/account/address")
def ask_for_address() -> Response:
    """Ask for another address; a link is sent there."""
    wiki, account = the_wiki(), member()
    if not wiki.sends_mail:
        raise Refused(
            N_("This wiki sends no mail, so it cannot check a new address. Whoever runs it can change yours.")
        )
    count_try("10 per day", "address", str(account.id))
    forms = Forms(address=AddressForm())
    if not forms.address.validate_on_submit() or not forms.address.is_sure():
        return shown(forms, 400)
    try:
        pending, token = wiki.own.ask_for_address(account, forms.address.email.data, wiki.now())
    except Refused as error:
        forms.address.email.errors = [translate(error.sentence)]
        return shown(forms, 400)
    ask_to_confirm(account, pending, token)
    flash(_("A link is on its way to %(email)s. Open it there within a day.", email=pending.email), "success")
    return _back()


@blueprint.post("/-/account/address/forget")
def forget_address() -> Response:
    """Keep the present address after all."""
    the_wiki().own.forget_wish(member())
    flash(_("You keep your present address."), "success")
    return _back()


@blueprint.get("/-/account/address/<token>")
def confirm_address(token: str) -> Response:
    """What the new address means, before it is confirmed."""
    wiki, account = the_wiki(), member()
    pending = wiki.own.pending(account, wiki.now(), token)
    if pending is None:
        raise NotFound(
            N_("This link has been used already, is too old, or is somebody else's. Please ask for a new one.")
        )
    return page("address", pending=pending, token=token, what=consequences_for(account))


@blueprint.post("/-/account/address/<token>")
def change_address(token: str) -> Response:
    """The address is theirs from now on, and what they said under the old one is taken back."""
    wiki, account = the_wiki(), member()
    pending = wiki.own.pending(account, wiki.now(), token)
    letters = [told_of_address(account, pending.email)] if pending is not None and wiki.sends_mail else []
    changed = wiki.own.confirm_address(
        account, token, wiki.now(), lambda connection: wiki.outbox.put_in(connection, letters, wiki.now())
    )
    wiki.index.catch_up()
    taken = wiki.take_back_voices_of_departed()
    told = _("Your address is %(email)s from now on.", email=changed.email)
    if taken:
        told += " " + ngettext(
            "What you said of %(num)s proposal is taken back; you can say it again.",
            "What you said of %(num)s proposals is taken back; you can say it again.",
            taken,
        )
    flash(told, "success")
    return _back()


def _back() -> Response:
    return make_response(redirect(url_for("account.you"), 303))
