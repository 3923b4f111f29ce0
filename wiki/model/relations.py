"""What one proposal says of another: that it undoes it, or that it was adopted from it.

Written as the first line of the reason, in words that people read as well; a chain has no trailer for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_LINE = re.compile(r"(Undoes|Adopts) #([1-9][0-9]{0,8})\.")
_ADOPTED = re.compile(r"Adopted as #([1-9][0-9]{0,8})\.")


class Relation(StrEnum):
    """How a proposal stands to an earlier one."""

    UNDOES = "Undoes"
    ADOPTS = "Adopts"


@dataclass(frozen=True)
class Related:
    """``relation`` to the proposal ``n``."""

    relation: Relation
    n: int


def related_in(why: str) -> Related | None:
    """The relation that the first line of a reason states, or None."""
    found = _LINE.fullmatch(why.partition("\n")[0].strip())
    return Related(Relation(found[1]), int(found[2])) if found else None


def without_relation(why: str) -> str:
    """The reason without that line."""
    return why.partition("\n")[2].strip("\n") if related_in(why) is not None else why


def stating(related: Related, why: str) -> str:
    """The reason with the relation as its first line."""
    return f"{related.relation.value} #{related.n}.\n\n{without_relation(why)}".rstrip()


def adopted_as(n: int) -> str:
    """What the wiki says when it closes a proposal that was adopted."""
    return f"Adopted as #{n}."


def adopted_in(text: str) -> int | None:
    """As which proposal a closed one was adopted, or None."""
    found = _ADOPTED.fullmatch(text.strip())
    return int(found[1]) if found else None
