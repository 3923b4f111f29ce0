"""Which names a page may have."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wiki.model.errors import Refused
from wiki.model.names import (
    Neighbours,
    PageName,
    collisions,
    fold_name,
    folders_of,
    name_of,
    problem_with_name,
    problem_with_path,
)

ALLOWED = [
    "welcome", "travel/expenses", "a", "Größe/naïve", "手册/休假", "2026/plan-b", "who we are", "q&a", "c++", "a.b",
    "git", "gitlab", "working/git", "r&d/v1.2", "don't", "50%", "console", "nullable", "com", "lpt10",
    "a~1", "x" * 97, "/".join(["x" * 60] * 3),
]  # fmt: skip
REFUSED = [
    "", "/", "/a", "a/", "a//b", "..", "../a", "a/../b", "a/..", ".", "./a", "a/.", ".git", ".GIT", ".git/config",
    "a/.git/hooks/x", ".gitmodules", ".gitattributes", ".Git", ".gi\u200dt", "\u200c.git", "git~1", "GIT~1", "GiT~2",
    "gi7eba~1", "․git", "．git", "a\\b", "a:b", "a*b", "a?b", 'a"b', "a<b", "a>b", "a|b", "a\0b", "a\nb", "a\rb",
    "a\x7fb", "a\u202eb", "a\u2028b", "a\ufeffb", "a\u00adb", "a\ufe0fb", "a\u3164b", "\ud800", "-a", "a/-b", ".a",
    "a./b", "a.", "a ", " a", "a /b", "a\u00a0", "a@{b", "a.lock", "a.LOCK/b", "con", "CON", "con.txt", "nul",
    "a/aux/b", "a\tb", "com1", "COM¹", "lpt9.x", "conin$", "aux .b", "x" * 98, "x" * 101 + "/a",
    "/".join(["x" * 60] * 4), "e\u0301", "a.md", "a.md/b", "\u212b", "a\uffffb", "a\ufdd0",
]  # fmt: skip


@pytest.mark.parametrize("name", ALLOWED)
def test_names_that_people_use_are_allowed(name: str) -> None:
    assert PageName(name).path == f"{name}.md"
    assert name_of(PageName(name).path) == name
    assert problem_with_path(f"{name}.md") is None


@pytest.mark.parametrize("name", REFUSED)
def test_names_that_mean_something_else_to_a_machine_are_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        PageName(name)
    assert str(refused.value.sentence)
    assert problem_with_path(f"{name}.md") is not None


@pytest.mark.parametrize("path", ["a.MD", "a.txt", "a", "", ".md", "a.md.", "Policy.toml", "a/policy.toml", "logo.svg"])
def test_only_pages_and_the_one_policy_may_be_touched(path: str) -> None:
    assert problem_with_path(path) is not None


@pytest.mark.parametrize("path", ["map.png", "a/map.jpg", "a/map.jpeg", "x.gif", "x.webp", "form.pdf", "größe.png"])
def test_pictures_and_documents_may_stand_beside_pages(path: str) -> None:
    assert problem_with_path(path) is None


@pytest.mark.parametrize(
    "path", ["a.PNG", ".png", "../a.png", ".git/a.png", "a/.b.png", "-a.png", "a\\b.png", "a\n.png", "a.svg", "con.png",
             "x" * 98 + ".png", "a.png/b", "a.html", "a.js"],
)  # fmt: skip
def test_files_that_mean_something_else_may_not(path: str) -> None:
    assert problem_with_path(path) is not None


def test_the_policy_may_be_touched() -> None:
    assert problem_with_path("policy.toml") is None


NASTY = st.text(
    st.one_of(
        st.sampled_from("./\\-~@{}: \u200d\u00a0\u212b\u2024\uff0egitGIT1md\n\0"),
        st.characters(exclude_categories=()),
    ),
    max_size=30,
)


@given(NASTY)
@example("a/../b")
def test_any_text_is_refused_or_safe(name: str) -> None:
    try:
        page = PageName(name)
    except Refused:
        return
    parts = page.path.split("/")
    assert all(part not in {"", ".", ".."} and not part.startswith((".", "-")) for part in parts)
    assert not any(part.casefold().startswith(".git") for part in parts)
    assert unicodedata.normalize("NFC", name) == name
    assert len(page.path.encode()) <= 240
    assert all(len(part.encode()) <= 100 for part in parts)
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in name)


@given(st.text(max_size=20))
def test_what_is_the_same_stays_the_same(name: str) -> None:
    folded = fold_name(name)
    assert fold_name(folded) == folded
    assert fold_name(unicodedata.normalize("NFD", name)) == folded
    assert fold_name(unicodedata.normalize("NFKC", name)) == folded


@given(st.lists(st.sampled_from(["a", "A", "b", "ﬁ", "fi", "É", "é", "a/b", "A/b", "a/B", "b/c/d"]), max_size=6))
def test_no_two_new_pages_are_the_same_to_a_file_system(names: list[str]) -> None:
    paths = [f"{name}.md" for name in dict.fromkeys(names)]
    if collisions(paths, Neighbours({})):
        return
    steps = {folder for path in paths for folder in folders_of(path) if folder} | {path[:-3] for path in paths}
    assert len({fold_name(step) for step in steps}) == len(steps)


@pytest.mark.parametrize(("typed", "would_do"), [("foo.md", "“foo”"), ("a/b.MD", "“b”"), ("x.md/y", "“x”")])
def test_a_name_with_the_end_of_a_file_is_told_what_would_do(typed: str, would_do: str) -> None:
    problem = problem_with_name(typed)
    assert problem is not None
    assert str(problem).endswith(f"{would_do} will do.")
