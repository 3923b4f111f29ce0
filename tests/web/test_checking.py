"""Anybody can check: the page that says how, one merge checked on the spot, and the guidelines cloned over HTTP."""

from __future__ import annotations

import gzip
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from tests.world import World, copy_of, open_world
from wiki.checking import check
from wiki.model.errors import Refused, Unavailable
from wiki.repository import Signer, UploadPack


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """The wiki on a port of loopback."""
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def git(*arguments: str | Path, status: int = 0) -> str:
    """Plain git, as anybody has it."""
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, env=env, check=False)
    assert (done.returncode == 0) is (status == 0), done.stderr
    return done.stdout + done.stderr


def _in_force(world: World, text: str = "# Welcome\n\nHello.\n") -> str:
    n = world.propose("ana", {"welcome": text}, "Say hello")
    world.endorse(n, "bob", "cyd")
    merge = world.wiki.guidelines.weigh(n).in_force
    assert merge is not None
    return merge


def test_the_guidelines_are_cloned_fetched_and_verified_with_plain_git(
    world: World, address: str, tmp_path: Path
) -> None:
    _in_force(world)
    clone = tmp_path / "clone"
    said = git("clone", f"{address}/-/guidelines.git", clone)
    assert "hint" not in said
    _, walk = check(clone)
    assert [checked.violations for checked in walk] == [()]
    merge = _in_force(world, "# Welcome\n\nHello again.\n")
    git("-C", clone, "pull", "-q")
    assert git("-C", clone, "rev-parse", "HEAD").strip() == merge
    assert (clone / "welcome.md").read_text() == "# Welcome\n\nHello again.\n"
    report, walk = check(clone)
    assert [checked.n for checked in walk] == [1, 2]
    assert report.summary() == "2 changes in force since the founding, 6 acts, 0 violations."
    git("-C", clone, "fetch", "-q", "origin", "+refs/proposals/*:refs/proposals/*")
    assert git("-C", clone, "for-each-ref", "--format=%(refname)", "refs/proposals").split() == [
        "refs/proposals/1",
        "refs/proposals/2",
    ]


@pytest.mark.parametrize("protocol", ["0", "1", "2"])
def test_every_protocol_of_git_clones(world: World, address: str, tmp_path: Path, protocol: str) -> None:
    _in_force(world)
    git("-c", f"protocol.version={protocol}", "clone", "-q", f"{address}/-/guidelines.git", tmp_path / "clone")
    git("-c", f"protocol.version={protocol}", "clone", "-q", "--depth=1", f"{address}/-/guidelines.git", tmp_path / "s")
    with pytest.raises(Refused, match="shallow"):
        check(tmp_path / "s")


def test_only_what_belongs_to_the_guidelines_is_shown(world: World, address: str) -> None:
    repository = world.wiki.repository
    repository.git.run("update-ref", "refs/secret/one", repository.main())
    repository.git.run("update-ref", "refs/heads/other", repository.main())
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.wiki.guidelines.comment(n, world.person("bob"), "Why?")
    shown = git("ls-remote", f"{address}/-/guidelines.git")
    assert {line.split("\t")[1] for line in shown.splitlines()} == {
        "HEAD",
        "refs/heads/main",
        "refs/proposals/1",
        "refs/talk/1",
    }


def test_nobody_can_push(world: World, address: str, tmp_path: Path) -> None:
    clone, before = tmp_path / "clone", world.everything()
    git("clone", "-q", f"{address}/-/guidelines.git", clone)
    assert "403" in git("-C", clone, "push", "origin", "HEAD:refs/heads/mine", status=1)
    client = world.app.test_client()
    assert client.get("/-/guidelines.git/info/refs?service=git-receive-pack").status_code == 403
    assert client.post("/-/guidelines.git/git-receive-pack").status_code in {404, 405}
    assert world.everything() == before


UPLOAD = "/-/guidelines.git/git-upload-pack"
ASKING = {"Content-Type": "application/x-git-upload-pack-request"}


