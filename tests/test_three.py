"""Three texts of a page: what is agreed, where somebody must decide, and that no word or line end is lost."""

from __future__ import annotations

import random
import subprocess
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.house import plain_git
from wiki.prose.pieces import blocks, lines, plain_ends, sentences
from wiki.prose.three import Choice, Origin, conflicts, merged, passages, result, settled, words_of

PAGE = "# Visas\n\nAsk early. Bring your passport. We pay the fee.\n\n- one\n- two\n- three\n\nSee you.\n"


def origins(began, ours, theirs, **options):
    """What is agreed how, without what nobody touched."""
    return [p.origin.value for p in passages(began, ours, theirs, **options) if p.origin is not Origin.UNTOUCHED]


def everywhere(found, choice):
    """The page with the same choice in every conflict."""
    return result(found, [settled(passage, choice) for passage in conflicts(found)])


# What fits together


def test_changes_to_different_sentences_of_one_line_fit_together():
    found = passages(PAGE, PAGE.replace("early", "soon"), PAGE.replace("the fee", "half of the fee"))
    assert [p.origin for p in found] == [Origin.UNTOUCHED, Origin.MERGED, Origin.UNTOUCHED]
    assert merged(found) == PAGE.replace("early", "soon").replace("the fee", "half of the fee")


def test_changes_to_neighbouring_sentences_fit_together():
    found = passages(PAGE, PAGE.replace("early", "soon"), PAGE.replace("your passport", "it"))
    assert conflicts(found) == []
    assert "Ask soon. Bring it. We pay the fee.\n" in (merged(found) or "")


def test_the_same_sentence_is_a_conflict_and_the_rest_of_the_paragraph_is_brought_along():
    ours = PAGE.replace("early", "soon")
    theirs = PAGE.replace("early", "late").replace("the fee", "no fee")
    (passage,) = conflicts(passages(PAGE, ours, theirs))
    assert passage.began == "Ask early. Bring your passport. We pay the fee.\n"
    assert passage.ours == "Ask soon. Bring your passport. We pay the fee.\n"
    assert passage.theirs == "Ask late. Bring your passport. We pay no fee.\n"
    assert passage.merged == "Ask soon. Bring your passport. We pay no fee.\n"


def test_neighbouring_items_rows_and_facts_fit_together():
    page = "---\na: 1\nb: 2\n---\n- one\n- two\n\n| x | 1 |\n| y | 2 |\n"
    ours = page.replace("a: 1", "a: 9").replace("one", "ONE").replace("x | 1", "x | 9")
    theirs = page.replace("b: 2", "b: 8").replace("two", "TWO").replace("y | 2", "y | 8")
    found = passages(page, ours, theirs)
    assert conflicts(found) == []
    assert merged(found) == "---\na: 9\nb: 8\n---\n- ONE\n- TWO\n\n| x | 9 |\n| y | 8 |\n"


def test_lines_of_code_apart_fit_together_and_a_conflict_is_about_the_whole_code():
    page = "Run:\n\n```\none\n\ntwo\nthree\n```\n"
    assert merged(passages(page, page.replace("one", "1"), page.replace("three", "3"))) == page.replace(
        "one", "1"
    ).replace("three", "3")
    (passage,) = conflicts(passages(page, page.replace("two", "2"), page.replace("two", "zwei")))
    assert passage.began == "```\none\n\ntwo\nthree\n```\n"


def test_a_wrapped_paragraph_that_one_side_wrapped_anew_keeps_the_other_ones_words():
    page = "Ask early. Bring\nyour passport.\n"
    assert merged(passages(page, "Ask early.\nBring your passport.\n", "Ask soon. Bring\nyour passport.\n")) == (
        "Ask soon.\nBring your passport.\n".replace("soon.\n", "soon. ")
    )


def test_a_new_paragraph_beside_one_that_changed_fits_together():
    ours = PAGE.replace("- one", "A new one.\n\n- one")
    theirs = PAGE.replace("early", "soon")
    assert merged(passages(PAGE, ours, theirs)) == ours.replace("early", "soon")


def test_two_new_paragraphs_in_one_place_are_a_conflict_about_them_alone():
    found = passages(PAGE, PAGE + "\nOurs.\n", PAGE + "\nTheirs.\n")
    (passage,) = conflicts(found)
    assert (passage.began, passage.ours, passage.theirs) == ("", "Ours.\n", "Theirs.\n")
    assert everywhere(found, Choice.BOTH) == PAGE + "\nOurs.\n\nTheirs.\n"


