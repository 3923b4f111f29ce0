"""Refs: read exactly, swapped only against what was read.

`swap` is the one way a ref is written. An unconditional write would be a defect.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path

from wiki.model.errors import Conflict, Unavailable
from wiki.model.trouble import in_words
from wiki.model.words import N_
from wiki.repository.files import IN_THE_MAKING, Locked, Moved, Stored, Swap, swap_refs
from wiki.repository.journal import Block, Journal
from wiki.repository.locks import LOCK_FILE, Locks
from wiki.repository.loose_refs import loose, text_of
from wiki.repository.packed_refs import packed
from wiki.repository.process import Git
from wiki.repository.recovery import recover

MAIN = "refs/heads/main"
LEFT_SECONDS = 30
_NUMBERS = "the number of the next proposal"
_DIGITS = 20
_ID = re.compile(r"[0-9a-f]{40}")


def proposal_ref(n: int) -> str:
    """The ref of proposal ``n``."""
    return f"refs/proposals/{n}"


def talk_ref(n: int) -> str:
    """The ref of the comments on proposal ``n``."""
    return f"refs/talk/{n}"


class Refs:
    """The refs of one repository."""

    def __init__(self, git: Git) -> None:
        self.git = git
        self._place = str(git.path)
        self.turn: Callable[[], AbstractContextManager[None]] | None = None
        """Has one write at a time over several machines, whatever it is; without it, processes of this one write beside
        each other what does not concern the same."""
        self._writers = Locks(git.path, {_NUMBERS: LOCK_FILE, MAIN: f"{LOCK_FILE}.main"})
        self._held = threading.local()
        self.journal = Journal(self._place)
        self._recovered = False

    def read(self, ref: str) -> str | None:
        """The commit a ref points at, or None. Reads the file of the ref, then that of packed refs, in the order in
        which git moves it from one to the other; git itself is asked where they are not as git writes them."""
        try:
            text = text_of(f"{self._place}/{ref}")
            return text if _ID.fullmatch(text) else self._ask(ref)
        except FileNotFoundError:
            pass
        except (OSError, UnicodeDecodeError):
            return self._ask(ref)
        try:
            return packed(f"{self._place}/packed-refs", ref)
        except (OSError, ValueError):
            return self._ask(ref)

    def is_gone(self, ref: str) -> bool:
        """Whether there is nothing of this name, not even what cannot be read."""
        return self.read(ref) is None and not os.path.lexists(f"{self._place}/{ref}")

    def _ask(self, ref: str) -> str | None:
        out = self.git.run("for-each-ref", "--format=%(refname) %(objectname)", "--", ref).decode()
        for line in out.splitlines():
            name, _, commit = line.partition(" ")
            if name == ref:
                return commit
        return None

    def several(self, refs: Iterable[str]) -> dict[str, str]:
        """The commits of those of these refs that there are. Asks git once, however many are packed."""
        wanted = list(refs)
        if not wanted:
            return {}
        out = self.git.run("for-each-ref", "--format=%(refname) %(objectname)", "--", *wanted).decode()
        return dict(line.split(" ", 1) for line in out.splitlines())

    def below(self, prefix: str) -> dict[str, str]:
        """Every ref below a prefix such as ``refs/proposals/``, with its commit."""
        out = self.git.run("for-each-ref", "--format=%(refname) %(objectname)", "--", prefix).decode()
        return dict(line.split(" ", 1) for line in out.splitlines())

    def swap(self, swaps: Iterable[Swap], stored: Iterable[Stored] = ()) -> None:
        """All swaps or none, with what was `stored` for them; durably when this returns, or where `writing`, when that
        ends. Raises `Conflict` where a ref is no longer what was read."""
        with self._block() as block:
            block.objects.extend(stored)
            try:
                swap_refs(self._place, list(swaps), self.read, block)
            except Moved:
                raise Conflict(N_("Somebody was quicker: what you saw has changed. Please look again.")) from None
            except Locked:
                raise Unavailable(N_("The guidelines are being written by somebody else; please try again.")) from None
            except OSError as error:
                raise _cannot_write(error) from error

    def confirm(self, ref: str) -> None:
        """While `writing`, note what a ref says: whoever moved it may have been killed before they noted that they had,
        and now somebody is told that it was done. Where it moves meanwhile, what moves it stands on that."""
        says = self.read(ref)
        with suppress(Conflict):
            self.swap([Swap(ref, says, says)] if says is not None else [])

    def note(self, stored: Iterable[Stored]) -> None:
        """While `writing`, have these objects come to the disk with the next swap, which leads to them."""
        with self._block() as block:
            block.objects.extend(stored)

    @contextmanager
    def _block(self) -> Iterator[Block]:
        """That of whoever is `writing`, else one that ends with this."""
        block: Block | None = getattr(self._held, "block", None)
        if block is not None:
            yield block
            return
        block = Block(self.journal)
        try:
            yield block
            _wait(block)
        finally:
            block.close()

    @contextmanager
    def writing(self, *names: str) -> Iterator[None]:
        """One writer at a time under each of these names, such as refs; without one, nobody else writes anything. Over
        all processes of this machine, or by `turn` of all, whatever the names. Swaps stay guarded all the same; the
        lock only spares the work of trying again. What was written is waited for once others may write, so several
        wait for the disk together; but where there are several machines, before that, for one sees what another has
        added to a file only when that is on the storage."""
        if not self._recovered:
            self.recover()
        block = self._held.block = Block(self.journal)
        try:
            with self.turn() if self.turn is not None else self._locked(*names):
                yield
                if self.turn is not None:
                    _wait(block, whole=True)
            if self.turn is None:
                _wait(block)
        finally:
            self._held.block = None
            block.close()

    def recover(self) -> None:
        """If the power failed since something was written here, do again what the disk did not get. `Unavailable` where
        that cannot be done; then nothing can be written either."""
        try:
            if self.journal.is_of_another_start():
                with self.turn() if self.turn is not None else self._locked():
                    recover(self.git, self.journal)
        except OSError as error:
            raise _cannot_write(error) from error
        self._recovered = True

    @contextmanager
    def numbering(self) -> Iterator[None]:
        """While `writing`, hold this from asking for the last number until the next is noted."""
        with nullcontext() if self.turn is not None else self._locked(_NUMBERS):
            yield

    @contextmanager
    def _locked(self, *names: str) -> Iterator[None]:
        with ExitStack() as stack:
            try:
                stack.enter_context(self._writers.held(*names))
            except OSError as error:
                raise _cannot_write(error) from error
            yield

    def lent(self) -> tuple[int, ...]:
        """The locks that this thread holds by `writing`, for a git that writes under them."""
        return self._writers.handles()

    def last_number(self) -> int:
        """The highest number a proposal has; 0 before the first. To be relied upon while `numbering`.

        The lock file remembers it, so that nobody counts ten thousand refs; the swap that makes a proposal
        demands that its ref does not exist, so a memory that is behind can do no harm.
        """
        try:
            return int(text_of(f"{self._place}/{LOCK_FILE}"))
        except (OSError, ValueError):
            return self.count_numbers()

    def count_numbers(self) -> int:
        """The highest number found among the refs themselves."""
        return max((int(ref.rpartition("/")[2]) for ref in self.below("refs/proposals/")), default=0)

    def remember_number(self, n: int) -> None:
        """Note the number of the proposal just made. To be called while `numbering`. The proposal is there whether or
        not the disk has room for the note. Written over what stands there and as long as that: a file that is cut off
        and written anew in its place is put on the disk at once by some file systems."""
        with suppress(OSError):
            file = os.open(f"{self._place}/{LOCK_FILE}", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                os.pwrite(file, f"{n:<{_DIGITS}}\n".encode("ascii"), 0)
            finally:
                os.close(file)

    def loose(self) -> Iterator[str]:
        """Every ref that is a file of its own."""
        return loose(self._place)

    def prune_packed(self, refs: Iterable[str]) -> None:
        """Remove the files of refs that stand in the file of packed refs as they are. A lock of git's own kind keeps
        others than our writers off."""
        with self.writing():
            for ref in refs:
                file = self.git.path / ref
                lock = Path(f"{file}.lock")
                try:
                    os.close(os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
                except FileExistsError:
                    continue
                try:
                    if file.read_text("ascii").strip() == packed(f"{self._place}/packed-refs", ref):
                        file.unlink()
                finally:
                    lock.unlink()

    def sweep(self) -> list[str]:
        """Remove locks that a killed process left behind; their paths. Nobody writes meanwhile, because every
        writer holds the lock that this takes."""
        swept = []
        with self.writing():
            for lock in self._locks():
                try:
                    lock.unlink(missing_ok=True)
                except OSError as error:
                    raise _cannot_write(error) from error
                swept.append(str(lock.relative_to(self.git.path)))
        return swept

    def left_behind(self) -> list[str]:
        """Locks that no writer holds: their paths. Nobody writes meanwhile."""
        with self.writing():
            return [str(lock.relative_to(self.git.path)) for lock in self._locks()]

    def _locks(self) -> list[Path]:
        """Locks, and what was about to be put in the place of refs."""
        place = self.git.path
        found = [*place.glob("*.lock"), place / "packed-refs.new", *place.glob(f"{IN_THE_MAKING}*")]
        found += (place / "refs").rglob("*.lock")
        locks = [lock for lock in found if lock.name != LOCK_FILE and lock.is_file()]
        return locks if self.turn is None else [lock for lock in locks if self._is_old(lock)]

    def _is_old(self, lock: Path) -> bool:
        """Who has lost their turn, as when their database went, may be writing for a moment still, on another machine.
        What is newer than that is left alone, by the clock of the storage."""
        kept = self.git.path / LOCK_FILE
        try:
            kept.touch()
            return kept.stat().st_mtime - lock.stat().st_mtime > LEFT_SECONDS
        except OSError:
            return False


def _wait(block: Block, *, whole: bool = False) -> None:
    """With ``whole`` the files themselves are on the storage, for other machines that go on without this one."""
    try:
        block.wait()
        if whole:
            block.to_disk()
    except OSError as error:
        raise _cannot_write(error) from error


def _cannot_write(error: OSError) -> Unavailable:
    return Unavailable(N_("The guidelines cannot be written just now: %(why)s"), why=in_words(error))
