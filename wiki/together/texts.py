"""Texts as the rest of this room handles them."""

from __future__ import annotations

from wiki.assembly import Wiki
from wiki.drafts import DraftFile
from wiki.model.names import is_attachment
from wiki.model.proposal import Blob
from wiki.prose.three import conflicts, merged, passages


def put_together(began: str, ours: str, theirs: str) -> str | None:
    """Two changes of one text in one, down to the sentences of a paragraph; None where they touch the same words."""
    found = passages(began, ours, theirs)
    return None if conflicts(found) else merged(found)


def text_of(wiki: Wiki, blob: Blob | str | None) -> str | None:
    """The text of a blob, None for none."""
    return wiki.repository.content(blob).decode("utf-8", "replace") if blob is not None else None


def file_like(wiki: Wiki, path: str, blob: Blob | None, seen: str | None) -> DraftFile:
    """A file of a draft that shall be as ``blob`` has it, where its writer began from ``seen``."""
    if blob is not None and is_attachment(path):
        return DraftFile(None, seen, blob.id)
    return DraftFile(text_of(wiki, blob), seen)
