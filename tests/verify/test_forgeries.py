"""Forgeries planted with plumbing git, each found by the audit, which knows nothing but the repository."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest

from tests.house import ANA, BOB, CYD, DEE, House
from wiki.verify import audit

TEXT = "# Welcome\n\nThis is how we work together.\n"
STRICT = """\
[[rule]]
pages = "**"
endorse = 2
open = "2d"
"""


class Forger:
    """Somebody with the power to write into the repository, and git's plumbing at hand."""

    def __init__(self, house: House) -> None:
        self.house = house
        house.damaged = True

    def git(self, *arguments: str, stdin: str = "", **environ: str) -> str:
        """The output of one command."""
        env = {**os.environ, **environ, "GIT_DIR": str(self.house.path), "GIT_CONFIG_GLOBAL": os.devnull}
        done = subprocess.run(["git", *arguments], input=stdin, capture_output=True, text=True, check=True, env=env)
        return done.stdout.strip()

    def tree(self, start: str, path: str, text: str | None, mode: str = "100644") -> str:
        """The tree of a commit with one file changed, or taken away."""
        index = {"GIT_INDEX_FILE": str(self.house.path / "forged.index")}
        self.git("read-tree", start, **index)
        if text is None:
            self.git("update-index", "--index-info", stdin=f"0 {'0' * 40}\t{path}\n", **index)
        else:
            blob = self.git("hash-object", "-w", "--stdin", stdin=text)
            self.git("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}", **index)
        return self.git("write-tree", **index)

    def commit(
        self, tree: str, *parents: str, message: str, author: str = "Ana Souza <ana@example.com>",
        committer: str = "Concord <concord@localhost>", when: int | None = None,
    ) -> str:  # fmt: skip
        """A commit by whoever it says."""
        at = when if when is not None else int(self.house.clock.at)
        environ = {}
        for role, who in (("AUTHOR", author), ("COMMITTER", committer)):
            name, _, email = who.rstrip(">").partition(" <")
            environ |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": email, f"GIT_{role}_DATE": f"@{at} +0000"}
        given = [part for parent in parents for part in ("-p", parent)]
        return self.git("commit-tree", tree, *given, stdin=message, **environ)

    def act(self, tip: str, message: str, tree: str | None = None, **others: object) -> str:
        """An act on top of a chain."""
        return self.commit(tree or f"{tip}^{{tree}}", tip, message=message, **others)  # type: ignore[arg-type]

    def put_on_main(self, commit: str) -> None:
        """Without asking anybody."""
        self.git("update-ref", "refs/heads/main", commit)

    def main(self) -> str:
        return self.git("rev-parse", "refs/heads/main")

    def message(self, commit: str) -> str:
        return self.git("log", "-1", "--format=%B", commit) + "\n"

    def again(self, merge: str, *, tree: str | None = None, message: str | None = None, **others: object) -> None:
        """The same merge on main, told otherwise."""
        parents = self.git("log", "-1", "--format=%P", merge).split()
        forged = self.commit(
            tree or f"{merge}^{{tree}}",
            *parents,
            message=message or self.message(merge),
            **others,  # type: ignore[arg-type]
        )
        self.put_on_main(forged)

    def found(self) -> str:
        """What the audit says, in one text."""
        repository = self.house.again().repository
        try:
            return "\n".join(str(v.sentence) for checked in audit(repository) for v in checked.violations)
        finally:
            repository.store.close()


@pytest.fixture
def merged(house: House) -> tuple[Forger, str]:
    """A house with one change in force, and its merge."""
    house.bring_into_force(ANA, {"welcome.md": TEXT}, BOB, CYD)
    forger = Forger(house)
    assert forger.found() == ""
    return forger, forger.main()


def _endorsed(house: House, *people: object) -> str:
    """A proposal with endorsements, and its tip."""
    n = house.propose(ANA, {"travel/visa.md": "# Visas\n\nAsk earlier.\n"})
    for who in people:
        house.endorse(n, who)  # type: ignore[arg-type]
    return house.guidelines.tip(n)


def _merge_message(n: int, change: str, *endorsers: str, title: str = "A change") -> str:
    lines = [f"{title} (#{n})", "", f"Proposal: {n}", f"Change: {change}", "Active-Members: 5",
             "Written-by: Ana Souza <ana@example.com>", *(f"Endorsed-by: {who}" for who in endorsers)]  # fmt: skip
    return "\n".join(lines) + "\n"


BOB_, CYD_ = "Bob Reyes <bob@example.com>", "Cyd Laurent <cyd@example.com>"


