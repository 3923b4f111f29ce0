"""The rules of the model once more, read word by word and without regard for speed, to check the real ones by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from wiki.model.acts import Act


@dataclass(frozen=True)
class Bar:
    """How much is enough for one proposal. Durations in seconds; ``need`` holds the members of each needed group."""

    endorse: int = 2
    open: int = 0
    hold: int = 0
    weigh: int = 2
    since: int = 0
    share: Fraction = Fraction(0)
    need: tuple[frozenset[str], ...] = ()


def authors(acts: Iterable[Act]) -> set[str]:
    """Whoever made a text of it, ever, and everyone named with them."""
    texts = [act for act in acts if act.kind in {"propose", "revise"}]
    named = [value.rpartition("<")[2].rstrip(">") for act in texts for key, value in act.trailers if key == "With"]
    return {address.lower() for address in [*(act.author.email for act in texts), *named]}


def change(acts: Iterable[Act]) -> Act:
    """The text on the table."""
    return [a for a in acts if a.kind in {"propose", "revise"} or (a.kind == "refresh" and not a.kept)][-1]


def voice(acts: Sequence[Act], address: str) -> Act | None:
    """What a colleague says now: the act that said it first, where it was said again."""
    said: Act | None = None
    for act in acts:
        mine = act.author.email.lower() == address
        if act.kind in {"endorse", "object"} and mine and (said is None or (said.kind, said.of) != (act.kind, act.of)):
            said = act
        lent = [value.lower() for key, value in act.trailers if key == "For"] if act.by_system else []
        if act.kind == "retract" and (address in lent or (mine and not lent)):
            said = None
    return said


def endorsers(acts: Sequence[Act], since: int) -> set[str]:
    """Whose endorsement of the text on the table counts."""
    found = set()
    for address in {act.author.email.lower() for act in acts} - authors(acts):
        said = voice(acts, address)
        if said is None or said.kind != "endorse" or said.of != change(acts).id:
            continue
        joined = [int(value) for key, value in said.trailers if key == "Member-Since"]
        if joined and said.when - joined[0] >= since:
            found.add(address)
    return found


def objections(acts: Sequence[Act], hold: int, now: int) -> list[Act]:
    """The objections that stand."""
    text = change(acts)
    said = [voice(acts, address) for address in sorted({act.author.email.lower() for act in acts})]
    return [act for act in said if act and act.kind == "object" and (act.of == text.id or now - text.when < hold)]


def is_closed(acts: Iterable[Act]) -> bool:
    """Whether the last word on it was to close it."""
    return [act.kind for act in acts if act.kind in {"close", "reopen"}][-1:] == ["close"]


def enough(acts: Sequence[Act], bar: Bar, now: int, active: int, policy_changed_at: int) -> bool:
    """Whether the voices and the time are enough; says nothing of files."""
    standing = objections(acts, bar.hold, now)
    counted = endorsers(acts, bar.since)
    if is_closed(acts) or len(counted) < max(bar.endorse, ceil(bar.share * active)) + bar.weigh * len(standing):
        return False
    if not all(group & counted for group in bar.need):
        return False
    answered = {act.to for act in acts if act.kind == "answer" and act.author.email.lower() in authors(acts)}
    if not all(act.id in answered and now - act.when >= bar.hold for act in standing):
        return False
    reopened = [act.when for act in acts if act.kind == "reopen"]
    return now - max([change(acts).when, policy_changed_at, *reopened]) >= bar.open
