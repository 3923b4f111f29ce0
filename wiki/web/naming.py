"""What colleagues are called now, and the way to their page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Flask, g
from markupsafe import Markup

from wiki.addresses import person_address
from wiki.model.acts import Person, one_line
from wiki.web.here import the_wiki
from wiki.web.words import listed

_COMMAS = re.compile("[,،、，]")


def called(person: Person) -> str:
    """What somebody who appears in git is called now, as ``.mailmap`` says."""
    names: dict[Person, str] = g.setdefault("names", {})
    if person not in names:
        names[person] = the_wiki().index.colleagues.called(person)
    return names[person]


def linked(person: Person) -> Markup:
    """Their name, leading to their page."""
    return Markup('<a class="who-link" href="{}"><bdi>{}</bdi></a>').format(
        person_address(person.handle), called(person)
    )


def all_linked(people: Sequence[Person]) -> Markup:
    """Their names as a list in a sentence, each leading to their page."""
    return Markup(listed([linked(person) for person in people]))  # noqa: S704 - links, and words between them


def names_in(typed: str | None) -> tuple[str, ...]:
    """The names in a list that somebody typed, with the comma of their language."""
    return tuple(one_line(name) for name in _COMMAS.split(typed or "") if name.strip())


def initial(person: object) -> str:
    """The letter that stands for somebody."""
    name = called(person) if isinstance(person, Person) else str(getattr(person, "name", ""))
    return name[:1].upper()


def install(app: Flask) -> None:
    """Give the filters to the templates."""
    app.jinja_env.filters.update(called=called, linked=linked, all_linked=all_linked, initial=initial)
