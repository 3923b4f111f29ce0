"""What colleagues do together beyond a single act: drafts become proposals, suggestions are taken into a text, what
came into force is undone, a proposal whose authors have gone is adopted, pages move with the links to them.

Called by the web. Each ends in acts of the service; what is not an act yet lies in `wiki.drafts`.
"""

from wiki.together.again import Begun, begin_adoption, begin_return, begin_undo, may_be_adopted
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
    "Begun",
    "Near",
    "begin_adoption",
    "begin_return",
    "begin_undo",
    "brought_up",
    "colleagues",
    "discard_draft",
    "draft_place",
    "edits_of",
    "everything_about",
    "file_begun",
    "held",
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
    "with_redirect_from",
]
