"""What somebody chose and wrote on the page where two versions are brought together, by the names of its fields."""

from __future__ import annotations

from collections.abc import Mapping

from wiki.prose.three import Choice

CHOICE, WORDS = "choice-", "words-"
MOST_IN_ADDRESS = 40


def own_words(answers: Mapping[str, str], without: frozenset[str] = frozenset()) -> dict[str, str]:
    """The words of one's own that were chosen, by the key of their passage; without those in some fields."""
    chosen = {name.split("-")[1] for name, value in answers.items() if name.startswith(CHOICE) and value == Choice.OWN}
    found = {name.removeprefix(WORDS): text for name, text in answers.items() if name.startswith(WORDS)}
    return {
        key: text for key, text in found.items() if key in chosen and text.strip() and f"{WORDS}{key}" not in without
    }


def choices(answers: Mapping[str, str]) -> dict[str, str]:
    """What was chosen, few enough to travel in an address."""
    found = [(name, value) for name, value in answers.items() if name.startswith(CHOICE) and value in set(Choice)]
    return dict(found[:MOST_IN_ADDRESS])
