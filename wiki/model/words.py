"""Sentences for people, kept apart from what fills them in.

The model explains itself in English templates; the web translates the same templates before it fills
them in. ``N_`` marks a template for extraction and returns it unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass, field


def N_(template: str) -> str:
    """Mark a template for translation."""
    return template


@dataclass(frozen=True)
class Size:
    """How large something is in a sentence; who reads it gets it in the units of their language."""

    octets: int

    @property
    def megabytes(self) -> float | None:
        """To a tenth; None for what is smaller than one."""
        return round(self.octets / (1 << 20), 1) if self.octets >= 1 << 20 else None

    @property
    def kilobytes(self) -> int:
        """To a whole one."""
        return max(1, round(self.octets / 1024))

    def __str__(self) -> str:
        return f"{self.megabytes:g} MB" if self.megabytes is not None else f"{self.kilobytes} kB"


@dataclass(frozen=True)
class Sentence:
    """A template in ``%(name)s`` form with its values.

    ``plural`` is set where the words depend on the number ``values["num"]``.
    """

    template: str
    values: dict[str, object] = field(default_factory=dict)
    plural: str | None = None

    def __str__(self) -> str:
        chosen = self.plural if self.plural is not None and self.values.get("num") != 1 else self.template
        return chosen % self.values

    def __hash__(self) -> int:
        return hash((self.template, self.plural, tuple(sorted((k, str(v)) for k, v in self.values.items()))))


def say(template: str, /, **values: object) -> Sentence:
    """One sentence."""
    return Sentence(template, values)


def say_number(num: int, one: str, many: str, /, **values: object) -> Sentence:
    """A sentence whose words depend on ``num``."""
    return Sentence(one, {"num": num, **values}, many)


def counted(number: int, one: str, many: str = "") -> str:
    """So many things, in English, as commands say it; ``many`` is ``one`` with an s where it is not given."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
