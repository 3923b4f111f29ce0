"""Suggested edits: anybody may suggest other words, the authors take them with a click, and nobody's words are lost."""

from __future__ import annotations

import pytest

from tests.world import World
from wiki.drafts import Fate
from wiki.model.acts import Kind
from wiki.model.errors import Refused

NUMBER = "/-/proposals/1"
SUGGEST = "/-/suggest/1/travel/expenses"


@pytest.fixture
def proposed(world: World) -> World:
    """A proposal by Ana for a page with several passages."""
    text = world.text("travel/expenses")
    assert text is not None
    world.propose("ana", {"travel/expenses": text.replace("every meal", "each meal")}, "Say it better")
    return world


def _suggest(world: World, who: str, old: str, new: str, note: str = "") -> None:
    visitor = world.visitor(who)
    visitor.open(SUGGEST)
    text = visitor.page.typed()
    assert old in text
    page = visitor.submit(SUGGEST, "propose", text=text.replace(old, new), why=note)
    assert page.address.startswith(NUMBER), page.main


def _text_of_proposal(world: World) -> str:
    weighed = world.wiki.guidelines.weigh(1)
    blob = world.wiki.repository.file(weighed.proposal.tip.id, "travel/expenses.md")
    assert blob is not None
    return world.wiki.repository.content(blob).decode()


def _take(world: World, who: str, *numbers: int) -> int:
    visitor = world.visitor(who)
    visitor.open(NUMBER)
    data = {"csrf_token": visitor.token(), "change": world.change(1), "take": [str(number) for number in numbers]}
    return visitor.client.post(f"{NUMBER}/take", data=data).status_code


def test_a_suggestion_stands_with_the_proposal_and_is_taken_with_one_click(proposed: World) -> None:
    proposed.endorse(1, "cyd")
    _suggest(proposed, "bob", "sleep well", "sleep best", "It **rhymes**.")
    page = proposed.visitor("zed").open(NUMBER)
    assert "Bob Reyes suggests" in page.main
    assert "It rhymes." in page.main
    assert not page.offers("/take")
    ana = proposed.visitor("ana")
    ana.open(NUMBER)
    button = ana.page.tree.xpath("//button[@name='take']")[0]
    assert _take(proposed, "ana", int(button.get("value"))) == 303
    assert "sleep best" in _text_of_proposal(proposed)
    proposal = proposed.wiki.guidelines.weigh(1).proposal
    assert [person.name for person in proposal.tip.co_authors] == ["Bob Reyes"]
    assert {person.name for person in proposal.authors} == {"Ana Souza", "Bob Reyes"}
    page = proposed.visitor("bob").open(NUMBER)
    assert "You wrote part of this" in page.main
    assert "Bob Reyes suggested this, and it was taken" in page.main
    assert "Cyd Laurent endorsed an earlier version" in page.main


def test_several_are_taken_together_as_one_text_that_names_everybody(proposed: World) -> None:
    _suggest(proposed, "bob", "sleep well", "sleep best")
    _suggest(proposed, "cyd", "where it is quick", "where it is quicker")
    _suggest(proposed, "dee", "You are paid back", "You get back")
    assert _take(proposed, "ana", 1, 2, 3) == 303
    text = _text_of_proposal(proposed)
    assert all(words in text for words in ("sleep best", "is quicker", "You get back", "each meal"))
    acts = proposed.wiki.guidelines.weigh(1).proposal.acts
    assert [act.kind for act in acts] == [Kind.PROPOSE, Kind.REVISE]
    assert {person.name for person in acts[-1].co_authors} == {"Bob Reyes", "Cyd Laurent", "Dee Okonkwo"}


