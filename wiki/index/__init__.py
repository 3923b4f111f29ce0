"""The index: what is in git, as SQL that answers at once.

It can be thrown away and made again. `Index` is all that other rooms use; `catch_up` is how things become
visible, `queries` what can be asked.
"""

from __future__ import annotations

from wiki.index.index import Index
from wiki.index.rows import (
    ChangedPage,
    Colleague,
    Filter,
    Node,
    Origin,
    PageRecord,
    PageRow,
    ProposalRow,
    RevisionRow,
    TouchingRow,
    VoiceRow,
)
from wiki.index.search import Answers, Found, Search, Suggestion

__all__ = [
    "Answers", "ChangedPage", "Colleague", "Filter", "Found", "Index", "Node", "Origin", "PageRecord", "PageRow",
    "ProposalRow", "RevisionRow", "Search", "Suggestion", "TouchingRow", "VoiceRow",
]  # fmt: skip