@pytest.mark.parametrize("body", [b"", b"0000", b"rubbish", b"ffff", b"0032want " + b"0" * 40 + b"\n00000009done\n"])
def test_rubbish_from_something_that_is_not_git_does_no_harm(world: World, body: bytes) -> None:
    client = world.app.test_client()
    for packed in (body, gzip.compress(body)):
        headers = {**ASKING, **({"Content-Encoding": "gzip"} if packed is not body else {})}
        assert client.post(UPLOAD, data=packed, headers=headers).status_code in {200, 400, 503}
    assert client.post(UPLOAD, data=body).status_code == 415
    assert client.post(UPLOAD, data=b"\x1f\x8bno", headers={**ASKING, "Content-Encoding": "gzip"}).status_code == 400
    odd = {**ASKING, "Git-Protocol": "version=2\nGIT_DIR=/etc"}
    with pytest.raises(ValueError, match="newline"):
        client.post(UPLOAD, data=body, headers=odd)


def test_a_small_request_that_unpacks_to_a_huge_one_is_refused(world: World) -> None:
    bomb = gzip.compress(b"0" * (64 << 20))
    answer = world.app.test_client().post(UPLOAD, data=bomb, headers={**ASKING, "Content-Encoding": "gzip"})
    assert answer.status_code == 413


def test_those_who_copy_take_turns(world: World) -> None:
    pack = UploadPack(world.wiki.repository.git, slots=1)
    with pack._slot(), pytest.raises(Unavailable, match="Others are copying"):
        pack.advertisement("")
    assert b"refs/heads/main" in pack.advertisement("")


def test_a_person_at_the_address_for_git_is_told_what_it_is(world: World) -> None:
    page = world.visitor().open("/-/guidelines.git")
    assert page.status == 404
    assert "git clone" in page.main


def test_one_merge_is_checked_on_the_spot(world: World) -> None:
    merge = _in_force(world)
    visitor = world.visitor()
    visitor.open("/-/proposals/1")
    (link,) = visitor.page.tree.xpath("//main//a[text()='Verify']/@href")
    page = visitor.open(link)
    assert page.status == 200
    assert page.heading == "All is as it should be"
    assert "Endorsed by 2 colleagues who did not write it, of exactly this text: Bob Reyes and Cyd Laurent" in page.main
    assert "byte for byte" in page.main
    assert len(page.tree.xpath("//li[@class='fine']")) == 6
    assert merge in page.main


@pytest.mark.parametrize("commit", ["0" * 40, "main", "HEAD", "f" * 39, "F" * 40, "--all"])
def test_what_is_no_merge_of_ours_is_not_found(world: World, commit: str) -> None:
    assert world.visitor().open(f"/-/verify/{commit}").status == 404


def test_the_founding_an_act_and_a_merge_that_is_not_on_main_are_not_found(world: World) -> None:
    merge = _in_force(world)
    repository = world.wiki.repository
    commit = repository.commit(merge)
    loose = repository.batch()
    forged = loose.commit(tree=commit.tree, parents=commit.parents, author=commit.author, committer=commit.committer,
                          when=commit.when + 1, message=commit.message)  # fmt: skip
    repository.store.add(loose)
    for other in (repository.founding, commit.parents[1], forged):
        assert world.visitor().open(f"/-/verify/{other}").status == 404


def test_a_forged_merge_is_shown_as_what_it_is(world: World) -> None:
    repository = world.wiki.repository
    true = _in_force(world)
    merge = repository.commit(true)
    batch = repository.batch()
    tree = batch.splice(merge.tree, repository.ids({"smuggled.md": "# S\n"}, batch))
    forged = batch.commit(tree=tree, parents=merge.parents, author=merge.author, committer=merge.committer,
                          when=merge.when, message=merge.message)  # fmt: skip
    repository.store.add(batch)
    main = repository.path / "refs/heads/main"
    main.write_text(forged + "\n")
    page = world.visitor().open(f"/-/verify/{forged}")
    main.write_text(true + "\n")
    assert page.heading == "Something is wrong here"
    assert "it changes “smuggled.md”, which was not proposed" in page.main
    assert len(page.tree.xpath("//li[@class='wrong']")) == 1