def test_two_that_collide_are_refused_together_and_neither_is_lost(proposed: World) -> None:
    _suggest(proposed, "bob", "sleep well", "sleep best")
    _suggest(proposed, "cyd", "sleep well", "sleep long")
    before = proposed.everything()
    assert _take(proposed, "ana", 1, 2) == 409
    assert proposed.everything() == before
    assert [each.fate for each in proposed.wiki.suggestions.of(1)] == [Fate.OPEN, Fate.OPEN]
    assert _take(proposed, "ana", 1) == 303
    page = proposed.visitor("ana").open(NUMBER)
    assert "The passage has changed since, so this cannot be taken with a click any more" in page.main
    assert page.tree.xpath("//li[contains(@class, 'suggestion')]//ins[contains(., 'long')]")


def test_a_suggestion_for_an_earlier_text_is_put_into_the_one_on_the_table(proposed: World) -> None:
    _suggest(proposed, "bob", "sleep well", "sleep best")
    for words in ("this meal", "that meal"):
        text = _text_of_proposal(proposed).replace("each meal", words).replace("this meal", words)
        proposed.wiki.guidelines.revise(1, proposed.person("ana"), {"travel/expenses.md": text})
    assert _take(proposed, "ana", 1) == 303
    assert "that meal" in _text_of_proposal(proposed)
    assert "sleep best" in _text_of_proposal(proposed)


def test_what_the_text_says_already_needs_no_other_text(proposed: World) -> None:
    _suggest(proposed, "bob", "sleep well", "sleep best")
    text = _text_of_proposal(proposed).replace("sleep well", "sleep best")
    proposed.wiki.guidelines.revise(1, proposed.person("ana"), {"travel/expenses.md": text})
    before = proposed.everything()
    assert _take(proposed, "ana", 1) == 303
    assert proposed.everything() == before
    assert proposed.wiki.suggestions.get(1, 1).fate is Fate.TAKEN


def test_pressed_twice_it_is_taken_once(proposed: World) -> None:
    _suggest(proposed, "bob", "sleep well", "sleep best")
    assert _take(proposed, "ana", 1) == 303
    assert _take(proposed, "ana", 1) == 400
    assert len(proposed.wiki.guidelines.weigh(1).proposal.acts) == 2


def test_suggested_twice_it_is_one_suggestion(proposed: World) -> None:
    _suggest(proposed, "bob", "sleep well", "sleep best")
    _suggest(proposed, "bob", "sleep well", "sleep best")
    assert len(proposed.wiki.suggestions.of(1)) == 1


def test_an_author_declines_with_a_word_and_the_maker_takes_back(proposed: World) -> None:
    _suggest(proposed, "bob", "sleep well", "sleep best")
    _suggest(proposed, "cyd", "sleep well", "sleep long")
    ana, cyd = proposed.visitor("ana"), proposed.visitor("cyd")
    ana.open(NUMBER)
    ana.submit("/decline", answer="It *is* fine as it is.")
    page = proposed.visitor("bob").open(NUMBER)
    assert "it was declined" in page.main
    assert "It is fine as it is." in page.main
    cyd.open(NUMBER)
    cyd.submit("/decline")
    assert not proposed.visitor("ana").open(NUMBER).tree.xpath("//ins[contains(., 'long')]")
    fates = [each.fate for each in proposed.wiki.suggestions.of(1)]
    assert fates == [Fate.DECLINED, Fate.WITHDRAWN]


def test_only_authors_take_and_decline(proposed: World) -> None:
    _suggest(proposed, "bob", "sleep well", "sleep best")
    zed = proposed.visitor("zed")
    before = proposed.everything()
    assert _take(proposed, "zed", 1) == 400
    assert zed.post(f"{NUMBER}/decline", {"suggestion": "1"}).status == 400
    assert proposed.visitor().post(f"{NUMBER}/take", {"take": "1"}).status == 401
    assert proposed.everything() == before
    assert proposed.wiki.suggestions.get(1, 1).fate is Fate.OPEN


