"""Names: which paths in the guidelines may be touched, and how a page is called.

A page named ``travel/expenses`` is the file ``travel/expenses.md``. A :class:`PageName` that exists is a valid
one, so nothing that takes one has to check again. Beside pages there may be attachments: pictures and documents, known
by how their names end.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from wiki.model.errors import Refused
from wiki.model.words import N_, Sentence, say

POLICY_PATH = "policy.toml"
PAGE_SUFFIX = ".md"
ATTACHMENT_SUFFIXES = (".gif", ".jpeg", ".jpg", ".pdf", ".png", ".webp")
MAX_PART_BYTES = 100
MAX_NAME_BYTES = 240
_MOST_KNOWN = 4_096

_WINDOWS_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{device}{digit}" for device in ("com", "lpt") for digit in "0123456789¹²³"]
)
_IGNORABLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")
_FORBIDDEN = re.compile(r'[\\:*?"<>|]')


@dataclass(frozen=True, order=True)
class PageName:
    """The name of a page, without the file's suffix: ``folder/page``.

    Raises :class:`Refused` with the reason when ``text`` cannot name a page.
    """

    text: str

    def __post_init__(self) -> None:
        problem = problem_with_name(self.text)
        if problem is not None:
            raise Refused(problem)

    @property
    def path(self) -> str:
        """The file in the tree of main."""
        return self.text + PAGE_SUFFIX

    @property
    def folder(self) -> str:
        """The folder the page lies in; empty at the top."""
        return self.text.rpartition("/")[0]

    def __str__(self) -> str:
        return self.text


def name_of(path: str) -> str | None:
    """The page name of a file path, or None where the file is no page. Does not validate: what is imported
    may be read under any name; only what is proposed must have an allowed one."""
    return path[: -len(PAGE_SUFFIX)] if path.endswith(PAGE_SUFFIX) and len(path) > len(PAGE_SUFFIX) else None


def is_attachment(path: str) -> bool:
    """Whether a file is a picture or document that stands beside pages."""
    return path.endswith(ATTACHMENT_SUFFIXES)


def plain_name(typed: str) -> str | None:
    """The page name nearest to what somebody typed, such as a title: in lower case, hyphens for spaces and for what a
    name cannot hold. None where nothing is left, or nothing that could be a name."""
    text = unicodedata.normalize("NFC", typed.encode("utf-8", "ignore").decode("utf-8")).lower()
    parts = (_plain_part(part) for part in text.removesuffix(PAGE_SUFFIX).split("/"))
    name = unicodedata.normalize("NFC", "/".join(part for part in parts if part))
    return name if problem_with_name(name) is None else None


def _plain_part(part: str) -> str:
    kept = "".join("-" if _FORBIDDEN.match(c) or c.isspace() else "" if _is_invisible(c) else c for c in part)
    return re.sub(r"[-.]{2,}", "-", kept).strip("-. ")


def problem_with_path(path: str) -> Sentence | None:
    """Why a change may not touch this file, or None where it may."""
    if path == POLICY_PATH:
        return None
    if is_attachment(path):
        return _problem(path, "")
    name = name_of(path)
    if name is None:
        return say(
            N_("“%(path)s” is neither a page (.md) nor a file that may stand beside one (%(kinds)s)."),
            path=path,
            kinds=", ".join(ATTACHMENT_SUFFIXES),
        )
    return problem_with_name(name)


def problem_with_name(name: str) -> Sentence | None:
    """Why this cannot be the name of a page, or None where it can."""
    return _problem(name, PAGE_SUFFIX)


def _problem(name: str, suffix: str) -> Sentence | None:
    """``suffix`` is what the file has besides the name."""
    if not name:
        return say(N_("A page needs a name."))
    try:
        size = len((name + suffix).encode("utf-8"))
    except UnicodeEncodeError:
        return say(N_("A page name must be ordinary text."))
    if size > MAX_NAME_BYTES:
        return say(N_("This page name is too long: at most %(most)s bytes."), most=MAX_NAME_BYTES - len(suffix))
    return _problem_of_short(name, suffix)


@lru_cache(_MOST_KNOWN)
def _problem_of_short(name: str, suffix: str) -> Sentence | None:
    """Asked several times for each act, and mostly of the same pages."""
    if unicodedata.normalize("NFC", name) != name:
        return say(N_("This page name is written with combining characters; please write it in composed form."))
    if name.startswith("/") or name.endswith("/") or "//" in name:
        return say(N_("A page name has no empty part between, before or after its slashes."))
    parts = name.split("/")
    for at, part in enumerate(parts):
        problem = _problem_with_part(part, part + suffix if at == len(parts) - 1 else part)
        if problem is not None:
            return problem
    return None


def _problem_with_part(part: str, file: str) -> Sentence | None:
    """``file`` is the part as git stores it: the last one carries the suffix."""
    bad = next((c for c in part if _is_invisible(c)), None)
    if bad is not None:
        return say(N_("A page name cannot hold the invisible character U+%(code)04X."), code=ord(bad))
    if part.startswith("-"):
        return say(N_("No part of a page name may begin with a hyphen."))
    if part.startswith(".") or part.endswith("."):
        return say(N_("No part of a page name may begin or end with a full stop."))
    if part != part.strip():
        return say(N_("No part of a page name may begin or end with a space."))
    if _FORBIDDEN.search(part):
        return say(N_('A page name cannot hold any of these: \\ : * ? " < > |'))
    if part.lower().endswith(PAGE_SUFFIX):
        return say(N_("Please leave “%(suffix)s” out: “%(name)s” will do."), suffix=part[-len(PAGE_SUFFIX) :],
                   name=part[: -len(PAGE_SUFFIX)])  # fmt: skip
    if "@{" in part or part.lower().endswith(".lock"):
        return say(N_("“%(part)s” means something else to the machine; please choose another name."), part=part)
    if _looks_like_git(part) or part.split(".")[0].rstrip(" ").casefold() in _WINDOWS_DEVICES:
        return say(N_("“%(part)s” means something else to the machine; please choose another name."), part=part)
    if len(file.encode("utf-8")) > MAX_PART_BYTES:
        return say(N_("A part of this page name is too long: at most %(most)s bytes."), most=MAX_PART_BYTES)
    return None


def _is_invisible(char: str) -> bool:
    """Control, format and separator characters, what Unicode calls ignorable, and what it says is no character: two
    names that differ only by those look the same."""
    if 0xFDD0 <= ord(char) <= 0xFDEF or ord(char) & 0xFFFE == 0xFFFE:
        return True
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or _IGNORABLE.match(char) is not None


def _looks_like_git(part: str) -> bool:
    """Whether some file system takes the part for ``.git`` or a file that git reads: compatibility forms of
    the full stop, and the short names of NTFS."""
    folded = unicodedata.normalize("NFKC", part).casefold()
    return folded.startswith(".") or re.match(r"gi[0-9a-z]*~[0-9]", folded) is not None


@dataclass(frozen=True)
class Neighbours:
    """What stands beside the touched paths on main.

    ``entries`` maps each folder on the way to a touched path ("" is the top) to the names in it, as
    (name, is a folder).
    """

    entries: dict[str, frozenset[tuple[str, bool]]]


def collisions(added: Iterable[str], neighbours: Neighbours, removed: Iterable[str] = ()) -> list[Sentence]:
    """Why new files would collide with what stands beside them, or with each other.

    ``removed`` are paths that the same change takes away: a page may be renamed to another case of its name.
    """
    added = list(added)
    gone = set(removed)
    entries = {
        folder: {e for e in names if e[1] or _join(folder, e[0]) not in gone}
        for folder, names in neighbours.entries.items()
    }
    problems = []
    for path in added:
        problem = _collision(path, entries)
        if problem is not None:
            problems.append(problem)
        for folder, name, is_folder in _steps(path):
            entries.setdefault(folder, set()).add((name, is_folder))
    return problems


def folders_of(path: str) -> list[str]:
    """The folders on the way to a file, from the top ("") down."""
    return [folder for folder, _, _ in _steps(path)]


def _steps(path: str) -> list[tuple[str, str, bool]]:
    parts = path.split("/")
    return [("/".join(parts[:at]), part, at < len(parts) - 1) for at, part in enumerate(parts)]


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _collision(path: str, entries: Mapping[str, set[tuple[str, bool]]]) -> Sentence | None:
    for folder, name, is_folder in _steps(path):
        mine = fold_name(name if is_folder else name.removesuffix(PAGE_SUFFIX))
        for other, other_is_folder in entries.get(folder, ()):
            theirs = fold_name(other if other_is_folder else other.removesuffix(PAGE_SUFFIX))
            if mine != theirs or (name, is_folder) == (other, other_is_folder):
                continue
            if is_folder != other_is_folder:
                return say(
                    N_("“%(other)s” exists already; a page cannot have the name of a folder."),
                    other=_join(folder, other),
                )
            return say(
                N_("“%(other)s” exists already; the two names would differ only in how they are written."),
                other=_join(folder, other),
            )
    return None


def fold_name(name: str) -> str:
    """Two names with the same folded form are the same to somebody reading them, or to some file system."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
