"""Founding: a new content repository, from a folder of pages or from a history that is kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from wiki.model.acts import Person, clean_person
from wiki.model.errors import Refused, Unavailable
from wiki.model.names import PAGE_SUFFIX, POLICY_PATH, problem_with_path
from wiki.model.policy import PolicyError, parse_policy
from wiki.model.proposal import Blob
from wiki.model.words import N_
from wiki.repository.files import Swap
from wiki.repository.objects import Sign
from wiki.repository.process import EMPTY_TREE, Git, GitFailed
from wiki.repository.refs import MAIN
from wiki.repository.repository import Repository
from wiki.repository.store import repository_exists

_IMPORTED = "refs/imported/main"
FILES_ALLOWED = {"protocol.file.allow": "always"}
_CONFIG = {
    "core.bare": "true",
    "core.logAllRefUpdates": "false",
    "gc.auto": "0",
    "receive.denyNonFastForwards": "true",
    "transfer.fsckObjects": "true",
    "uploadpack.allowFilter": "true",
}


def found(path: Path, source: Path, policy: str, system: Person, when: int, sign: Sign | None = None) -> Repository:
    """Make a content repository at ``path`` and found it.

    ``source`` is a folder of Markdown pages, a git repository or a bundle; the history of the last two is kept.
    ``policy`` is used where the folder brings none; ``sign`` signs the founding. Nothing is left behind where it
    fails.
    """
    if path.exists():
        raise Refused(N_("There is something at %(path)s already; nothing was changed."), path=path)
    if not source.exists():
        raise Refused(N_("There is nothing at %(path)s to begin from."), path=source)
    building = path.with_name(f"{path.name}.founding")
    shutil.rmtree(building, ignore_errors=True)
    try:
        git = create(building)
        repository = Repository(building)
        if source.is_dir() and not _is_repository(source):
            files, tip = _from_folder(source, policy), None
        else:
            files, tip = {POLICY_PATH: policy.encode("utf-8")}, _from_history(git, repository, source)
        _check_policy(files[POLICY_PATH], source)
        _commit(repository, files, tip, clean_person(system), when, sign)
        repository.store.close()
        building.rename(path)
    except GitFailed as error:
        raise Refused(N_("%(path)s cannot be read: %(why)s"), path=source, why=error.said.strip()) from error
    except OSError as error:
        raise Unavailable(N_("The content repository cannot be made: %(why)s"), why=error) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Repository(path)


def create(path: Path) -> Git:
    """An empty content repository. Where its directory has to be made, only its owner may enter that: accounts and
    drafts will lie beside the repository."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    git = Git(path)
    git.run("init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(path))
    for key, value in _CONFIG.items():
        git.run("config", "--local", key, value)
    return git


def _is_repository(source: Path) -> bool:
    return (source / ".git").exists() or repository_exists(source)


def _from_folder(folder: Path, policy: str) -> dict[str, bytes]:
    files = {file.relative_to(folder).as_posix(): file.read_bytes() for file in _pages(folder)}
    for path in files:
        problem = problem_with_path(path)
        if problem is not None:
            raise Refused(N_("“%(path)s” cannot be a page. %(why)s"), path=path, why=problem)
    own = folder / POLICY_PATH
    return {**files, POLICY_PATH: own.read_bytes() if own.is_file() else policy.encode("utf-8")}


def _check_policy(text: bytes, source: Path) -> None:
    try:
        parse_policy(text.decode("utf-8", "replace"))
    except PolicyError as error:
        own = source / POLICY_PATH
        raise Refused(N_("%(path)s is not a valid policy. %(problem)s"), path=own, problem=error.sentence) from error


def _pages(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob(f"*{PAGE_SUFFIX}")):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if file.is_file() and not file.is_symlink() and not hidden:
            yield file


def _from_history(git: Git, repository: Repository, source: Path) -> str:
    """Fetch the main branch of the source; its commit. Each object is checked as it comes, and that none is missing."""
    branch = _branch(git, source)
    try:
        git.run_with_status(
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--",
            str(source.absolute()), f"+{branch}:{_IMPORTED}",
            settings={"protocol.file.allow": "always", "fetch.unpackLimit": "1", "fetch.fsckObjects": "true"},
        )  # fmt: skip
        tip = git.run("rev-parse", "--verify", "--end-of-options", _IMPORTED).decode().strip()
    except GitFailed as error:
        raise Refused(
            N_("The history at %(path)s cannot be read: %(why)s"), path=source, why=error.said.strip()
        ) from error
    if (repository.path / "shallow").exists():
        raise Refused(N_("%(path)s is a shallow clone; its history is not whole."), path=source)
    if git.run("log", "-1", "--first-parent", "--format=%H", tip, "--", f":(top,literal){POLICY_PATH}"):
        raise Refused(
            N_("%(path)s has had a policy.toml: it seems to be the content of a wiki already. To go on with it, "
               "copy it to content.git in the data directory."),
            path=source,
        )  # fmt: skip
    git.run("update-ref", "-d", _IMPORTED, tip)
    return tip


def _branch(git: Git, source: Path) -> str:
    """Which branch of the source is its main: HEAD, or main, or master, or the only one."""
    try:
        _, out = git.run_with_status("ls-remote", "--", str(source.absolute()), settings=FILES_ALLOWED)
    except GitFailed as error:
        raise Refused(
            N_("%(path)s is not a git repository or bundle that can be read: %(why)s"),
            path=source,
            why=error.said.strip().splitlines()[0] if error.said.strip() else error.status,
        ) from error
    refs = [line.split("\t")[1] for line in out.decode("utf-8", "replace").splitlines()]
    if not refs:
        raise Refused(N_("There is nothing at %(path)s to begin from."), path=source)
    for ref in ("HEAD", "refs/heads/main", "refs/heads/master"):
        if ref in refs:
            return ref
    heads = [ref for ref in refs if ref.startswith("refs/heads/")]
    if len(heads) != 1:
        raise Refused(N_("%(path)s does not say which of its branches is the main one."), path=source)
    return heads[0]


def _commit(
    repository: Repository, files: Mapping[str, bytes], tip: str | None, system: Person, when: int, sign: Sign | None
) -> None:
    batch = repository.batch()
    start = repository.commit(tip).tree if tip else EMPTY_TREE
    blobs = {path: Blob("100644", batch.blob(data)) for path, data in files.items()}
    act = batch.commit(
        tree=batch.splice(start, blobs),
        parents=(tip,) if tip else (),
        author=system,
        committer=system,
        when=when,
        message="Found these guidelines\n\nFrom here on, every change is proposed and endorsed.\n",
        sign=sign,
    )
    repository.store_and_swap(batch, [Swap(MAIN, None, act)])
    repository.git.run("config", "--local", "concord.founding", act)


def copy_founding_note(repository: Repository) -> None:
    """Note the founding commit again, where a copied repository has lost it."""
    repository.git.run("config", "--local", "concord.founding", repository.find_founding(repository.main()))
