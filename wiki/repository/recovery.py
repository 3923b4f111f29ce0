"""After the power failed: what the journal says is done again, where the disk did not get it.

Files that were being written then may be missing, empty, or as they were before. Every object that the journal holds
is stored again where it is not whole, and every ref gets what it was given last. What was about to be done and may not
have been is left alone, unless something that came later stands on it: nobody was told of it.
"""

from __future__ import annotations

import errno
import logging
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from wiki.repository.files import Swap, is_whole, read_held, read_object, replace_file, store
from wiki.repository.journal import Journal, Record, Records, to_disk
from wiki.repository.objects import read_commit
from wiki.repository.packed_refs import packed

_ID = re.compile(r"[0-9a-f]{40}")
_FOLDER = re.compile(r"[0-9a-f]{2}")
_OBJECT = re.compile(r"[0-9a-f]{38}")
_CLOCKS_DIFFER = 3600
"""By so many seconds, that of the machine and that of the storage."""
log = logging.getLogger(__name__)


def recover(place: str, journal: Journal) -> None:
    """Do again what the disk does not have, if the machine was started again since. To be called while nobody writes:
    another process may just have done it. `OSError` where that cannot be done."""
    if not journal.is_of_another_start():
        return
    try:
        said = journal.records()
    except (ValueError, KeyError, TypeError) as error:  # whole, and of a version that says it in another way
        raise OSError(errno.EPROTO, f"{journal.place}: a newer version wrote the journal") from error
    took_away = _take_away_the_broken(Path(place) / "objects", min((each.begun for each in said), default=0))
    records = [record for each in said for record in each.records]
    for record in records:
        for object_id, held in record.objects.items():
            if read_object(Path(place) / "objects", object_id) is None:  # whatever the clock said then
                with suppress(FileNotFoundError):
                    os.unlink(f"{place}/objects/{object_id[:2]}/{object_id[2:]}")  # noqa: PTH108
            store(f"{place}/objects", object_id, held)
    moved = _moved(place, what_was_done(said))
    to_disk(place, records)
    journal.begin_anew()
    log.warning(
        "this machine was started again: of what was written last %s broken objects and %s refs were put right",
        took_away, moved,
    )  # fmt: skip


def _take_away_the_broken(objects: Path, since: float) -> int:
    """Files of objects that were being written when the power failed; how many. What was written before that and is
    broken has another cause, and is left to be looked at."""
    count = 0
    for folder in objects.iterdir():
        for file in folder.iterdir() if _FOLDER.fullmatch(folder.name) else ():
            fresh = _OBJECT.fullmatch(file.name) and file.stat().st_mtime > since - _CLOCKS_DIFFER
            if fresh and not is_whole(file.read_bytes(), folder.name + file.name):  # what cannot be read raises
                file.unlink()
                count += 1
    return count


def what_was_done(said: Sequence[Records]) -> list[Record]:
    """The records of what was done, as far as one can know: it says so, or something later stands on it."""
    done = frozenset[str]().union(*(each.done for each in said))
    stood_on: set[str] = set()
    found = []
    for record in reversed([record for each in said for record in each.records]):
        moves = [each for each in record.swaps if each.new != each.old]
        if record.named in done or any(each.new in stood_on for each in moves):
            found.append(record)
        stood_on.update(each.old for each in record.swaps if each.old is not None)
        stood_on.update(_parents_in(record))
    return found[::-1]


def _parents_in(record: Record) -> Iterator[str]:
    for object_id, held in record.objects.items():
        kind, content = read_held(held)
        if kind == "commit":
            yield from read_commit(object_id, content).parents


def _moved(place: str, done: Iterable[Record]) -> int:
    """Give refs what they were given last. What is none of what the journal knows of one was written by somebody else,
    such as an operator, and stays. How many were not as they should be."""
    last: dict[str, str] = {}
    known: dict[str, set[str | None]] = {}
    for swap in _moves(done):
        last[swap.ref] = swap.new
        known.setdefault(swap.ref, {None}).update((swap.old, swap.new))
    count = 0
    for ref, commit in last.items():
        says = _says(place, ref)
        if says != commit and says in known[ref]:
            replace_file(f"{place}/{ref}", f"{commit}\n")
            count += 1
    return count


def _moves(records: Iterable[Record]) -> Iterator[Swap]:
    for record in records:
        yield from (each for each in record.swaps if each.new != each.old)


def _says(place: str, ref: str) -> str | None:
    """What a ref says; None where it says nothing that can be read."""
    with suppress(OSError, UnicodeDecodeError):
        text = Path(f"{place}/{ref}").read_text("ascii").strip()
        return text if _ID.fullmatch(text) else None
    with suppress(OSError, ValueError):
        return packed(f"{place}/packed-refs", ref)
    return None
