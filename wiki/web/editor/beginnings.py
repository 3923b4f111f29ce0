"""What a new page begins with: nothing but its title, or one of the templates that lie in a folder of their own."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from wiki.index.contents import TEMPLATES as FOLDER
from wiki.index.summary import title_from
from wiki.markdown import split_front_matter
from wiki.model.names import PAGE_SUFFIX
from wiki.web.here import the_wiki

MOST = 20


@dataclass(frozen=True)
class Beginning:
    """A template: what it is called, what it is for, and the way to begin with it."""

    title: str
    about: str
    url: str
    chosen: bool


def beginnings(name: str) -> list[Beginning]:
    """The templates in force."""
    draft = request.args.get("draft")
    found = []
    for page in the_wiki().index.templates()[:MOST]:
        key = page.name.removeprefix(f"{FOLDER}/")
        url = url_for("editor.new", name=name or None, draft=draft, template=key)
        found.append(Beginning(page.title, page.lead, url, request.args.get("template") == key))
    return found


def beginning(name: str) -> str:
    """The text with which the page of this name begins."""
    chosen = request.args.get("template", "")[:200]
    text = _template(chosen) if chosen else None
    last = name.rpartition("/")[2]
    if text is None:
        return f"# {title_from(last)}\n\n" if last else ""
    return text


def untouched(text: str) -> bool:
    """Whether a text is one of the templates in force, as it lies there."""
    words = text.strip()
    return any(
        words == (_template(page.name.removeprefix(f"{FOLDER}/")) or "").strip()
        for page in the_wiki().index.templates()[:MOST]
    )


def _template(key: str) -> str | None:
    repository = the_wiki().repository
    blob = repository.file(repository.main(), f"{FOLDER}/{key}{PAGE_SUFFIX}")
    if blob is None:
        return None
    return split_front_matter(repository.content(blob).decode("utf-8", "replace"))[1].lstrip("\n")
