"""What somebody left in the editor, as the list of their drafts shows it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from wiki.drafts import Sketch
from wiki.index.summary import has_title
from wiki.model.acts import MAX_TITLE, one_line
from wiki.model.names import PAGE_SUFFIX
from wiki.web.say import _
from wiki.web.titles import page_title, title_of


@dataclass(frozen=True)
class DraftRow:
    """A draft as the list shows it."""

    title: str
    url: str
    pages: tuple[str, ...]
    when: int


def unfinished(sketch: Sketch) -> DraftRow:
    """What is still in the editor."""
    path, _mark, query = sketch.place.partition("?")
    url = f"{quote(path)}?{f'{query}&' if query else ''}resume=1"
    kind, _slash, name = path.removeprefix("/-/").partition("/")
    name = name if kind == "edit" else sketch.fields.get("name", "") or name.partition("/")[2]
    title = one_line(sketch.fields.get("title", ""))[:MAX_TITLE]
    pages = (name,) if name and (title or kind == "new") else ()
    return DraftRow(title or _page_of(sketch, kind, name), url, pages, sketch.updated_at)


def _page_of(sketch: Sketch, kind: str, name: str) -> str:
    """What the page is called that somebody is writing."""
    text, known = sketch.fields.get("text", ""), page_title(name)[0] if kind != "new" else name
    if known != name:
        return known
    return title_of(f"{name}{PAGE_SUFFIX}", text) if name or has_title(text) else _("A new page")
