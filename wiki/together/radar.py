"""Which open proposals touch which passages of a page.

Where a proposal touches a text follows from three blobs alone, so it is worked out once and kept by their ids: what is
asked of fifty proposals at every view costs fifty look-ups.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from wiki.assembly import Wiki
from wiki.index import TouchingRow
from wiki.prose import Spot, spots, spots_followed
from wiki.together.texts import put_together

MOST_KEPT = 5_000
_kept: OrderedDict[tuple[str, str | None, str | None], tuple[Spot, ...]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class Near:
    """An open proposal for a page, and where in the text of the page as it is in force it touches something."""

    row: TouchingRow
    spots: Sequence[Spot]


def near(wiki: Wiki, path: str, blob: str, without: int | None = None) -> list[Near]:
    """The open proposals that would change the page in this file, whose text in force has this blob; ``without`` one
    of them."""
    rows = wiki.index.touching(path)
    return [Near(row, spots_in(wiki, blob, row.before, row.after)) for row in rows if row.n != without]


def spots_in(wiki: Wiki, blob: str, before: str | None, after: str | None) -> tuple[Spot, ...]:
    """Where a change of one blob to another touches the text of a third."""
    key = blob, before, after
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    found = _worked_out(wiki, *key)
    with _lock:
        _kept[key] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def _worked_out(wiki: Wiki, blob: str, before: str | None, after: str | None) -> tuple[Spot, ...]:
    text, began, changed = (_text(wiki, each) for each in (blob, before, after))
    if before is None or before == blob:
        return spots(text, changed)
    merged = put_together(began, text, changed) if after is not None else ""
    return spots(text, merged) if merged is not None else spots_followed(began, changed, text)


def _text(wiki: Wiki, blob: str | None) -> str:
    return wiki.repository.content(blob).decode("utf-8", "replace") if blob is not None else ""
