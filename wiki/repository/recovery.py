"""After the power failed: what the journal says is done again, where the disk did not get it.

Files that were being written then may be missing, empty, or as they were before. Every object that the journal holds
is stored again where it is not whole, and every ref gets what it was given last. What was about to be done and may not
have been is left alone, unless something that came later stands on it: nobody was told of it.

A ref may have come to the disk of which the journal knows nothing, because somebody still waited for that when the
power failed. Where what it leads to did not come there, it gets what it was before; nobody was told of that either.
"""

from __future__ import annotations

import errno
import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from wiki.repository.files import (
    NewObject,
    Swap,
    is_whole,
    read_held,
    read_object,
    replace_file,
    store,
    sync_folder,
    write_objects,
)
from wiki.repository.journal import Journal, Record, Records, to_disk
from wiki.repository.loose_refs import loose, says
from wiki.repository.objects import read_commit
from wiki.repository.packed_refs import all_packed, packed
from wiki.repository.process import EMPTY_TREE, Git, GitFailed

_FOLDER = re.compile(r"[0-9a-f]{2}")
_OBJECT = re.compile(r"[0-9a-f]{38}")
_CLOCKS_DIFFER = 3600
"""By so many seconds, that of the machine and that of the storage."""
_OURS = "refs/proposals/", "refs/talk/"
_FATAL = 128
log = logging.getLogger(__name__)


def recover(git: Git, journal: Journal) -> None:
    """Do again what the disk does not have, if the machine was started again since. To be called while nobody writes:
    another process may just have done it. `OSError` where that cannot be done."""
    place = str(git.path)
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
    (nothing,) = write_objects(Path(place) / "objects", [NewObject(EMPTY_TREE, b"tree", b"")])
    store(f"{place}/objects", nothing.id, nothing.file, synced=True)  # which git knows without, and misses all the same
    moved = _put_right(git, said)
    to_disk(place, records)
    journal.begin_anew()
    log.warning(
        "this machine was started again: of what was written last %s broken objects and %s refs were put right",
        took_away, moved,
    )  # fmt: skip


def _take_away_the_broken(objects: Path, since: float) -> int:
    """Files of objects that were being written when the power failed; how many. What was written before that and is
    broken has another cause, and is left to be looked at."""
    return sum(_is_taken_away(file, since) for file in _loose_objects(objects))


def _loose_objects(objects: Path) -> Iterator[Path]:
    for folder in objects.iterdir():
        with suppress(FileNotFoundError, NotADirectoryError):  # git has packed what was in it
            yield from folder.iterdir() if _FOLDER.fullmatch(folder.name) else ()


def _is_taken_away(file: Path, since: float) -> bool:
    with suppress(FileNotFoundError):
        fresh = _OBJECT.fullmatch(file.name) and file.stat().st_mtime > since - _CLOCKS_DIFFER
        if fresh and not is_whole(file.read_bytes(), file.parent.name + file.name):  # what cannot be read raises
            file.unlink()
            return True
    return False


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


def _put_right(git: Git, said: Sequence[Records]) -> int:
    """Give refs what they were given last, as far as that is there. How many were not as they should be."""
    place, were, done = str(git.path), _were(said), _given(what_was_done(said))
    there = _there(git, {*were.values(), *all_packed(f"{place}/packed-refs").values()})
    choices = {ref: _choices(place, ref, done.get(ref, []), were.get(ref)) for ref in {*done, *loose(place)}}
    _lead_to_what_is_there(git, {commits[0] for commits in choices.values() if commits} - there, there)
    count, noted = 0, any(each.refs is not None for each in said)
    for ref, commits in choices.items():
        now, given = _says(place, ref), done.get(ref)
        best = next((each for each in commits if each in there or _lead_to_what_is_there(git, {each}, there)), None)
        if best is None and given:  # the history is damaged
            best = given[0].new
        if best is not None and best != now:
            replace_file(f"{place}/{ref}", f"{best}\n")
            count += 1
        elif best is None and noted and ref.startswith(_OURS) and (commits == [now] or _is_empty(f"{place}/{ref}")):
            log.warning("%s led to %s, which is not there whole, and was nothing before", ref, now or "nothing")
            os.unlink(f"{place}/{ref}")  # noqa: PTH108
            sync_folder(os.path.dirname(f"{place}/{ref}"))  # noqa: PTH120
            count += 1
    return count


def _is_empty(file: str) -> bool:
    return os.stat(file).st_size == 0  # noqa: PTH116


def _were(said: Sequence[Records]) -> Mapping[str, str]:
    """What refs were when the journal was begun that there is now: the disk has all that this stands on."""
    return next((each.refs for each in reversed(said) if each.refs is not None), {})


def _given(done: Iterable[Record]) -> Mapping[str, Sequence[Swap]]:
    """What refs were given, the last first."""
    given: dict[str, list[Swap]] = {}
    for swap in _moves(done):
        given.setdefault(swap.ref, []).insert(0, swap)
    return given


def _choices(place: str, ref: str, given: Sequence[Swap], was: str | None) -> Sequence[str]:
    """What a ref may have to say, the best first. What is none of what the journal knows of it was written by somebody
    else, such as an operator, or by somebody who waited for the journal still."""
    now, known = _says(place, ref), {None, *(said for swap in given for said in (swap.old, swap.new))}
    first = [now] if now not in known else []
    found = [*first, *(swap.new for swap in given), was, _packed(place, ref)]
    return [each for each in dict.fromkeys(found) if each is not None]


def _moves(records: Iterable[Record]) -> Iterator[Swap]:
    for record in records:
        yield from (each for each in record.swaps if each.new != each.old)


def _says(place: str, ref: str) -> str | None:
    """What a ref says; None where it says nothing that can be read."""
    try:
        return says(place, ref)
    except FileNotFoundError:
        return _packed(place, ref)


def _packed(place: str, ref: str) -> str | None:
    with suppress(OSError, ValueError):
        return packed(f"{place}/packed-refs", ref)
    return None


def _there(git: Git, commits: set[str]) -> set[str]:
    """Those of these that are there."""
    asked = "\n".join(commits).encode("ascii")
    said = git.run("cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=asked + b"\n") if commits else b""
    return {line.split()[0] for line in said.decode("ascii").splitlines() if line.endswith(" commit")}


def _lead_to_what_is_there(git: Git, commits: set[str], there: set[str]) -> bool:
    """Whether all is there that these commits lead to, besides what is known to be ``there``, to which they are added
    then. `OSError` where git cannot tell."""
    if _there(git, commits) != commits:
        return False
    asked = "\n".join([*commits, *(f"^{each}" for each in there)]).encode("ascii")
    try:
        git.run("rev-list", "--objects", "--quiet", "--stdin", stdin=asked + b"\n")
    except GitFailed as failed:
        if failed.status != _FATAL or "memory" in failed.said:
            raise OSError(errno.EIO, failed.said) from failed
        return False
    there |= commits
    return True
