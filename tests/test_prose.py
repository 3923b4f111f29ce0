"""How one text became another, as people read it."""

import random
import re
import time
from functools import partial

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pace import seconds
from wiki.prose import Labels, size_of_change, source_difference
from wiki.prose import block_difference as difference
from wiki.prose.blocks import blocks_of
from wiki.prose.source import lines_of

LONG = 1 << 20


def parsed(html):
    return html5lib.parseFragment(html, namespaceHTMLElements=False)


def blocks(old, new):
    """(look, kind, HTML inside) of every block of the difference, without the words for those who listen."""
    shown = re.sub(r'<span class="visually-hidden">.*?</span>', "", difference(old, new))
    return re.findall(r'<div class="diff-block (\w+) (\w+)[^"]*">(.*?)</div>', shown)


def side(html, gone):
    """The words that remain when the elements called ``gone`` are taken out."""
    tree = parsed(html)
    for parent in list(tree.iter()):
        for child in list(parent):
            hidden = child.get("class") == "visually-hidden" or child.tag == "summary"
            if child.tag == gone or hidden:
                child.text, child.tail = "", child.tail
                child[:] = []
    return re.findall(r"\w+", "".join(tree.itertext()))


def plain_words(text):
    return re.findall(r"\w+", text)


# In prose


def test_a_changed_word_is_marked_inside_its_paragraph():
    (block,) = blocks("You may stay two nights in a hotel.\n", "You may stay three nights in a hotel.\n")
    assert block == ("changed", "text", "You may stay <del>two</del><ins>three</ins> nights in a hotel.")


def test_a_paragraph_that_came_or_went_is_marked_whole():
    assert blocks("One.\n\nTwo.\n", "One.\n") == [("context", "text", "One."), ("removed", "text", "<del>Two.</del>")]
    assert blocks("One.\n", "Zero.\n\nOne.\n")[0] == ("added", "text", "<ins>Zero.</ins>")


def test_a_paragraph_written_anew_is_not_a_mosaic():
    old, new = "Everybody books trains.", "Ask your lead before flying anywhere."
    assert [look for look, _, _ in blocks(old, new)] == ["removed", "added"]


def test_headings_items_rows_quotes_and_code_are_told_apart():
    text = "# H\n\n- [ ] i\n  more\n1. n\n\n|a|b|\n\n> q\n> r\n\n```\n  c\n```\n\n---\n"
    assert [(block.kind, block.marker, block.text) for block in blocks_of(text)] == [
        ("heading", "#", "H"),
        ("item", "- [ ]", "i more"),
        ("item", "1.", "n"),
        ("row", "", "|a|b|"),
        ("quote", ">", "q r"),
        ("code", "", "```"),
        ("code", "", "  c"),
        ("code", "", "```"),
        ("rule", "---", ""),
    ]


def test_front_matter_is_shown_as_labelled_rows():
    found = blocks("---\ntitle: Old name\nowner: x\n---\nText", "---\ntitle: New name\nowner: x\n---\nText")
    assert found[0] == ("changed", "fact", '<span class="marker">title:</span> <del>Old</del><ins>New</ins> name')
    assert found[1] == ("context", "fact", '<span class="marker">owner:</span> x')


def test_a_heading_that_moved_a_level_shows_its_marker_changed():
    (block,) = blocks("# Scope", "## Scope")
    assert block == ("changed", "heading", '<span class="marker"><del>#</del><ins>##</ins></span> Scope')


def test_long_unchanged_stretches_are_folded():
    old = "\n\n".join(f"Paragraph {n}." for n in range(20)) + "\n\nLast.\n"
    shown = difference(old, old.replace("Last", "Final"))
    assert '<details class="unchanged"><summary>Unchanged paragraphs: 19</summary>' in shown
    assert shown.index("Paragraph 18.") < shown.index("</details>") < shown.index("Paragraph 19.")
    assert "<summary>" not in difference("a\n\nb\n\nc", "a\n\nb\n\nd")


def test_text_wrapped_anew_is_no_change_to_a_reader():
    assert "No word is different" in difference("one two\nthree", "one\ntwo three")
    assert "Nothing is different." in difference("one", "one")


def test_a_list_numbered_anew_is_no_change_to_a_reader():
    assert "No word is different" in difference("1. a\n2. b", "1. a\n1. b")
    assert blocks("1. a\n2. b", "1. b") == [
        ("removed", "item", '<span class="marker"><del>1.</del></span> <del>a</del>'),
        ("context", "item", '<span class="marker"><del>2.</del><ins>1.</ins></span> b'),
    ]


def test_marks_and_targets_are_set_back_but_there():
    (block,) = blocks("See **the** [page](/a).", "See **the** [page](/b).")
    assert block[2].startswith('See <span class="marker">**</span>the<span class="marker">**</span> [page')
    assert re.sub("<.*?>", "", block[2]) == "See **the** [page](/ab)."


def test_where_words_have_no_spaces_between_them_characters_are_compared():
    assert (
        blocks("旅費は会社が払います。", "旅費は本人が払います。")[0][2]
        == "旅費は<del>会社</del><ins>本人</ins>が払います。"
    )


def test_the_words_around_come_from_the_labels():
    shown = difference("a\n\nb", "c\n\nb", Labels(added="Neu:", removed="Weg:"))
    assert '<span class="visually-hidden">Neu: </span>' in shown
    assert '<span class="visually-hidden">Weg: </span>' in shown


