"""The pages that a proposal changes, each with its difference and what was said beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from wiki.model.merge import Weighed
from wiki.model.moves import moves
from wiki.model.names import POLICY_PATH, is_attachment, name_of
from wiki.model.proposal import Blob, Touched
from wiki.prose import Beside
from wiki.web import differences
from wiki.web.attachments.shown import of_proposal, proposed_by, with_sources
from wiki.web.policy.plain import Changed, changed_text
from wiki.web.proposals.routes import text_of
from wiki.web.review_words import confirmation
from wiki.web.say import _
from wiki.web.titles import title_of


@dataclass(frozen=True)
class FileView:
    """One page of a proposal: what it is, and what would change. ``confirms`` says so where that is only the day of the
    next look, ``says`` what a policy would say, where it can be read."""

    name: str
    path: str
    title: str
    old_name: str | None
    status: str
    difference: Markup
    source: Markup
    edit_url: str | None
    suggest_url: str | None
    is_policy: bool
    says: Changed | None = None
    confirms: str | None = None


@dataclass(frozen=True)
class Allowed:
    """What the reader may do with the pages of a proposal."""

    revise: bool
    suggest: bool


def files_of(weighed: Weighed, may: Allowed, beside: Callable[[str], Beside | None]) -> list[FileView]:
    """The pages, a page that moved shown as one, and after them the files that come with them. ``beside`` gives what
    stands beside the passages of a file."""
    touched = sorted(weighed.proposal.touched, key=lambda each: is_attachment(each.path))
    moved = moves_in([each for each in touched if not is_attachment(each.path)])
    left = {former.path for former in moved.values()}
    return [
        _file(weighed, each, moved.get(each.path), may, beside(each.path)) for each in touched if each.path not in left
    ]


def moves_in(touched: Sequence[Touched], read: Callable[[Blob], str] = text_of) -> dict[str, Touched]:
    """The pages that have another address, by that address, whatever else is changed in them. ``read`` gives the text
    of a blob."""
    gone = {each.path: each for each in touched if each.after is None and each.before is not None}
    come = {each.path: each.after for each in touched if each.before is None and each.after is not None}
    blobs = {blob.id: blob for blob in [*(each.before for each in gone.values()), *come.values()] if blob is not None}
    found = moves(
        {path: each.before.id for path, each in gone.items() if each.before is not None},
        {path: blob.id for path, blob in come.items()},
        lambda blob: read(blobs[blob]),
    )
    return {new: gone[old] for new, old in found.items()}


def _file(weighed: Weighed, touched: Touched, moved: Touched | None, may: Allowed, beside: Beside | None) -> FileView:
    if is_attachment(touched.path):
        return _attachment(weighed.n, touched)
    before, after = text_of(moved.before if moved else touched.before), text_of(touched.after)
    name = name_of(touched.path) or touched.path
    there = touched.after is not None
    same = moved is not None and before == after
    return FileView(
        name=name,
        path=touched.path,
        title=title_of(touched.path, after or before),
        old_name=name_of(moved.path) if moved else None,
        status=status_of(touched, moved),
        difference=only_moved() if same else _difference(weighed, before, after, touched.path, beside),
        source=differences.line_by_line(before, after),
        edit_url=url_for("editor.edit", name=name, proposal=weighed.n) if may.revise and there else None,
        suggest_url=url_for("suggesting.suggest", n=weighed.n, name=name) if may.suggest and there else None,
        is_policy=touched.path == POLICY_PATH,
        says=changed_text(before, after) if touched.path == POLICY_PATH else None,
        confirms=confirmation(before, after) if touched.before and touched.after else None,
    )


def _difference(weighed: Weighed, before: str, after: str, path: str, beside: Beside | None) -> Markup:
    shown = with_sources(differences.prose(before, after, path, beside), proposed_by(weighed))
    return Markup(shown)  # noqa: S704 - the difference, with other addresses of ours


def _attachment(n: int, touched: Touched) -> FileView:
    path = touched.path
    return FileView(
        name="",
        path=path,
        title=path.rpartition("/")[2],
        old_name=None,
        status=status_of(touched),
        difference=of_proposal(n, path, before=touched.before is not None, after=touched.after is not None),
        source=Markup(),
        edit_url=None,
        suggest_url=None,
        is_policy=False,
    )


def only_moved() -> Markup:
    """What stands in place of a difference where a page only has another address."""
    return Markup("<p>{}</p>").format(_("Every word stays; only the address changes."))


def status_of(touched: Touched, moved: Touched | None = None) -> str:
    """What happens to a page: added, renamed, removed or changed."""
    if touched.before is None:
        return "renamed" if moved else "added"
    return "removed" if touched.after is None else "changed"
