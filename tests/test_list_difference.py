"""The difference of two lists: what counts are the words of the items, not the blank lines between them."""

from wiki.prose import difference, side_by_side

TIGHT = "Before.\n\n- one thing that is here\n- two things that are here\n"
LOOSE = TIGHT.replace("\n- two", "\n\n- two")


def test_a_list_whose_items_only_stand_further_apart_has_not_changed():
    for old, new in ((TIGHT, LOOSE), (LOOSE, TIGHT)):
        shown = difference(old.replace("Before", "Now"), new)
        assert shown.count("diff-part changed") == 1
        assert "<del>Now</del><ins>Before</ins>" in shown
        assert 'context"><ul>' in shown


def test_a_word_that_changes_as_well_is_all_that_is_marked():
    shown = difference(TIGHT, LOOSE.replace("two", "three"))
    assert "<del>two</del><ins>three</ins>" in shown
    assert shown.count("<ins>") == shown.count("<del>") == 1


def test_an_item_that_gets_items_below_it_stays():
    old = "- PII\n- more of this and that\n"
    new = "- PII\n    - Names and addresses of persons, and whatever tells who they are\n- more of this and that\n"
    shown = difference(old, new)
    assert "<del>" not in shown
    assert "<li>PII<ul" in shown
    assert "<ins>" not in difference(new, old)
    assert all(sides.before for sides in side_by_side(old, new))
