"""Wording: the text of a change on its way into git, refused here while the writer can still mend it.

Called by the service alone. Whatever slips through is still refused by `decide`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wiki.model.acts import Person, without_control
from wiki.model.errors import Conflict, NameTaken, Refused
from wiki.model.names import POLICY_PATH, collisions, is_attachment, name_of, problem_with_path
from wiki.model.policy import PolicyError, parse_policy
from wiki.model.proposal import Blob
from wiki.model.words import N_, Size
from wiki.repository import Repository

MAX_FILES = 200
Edit = str | bytes | None
"""What a file shall be: the text of a page, the bytes of an attachment, None to take it away."""


class AsItIs(str):
    """The text of a page of which somebody typed nothing: it is stored with the line ends that it has."""

    __slots__ = ()


@dataclass(frozen=True)
class Limits:
    """How large a page and an attachment may be, in bytes, and how many attachments one proposal may bring."""

    page_bytes: int = 1 << 20
    attachment_bytes: int = 5 << 20
    attachments: int = 20


class Wording:
    """New text on top of a commit; gathers its objects in ``batch``."""

    def __init__(self, repository: Repository, start: str, tree: str, limits: Limits) -> None:
        self.repository = repository
        self.start = start
        self.tree = tree
        self.limits = limits
        self.batch = repository.batch()
        self.files: Mapping[str, Blob | None] = {}

    def check_seen(self, seen: Mapping[str, str | None]) -> None:
        """`Conflict` where a file is no longer the blob that the writer began from."""
        for path, blob in seen.items():
            there = self.repository.file(self.start, path)
            if (there.id if there else None) != blob:
                raise Conflict(
                    N_("“%(name)s” has changed while you were writing. Your text is kept; please look at both."),
                    name=name_of(path) or path,
                )

    def held(self, edits: Mapping[str, Edit]) -> Mapping[str, Blob | None]:
        """What the files would be by these edits; nothing is checked."""
        files = {path: _stored(edit) for path, edit in edits.items()}
        return self.repository.ids(files, self.repository.batch())

    def write(self, edits: Mapping[str, Edit], *, reconciled: bool = False) -> str:
        """The tree with the edits in it. `Refused` where a name, a text or the policy is not allowed, or where
        nothing would change. Where the writer has ``reconciled`` two versions, the words that are there are a
        decision as well, and a page may be gone already."""
        files = {path: _stored(edit) for path, edit in edits.items()}
        if reconciled:
            there = self.repository.store.entry
            files = {path: edit for path, edit in files.items() if edit is not None or there(self.tree, path)}
        self._check_names(files)
        for path, edit in files.items():
            _check(path, edit, self.limits)
        self.files = self.repository.ids(files, self.batch)
        tree = self.batch.splice(self.tree, self.files)
        if tree == self.tree and not reconciled:
            raise Refused(N_("Nothing is different from the text that is there. Change something, then propose it."))
        return tree

    def _check_names(self, texts: Mapping[str, Edit]) -> None:
        if len(texts) > MAX_FILES:
            raise Refused(N_("One proposal can touch at most %(most)s pages."), most=MAX_FILES)
        if sum(isinstance(edit, bytes) for edit in texts.values()) > self.limits.attachments:
            raise Refused(N_("One proposal can bring at most %(most)s files."), most=self.limits.attachments)
        for path in texts:
            problem = problem_with_path(path)
            if problem is not None:
                raise Refused(problem)
        there = {path for path in texts if self.repository.store.entry(self.tree, path) is not None}
        gone = [path for path, text in texts.items() if text is None]
        for path in gone:
            if path not in there:
                raise Refused(N_("There is no page “%(name)s” that could be removed."), name=name_of(path) or path)
        added = [path for path, text in texts.items() if text is not None and path not in there]
        clashes = collisions(added, self.repository.neighbours(self.tree, added), gone)
        if clashes:
            raise NameTaken(clashes[0])

    def commit(self, who: Person, message: str, tree: str, *, parents: tuple[str, ...], when: int) -> str:
        """Add the act; its id."""
        committer = self.repository.system
        return self.batch.commit(
            tree=tree, parents=parents, author=who, committer=committer, when=when, message=message
        )


def _stored(edit: Edit) -> Edit:
    return clean_page(edit) if isinstance(edit, str) and not isinstance(edit, AsItIs) else edit


def clean_page(text: str) -> str:
    """A page as it is stored: one kind of line end, no control characters but tabs, one line end at the end."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = without_control(lines)
    return kept.rstrip("\n") + "\n" if kept.strip() else ""


def checked_text(path: str, text: str, limits: Limits) -> str:
    """A text as it is stored; `Refused` where it is none, too long, or no policy."""
    cleaned = clean_page(text)
    _check_text(path, cleaned, limits.page_bytes)
    return cleaned


def _check(path: str, edit: Edit, limits: Limits) -> None:
    if edit is None:
        if path == POLICY_PATH:
            raise Refused(N_("The policy cannot be removed, only changed."))
    elif isinstance(edit, bytes) != is_attachment(path):
        raise Refused(N_("“%(path)s” cannot hold this: pages hold text, and only files beside them do not."), path=path)
    elif isinstance(edit, str):
        _check_text(path, edit, limits.page_bytes)
    elif len(edit) > limits.attachment_bytes:
        raise Refused(N_("“%(path)s” is too large: at most %(most)s."), path=path, most=Size(limits.attachment_bytes))


def _check_text(path: str, text: str, max_page_bytes: int) -> None:
    if len(text.encode("utf-8")) > max_page_bytes:
        raise Refused(N_("This page is too long: at most %(most)s."), most=Size(max_page_bytes))
    if not text:
        raise Refused(N_("An empty page says nothing. To take the page away, propose to remove it."))
    if path == POLICY_PATH:
        try:
            parse_policy(text)
        except PolicyError as error:
            raise Refused(N_("This would not be a valid policy. %(problem)s"), problem=error.sentence) from error
