"""What colleagues do together beyond a single act: drafts become proposals, suggestions are taken into a text, what
came into force is undone, a proposal whose authors have gone is adopted, pages move with the links to them, a page that
somebody has read again is confirmed.

Called by the web. Each ends in acts of the service; what is not an act yet lies in `wiki.drafts`.
"""

from wiki.together.again import Begun, begin_adoption, begin_return, begin_undo, may_be_adopted
from wiki.together.confirming import (
    MONTHS,
    SOON,
    Confirmation,
    can_be_confirmed,
    confirm,
    confirmations,
    confirmed_until,
    later,
    usual_months,
)
from wiki.together.drafts import (
    brought_up,
    colleagues,
    discard_draft,
    draft_place,
    edits_of,
    file_begun,
    held,
    old_authors,
    propose_draft,
)
from wiki.together.moving import moving, removing, with_redirect_from
from wiki.together.own_data import everything_about, leave_for_good
from wiki.together.radar import Near, near, spots_in
from wiki.together.suggesting import suggest, suggested_text, take_suggestions

__all__ = [
    "MONTHS",
    "SOON",
    "Begun",
    "Confirmation",
    "Near",
    "begin_adoption",
    "begin_return",
    "begin_undo",
    "brought_up",
    "can_be_confirmed",
    "colleagues",
    "confirm",
    "confirmations",
    "confirmed_until",
    "discard_draft",
    "draft_place",
    "edits_of",
    "everything_about",
    "file_begun",
    "held",
    "later",
    "leave_for_good",
    "may_be_adopted",
    "moving",
    "near",
    "old_authors",
    "propose_draft",
    "removing",
    "spots_in",
    "suggest",
    "suggested_text",
    "take_suggestions",
    "usual_months",
    "with_redirect_from",
]
