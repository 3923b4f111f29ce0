"""How one text of a page became another, as the page would look."""

import random
import re
import subprocess
import sys
from dataclasses import astuple
from functools import lru_cache, partial
from itertools import pairwise

import html5lib
import lxml.html
import pytest
from hypothesis import given, settings

from tests.pace import seconds
from tests.test_prose import TEXTS
from wiki.markdown import render_page
from wiki.markdown.sanitise import TAGS
from wiki.prose import Labels, Note, difference, differences, plain_difference, side_by_side

LONG = 1 << 20
SILENT = re.compile(r'<span class="visually-hidden">.*?</span>')


def parts(old, new, folder=""):
    """(look, HTML inside) of every passage, without the words for those who listen."""
    shown = SILENT.sub("", difference(old, new, folder=folder))
    return re.findall(r'<div class="diff-part ([\w-]+)">(.*?)</div>\n', shown, re.DOTALL)


def text_in(html):
    """The letters of some HTML, as somebody reads them, without what the difference says itself."""
    tree = lxml.html.fragment_fromstring(SILENT.sub("", html), create_parent="div")
    for element in list(tree.iter()):
        for child in list(element):
            if child.get("class") in {"footnote-back", "invisible", "target", "moved-away"}:
                after = child.tail
                child.clear()
                child.tail = after
    return re.sub(r"\W+", "", "".join(tree.itertext()))


# Words


def test_a_changed_word_is_marked_inside_its_sentence():
    assert parts("You may stay two nights.", "You may stay three nights.") == [
        ("changed", "<p>You may stay <del>two</del><ins>three</ins> nights.</p>")
    ]


def test_links_and_emphasis_stay_what_they_are():
    ((_, shown),) = parts("See **the old** [page about trains](/a).", "See **the new** [page about trains](/a).")
    assert shown == ('<p>See <strong>the <del>old</del><ins>new</ins></strong> <a href="/a">page about trains</a>.</p>')


def test_another_target_of_a_link_is_shown_where_no_word_changed():
    ((look, shown),) = parts("See the [page](/a) first.", "See the [page](/b) first.")
    assert look == "changed"
    assert '<a href="/b"><span class="restyled">page</span></a>' in shown


def test_words_that_became_important_are_not_new_words():
    ((_, shown),) = parts("Ask before you fly.", "Ask **before you** fly.")
    assert shown == '<p>Ask <strong><span class="restyled">before you</span></strong> fly.</p>'


def test_a_heading_of_another_level_is_a_change():
    ((look, shown),) = parts("x\n\n## Scope", "x\n\n### Scope")[1:]
    assert look == "changed"
    assert 'class="heading level-3' in shown
    assert "restyled" in shown


def test_pictures_and_code_are_taken_whole():
    ((_, shown),) = parts("A ![x](/a.png) and `f(1)`.", "A ![x](/b.png) and `f(2)`.")
    assert shown.count("<img") == 2
    assert "<code>f(<del>1</del><ins>2</ins>)</code>" in shown


def test_where_words_have_no_spaces_between_them_characters_are_compared():
    assert (
        "旅費は<del>会社</del><ins>本人</ins>が払います。"
        in parts("旅費は会社が払います。", "旅費は本人が払います。")[0][1]
    )


# Lists, tables, code, footnotes


def test_an_item_that_came_or_went_is_marked_in_its_list():
    ((_, shown),) = parts("- one thing\n- another thing\n", "- one thing\n- a third matter\n- another thing\n")
    assert shown == (
        '<ul><li>one thing</li><li class="added"><ins>a third matter</ins></li><li>another thing</li></ul>'
    )


def test_a_list_inside_an_item_is_compared_item_by_item():
    ((_, shown),) = parts("- a b c\n  - d e f\n- g h i\n", "- a b c\n  - d e x\n- g h i\n")
    assert "<li>a b c<ul><li>d e <del>f</del><ins>x</ins></li></ul></li>" in shown


def test_a_cell_is_compared_with_its_own():
    table = "| What | Paid |\n|---|---|\n| Train | ticket |\n| Meal | {} |\n"
    ((_, shown),) = parts(table.format("10 euros"), table.format("12 euros"))
    assert "<td><del>10</del><ins>12</ins> euros</td>" in shown
    assert shown.count("<tr>") == 3


def test_a_row_and_a_column_that_came_are_marked():
    old = "| What | Paid |\n|---|---|\n| Train | ticket |\n"
    ((_, row),) = parts(old, old + "| Hotel | two nights |\n")
    assert '<tr class="added"><td><ins>Hotel</ins></td><td><ins>two nights</ins></td></tr>' in row
    ((_, column),) = parts(old, "| What | Paid | By |\n|---|---|---|\n| Train | ticket | us |\n")
    assert '<td>ticket</td><td class="added"><ins>us</ins></td>' in column


