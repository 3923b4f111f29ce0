"""The only room that knows git.

`Repository` reads and writes one bare content repository. Called by the service, by `verify` and by the
index; everything it returns is a value of `wiki.model` or of this room, and never a GitPython object.
"""

from wiki.repository.blame import Hunk
from wiki.repository.files import Swap
from wiki.repository.history import Change, Landed
from wiki.repository.mailmap import MAILMAP
from wiki.repository.objects import Commit, is_text
from wiki.repository.process import GitFailed, check_git_version, check_git_version_once, git_version
from wiki.repository.refs import MAIN, proposal_ref, talk_ref
from wiki.repository.repository import Repository
from wiki.repository.signing import Signer, signatures
from wiki.repository.store import Kept
from wiki.repository.upkeep import MOST_LOOSE, MOST_LOOSE_REFS, Clutter
from wiki.repository.upload import UploadPack

__all__ = [
    "MAILMAP",
    "MAIN",
    "MOST_LOOSE",
    "MOST_LOOSE_REFS",
    "Change",
    "Clutter",
    "Commit",
    "GitFailed",
    "Hunk",
    "Kept",
    "Landed",
    "Repository",
    "Signer",
    "Swap",
    "UploadPack",
    "check_git_version",
    "check_git_version_once",
    "git_version",
    "is_text",
    "proposal_ref",
    "signatures",
    "talk_ref",
]
