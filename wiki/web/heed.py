"""What somebody who changes a page may not have meant. It is told before they propose, and they may mean it all the
same."""

from __future__ import annotations

from wiki.index.summary import has_title
from wiki.markdown import LostHead, lost_head
from wiki.model.names import POLICY_PATH
from wiki.web.say import _
from wiki.web.titles import title_of


def to_heed(path: str, before: str, after: str) -> list[str]:
    """Sentences about a page in this file whose text would be another; ``before`` is "" for a new one."""
    lost = lost_head(before, after) if path != POLICY_PATH else None
    if lost is None:
        return []
    was, will = title_of(path, before), title_of(path, after)
    if lost is LostHead.GONE:
        if has_title(after):
            return []
        return [_("The page would lose its title “%(title)s”, and be called “%(other)s”.", title=was, other=will)]
    what = (
        _("The page would lose its title “%(title)s”.", title=was)
        if before and was != will
        else _("What is said at the top of the page would not be read.")
    )
    return [f"{what} {_why(lost)}"]


def _why(lost: LostHead) -> str:
    if lost is LostHead.MISPLACED:
        return _("The block between the two lines of three dashes must begin on the first line.")
    if lost is LostHead.UNCLOSED:
        return _("The block at the top must end with a line of three dashes.")
    return _(
        "What stands between the lines of three dashes cannot be read. Put a value in quotation marks where it holds"
        " signs such as “:” or “[”."
    )