def test_code_keeps_its_lines():
    ((_, shown),) = parts("```\na = 1\nb = 2\n```", "```\na = 1\nb = 3\n```")
    assert "<code>a = 1\nb = <del>2</del><ins>3</ins>\n</code>" in shown


def test_a_footnote_before_others_does_not_change_those():
    old = "One.\n\nTwo.[^b]\n\n[^b]: Source of two.\n"
    new = "One.[^a]\n\nTwo.[^b]\n\n[^a]: Source of one.\n[^b]: Source of two.\n"
    shown = dict(enumerate(parts(old, new)))
    assert "<ins><sup" in shown[0][1]
    assert "<ins>" not in shown[1][1]
    assert "Source of one" in difference(old, new)


# Passages


def test_a_passage_that_moved_is_seen_as_moved():
    first, second, third = (f"This is passage number {n} of the page." for n in ("one", "two", "three"))
    found = parts("\n\n".join([first, second, third]), "\n\n".join([second, third, first]))
    assert [look for look, _ in found] == ["moved-away", "context", "context", "moved"]
    assert "<ins>" not in str(found)
    assert "<del>" not in str(found)


def test_a_passage_that_moved_and_was_edited_shows_what_was_edited():
    moved = "Keep the receipt of every single meal that you want to be paid back for."
    old = f"{moved}\n\nA second passage stands here.\n\nAnd a third passage stands here."
    new = "A second passage stands here.\n\nAnd a third passage stands here.\n\n" + moved.replace("single", "large")
    found = dict(parts(old, new))
    assert "<del>single</del><ins>large</ins>" in found["moved"]


def test_a_passage_written_anew_is_not_a_mosaic():
    assert [look for look, _ in parts("Everybody books trains.", "Ask your lead before flying.")] == [
        "removed",
        "added",
    ]


def test_what_is_far_from_a_change_is_folded():
    old = "\n\n".join(f"Paragraph number {n}." for n in range(20)) + "\n\nLast.\n"
    shown = difference(old, old.replace("Last", "Final"))
    assert '<details class="unchanged"><summary>Unchanged paragraphs: 19</summary>' in shown


def test_the_title_and_the_facts_of_a_page_are_shown():
    shown = difference("---\nowner: a\n---\n# Old name\n\nx", "---\nowner: b\n---\n# New name\n\nx")
    assert '<div class="heading level-1"><del>Old</del><ins>New</ins> name</div>' in shown
    assert '<span class="marker">Owner:</span> <del>a</del><ins>b</ins>' in shown


def test_a_day_that_moved_is_shown_whole_and_called_as_people_call_it():
    shown = difference("---\nreview_by: 2026-11-26\n---\nx", "---\nreview_by: 2027-11-26\n---\nx")
    assert '<span class="marker">Look at it again by:</span> <del>2026-11-26</del><ins>2027-11-26</ins>' in shown


@pytest.mark.parametrize(
    ("old", "new"),
    [("2026-11-26", "2027-11-26"), ("9:30", "9:45"), ("1,200.50", "1,300.50"), ("26.11.2026", "27.11.2026")],
)
def test_nothing_is_cut_within_a_number_or_a_date(old, new):
    ((_, shown),) = parts(f"It was {old}, they say.", f"It was {new}, they say.")
    assert shown == f"<p>It was <del>{old}</del><ins>{new}</ins>, they say.</p>"


def test_what_nobody_sees_is_said_to_be_invisible():
    assert "No word is different" in difference("one two\nthree", "one\ntwo three")
    assert "Nothing is different." in difference("one", "one")


def test_it_heads_nothing_and_names_nothing_on_the_page_that_shows_it():
    shown = difference("## A\n\nx[^1]\n\n[^1]: n", "## B\n\ny[^1]\n\n[^1]: n")
    assert re.search(r"<h\d|\sid=", shown) is None


def test_relative_links_lead_where_those_of_the_page_lead():
    assert 'href="/travel/visa"' in difference("[a](visa.md) b", "[a](visa.md) c", folder="travel")


# Beside passages


def test_what_stands_beside_is_told_the_lines_of_its_passage():
    asked = []

    def beside(line, lines):
        asked.append((line, lines))
        return Note(f"<b>{line}</b>", telling=line == 9)

    text = "---\nowner: a\n---\n# T\n\nFirst\nparagraph.\n\n- item\n  goes on\n- other\n\n| a |\n|---|\n| b |\n\nEnd.\n"
    shown = difference(text.replace("End", "Stop"), text, beside=beside)
    assert [line for line, _ in asked] == [6, 9, 11, 13, 17]
    assert [lines.start for _, lines in asked] == [0, 9, 11, 13, 17]
    assert all(before.stop == after.start for (_, before), (_, after) in pairwise(asked))
    assert "<li>item goes on<b>9</b></li>" in shown
    assert "</table></div><b>13</b>" in shown


