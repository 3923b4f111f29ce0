"""`Repository`: one bare content repository, whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from wiki.model.acts import OBJECT_ID, Act, Person
from wiki.model.decide import Main
from wiki.model.errors import Damaged, NotFound
from wiki.model.names import POLICY_PATH, Neighbours, folders_of
from wiki.model.policy import Policy, parse_policy
from wiki.model.proposal import Blob, Proposal, Touched, fold
from wiki.model.words import N_
from wiki.repository.blame import IGNORED, Hunk, blame, ignored_in
from wiki.repository.chains import Chains
from wiki.repository.differences import Differences
from wiki.repository.files import Swap
from wiki.repository.history import Landed, landed
from wiki.repository.mailmap import MAILMAP, AsInGit, Identities, mailmapped
from wiki.repository.merges import Merges
from wiki.repository.objects import FOLDER, SUBMODULE, Batch, Commit, encode
from wiki.repository.process import Git
from wiki.repository.refs import MAIN, Refs, proposal_ref
from wiki.repository.store import Kept, Store, repository_exists
from wiki.repository.upkeep import Upkeep

_MANY = 10
"""From how many files on a git of their own is quicker than one question after another."""


class Repository:
    """A content repository at ``path``. Made once per process; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        if not repository_exists(self.path):
            raise NotFound(N_("There is no content repository at %(path)s."), path=path)
        self.git = Git(self.path)
        self.identities: Identities = AsInGit()
        self.refs = Refs(self.git)
        self.upkeep = Upkeep(self.git, self.refs)
        self.store = Store(self.git)
        self.differences = Differences(self.git, self.store)
        self.chains = Chains(self.store, self.differences)
        self.chain = self.chains.chain
        self.merges = Merges(self.git, self.store.commit)
        self._proposals = Kept(self._fold, 512)
        self.first_act = Kept(self._first_act, 512)
        """With which act a proposal began, by its number; `NotFound` where there is none. It never changes."""
        self._policies: Kept[Blob, Policy] = Kept(lambda blob: parse_policy(self._text(blob)), 32)
        self._policy_times = Kept(self._policy_changed_at, 256)
        self._last_policy_time: tuple[str, int] | None = None

    # Reading main

    def main(self) -> str:
        """The commit that is in force."""
        commit = self.refs.read(MAIN)
        if commit is None:
            raise Damaged(N_("The content repository has no main."))
        return commit

    def commit(self, commit_id: str) -> Commit:
        """A commit by its full id; `NotFound` for anything else."""
        if not OBJECT_ID.fullmatch(commit_id):
            raise NotFound(N_("There is no revision %(id)s."), id=commit_id[:50])
        return self.store.commit(commit_id)

    def file(self, commit_id: str, path: str) -> Blob | None:
        """The file at a path of a commit's tree, or None where there is none."""
        entry = self.store.entry(self.commit(commit_id).tree, path)
        return entry if entry is not None and entry.mode not in {FOLDER, SUBMODULE} else None

    def content(self, blob: Blob | str) -> bytes:
        """The bytes of a file; `NotFound` for what is no id of one."""
        object_id = blob.id if isinstance(blob, Blob) else blob
        if not OBJECT_ID.fullmatch(object_id):
            raise NotFound(N_("There is nothing with the id %(id)s here."), id=object_id[:50])
        return self.store.named(object_id, "blob") if isinstance(blob, Blob) else self.store.read(object_id, "blob")

    def contents(self, blobs: Sequence[str]) -> list[bytes]:
        """The bytes of some files, by their ids; errors as by `content`."""
        if len(blobs) < _MANY or not all(map(OBJECT_ID.fullmatch, blobs)):
            return [self.content(blob) for blob in blobs]
        return self.store.read_some(blobs, "blob")

    def brought(self, merges: Sequence[tuple[str, str]]) -> list[str | None]:
        """What each of these merges, with a path, brought at it: the blob there of the branch that was merged; None
        where there is none."""
        return self.store.ids([encode(f"{self.commit(commit).id}^2:{path}") for commit, path in merges])

    def files(self, commit_id: str) -> Iterator[tuple[str, Blob]]:
        """Every file of a commit's tree, by path."""
        yield from self._files("", self.commit(commit_id).tree)

    def _files(self, prefix: str, tree: str) -> Iterator[tuple[str, Blob]]:
        for name, entry in self.store.tree(tree).items():
            if entry.mode == FOLDER:
                yield from self._files(f"{prefix}{name}/", entry.id)
            else:
                yield prefix + name, entry

    def policy(self, commit_id: str) -> Policy:
        """The policy in a commit's tree. `Damaged` where there is none that can be read."""
        return self._policies(self._policy_blob(commit_id))

    def policy_text(self, commit_id: str) -> str:
        """The text of policy.toml in a commit's tree."""
        return self._text(self._policy_blob(commit_id))

    def _policy_blob(self, commit_id: str) -> Blob:
        blob = self.file(commit_id, POLICY_PATH)
        if blob is None:
            raise Damaged(N_("There is no policy.toml in %(id)s."), id=commit_id)
        return blob

    def policy_changed_at(self, main: str) -> int:
        """When a commit of main's first parents last changed policy.toml, in unix seconds."""
        return self._policy_times(main)

    def _policy_changed_at(self, main: str) -> int:
        known = self._last_policy_time
        at, steps = self.commit(main), 0
        while steps < 1_000:
            if known is not None and known[0] == at.id:
                return self._remember(main, known[1])
            parent = at.parents[0] if at.parents else None
            if parent is None or self.file(parent, POLICY_PATH) != self.file(at.id, POLICY_PATH):
                return self._remember(main, at.when)
            at, steps = self.commit(parent), steps + 1
        out = self.git.run("log", "-1", "--first-parent", "--format=%ct", main, "--", POLICY_PATH)
        return self._remember(main, int(out))

    def _remember(self, main: str, when: int) -> int:
        self._last_policy_time = (main, when)
        return when

    def landed(self, new: str, old: str | None = None) -> Iterator[Landed]:
        """Every commit that main gained from ``old`` to ``new``, parents before children."""
        return landed(self.git, new, old)

    def blame(self, commit: str, path: str) -> list[Hunk]:
        """Who wrote each line of a file at a commit of main. Commits that the file ``.git-blame-ignore-revs`` in what
        is in force lists are looked through."""
        return blame(self.git, self.commit(commit).id, path, self.looked_through())

    def blame_since(self, since: str, commit: str, path: str) -> list[Hunk]:
        """The same, no further back than an earlier commit of main: lines that stood in its text are given to it."""
        return blame(self.git, self.commit(commit).id, path, self.looked_through(), self.commit(since).id)

    def ignored(self) -> str:
        """Another value whenever other commits are to be looked through; "" for none."""
        listed = self.file(self.main(), IGNORED)
        return listed.id if listed is not None else ""

    def looked_through(self) -> list[str]:
        """The commits that the file ``.git-blame-ignore-revs`` in what is in force lists, those that are there."""
        listed = self.file(self.main(), IGNORED)
        ignored = ignored_in(self._text(listed)) if listed is not None else []
        return [each for each in ignored if self._is_there(each)]

    def called(self, people: Sequence[Person]) -> list[Person]:
        """Who these people are by the file ``.mailmap`` in what is in force, and by what they have told since, in the
        same order."""
        main = self.main()
        mapped = mailmapped(self.git, main, people) if self.file(main, MAILMAP) is not None else people
        return [self.identities.called(one) for one in mapped]

    def _is_there(self, commit_id: str) -> bool:
        try:
            return bool(self.store.commit(commit_id))
        except (NotFound, Damaged):
            return False

    def merge_of(self, tip: Act, main: str) -> str | None:
        """The commit of main by which a proposal with this last act came into force; None while it is not."""
        return self.merges.merge_of(tip, main)

    def has(self, commit_id: str) -> bool:
        """Whether such a commit is there at this moment, whatever was read before."""
        try:
            return bool(self.store.read(commit_id, "commit"))
        except NotFound:
            return False

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether ``older`` is reachable from ``newer``."""
        return self.git.run_with_status("merge-base", "--is-ancestor", older, newer, accept=(0, 1))[0] == 0

    # Reading proposals

    def proposal(self, tip: str, *, count_lines: bool = False) -> Proposal:
        """The proposal whose chain ends at ``tip``."""
        return self.proposal_of(self.chain(tip), count_lines=count_lines)

    def _first_act(self, n: int) -> Act:
        tip = self.refs.read(proposal_ref(n))
        if tip is None:
            raise NotFound(N_("There is no proposal %(n)s."), n=n)
        return self.chain(tip)[0]

    def proposal_of(self, acts: tuple[Act, ...], *, count_lines: bool = False) -> Proposal:
        """Fold a chain, with the files that its text touches."""
        return self._proposals((acts[-1].id, count_lines)) if acts else fold(acts)

    def _fold(self, asked: tuple[str, bool]) -> Proposal:
        tip, count_lines = asked
        return self.with_files(fold(self.chain(tip)), count_lines=count_lines)

    def with_files(self, folded: Proposal, *, count_lines: bool = False) -> Proposal:
        """A folded chain with the files that its text touches."""
        before, after = self.commit(folded.base).tree, folded.tip.tree
        touched = self.differences.touched(before, after)
        if count_lines:
            touched = self.differences.with_lines(before, after, touched)
        return replace(folded, touched=touched, new_policy=self._new_policy(touched))

    def _new_policy(self, touched: tuple[Touched, ...]) -> str | None:
        after = next((t.after for t in touched if t.path == POLICY_PATH), None)
        return self._text(after) if after is not None else None

    def _text(self, blob: Blob) -> str:
        return self.content(blob).decode("utf-8", "replace")

    def view(self, main: str, touched: Iterable[Touched], policy_changed_at: int | None = None) -> Main:
        """What main holds where these files are touched. ``policy_changed_at`` where it is known already."""
        paths = [t.path for t in touched]
        commit = self.commit(main)
        return Main(
            id=main,
            when=commit.when,
            blobs={path: self.store.entry(commit.tree, path) for path in paths},
            policy_changed_at=self.policy_changed_at(main) if policy_changed_at is None else policy_changed_at,
            neighbours=self.neighbours(commit.tree, [t.path for t in touched if t.before is None]),
        )

    def neighbours(self, tree: str, paths: Iterable[str]) -> Neighbours:
        """The names beside each path, in every folder on the way to it."""
        entries: dict[str, frozenset[tuple[str, bool]]] = {}
        for folder in {folder for path in paths for folder in folders_of(path)}:
            there = self.store.entry(tree, folder) if folder else Blob(FOLDER, tree)
            if there is not None and there.mode == FOLDER:
                names = self.store.tree(there.id).items()
                entries[folder] = frozenset((name, entry.mode == FOLDER) for name, entry in names)
        return Neighbours(entries)

    # Writing

    def writing(self, *names: str) -> AbstractContextManager[None]:
        """Hold this while reading what a swap depends on, and swapping: of those who write under the same name, such
        as a ref, one does so at a time; without a name, nobody else does."""
        return self.refs.writing(*names)

    def batch(self) -> Batch:
        """New objects for one act."""
        return self.store.batch()

    def store_and_swap(self, batch: Batch, swaps: Iterable[Swap]) -> None:
        """Store the objects, then move the refs: all, durably, or none."""
        self.refs.swap(swaps, self.store.add(batch))

    def add(self, batch: Batch) -> None:
        """While `writing`, store objects. They come to the disk with the next swap; what a kill leaves of it is swept
        under the same lock."""
        self.refs.note(self.store.add(batch))

    def note_merged(self, tree: str, *commits: str) -> None:
        """While `writing`, have what git wrote to merge these commits into a tree come to the disk with the next swap:
        git has synced the files, and not their names."""
        self.refs.note(self.store.written(tree, [self.commit(each).tree for each in commits]))

    @cached_property
    def system(self) -> Person:
        """Under whose name the wiki itself writes: the committer of the founding."""
        return self.commit(self.founding).committer

    @cached_property
    def founding(self) -> str:
        """The oldest first-parent commit of main whose tree has policy.toml. Noted in the configuration of the
        repository when it is founded; looked for where the note is missing, as in a clone."""
        status, noted = self.git.run_with_status("config", "--local", "concord.founding", accept=(0, 1))
        commit = noted.decode("ascii", "replace").strip()
        if status == 0 and OBJECT_ID.fullmatch(commit):
            return commit
        return self.find_founding(self.main())

    def find_founding(self, main: str) -> str:
        """Look for the founding commit below ``main``."""
        out = self.git.run("log", "--first-parent", "--reverse", "--diff-filter=A", "--no-renames", "-m",
                           "--format=%H", main, "--", f":(top,literal){POLICY_PATH}")  # fmt: skip
        first = out.split(b"\n", 1)[0].decode("ascii")
        if not first:
            raise Damaged(N_("This history was never founded: no commit of main has a policy.toml."))
        return first

    def ids(self, files: Mapping[str, str | bytes | None], batch: Batch) -> dict[str, Blob | None]:
        """Add what files hold to a batch: path to blob, None for a file that is taken away."""
        held = {path: text.encode("utf-8") if isinstance(text, str) else text for path, text in files.items()}
        return {path: Blob("100644", batch.blob(data)) if data is not None else None for path, data in held.items()}
