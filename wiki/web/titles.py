"""What pages are called: those in force where a list names them, and those that are worked on."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from wiki.index import summary
from wiki.index.contents import Contents
from wiki.model.names import POLICY_PATH, name_of
from wiki.web.here import the_wiki
from wiki.web.say import _


def page_title(name: str) -> tuple[str, str]:
    """The title of a page, and its name where several pages have that title, else "". What is no page in force is
    called by its name."""
    if name == POLICY_PATH:
        return _("How we decide"), ""
    contents = the_wiki().index.whole_contents()
    title = contents.titles.get(name, name)
    return title, name if title in contents.titles_of_several else ""


def folder_title(name: str) -> str:
    """What a folder is called, with those above it; by its name where there is none."""
    return _titled(the_wiki().index.whole_contents(), name)


def folder_titles(names: Iterable[str]) -> list[tuple[str, str]]:
    """Folders with what each is called."""
    contents = the_wiki().index.whole_contents()
    return [(name, _titled(contents, name)) for name in names]


def _titled(contents: Contents, name: str) -> str:
    titles = []
    while name:
        above, _slash, last = name.rpartition("/")
        folder = contents.folders.get(name)
        titles.append(folder.title if folder is not None else last)
        name = above
    return " / ".join(reversed(titles))


def title_of(path: str, text: str) -> str:
    """What the page in this file is called when it has this text: as the page itself says it."""
    return _("How we decide") if path == POLICY_PATH else summary.title_of(name_of(path) or path, text)


def title_in_force(path: str) -> str:
    """What a page in force is called."""
    repository = the_wiki().repository
    blob = repository.file(repository.main(), path)
    return title_of(path, repository.content(blob.id).decode("utf-8", "replace") if blob is not None else "")


def install(app: Flask) -> None:
    """Give the filters to the templates."""
    app.jinja_env.filters.update(page_title=page_title, folder_title=folder_title)