def test_nothing_stands_beside_what_is_gone():
    asked = []
    difference("One passage.\n\nAnother thing.", "One passage.", beside=lambda *at: asked.append(at) or Note())
    assert [line for line, _ in asked] == [1]


# As plain text


def test_mail_says_which_sentences_changed_and_under_which_heading():
    old = "# Expenses\n\n## Meals\n\nKeep the receipt. It is **paid** back. Ask [Ana](/x).\n\n## Trains\n\nGo.\n"
    new = old.replace("the receipt", "every receipt").replace("Go.", "Go early.")
    assert plain_difference(old, new) == (
        "[Meals]\n\n- Keep the receipt.\n+ Keep every receipt.\n\n[Trains]\n\n- Go.\n+ Go early.\n"
    )
    assert plain_difference(old, old) == ""


def test_mail_says_once_that_a_passage_moved():
    moved = (
        "Whoever comes by train keeps the ticket until the end of the month, or longer where the office asks for it."
    )
    old = f"# Expenses\n\n## Meals\n\n{moved}\n\nKeep the receipt.\n\n## Trains\n\nGo by train.\n"
    new = f"# Expenses\n\n## Meals\n\nKeep the receipt.\n\n## Trains\n\nGo by train.\n\n{moved}\n"
    assert plain_difference(old, new) == (
        "[Trains]\n\n> Moved here: Whoever comes by train keeps the ticket until the end of the …\n"
    )
    changed = plain_difference(old, new.replace("the office", "your office"))
    assert changed.startswith("[Trains]\n\n> Moved here: Whoever comes by train keeps")
    assert changed.count("- Whoever comes") == changed.count("+ Whoever comes") == 1
    assert plain_difference("Rain.\n\nA.\n\nB.\n", "A.\n\nB.\n\nRain.\n") == "- Rain.\n\n+ Rain.\n"


def test_mail_says_in_the_language_of_its_reader_that_a_passage_moved():
    old, new = "Lies dies zuerst.\n\nA.\n\nB.\n", "A.\n\nB.\n\nLies dies zuerst.\n"
    told = plain_difference(old, new, labels=Labels(moved="Hierher verschoben:"))
    assert told == "> Hierher verschoben: Lies dies zuerst.\n"


def test_mail_says_where_a_link_led_and_leads():
    old = "Ask Ana. See the [page on trains](travel/trains) and [Bob](/bob).\n"
    assert plain_difference(old, old.replace("travel/trains", "working/trains")) == (
        "- See the page on trains (travel/trains) and Bob.\n+ See the page on trains (working/trains) and Bob.\n"
    )
    assert plain_difference("[A](/a) is so.", '[A](</b> "B") is not so.') == "- A (/a) is so.\n+ A (/b) is not so.\n"
    assert plain_difference("A is so.", "[A](/a) is so.") == "- A is so.\n+ A (/a) is so.\n"
    assert plain_difference("See [A](/a).", "See [A](/a).\n\nAnd [B](/b).") == "+ And B.\n"


def test_mail_never_says_the_same_of_what_went_and_what_came():
    assert (
        plain_difference("It is **paid** back.", "It is paid back.") == "- It is **paid** back.\n+ It is paid back.\n"
    )


def test_mail_breaks_lines_but_not_addresses():
    long = "word " * 40 + "https://example.com/" + "a" * 100
    lines = plain_difference("x\n", f"x\n\n{long}\n").splitlines()
    assert all(len(line) <= 76 or "https://" in line for line in lines)
    assert lines[0].startswith("+ word")


# Whatever the texts


ALLOWED = {*TAGS, "span", "ins", "del", "div", "DOCUMENT_FRAGMENT"}
ATTRIBUTES = {
    "class",
    "href",
    "src",
    "alt",
    "title",
    "start",
    "type",
    "checked",
    "disabled",
    "rel",
    "scope",
    "tabindex",
}


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_nothing_but_what_the_renderer_lets_through_is_ever_in_a_difference(old, new):
    sides = side_by_side(old, new) or []
    for shown in (difference(old, new), *(part for each in sides for part in (each.before, each.after))):
        for element in html5lib.parseFragment(shown, namespaceHTMLElements=False).iter():
            assert element.tag in ALLOWED, element.tag
            assert set(element.attrib) <= ATTRIBUTES | ({"role"} if element.get("class") == "table" else set())
            assert element.get("role", "group") == "group"
            assert not element.get("href", "/").lower().startswith(("javascript", "data", "vbscript"))


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_each_side_reads_as_its_page(old, new):
    _reads_as(old, new)