def test_a_direct_push_is_found(merged: tuple[Forger, str]) -> None:
    forger, main = merged
    forger.put_on_main(forger.commit(forger.tree(main, "welcome.md", "# Mine\n"), main, message="Fix a typo\n"))
    assert "put on main directly" in forger.found()


def test_other_text_than_was_endorsed_is_found(merged: tuple[Forger, str]) -> None:
    forger, merge = merged
    forger.again(merge, tree=forger.tree(merge, "welcome.md", TEXT + "\nAnd pay me.\n"))
    assert "is not the one that was endorsed" in forger.found()


def test_an_extra_page_is_found(merged: tuple[Forger, str]) -> None:
    forger, merge = merged
    forger.again(merge, tree=forger.tree(merge, "extra.md", "# Extra\n"))
    assert "“extra.md”, which was not proposed" in forger.found()


def test_a_page_taken_away_on_the_way_is_found(merged: tuple[Forger, str]) -> None:
    forger, merge = merged
    forger.again(merge, tree=forger.tree(merge, "legal/contracts.md", None))
    assert "“legal/contracts.md”, which was not proposed" in forger.found()


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("Endorsed-by: Cyd", "Endorsed-by: Eve Ilse <eve@example.com>\nEndorsed-by: Cyd", "Eve Ilse"),
        ("Endorsed-by: Cyd Laurent <cyd@example.com>\n", "", "does not say “Endorsed-by: Cyd"),
        ("Written-by: Ana Souza <ana@example.com>", "Written-by: Bob Reyes <bob@example.com>", "Written-by"),
        ("Active-Members: 5", "Active-Members: many", "Active-Members"),
        ("A change (#1)", "Another change (#1)", "its title is not"),
        ("Proposal: 1", "Proposal: 7", "title is not the title|which is not true|does not say|ends elsewhere"),
    ],
)
def test_a_merge_that_does_not_tell_the_truth_is_found(
    merged: tuple[Forger, str], before: str, after: str, says: str
) -> None:
    forger, merge = merged
    forger.again(merge, message=forger.message(merge).replace(before, after))
    assert any(part in forger.found() for part in says.split("|"))


def test_a_merge_not_committed_by_the_wiki_is_found(merged: tuple[Forger, str]) -> None:
    forger, merge = merged
    forger.again(merge, committer="Eve Ilse <eve@example.com>")
    assert "not committed by the wiki" in forger.found()


def test_a_merge_dated_before_what_it_follows_is_found(merged: tuple[Forger, str]) -> None:
    forger, merge = merged
    forger.again(merge, when=int(forger.house.clock.at) - 1_000_000)
    assert "dated before what it follows" in forger.found()


def test_the_same_chain_merged_twice_is_found(merged: tuple[Forger, str]) -> None:
    forger, merge = merged
    tip = forger.git("rev-parse", f"{merge}^2")
    undone = forger.commit(f"{merge}^1^{{tree}}", merge, tip, message=forger.message(merge))
    forger.put_on_main(undone)
    assert "before" in forger.found()


def test_too_few_endorsements_are_found(house: House) -> None:
    forger, tip = Forger(house), _endorsed(house, BOB)
    change = house.change(1)
    main = forger.main()
    tree = forger.tree(main, "travel/visa.md", "# Visas\n\nAsk earlier.\n")
    forger.put_on_main(forger.commit(tree, main, tip, message=_merge_message(1, change, BOB_)))
    assert "one more colleague must endorse it" in forger.found()


def test_a_merge_before_its_time_is_found(build: Callable[..., House]) -> None:
    house = build(policy=STRICT)
    forger, tip = Forger(house), _endorsed(house, BOB, CYD)
    main = forger.main()
    tree = forger.tree(main, "travel/visa.md", "# Visas\n\nAsk earlier.\n")
    forger.put_on_main(forger.commit(tree, main, tip, message=_merge_message(1, house.change(1), BOB_, CYD_)))
    assert "stays on the table" in forger.found()


def test_a_policy_that_was_not_the_one_in_force_is_found(house: House) -> None:
    soft = '[[rule]]\npages = "**"\nendorse = 0\n'
    n = house.propose(ANA, {"policy.toml": soft, "welcome.md": TEXT})
    forger, tip = Forger(house), house.guidelines.tip(n)
    main = forger.main()
    message = _merge_message(n, house.change(n))
    forger.put_on_main(forger.commit(f"{tip}^{{tree}}", main, tip, message=message))
    assert "2 more colleagues must endorse it" in forger.found()