def test_characters_that_hide_are_shown_by_number():
    assert '<span class="invisible">U+202E</span>' in difference("a", "a \u202eb")
    assert '<span class="invisible">U+200B</span>' in source_difference("a", "a\u200bb")


# Line by line


def test_the_source_has_line_numbers_signs_and_marked_words():
    rows = re.findall(
        r'<tr class="(\w+)">(.*?)</tr>', source_difference("a\nyou may go\nc\n", "a\nyou must go\nc\nd\n")
    )
    assert [look for look, _ in rows] == ["context", "removed", "added", "context", "added"]
    assert rows[1][1].startswith('<td class="line">2</td><td class="line"></td>')
    assert rows[1][1].endswith('<td class="text">you <del>may</del> go</td>')
    assert rows[2][1].startswith('<td class="line"></td><td class="line">2</td>')
    assert rows[2][1].endswith('<td class="text">you <ins>must</ins> go</td>')
    assert rows[4][1].endswith('<td class="text"><ins>d</ins></td>')


def test_the_source_leaves_out_what_is_far_from_a_change():
    old = "".join(f"line {n}\n" for n in range(40))
    shown = source_difference(old, old.replace("line 20\n", ""))
    assert "Unchanged lines: 17" in shown
    assert "line 16" not in shown
    assert "line 17" in shown


def test_equal_texts_have_no_source_difference():
    assert "Nothing is different." in source_difference("a\r\nb", "a\nb\n")


@pytest.mark.parametrize(
    ("old", "new", "size"),
    [
        ("", "", (0, 0)),
        ("", "a\nb\n", (2, 0)),
        ("a\nb\n", "", (0, 2)),
        ("a\nb\n", "a\nc\nd\n", (2, 1)),
        ("a", "a\n", (0, 0)),
        ("a\n\nb", "a\nb", (0, 1)),
    ],
)
def test_the_size_of_a_change_is_lines_added_and_removed(old, new, size):
    assert size_of_change(old, new) == size


# Whatever the texts


PIECES = "# ;- ;1. ;> ;```\n;---\n;\n;\n\n;a: b\n; ;one;two;three;four.;|;<script>alert(1)</script>;&lt;</ins>;</div>"
ALLOWED = set("div span ins del details summary p table thead tbody tr th td".split())  # noqa: SIM905

TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            [*PIECES.split(";"), "\"onclick='x'", "<!--", "\u202e", "\x00", "é", "中文"],
        ),
        max_size=40,
    ).map("".join),
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_nothing_but_our_own_elements_is_ever_in_a_difference(old, new):
    for shown in (difference(old, new), source_difference(old, new)):
        for element in parsed(shown).iter():
            assert element.tag == "DOCUMENT_FRAGMENT" or element.tag in ALLOWED, element.tag
            assert set(element.attrib) <= {"class", "scope", "colspan", "aria-hidden"}


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_without_insertions_it_is_the_old_text_and_without_deletions_the_new(old, new):
    old, new = (
        re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]", "", t)
        for t in (old, new)
    )
    shown = difference(old, new)
    if 'class="nothing"' not in shown:
        assert side(shown, "ins") == plain_words(old)
        assert side(shown, "del") == plain_words(new)


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_the_size_explains_the_number_of_lines(old, new):
    added, removed = size_of_change(old, new)
    count = [len(lines_of(text)) for text in (old, new)]
    assert count[0] - removed + added == count[1]


# Never slow


def rewritten(size, seed, per_paragraph=60):
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choice("abcdefghij") for _ in range(chance.randrange(2, 9))) for _ in range(2000)]
    paragraphs, length = [], 0
    while length < size:
        paragraphs.append(" ".join(chance.choice(vocabulary) for _ in range(per_paragraph)))
        length += len(paragraphs[-1]) + 2
    return "\n\n".join(paragraphs)[:size]


def marks(size, seed):
    return "".join(random.Random(seed).choices(".,;", k=size))


SLOW = {
    "1 MiB written anew": (rewritten(LONG, 1), rewritten(LONG, 2)),
    "1 MiB with every paragraph changed": (rewritten(LONG, 1), rewritten(LONG, 1).replace("ab", "x")),
    "1 MiB of short lines": ("a\nb\n" * (LONG // 4), "b\na\na\n" * (LONG // 6)),
    "1 MiB on one line": ("ab " * (LONG // 3), "ba " * (LONG // 3)),
    "1 MiB without a space": ("a" * LONG, "a" * (LONG - 1) + "b"),
    "long lines of marks": tuple("\n\n".join(marks(10_000, n + seed) for n in range(60)) for seed in (0, 100)),
    "many lines of marks": tuple("\n\n".join(marks(260, n + seed) for n in range(1_900)) for seed in (0, 9_000)),
}


@pytest.mark.parametrize("name", SLOW)
def test_no_difference_takes_long(name):
    old, new = SLOW[name]
    for compare in (difference, source_difference, size_of_change):
        assert seconds(partial(compare, old, new), enough=3) < 3


def test_a_page_ten_times_as_long_takes_no_hundred_times_as_long():
    def spent(size):
        old, new = rewritten(size, 1), rewritten(size, 2)
        times = []
        for _ in range(5):
            started = time.process_time()
            difference(old, new)
            times.append(time.process_time() - started)
        return min(times)

    assert spent(86_000) < 30 * max(spent(8_600), 0.001)


def test_of_the_last_texts_the_pieces_are_known():
    text = "# One\n\nWords of it.\n"
    assert blocks_of(text) is blocks_of(text)