def test_a_paragraph_that_one_side_took_apart_keeps_the_other_ones_words():
    page = "One of us.\nTwo of us.\nThree of us.\nFour of us.\n"
    ours, theirs = page.replace("Two", "\nTwo"), page.replace("Four", "All")
    assert merged(passages(page, ours, theirs)) == ours.replace("Four", "All")


def test_no_paragraph_is_there_twice_when_each_side_joined_it_to_another():
    page = "It is fixed.\n\nSomebody can check it.\n\nWe write about it.\n"
    ours, theirs = page.replace("\n\nSomebody", "\nor\nSomebody"), page.replace("\n\nWe", "\nor\nWe")
    found = passages(page, ours, theirs)
    assert (merged(found) or "").count("Somebody") == 1
    found = passages(page, ours.replace("or", "and"), theirs.replace("check", "see"))
    for choice in (Choice.MINE, Choice.THEIRS):
        assert (everywhere(found, choice) or "").count("Somebody") == 1


def test_a_paragraph_taken_apart_and_changed_otherwise_is_one_decision():
    page = "Ask early, and bring the passport that you will travel with.\n"
    ours = "Ask early.\n\nAnd bring the passport that you will travel with.\n"
    (passage,) = passages(page, ours, page.replace("early", "late"))
    assert passage.in_conflict
    assert passage.ours == ours


def test_both_made_the_same_change():
    assert origins(PAGE, PAGE.replace("early", "soon"), PAGE.replace("early", "soon")) == ["both"]


def test_a_page_begun_by_both_has_what_is_alike_once():
    found = passages(None, "# Plants\n\nWater them.\n\nTalk.\n", "# Plants\n\nLight.\n\nTalk.\n")
    (passage,) = conflicts(found)
    assert (passage.ours, passage.theirs) == ("Water them.\n", "Light.\n")
    assert everywhere(found, Choice.MINE) == "# Plants\n\nWater them.\n\nTalk.\n"


def test_the_lines_of_a_policy_are_decided_one_by_one():
    policy = '[[rule]]\npages = "**"\nendorse = 2\nopen = "0h"\n'
    found = passages(policy, policy.replace("2", "3"), policy.replace('"0h"', '"1d"'), cut=lines)
    assert merged(found) == policy.replace("2", "3").replace('"0h"', '"1d"')
    (passage,) = conflicts(passages(policy, policy.replace("2", "3"), policy.replace("2", "4"), cut=lines))
    assert passage.began == "endorse = 2\n"


# What is chosen


@pytest.mark.parametrize(
    ("began", "ours", "theirs", "both"),
    [
        ("- a\n", "- b\n", "- c\n", "- b\n- c\n"),
        ("| a |\n", "| b |\n", "| c |\n", "| b |\n| c |\n"),
        ("a\n", "b\n", "c\n", "b\n\nc\n"),
        ("a", "b", "c", "b\n\nc"),
        ("# a\n", "# b\n", "# c\n", "# b\n\n# c\n"),
        ("a\r\n", "b\r\n", "c\r\n", "b\r\n\nc\r\n"),
    ],
)
def test_both_one_after_the_other(began, ours, theirs, both):
    found = passages(began, ours, theirs)
    assert everywhere(found, Choice.BOTH) == both
    assert Choice.BOTH in conflicts(found)[0].choices


def test_ones_own_words_stand_where_the_passage_stood():
    found = passages("a\n\nb\n\nc\n", "a\n\nx\n\nc\n", "a\n\ny\n\nc\n")
    (passage,) = conflicts(found)
    assert result(found, [settled(passage, Choice.OWN, "\r\n\r\nmine\r\nagain\r\n\r\n")]) == "a\n\nmine\nagain\n\nc\n"
    assert settled(passage, Choice.OWN, " \r\n") == ""
    assert words_of(passage.ours) == "x"


def test_a_passage_that_one_side_took_away_cannot_be_both():
    (passage,) = conflicts(passages("a\n\nb\n\nc\n", "a\n\nc\n", "a\n\nB!\n\nc\n"))
    assert Choice.BOTH not in passage.choices
    assert everywhere([passage], Choice.MINE) == ""
    assert "B!" in (everywhere([passage], Choice.THEIRS) or "")