_ENDORSE = "Act: endorse\nOf: {change}\nMember-Since: 0\n"
FORGED_ACTS = {
    "an act that changes the text": (_ENDORSE, {"tree": True}, "changes the text"),
    "a retraction for somebody else by a person": (
        "Act: retract\nFor: bob@example.com\n", {"author": "Dee Okonkwo <dee@example.com>"}, "not its own: For"),
    "an act dated back": (_ENDORSE, {"when": 1}, "dated before"),
    "an act that the wiki did not commit": (
        _ENDORSE, {"committer": "Eve <eve@example.com>"}, "committed by the wiki"),
    "a trailer of another act": ("Act: retract\nEndorsed-by: Eve <eve@example.com>\n", {}, "not its own"),
    "no act at all": ("Merge branch 'x'\n", {}, "is not an act"),
    "two acts in one": ("Act: endorse\nAct: propose\nOf: {change}\n", {}, "is not an act"),
    "a refresh by a person": ("Act: refresh\n", {}, "does not follow|refresh by somebody else"),
}  # fmt: skip


@pytest.mark.parametrize("what", FORGED_ACTS)
def test_a_forged_act_is_found(house: House, what: str) -> None:
    message, others, says = FORGED_ACTS[what]
    forger, tip = Forger(house), _endorsed(house, BOB)
    change = house.change(1)
    tree = forger.tree(tip, "travel/visa.md", "# Visas\n\nNever ask.\n") if others.get("tree") else None
    kept = {key: value for key, value in others.items() if key != "tree"}
    forged = forger.act(tip, message.format(change=change), tree, **{"author": "Cyd Laurent <cyd@example.com>", **kept})
    main = forger.main()
    text = "# Visas\n\nNever ask.\n" if tree else "# Visas\n\nAsk earlier.\n"
    merged_tree = forger.tree(main, "travel/visa.md", text)
    forger.put_on_main(forger.commit(merged_tree, main, forged, message=_merge_message(1, change, BOB_, CYD_)))
    assert any(part in forger.found() for part in says.split("|")), forger.found()


def test_text_read_against_what_was_never_in_force_is_found(house: House) -> None:
    forger = Forger(house)
    main = forger.main()
    stray = forger.commit(forger.tree(main, "welcome.md", "# Never\n"), main, message="Never in force\n")
    tree = forger.tree(stray, "travel/visa.md", "# Visas\n\nAsk earlier.\n")
    proposed = forger.commit(tree, stray, message="A change\n\nAct: propose\n")
    tip = proposed
    for who in (BOB_, CYD_):
        tip = forger.act(tip, f"Act: endorse\nOf: {proposed}\nMember-Since: 0\n", author=who)
    merged_tree = forger.tree(main, "travel/visa.md", "# Visas\n\nAsk earlier.\n")
    forger.put_on_main(forger.commit(merged_tree, main, tip, message=_merge_message(1, proposed, BOB_, CYD_)))
    assert "never in force" in forger.found()


@pytest.mark.parametrize(
    ("path", "mode"),
    [("link.md", "120000"), ("run.md", "100755"), (".gitmodules", "100644"), ("a/.git-x.md", "100644")],
)
def test_a_file_that_may_not_be_is_found(house: House, path: str, mode: str) -> None:
    forger = Forger(house)
    main = forger.main()
    tree = forger.tree(main, path, "welcome.md", mode)
    proposed = forger.commit(tree, main, message="A change\n\nAct: propose\n")
    tip = proposed
    for who in (BOB_, CYD_):
        tip = forger.act(tip, f"Act: endorse\nOf: {proposed}\nMember-Since: 0\n", author=who)
    forger.put_on_main(forger.commit(tree, main, tip, message=_merge_message(1, proposed, BOB_, CYD_)))
    assert "it was not enough" in forger.found()


def test_the_policy_taken_away_is_found(house: House) -> None:
    forger = Forger(house)
    main = forger.main()
    tree = forger.tree(main, "policy.toml", None)
    proposed = forger.commit(tree, main, message="A change\n\nAct: propose\n")
    tip = proposed
    for who in (BOB_, CYD_):
        tip = forger.act(tip, f"Act: endorse\nOf: {proposed}\nMember-Since: 0\n", author=who)
    forger.put_on_main(forger.commit(tree, main, tip, message=_merge_message(1, proposed, BOB_, CYD_)))
    assert "the policy cannot be removed" in forger.found()


def test_what_was_done_rightly_is_never_found(house: House) -> None:
    n = house.propose(ANA, {"welcome.md": TEXT})
    house.object(n, DEE)
    house.guidelines.retract(n, DEE)
    house.endorse(n, BOB, CYD)
    house.bring_into_force(BOB, {"welcome.md": None, "begin/here.md": TEXT}, ANA, DEE)
    assert Forger(house).found() == ""
    house.damaged = False