def test_an_author_changes_the_text_instead_of_suggesting(proposed: World) -> None:
    ana = proposed.visitor("ana")
    ana.open(SUGGEST)
    page = ana.submit(SUGGEST, "propose", text="# Expenses\n\nOther.\n")
    assert page.status == 400
    assert "you can change its text yourself" in page.main
    assert page.typed() == "# Expenses\n\nOther.\n"


@pytest.mark.parametrize("end", ["close", "merge"])
def test_what_is_decided_takes_no_suggestions(proposed: World, end: str) -> None:
    bob = proposed.visitor("bob")
    bob.open(SUGGEST)
    if end == "close":
        proposed.wiki.guidelines.close(1, proposed.person("ana"))
    else:
        proposed.endorse(1, "cyd", "dee")
    page = bob.submit(SUGGEST, "propose", text="# Expenses\n\nToo late.\n")
    assert page.status == 400
    assert "no longer on the table" in page.main
    assert page.typed() == "# Expenses\n\nToo late.\n"


def test_a_text_that_moved_while_somebody_suggested_is_shown_and_kept(proposed: World) -> None:
    bob = proposed.visitor("bob")
    bob.open(SUGGEST)
    typed = bob.page.typed().replace("sleep well", "sleep best")
    text = _text_of_proposal(proposed).replace("each meal", "a meal")
    proposed.wiki.guidelines.revise(1, proposed.person("ana"), {"travel/expenses.md": text})
    page = bob.submit(SUGGEST, "propose", text=typed)
    assert page.status == 409
    assert page.typed() == typed
    page = bob.submit(SUGGEST, "propose", text=typed.replace("each meal", "a meal"))
    assert page.status == 200
    assert "Bob Reyes suggests" in page.main


@pytest.mark.parametrize("numbers", [["0"], ["-1"], ["x"], ["1.5"], ["9" * 12], ["٣"], [], ["7"]])
def test_numbers_that_are_none_are_refused(proposed: World, numbers: list[str]) -> None:
    ana = proposed.visitor("ana")
    data = {"csrf_token": ana.token(), "change": proposed.change(1), "take": numbers}
    assert ana.client.post(f"{NUMBER}/take", data=data).status_code in {400, 404}
    data = {"csrf_token": ana.token(), "suggestion": numbers}
    assert ana.client.post(f"{NUMBER}/decline", data=data).status_code in {400, 404}


@pytest.mark.parametrize("page", ["nowhere", "policy.toml", "../x", "a/.git/b", "welcome.md"])
def test_only_pages_of_the_proposal_can_be_suggested_for(proposed: World, page: str) -> None:
    bob = proposed.visitor("bob")
    assert bob.open(f"/-/suggest/1/{page}").status in {200, 400, 404}
    before = proposed.wiki.suggestions.of(1)
    bob.post(f"/-/suggest/1/{page}", {"text": "# X\n\nY.\n", "base": proposed.change(1)})
    made = [each.path for each in proposed.wiki.suggestions.of(1) if each not in before]
    assert set(made) <= {"policy.toml"} - {"policy.toml"}


def test_there_is_a_limit_to_what_authors_are_asked(proposed: World) -> None:
    suggestions, who = proposed.wiki.suggestions, proposed.person("bob")
    for nth in range(50):
        suggestions.make(1, proposed.change(1), who, "travel/expenses.md", f"# E\n\n{nth}\n", "", 0)
    with pytest.raises(Refused, match="50 open suggestions"):
        suggestions.make(1, proposed.change(1), who, "travel/expenses.md", "# E\n\nmore\n", "", 0)
    assert proposed.visitor("ana").open(NUMBER).status == 200


def test_hostile_words_in_a_suggestion_stay_words(proposed: World) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>[x](javascript:alert(1))"
    _suggest(proposed, "bob", "sleep well", evil, evil)
    page = proposed.visitor("ana").open(NUMBER)
    assert not page.tree.xpath("//main//script | //main//img | //*[@onerror]")
    assert not page.tree.xpath("//main//a[starts-with(@href, 'javascript')]")
