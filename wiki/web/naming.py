"""What colleagues are called now, and the way to their page."""

from __future__ import annotations

from flask import Flask, g
from markupsafe import Markup

from wiki.addresses import person_address
from wiki.model.acts import Person
from wiki.web.here import the_wiki


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


def initial(person: object) -> str:
    """The letter that stands for somebody."""
    name = called(person) if isinstance(person, Person) else str(getattr(person, "name", ""))
    return name[:1].upper()


def install(app: Flask) -> None:
    """Give the filters to the templates."""
    app.jinja_env.filters.update(called=called, linked=linked, initial=initial)