@pytest.mark.parametrize(("ours", "theirs"), [(None, "b\n"), ("b\n", None)])
def test_a_page_that_one_side_took_away_and_the_other_changed(ours, theirs):
    found = passages("a\n", ours, theirs)
    assert found[0].is_whole_page
    assert found[0].choices == (Choice.MINE, Choice.THEIRS)
    assert everywhere(found, Choice.MINE) == ours
    assert everywhere(found, Choice.THEIRS) == theirs


def test_a_page_that_one_side_took_away_and_nobody_changed():
    assert merged(passages("a\n", None, "a\n")) is None
    assert merged(passages("a\n", "a\n", None)) is None
    assert merged(passages("a\n", None, None)) is None
    assert merged(passages("a\n", "", "a\n")) == ""


# Whatever the texts

PIECES = [
    "# Title\n", "\n", "\n", "One. Two. Three.\n", "One. 2. Three.\n", "Two?", "- item\n", "- other\n", "1. x\n",
    "> q\n", "```\n", "| a | b |\n", "wrapped\nlines here.\n", "---\n", "a: b\n", "中文。一。\n", "x\r\n", "\r",
    " ", "e\u0301",
]  # fmt: skip
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.text(max_size=30))
PAGES = st.one_of(st.none(), TEXTS)


@st.composite
def three_of_one(draw):
    """A text, and two that became of it by a few changes."""
    began = draw(st.lists(st.sampled_from(PIECES), max_size=12))

    def changed():
        now = list(began)
        for _ in range(draw(st.integers(0, 3))):
            at = draw(st.integers(0, len(now)))
            now[at : at + draw(st.integers(0, 2))] = draw(st.lists(st.sampled_from(PIECES), max_size=2))
        return "".join(now)

    return "".join(began), changed(), changed()


THREE = st.one_of(three_of_one(), st.tuples(TEXTS, TEXTS, TEXTS))


@given(TEXTS)
def test_pieces_give_the_text_back(text):
    for cut in (blocks, lines, sentences):
        assert "".join(piece.text for piece in cut(text)) == text


@given(THREE)
def test_passages_give_all_three_texts_back(texts):
    for cut in (blocks, lines):
        found = passages(*texts, cut=cut)
        for side, text in zip(("began", "ours", "theirs"), texts, strict=True):
            assert "".join(getattr(passage, side) or "" for passage in found) == text


@given(PAGES, PAGES)
def test_where_one_side_did_nothing_the_other_has_its_way(began, changed):
    assert merged(passages(began, changed, began)) == changed
    assert merged(passages(began, began, changed)) == changed
    assert merged(passages(began, changed, changed)) == changed
    for pair in ((changed, began), (began, changed), (changed, changed)):
        assert conflicts(passages(began, *pair)) == []


@given(THREE)
def test_what_is_agreed_is_what_one_of_them_wrote(texts):
    for passage in passages(*texts):
        agreed = {
            Origin.UNTOUCHED: passage.began == passage.ours == passage.theirs == passage.merged,
            Origin.OURS: passage.merged == passage.ours,
            Origin.THEIRS: passage.merged == passage.theirs,
            Origin.BOTH: (passage.ours or "").split() == (passage.theirs or "").split(),
            Origin.MERGED: passage.ours != passage.theirs and passage.began not in {passage.ours, passage.theirs},
            Origin.CONFLICT: passage.ours != passage.theirs,
        }
        assert agreed[passage.origin], passage


@given(THREE, st.sampled_from([Choice.MINE, Choice.THEIRS, Choice.BOTH]))
def test_every_line_of_a_result_is_one_of_somebody(texts, choice):
    found = passages(*texts)
    whole = everywhere(found, choice)
    allowed = {line.key for text in texts for line in lines(text)} | {""}
    together = {line.key for p in found if p.origin is Origin.MERGED for line in lines(p.merged or "")}
    for line in lines(whole or ""):
        assert line.key in allowed | together


@given(THREE)
def test_what_was_put_together_within_a_paragraph_is_made_of_their_words(texts):
    for passage in passages(*texts):
        if passage.origin is Origin.MERGED:
            words = {word for text in (passage.ours, passage.theirs) for word in (text or "").split()}
            assert set((passage.merged or "").split()) <= words