def _reads_as(old, new):
    sides = side_by_side(old, new)
    if sides is not None:
        assert text_in("\n".join(each.before for each in sides)) == text_in(render_page(old, "").html)
        assert text_in("\n".join(each.after for each in sides)) == text_in(render_page(new, "").html)


def test_each_side_tells_where_its_words_lead():
    ((sign, before, after),) = map(astuple, side_by_side("See the [page](/a).", "See the [page](/b)."))
    assert sign == "~"
    assert '<a href="/a">' in before
    assert '<span class="target"><del>/a</del></span>' in before
    assert '"/b"' not in before
    assert ">/b<" not in before
    assert '<a href="/b">' in after
    assert '<span class="target"><ins>/b</ins></span>' in after
    assert '"/a"' not in after
    assert ">/a<" not in after


def test_a_link_that_was_none_leads_nowhere_on_the_side_before():
    ((_, before, after),) = map(astuple, side_by_side("See the page.", "See the [page](/b)."))
    assert "target" not in before
    assert "<a " not in before
    assert '<span class="target"><ins>/b</ins></span>' in after


def test_each_side_says_what_moved():
    moved = "This passage goes from the top of the page to its end, all of it.\n\n"
    rest = "".join(f"Passage number {n} stays where it is.\n\n" for n in range(5))
    first, *same, last = side_by_side(moved + rest, rest + moved)
    assert (first.sign, first.after, last.sign, last.before) == ("<", "", ">", "")
    assert re.fullmatch(
        r'<div class="diff-part moved"><p>This.*it\.</p><p class="moved-away">.*</p></div>', first.before
    )
    assert "“This passage goes from the top of the …” has moved to another place." in first.before
    assert re.fullmatch(
        r'<div class="diff-part moved"><p class="moved-away">Moved here:</p><p>This.*</p></div>', last.after
    )
    assert {each.sign for each in same} == {"="}


def test_each_side_marks_an_item_that_moved():
    item, rest = "- An item that goes to the end of its list\n", "- Another that stays\n- A third that stays too\n"
    ((_, before, after),) = map(astuple, side_by_side(item + rest, rest + item))
    assert '<li class="moved">An item' in before
    assert before.count("has moved to another place.") == 1
    assert '<li class="moved">' in after
    assert "Moved here:" in after


@pytest.mark.corpus
def test_two_hundred_edits_of_a_real_handbook(imported, monkeypatch):
    kept = lru_cache(2)(render_page)

    def once(text, folder, lines=False):
        return kept(text, folder, lines=lines)

    for module in (differences, sys.modules[__name__]):  # each asks for the same two pages, more than once
        monkeypatch.setattr(module, "render_page", once)
    found = _edits(imported)
    random.Random(42).shuffle(found)
    texts = _texts(imported, [blob for edit in found[:200] for blob in edit])
    for before, after in zip(texts[::2], texts[1::2], strict=True):
        _reads_as(before, after)
        assert difference(before, after)
        plain_difference(before, after)


def _edits(repository):
    command = [
        "git",
        "--git-dir",
        repository,
        "log",
        "--no-merges",
        "--raw",
        "--no-abbrev",
        "--format=",
        "--diff-filter=M",
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return re.findall(r"^:\d+ \d+ ([0-9a-f]{40}) ([0-9a-f]{40}) M\t.*\.md$", said, re.MULTILINE)


def _texts(repository, blobs):
    """What stands in each of them, in one go."""
    command = ["git", "--git-dir", repository, "cat-file", "--batch"]
    said = subprocess.run(command, input="\n".join(blobs).encode(), capture_output=True, check=True).stdout
    found, at = [], 0
    for blob in blobs:
        begin = said.index(b"\n", at) + 1
        named, kind, size = said[at:begin].decode().split()
        assert (named, kind) == (blob, "blob")
        found.append(said[begin : begin + int(size)].decode("utf-8", "replace"))
        at = begin + int(size) + 1
    return found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("word " * (LONG // 5), "other " * (LONG // 6)),
        ("- item\n" * (LONG // 7), "- other\n" * (LONG // 8)),
        ("| a | b |\n|---|---|\n" + "| x | y |\n" * 20_000, "| a | b |\n|---|---|\n" + "| z | y |\n" * 20_000),
        (
            "\n\n".join(f"Passage {n} of many." for n in range(9_000)),
            "\n\n".join(f"Passage {-n} of many." for n in range(9_000)),
        ),
    ],
    ids=["words", "items", "rows", "moved passages"],
)
def test_no_difference_takes_long(old, new):
    assert seconds(partial(difference, old, new), enough=15) < 15
