"""For those who work on the wiki: every component in every state, on one page. Only where `development` is set."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template

from wiki.index import PageRow, ProposalRow, RevisionRow
from wiki.index.links import Mentions
from wiki.index.rows import Node
from wiki.markdown import render_page
from wiki.model.acts import Person
from wiki.web.crumbs import Crumb, Pager
from wiki.web.here import the_wiki
from wiki.web.lately import lately
from wiki.web.shown import shown
from wiki.web.tree import beside

blueprint = Blueprint("components", __name__)
_AT = 1_780_000_000
_ANA, _BOB = Person("Ana Souza", "ana@example.com"), Person("Bob Reyes", "bob@example.com")
_LONG = "A title so long that it needs a second line on a phone, and on most other screens as well"
_TEXT = """\
A [link](/), a [broken one](/no/such/page), one [outside](https://example.org), `code` and a note.[^1]

## A heading

> [!NOTE]
> A note.

> [!WARNING] With a title
> A warning.

```python
@wraps(f)
def greet(name: str = "you") -> str:
    return f"Hello {name}, {42}"  # a comment
```

```diff
-old
+new
```

- [ ] to do
- [x] done

| What | How much |
|------|---------:|
| One  |        1 |

> A quotation.

Word
:   what it means

[^1]: Its source.
"""


@dataclass(frozen=True)
class Somebody:
    """A colleague as the header shows them."""

    name: str


@blueprint.get("/-/components")
def page() -> Response:
    """All of them."""
    if not the_wiki().settings.development:
        abort(404)
    pages = (PageRow("travel/visa", "Visas", "Ask early."), PageRow("working/hours", _LONG, ""))
    return make_response(
        render_template(
            "components.html",
            at=_AT,
            people=(_ANA, _BOB),
            somebody=Somebody(_ANA.name),
            proposals=_proposals(),
            changes=lately(_revisions(), Counter(row.seq for row in _revisions())),
            crumbs=[Crumb("Contents", "/"), Crumb("Travel", "/travel"), Crumb(_LONG, None)],
            pagers=(Pager("?page=1", None), Pager(None, "?page=2"), Pager("?page=1", "?page=3")),
            tabs=[("a", "Open", "?tab=a", 3), ("b", "Closed", "?tab=b", None)],
            mentions=Mentions(pages, 14),
            around=(Node("page", "travel/visa", "Visas"), Node("page", "working/hours", _LONG)),
            tree=beside(the_wiki().index.contents(), ""),
            prose=shown(render_page(_TEXT, "").html),
        )
    )


def _proposals() -> list[ProposalRow]:
    states = (("open", 0, 2, 0), ("open", 1, 3, 1), ("open", 12, 20, 0), ("open", 9, 8, 2), ("open", 0, 0, 0),
              ("in force", 2, 2, 0), ("closed", 0, 2, 1))  # fmt: skip
    names = ("travel/visa", "legal/contracts", "working/hours", "notes/kitchen")
    return [
        ProposalRow(n, _LONG if n % 2 else "Short", state, _ANA, _AT, _AT, done, needed, objections, names[: n % 4 + 1],
                    overtaken=n == 2)
        for n, (state, done, needed, objections) in enumerate(states, start=1)
    ]  # fmt: skip


def _revisions() -> list[RevisionRow]:
    kinds = (("added", None), ("changed", None), ("removed", None), ("renamed", "travel/costs"))
    return [
        RevisionRow("0" * 40, "travel/visa", "Visas", _LONG if n % 2 else "Say it", _BOB, _AT, n or None, status, old,
                    n, None, 1, n)
        for n, (status, old) in enumerate(kinds)
    ]  # fmt: skip
