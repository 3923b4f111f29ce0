"""Which page went where: a file that goes and one that comes, in one change, may be one page under another address.

Git compares lines, so a page that is moved and wrapped anew is another one to it. This compares words, in the order in
which they stand. Pure: texts are passed in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from wiki.model.names import name_of

ENOUGH = 0.4
"""So much of the longer text must stand in the other, counted in runs of four words: texts made after one pattern share
a quarter of them, one text with every tenth word changed two thirds."""
BY_CHANCE = 4
"""So many runs any two texts may share: of a short one, that begins as others do, it is half."""
_LONG = 4
_FEW = 64
"""So many pairs of files are compared whatever they are called."""


Runs = Counter[tuple[str, ...]]


def moves(gone: Mapping[str, str], come: Mapping[str, str], read: Callable[[str], str]) -> dict[str, str]:
    """Where pages came from: new path to former path. ``gone`` and ``come`` are files by their path with the id of what
    they held and hold, ``read`` gives the text of an id. Each file moves once, to where it is most like itself."""
    found = dict(_unchanged(gone, come))
    gone = {path: blob for path, blob in gone.items() if path not in found.values() and name_of(path) is not None}
    come = {path: blob for path, blob in come.items() if path not in found and name_of(path) is not None}
    runs: dict[str, Runs] = {}

    def held(blob: str) -> Runs:
        if blob not in runs:
            runs[blob] = _runs(read(blob))
        return runs[blob]

    likely = [(_likeness(held(gone[old]), held(come[new])), new, old) for new, old in _candidates(gone, come)]
    for likeness, new, old in sorted(likely, key=lambda one: (-one[0], one[1:])):
        if likeness >= ENOUGH and new not in found and old not in found.values():
            found[new] = old
    return found


def _unchanged(gone: Mapping[str, str], come: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Files that hold what another held, those of the same last name first."""
    left: dict[str, list[str]] = {}
    for path, blob in gone.items():
        left.setdefault(blob, []).append(path)
    for path, blob in come.items():
        same = left.get(blob)
        if same:
            former = next((each for each in same if _last(each) == _last(path)), same[0])
            same.remove(former)
            yield path, former


def _candidates(gone: Mapping[str, str], come: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Pairs worth comparing, new and former path: any where they are few, else those of which one path ends with the
    other."""
    if len(gone) * len(come) <= _FEW:
        yield from ((new, old) for new in come for old in gone)
        return
    tails: dict[str, list[str]] = {}
    for old in gone:
        tails.setdefault(_last(old), []).append(old)
    for new in come:
        yield from ((new, old) for old in tails.get(_last(new), ()) if _is_tail(new, old) or _is_tail(old, new))


def _is_tail(path: str, of: str) -> bool:
    return of.endswith(f"/{path}")


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _runs(text: str) -> Runs:
    words = text.split()
    runs = zip(*(["", *words, ""][at:] for at in range(_LONG)), strict=False) if words else ()
    return Counter(runs)


def _likeness(one: Runs, other: Runs) -> float:
    longer = max(one.total(), other.total())
    if one == other:
        return 1.0 if longer else 0.0
    return ((one & other).total() - BY_CHANCE) / longer
