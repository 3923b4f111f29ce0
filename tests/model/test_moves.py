"""Which page went where: by its words, whatever its lines."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiki.model.moves import moves

WORDS = [f"word{nth}" for nth in range(400)]
TEXT = " ".join(WORDS)


def wrapped(text: str, width: int) -> str:
    words = text.split()
    return "\n".join(" ".join(words[at : at + width]) for at in range(0, len(words), width)) + "\n"


def moved(gone: dict[str, str], come: dict[str, str]) -> dict[str, str]:
    """Where pages came from, of texts by their path; the text is its own id."""
    return moves(gone, come, lambda text: text)


def test_a_page_wrapped_anew_is_the_same_page() -> None:
    assert moved({"a/npm.md": wrapped(TEXT, 12)}, {"b/npm.md": wrapped(TEXT, 7)}) == {"b/npm.md": "a/npm.md"}


@pytest.mark.parametrize(("every", "same"), [(20, True), (8, True), (3, False)])
def test_so_many_words_may_be_others(every: int, same: bool) -> None:
    words = ["other" if nth % every == 0 else word for nth, word in enumerate(WORDS)]
    assert bool(moved({"old.md": TEXT}, {"new.md": " ".join(words)})) is same


def test_a_text_about_the_same_matter_is_another_page() -> None:
    chance = random.Random(7)
    often = [f"word{int(chance.expovariate(0.02))}" for _ in range(600)]  # a few words often, many seldom
    one, two = (" ".join(chance.choices(often, k=300)) for _ in "12")
    assert moved({"old.md": one}, {"new.md": two}) == {}


def test_each_page_goes_to_where_it_is_most_like_itself() -> None:
    other = " ".join(reversed(WORDS))
    gone = {"a/one.md": TEXT, "a/two.md": other}
    come = {
        "b/eins.md": wrapped(other, 9),
        "b/zwei.md": wrapped(TEXT, 9),
        "b/drei.md": wrapped(TEXT, 9) + " more words here",
    }
    assert moved(gone, come) == {"b/eins.md": "a/two.md", "b/zwei.md": "a/one.md"}


def test_a_whole_folder_that_moves_is_compared_page_by_page_where_names_agree() -> None:
    gone = {f"_pages/tools/{nth}.md": f"{TEXT} {nth} {nth} {nth}" for nth in range(40)}
    come = {f"tools/{nth}.md": wrapped(f"{TEXT} {nth} {nth} {nth}", 8) for nth in range(40)}
    asked: list[str] = []
    found = moves(gone, come, lambda text: asked.append(text) or text)
    assert found == {f"tools/{nth}.md": f"_pages/tools/{nth}.md" for nth in range(40)}
    assert len(asked) == 80


def test_what_is_no_page_moves_only_as_it_is() -> None:
    assert moved({"a.png": "x y z"}, {"b.png": "x y z"}) == {"b.png": "a.png"}
    assert moved({"a.png": TEXT}, {"b.png": f"{TEXT} more"}) == {}


def test_nothing_is_like_an_empty_page_but_another() -> None:
    assert moved({"a.md": ""}, {"b.md": " \n"}) == {}
    assert moved({"a.md": ""}, {"b.md": ""}) == {"b.md": "a.md"}


texts = st.lists(st.sampled_from(WORDS[:6]), max_size=8).map(" ".join)
names = st.sampled_from([f"{folder}{name}.md" for folder in ("", "x/", "x/y/") for name in "abcde"])


@given(st.dictionaries(names, texts, max_size=9), st.dictionaries(names, texts, max_size=9))
def test_every_page_moves_once_from_somewhere_that_went(gone: dict[str, str], come: dict[str, str]) -> None:
    found = moved(gone, come)
    assert found.keys() <= come.keys()
    assert len(set(found.values())) == len(found)
    assert set(found.values()) <= gone.keys()
    exact = [path for path, text in come.items() if text in gone.values()]
    assert sum(come[new] == gone[old] for new, old in found.items()) == sum(
        min(list(come.values()).count(text), list(gone.values()).count(text)) for text in {come[each] for each in exact}
    )
