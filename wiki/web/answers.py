"""What somebody chose and wrote on the page where two versions are brought together, by the names of its fields."""

from __future__ import annotations

from collections.abc import Mapping

from wiki.prose.three import Choice

CHOICE, WORDS = "choice-", "words-"
MOST_IN_ADDRESS = 40


def own_words(answers: Mapping[str, str], without: frozenset[str] = frozenset()) -> list[str]:
    """The words of one's own that were chosen; those of the fields ``without`` left out."""
    chosen = {name.split("-")[1] for name, value in answers.items() if name.startswith(CHOICE) and value == Choice.OWN}
    names = [name for name in answers if name.startswith(WORDS) and name not in without]
    return [answers[name] for name in names if name.removeprefix(WORDS) in chosen and answers[name].strip()]


def choices(answers: Mapping[str, str]) -> dict[str, str]:
    """What was chosen, few enough to travel in an address."""
    found = [(name, value) for name, value in answers.items() if name.startswith(CHOICE) and value in set(Choice)]
    return dict(found[:MOST_IN_ADDRESS])