@given(THREE)
@example(("", "# Title\n\n", "\n# Title\n# Title\n"))
@example(("", "# Title\nOne. Two. Three.\n", "One. Two. Three.\n# Title\n"))
def test_ours_and_theirs_are_treated_alike(texts):
    began, ours, theirs = texts
    one, other = passages(began, ours, theirs), passages(began, theirs, ours)
    assert len(conflicts(one)) == len(conflicts(other))
    mine, theirs = everywhere(one, Choice.MINE), everywhere(other, Choice.THEIRS)
    assert (mine or "").split() == (theirs or "").split()


@given(THREE)
def test_the_same_texts_give_the_same_passages(texts):
    assert passages(*texts) == passages(*texts)


@given(three_of_one())
def test_with_other_line_ends_it_reads_the_same(texts):
    began, ours, theirs = (plain_ends(text) for text in texts)
    found = passages(began.replace("\n", "\r\n"), ours, theirs.replace("\n", "\r\n"))
    assert plain(everywhere(found, Choice.MINE)) == plain(everywhere(passages(began, ours, theirs), Choice.MINE))


def plain(text):
    """Without the kind of line ends, and whether the last line has one."""
    return plain_ends(text or "").removesuffix("\n")


# Real pages


@pytest.mark.corpus
def test_what_git_puts_together_reads_the_same_here(corpus, tmp_path):
    """Two hundred times, a real page changed by two people in one to three places each."""
    chance = random.Random(5)
    plain_git(tmp_path, "clone", "-q", str(corpus), "handbook")
    found = sorted(path for path in (tmp_path / "handbook").rglob("*.md") if ".git" not in path.parts)
    pages = [text for path in found if (text := path.read_text("utf-8", "replace")).count("\n") > 20]
    clean = 0
    for _ in range(200):
        began = chance.choice(pages)
        ours, theirs = changed_by_chance(began, chance), changed_by_chance(began, chance)
        for name, text in (("ours", ours), ("began", began), ("theirs", theirs)):
            (tmp_path / name).write_text(text, "utf-8", newline="")
        git = subprocess.run(
            ["git", "merge-file", "-p", "-q", "ours", "began", "theirs"], cwd=tmp_path, capture_output=True, check=False
        )
        if git.returncode == 0:
            clean += 1
            here = passages(began, ours, theirs)
            assert conflicts(here) == []
            assert said(merged(here)) == said(git.stdout.decode("utf-8", "replace"))
    assert clean > 100


def said(text):
    """The lines with something on them."""
    return [line for line in (text or "").split("\n") if line.strip()]


def changed_by_chance(text, chance):
    """A word, a paragraph more, lines less, or two lines as one."""
    now = text.split("\n")
    for _ in range(chance.randint(1, 3)):
        at, kind = chance.randrange(len(now)), chance.random()
        if kind < 0.5:
            words = now[at].split(" ")
            words[chance.randrange(len(words))] = chance.choice(["alpha", "beta", "gamma"])
            now[at] = " ".join(words)
        elif kind < 0.7:
            now[at:at] = [f"New words {chance.randrange(9)}.", ""]
        elif kind < 0.85:
            del now[at : at + chance.randint(1, 3)]
        else:
            now[at : at + 2] = [" ".join(now[at : at + 2])]
        now = now or [""]
    return "\n".join(now)


# Never slow


def test_a_long_page_takes_no_time():
    chance = random.Random(1)
    paragraphs = [" ".join(chance.choice("abcdefghij") * 5 for _ in range(30)) + "." for _ in range(4_000)]
    ours, theirs = list(paragraphs), list(paragraphs)
    for at in range(0, 4_000, 40):
        ours[at] = ours[at].replace("a", "x")
        theirs[at + 20] = theirs[at + 20].replace("b", "y")
    texts = ["\n\n".join(text) + "\n" for text in (paragraphs, ours, theirs)]
    began = time.process_time()
    found = passages(*texts)
    assert time.process_time() - began < 3
    assert conflicts(found) == []


def test_texts_without_anything_in_common_take_time_by_their_length():
    took = []
    for size in (70_000, 280_000):
        texts = "a\nb\n\n" * (size // 5), "b\n\nc\n\n" * (size // 6), "c\n\na\n\n" * (size // 6)
        began = time.process_time()
        assert conflicts(passages(*texts))
        took.append(time.process_time() - began)
    assert took[1] < 12 * took[0]