def test_the_page_says_how(world: World) -> None:
    page = world.visitor().open("/-/verify")
    assert "git clone http://localhost/-/guidelines.git guidelines" in page.main
    assert ".venv/bin/wiki verify ../guidelines" in page.main
    assert "make install" in page.main
    assert "pip install" not in page.main, "nobody but us can say what a name in a registry stands for"
    assert "Signatures" not in page.main
    assert world.wiki.repository.founding in page.main


# Signing


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A private key without a passphrase."""
    place = tmp_path_factory.mktemp("keys") / "signing"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", place], check=True)
    return place


def _allowed(world: World, tmp_path: Path, key: Path) -> Path:
    signers = tmp_path / "signers"
    signers.write_text(f'{world.wiki.repository.system.email} namespaces="git" {Signer(key).public()}\n')
    return signers


def test_what_is_signed_is_good_for_git_and_for_us(founded: Path, tmp_path: Path, key: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), signing_key=str(key)) as world:
        merge = _in_force(world)
        signers = _allowed(world, tmp_path, key)
        place = world.wiki.repository.path
        said = git("--git-dir", place, "-c", f"gpg.ssh.allowedSignersFile={signers}", "verify-commit", merge)
        assert "Good" in said
        report, walk = check(place, allowed_signers=signers)
        assert [checked.violations for checked in walk] == [()]
        assert report.signed == 1
        assert "ssh-ed25519" in world.visitor().open("/-/verify").main
        world.wiki.index.rebuild()
        assert world.text("welcome") == "# Welcome\n\nHello.\n"


def test_a_merge_that_is_unsigned_or_signed_by_another_is_found(founded: Path, tmp_path: Path, key: Path) -> None:
    other = tmp_path / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other], check=True)
    with open_world(copy_of(founded, tmp_path / "data"), signing_key=str(key)) as world:
        _in_force(world)
        world.wiki.guidelines.sign = None
        _in_force(world, "# Welcome\n\nUnsigned.\n")
        world.wiki.guidelines.sign = Signer(other)
        _in_force(world, "# Welcome\n\nBy another.\n")
        _, walk = check(world.wiki.repository.path, allowed_signers=_allowed(world, tmp_path, key))
        found = [[str(v.sentence) for v in checked.violations] for checked in walk]
        assert found == [[], ["it is not signed"], ["its signature is not by an allowed key"]]


def test_a_key_that_cannot_sign_is_refused_at_the_start(founded: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret words", "-f", locked], check=True)
    (tmp_path / "rubbish").write_text("no key\n")
    for place in (tmp_path / "none", tmp_path / "rubbish", locked):
        with pytest.raises(Refused), open_world(copy_of(founded, tmp_path / f"d{place.name}"), signing_key=str(place)):
            pass


def test_without_the_program_that_signs_it_is_said(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Refused, match="openssh-client"):
        Signer(key).check()


def test_where_signing_fails_nothing_comes_into_force_and_it_is_tried_again(
    founded: Path, tmp_path: Path, key: Path
) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), signing_key=str(key)) as world:
        n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
        world.endorse(n, "bob")
        world.wiki.guidelines.sign = Signer(tmp_path / "gone")
        cyd = world.visitor("cyd")
        cyd.open(f"/-/proposals/{n}")
        page = cyd.submit("/endorse")
        assert page.status in {400, 503}
        assert not world.in_force(n)
        assert world.people["cyd"].person.key in world.wiki.guidelines.weigh(n).proposal.voices
        world.wiki.guidelines.sign = Signer(key)
        world.wiki.index.catch_up()
        world.wiki.tick()
        world.wiki.guidelines.settle(n)
        assert world.in_force(n)


def test_a_short_id_leads_to_the_whole_one(world: World) -> None:
    commit = _in_force(world)
    answer = world.app.test_client().get(f"/-/verify/{commit[:7]}")
    assert (answer.status_code, answer.location) == (308, f"/-/verify/{commit}")
    for wrong in (commit[:6], "g" * 7, "0" * 7):
        assert world.visitor().open(f"/-/verify/{wrong}").status == 404
