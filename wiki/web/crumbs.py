"""Where a page stands: the folders above it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from wiki.addresses import page_address
from wiki.index import Node
from wiki.index.summary import title_from
from wiki.web.say import _


@dataclass(frozen=True)
class Crumb:
    """One step; the last has no address."""

    title: str
    url: str | None


@dataclass(frozen=True)
class Pager:
    """Turning pages of a list."""

    newer_url: str | None = None
    older_url: str | None = None


def crumbs_of(name: str, title: str, root: Node) -> list[Crumb]:
    """From the contents down to the page or folder."""
    steps = [Crumb(_("Contents"), url_for("pages.contents"))]
    at: Node | None = root
    parts = name.split("/")[:-1]
    for depth in range(1, len(parts) + 1):
        folder = "/".join(parts[:depth])
        at = next((n for n in at.children if n.kind == "folder" and n.name == folder), None) if at else None
        steps.append(Crumb(at.title if at else title_from(folder), page_address(folder)))
    return [*steps, Crumb(title, None)]
