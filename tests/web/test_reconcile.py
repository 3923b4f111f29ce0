"""Bringing two versions together: what is agreed stands, what is not is asked, and nothing typed is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world import POLICY, Page, Visitor, World, copy_of, open_world
from wiki.wording import clean_page

PAGE = "travel/expenses"
MEALS, TRAINS = "Keep the receipt of every meal.", "Take the train where it is quick."
RECONCILE = "/-/reconcile/1"


def text_of(world: World, name: str = PAGE) -> str:
    text = world.text(name)
    assert text is not None
    return text


def bring_into_force(world: World, edits: dict[str, str | None]) -> int:
    """Something else comes into force meanwhile."""
    n = world.propose("dee", edits, "Meanwhile")
    world.endorse(n, "cyd", "zed")
    assert world.in_force(n)
    return n


def overtaken(world: World, ours: str = "Keep no receipt.", theirs: str = "Keep all receipts.") -> str:
    """Proposal 1 of Ana and the page in force say something else about meals. The text before."""
    before = text_of(world)
    assert world.propose("ana", {PAGE: before.replace(MEALS, ours)}, "About meals") == 1
    bring_into_force(world, {PAGE: before.replace(MEALS, theirs)})
    assert world.wiki.guidelines.weigh(1).overtaken
    return before


def choices(page: Page) -> list[str]:
    """The names of the radio buttons, in order."""
    return list(dict.fromkeys(page.tree.xpath("//form[@data-reconcile]//input[@type='radio']/@name")))


def answer(visitor: Visitor, *chosen: str, button: str = "preview", words: str | None = None) -> Page:
    """Choose in every card, and press a button; ``words`` go into the first field for words of one's own."""
    fields = dict(zip(choices(visitor.page), chosen, strict=True))
    if words is not None:
        fields[visitor.page.tree.xpath("//textarea[starts-with(@name, 'words-')]/@name")[0]] = words
    action = next(each for each in visitor.page.actions if "/-/reconcile/" in each)
    return visitor.submit(action, button, **fields)


def put(visitor: Visitor) -> Page:
    """Put on the table what the page shows."""
    action = next(each for each in visitor.page.actions if "/-/reconcile/" in each)
    return visitor.submit(action, "put")


def on_the_table(world: World, name: str = PAGE, n: int = 1) -> str | None:
    repository = world.wiki.repository
    blob = repository.file(world.change(n), name if name.endswith(".toml") else f"{name}.md")
    return repository.content(blob).decode() if blob is not None else None


def test_the_proposal_leads_here_and_both_versions_are_shown(world: World) -> None:
    overtaken(world)
    ana = world.visitor("ana")
    page = ana.open("/-/proposals/1")
    ana.open(page.tree.xpath("//a[text()='Bring the two versions together']/@href")[0])
    assert ana.page.address == RECONCILE
    assert ana.page.heading == "Bring two versions together"
    for label in ("What both began from", "Yours", "What is in force now"):
        assert label in ana.page.main
    assert ana.page.tree.xpath("//div[contains(@class, 'ours')]//ins[contains(., 'no')]")
    assert ana.page.tree.xpath("//div[contains(@class, 'theirs')]//ins[contains(., 'all')]")
    assert "<<<<" not in ana.page.body
    assert ana.page.tree.xpath("//a[text()='Edit the source instead']/@href") == ["/-/edit/travel/expenses?proposal=1"]


def test_mine_is_put_on_the_table_after_a_look_at_it(world: World) -> None:
    before = overtaken(world)
    world.endorse(1, "bob")
    ana = world.visitor("ana")
    assert "Put this on the table" not in ana.open(RECONCILE).main
    page = answer(ana, "mine")
    assert "What would be on the table" in page.main
    assert "Endorsements given so far will no longer count" in page.main
    assert on_the_table(world) == before.replace(MEALS, "Keep no receipt.")
    done = put(ana)
    assert done.address == "/-/proposals/1"
    assert "brought together" in done.messages
    assert "0 of 2" in done.main
    weighed = world.wiki.guidelines.weigh(1)
    assert not weighed.overtaken
    assert [act.kind.value for act in weighed.proposal.acts] == ["propose", "endorse", "refresh", "revise"]
    assert on_the_table(world) == before.replace(MEALS, "Keep no receipt.")
    world.endorse(1, "bob", "cyd")
    assert world.in_force(1)
    assert text_of(world) == before.replace(MEALS, "Keep no receipt.")


def test_both_one_after_the_other(world: World) -> None:
    before = overtaken(world)
    ana = world.visitor("ana")
    ana.open(RECONCILE)
    answer(ana, "both")
    put(ana)
    assert on_the_table(world) == before.replace(MEALS, "Keep no receipt.\n\nKeep all receipts.")


def test_other_words(world: World) -> None:
    before = overtaken(world)
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    name = page.tree.xpath("//textarea[starts-with(@name, 'words-')]/@name")[0]
    assert page.typed(name) == "Keep no receipt."
    page = answer(ana, "own", words="Keep some\r\nreceipts.\r\n")
    assert page.tree.xpath("//div[contains(@class, 'purpose')]//ins[contains(., 'some')]")
    assert page.typed(name).strip() == "Keep some\nreceipts."
    put(ana)
    assert on_the_table(world) == before.replace(MEALS, "Keep some\nreceipts.")


def test_what_is_in_force_leaves_nothing_to_propose(world: World) -> None:
    overtaken(world)
    ana = world.visitor("ana")
    ana.open(RECONCILE)
    page = answer(ana, "theirs")
    assert "nothing is left of your proposal" in page.main
    assert not page.tree.xpath("//button[@value='put']")
    acts = world.wiki.guidelines.weigh(1).proposal.acts
    ana.post(RECONCILE, {**hidden(page), choices(page)[0]: "theirs", "do": "put"})
    assert world.wiki.guidelines.weigh(1).proposal.acts == acts


def hidden(page: Page) -> dict[str, str]:
    """The hidden fields of the form, without the token."""
    found = page.tree.xpath("//form[@data-reconcile]//input[@type='hidden']")
    return {field.get("name"): field.get("value") for field in found if field.get("name") != "csrf_token"}


def test_the_other_changes_of_both_are_kept_whatever_is_chosen(world: World) -> None:
    before = text_of(world)
    ours = before.replace(MEALS, "Keep no receipt.").replace("Sleep where you sleep well.", "Sleep well.")
    theirs = before.replace(MEALS, "Keep all receipts.").replace(TRAINS, "Take the train.")
    world.propose("ana", {PAGE: ours})
    bring_into_force(world, {PAGE: theirs})
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    assert "Changed by your proposal" in page.main
    assert "Changed meanwhile" in page.main
    answer(ana, "theirs")
    put(ana)
    assert on_the_table(world) == theirs.replace("Sleep where you sleep well.", "Sleep well.")


def test_changes_to_different_sentences_need_one_click(world: World) -> None:
    before = text_of(world, "welcome")
    ours, theirs = before.replace("we work", "all of us work"), before.replace("then change it", "then mend it")
    world.propose("ana", {"welcome": ours})
    bring_into_force(world, {"welcome": theirs})
    assert world.wiki.guidelines.weigh(1).overtaken
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    assert "Nothing contradicts" in page.main
    assert choices(page) == []
    put(ana)
    assert on_the_table(world, "welcome") == ours.replace("then change it", "then mend it")
    assert not world.wiki.guidelines.weigh(1).overtaken


# What is missing, and what is not ours


def test_without_a_choice_nothing_is_put_on_the_table(world: World) -> None:
    overtaken(world)
    ana = world.visitor("ana")
    ana.open(RECONCILE)
    before = world.everything()
    page = ana.submit("/-/reconcile/1#result", "preview")
    assert page.status == 400
    assert "Choose one of these." in page.main
    target = page.tree.xpath("//div[@role='alert']//a/@href")[0]
    assert page.tree.xpath("//fieldset[@id=$id]", id=target[1:])
    assert world.everything() == before


def test_other_words_that_are_none_are_a_mistake_and_the_choice_stays(world: World) -> None:
    overtaken(world)
    ana = world.visitor("ana")
    ana.open(RECONCILE)
    page = answer(ana, "own", words=" \n ")
    assert page.status == 400
    assert "Write the words" in page.main
    assert page.tree.xpath("//input[@type='radio' and @checked]/@value") == ["own"]


def test_who_is_no_author_reads_who_decides(world: World) -> None:
    overtaken(world)
    bob = world.visitor("bob")
    page = bob.open("/-/proposals/1")
    assert "an author must bring the two versions together" in page.main
    assert "Ana Souza: bring the two versions of the text together." in page.main
    assert not page.tree.xpath("//a[contains(@href, '/-/reconcile/')]")
    page = bob.open(RECONCILE)
    assert page.status == 403
    assert "Ana Souza" in page.main
    assert page.tree.xpath("//main//a[@href='/-/proposals/1']")
    before = world.everything()
    assert bob.post(RECONCILE, {"do": "put"}).status == 403
    assert world.everything() == before


def test_who_is_not_signed_in_comes_back_after_signing_in(world: World) -> None:
    overtaken(world)
    visitor = world.visitor()
    assert visitor.open(RECONCILE).address.startswith("/-/sign-in")
    page = visitor.submit("/-/sign-in", email="ana@example.com", password="a calm blue morning")
    assert page.address == RECONCILE


def test_where_there_is_nothing_to_do_it_says_so(world: World) -> None:
    world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    assert (page.status, page.heading) == (200, "This proposal is up to date")
    assert page.tree.xpath("//main//a[@href='/-/proposals/1']")
    world.endorse(1, "bob", "cyd")
    assert ana.open(RECONCILE).heading == "This proposal is in force"
    assert ana.open("/-/reconcile/9").status == 404
    assert ana.open("/-/reconcile/0").status == 404


def test_a_withdrawn_proposal_is_reopened_first(world: World) -> None:
    overtaken(world)
    world.wiki.guidelines.close(1, world.person("ana"))
    page = world.visitor("ana").open(RECONCILE)
    assert page.heading == "This proposal is withdrawn"
    world.wiki.guidelines.reopen(1, world.person("ana"))
    assert world.visitor("ana").open(RECONCILE).heading == "Bring two versions together"


# Meanwhile


def test_a_button_pressed_twice_puts_it_on_the_table_once(world: World) -> None:
    overtaken(world)
    ana = world.visitor("ana")
    ana.open(RECONCILE)
    answer(ana, "mine")
    looked = ana.page
    assert put(ana).address == "/-/proposals/1"
    acts = world.wiki.guidelines.weigh(1).proposal.acts
    ana.page = looked
    assert put(ana).address == "/-/proposals/1"
    assert world.wiki.guidelines.weigh(1).proposal.acts == acts


def test_another_decision_in_another_window_is_not_taken_for_the_same(world: World) -> None:
    overtaken(world)
    here, there = world.visitor("ana"), world.visitor("ana")
    here.open(RECONCILE)
    there.open(RECONCILE)
    answer(here, "mine")
    answer(there, "own", words="Keep what you like.")
    put(here)
    page = put(there)
    assert (page.status, page.heading) == (409, "This proposal is up to date")
    assert page.typed("typed") == "Keep what you like."


def test_a_page_that_moves_yet_again_is_shown_anew_and_what_was_typed_stays(world: World) -> None:
    before = text_of(world)
    hotels = "Sleep where you sleep well."
    world.propose("ana", {PAGE: before.replace(MEALS, "Keep no receipt.").replace(hotels, "Sleep anywhere.")})
    theirs = before.replace(MEALS, "Keep all receipts.").replace(hotels, "Sleep at home.")
    bring_into_force(world, {PAGE: theirs})
    ana = world.visitor("ana")
    ana.open(RECONCILE)
    answer(ana, "own", "mine", words="Keep some.")
    bring_into_force(world, {PAGE: theirs.replace("Keep all receipts.", "Keep each receipt.")})
    untouched = world.everything()
    page = put(ana)
    assert page.status == 409
    assert "changed once more" in page.main
    assert world.everything() == untouched
    checked = page.tree.xpath("//input[@type='radio' and @checked]/@value")
    assert checked == ["mine"], "the passage that is as it was keeps its answer"
    assert page.typed(page.tree.xpath("//textarea[starts-with(@name, 'words-')]/@name")[0]).strip() == "Keep some."
    assert page.tree.xpath("//div[contains(@class, 'theirs')]//ins[contains(., 'each')]")
    assert len(page.tree.xpath("//p[@class='again']")) == 1
    answer(ana, "own", "mine")
    assert put(ana).address == "/-/proposals/1"
    assert "Keep some.\n" in (on_the_table(world) or "")
    assert "Sleep anywhere." in (on_the_table(world) or "")


def test_another_page_that_moves_is_no_reason_to_look_again(world: World) -> None:
    before = overtaken(world)
    ana = world.visitor("ana")
    ana.open(RECONCILE)
    answer(ana, "mine")
    bring_into_force(world, {"welcome": "# Welcome\n\nHello.\n"})
    assert put(ana).address == "/-/proposals/1"
    assert on_the_table(world) == before.replace(MEALS, "Keep no receipt.")
    assert on_the_table(world, "welcome") == "# Welcome\n\nHello.\n"


def test_a_choice_changed_after_the_preview_is_shown_first(world: World) -> None:
    overtaken(world)
    ana = world.visitor("ana")
    ana.open(RECONCILE)
    answer(ana, "mine")
    page = answer(ana, "both", button="put")
    assert page.address == RECONCILE
    assert "You chose something else" in page.main
    assert put(ana).address == "/-/proposals/1"
    assert "Keep all receipts." in (on_the_table(world) or "")


def test_a_co_author_who_revised_meanwhile_is_not_overwritten(world: World) -> None:
    before = overtaken(world)
    ana = world.visitor("ana")
    ana.open(RECONCILE)
    answer(ana, "own", words="Keep what you like.")
    files = {f"{PAGE}.md": before.replace(MEALS, "Keep nothing at all.")}
    world.wiki.guidelines.revise(1, world.person("ana"), files)
    page = put(ana)
    assert page.status == 409
    assert "Keep nothing at all." in page.main
    left = page.tree.xpath("//textarea[@readonly]")
    assert [area.text.strip() for area in left] == ["Keep what you like."], "what was typed for another passage"
    page = answer(ana, "mine")
    assert page.tree.xpath("//textarea[@readonly]"), "it stays there until all is done"
    assert put(ana).address == "/-/proposals/1"
    assert "Keep nothing at all." in (on_the_table(world) or "")


def test_a_session_that_ran_out_gives_the_words_back_and_keeps_the_choices(world: World) -> None:
    before = text_of(world)
    hotels = "Sleep where you sleep well."
    world.propose("ana", {PAGE: before.replace(MEALS, "Keep no receipt.").replace(hotels, "Sleep anywhere.")})
    bring_into_force(world, {PAGE: before.replace(MEALS, "Keep all receipts.").replace(hotels, "Sleep at home.")})
    ana = world.visitor("ana")
    ana.open(RECONCILE)
    answer(ana, "own", "both", words="Keep some.")
    ana.client.delete_cookie("concord")
    page = put(ana)
    assert page.status == 401
    assert page.typed("typed") == "Keep some."
    ana.open(page.tree.xpath("//main//a[contains(@href, '/-/sign-in')]/@href")[0])
    page = ana.submit("/-/sign-in", email="ana@example.com", password="a calm blue morning")
    assert page.address.startswith(RECONCILE)
    assert page.tree.xpath("//input[@type='radio' and @checked]/@value") == ["own", "both"]


# Pages that came, went and moved


def test_several_pages_are_brought_together_at_once(world: World) -> None:
    texts = {name: text_of(world, name) for name in (PAGE, "travel/visa", "welcome")}
    world.propose("ana", {
        PAGE: texts[PAGE].replace(MEALS, "Keep no receipt."),
        "travel/visa": texts["travel/visa"].replace("We pay the fee.", "You pay the fee."),
        "welcome": texts["welcome"].replace("Welcome", "Hello"),
    })  # fmt: skip
    bring_into_force(world, {
        PAGE: texts[PAGE].replace(MEALS, "Keep all receipts."),
        "travel/visa": texts["travel/visa"].replace("We pay the fee.", "We pay half."),
    })  # fmt: skip
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    assert page.tree.xpath("//form//h2/text()") == ["Expenses", "Visas"]
    assert "Passage 2 of 2" in page.main
    page = answer(ana, "mine", "theirs")
    assert "no longer be part of your proposal" in page.main
    ids = page.tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    put(ana)
    assert {touched.path for touched in world.wiki.guidelines.weigh(1).proposal.touched} == {
        f"{PAGE}.md",
        "welcome.md",
    }
    assert "Keep no receipt." in (on_the_table(world) or "")
    assert "Hello" in (on_the_table(world, "welcome") or "")


def test_a_page_taken_away_meanwhile_is_brought_back_or_let_go(world: World) -> None:
    before = text_of(world)
    ours = before.replace(MEALS, "Keep no receipt.")
    world.propose("ana", {PAGE: ours, "welcome": "# Welcome\n\nHello.\n"})
    bring_into_force(world, {PAGE: None})
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    assert "has been taken away since you wrote" in page.main
    assert "Other words" not in page.main
    page = answer(ana, "theirs")
    assert "no longer be part of your proposal" in page.main
    answer(ana, "mine")
    put(ana)
    assert on_the_table(world) == ours
    world.endorse(1, "bob", "cyd")
    assert text_of(world) == ours


def test_a_page_taken_away_meanwhile_is_let_go(world: World) -> None:
    before = text_of(world)
    world.propose("ana", {PAGE: before.replace(MEALS, "Keep no receipt."), "welcome": "# Welcome\n\nHello.\n"})
    bring_into_force(world, {PAGE: None})
    ana = world.visitor("ana")
    ana.open(RECONCILE)
    answer(ana, "theirs")
    put(ana)
    assert [touched.path for touched in world.wiki.guidelines.weigh(1).proposal.touched] == ["welcome.md"]


def test_a_page_that_the_proposal_takes_away_has_changed(world: World) -> None:
    before = text_of(world)
    world.propose("ana", {PAGE: None})
    bring_into_force(world, {PAGE: before.replace(MEALS, "Keep all receipts.")})
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    assert "You propose to take this page away" in page.main
    assert "nothing is left of your proposal" in answer(ana, "theirs").main
    answer(ana, "mine")
    put(ana)
    assert on_the_table(world) is None
    world.endorse(1, "bob", "cyd")
    assert world.text(PAGE) is None


def test_a_page_that_the_proposal_moves_takes_along_what_changed(world: World) -> None:
    before = text_of(world)
    ours, theirs = before.replace(MEALS, "Keep no receipt."), before.replace(MEALS, "Keep all receipts.")
    world.propose("ana", {PAGE: None, "travel/money": ours})
    bring_into_force(world, {PAGE: theirs.replace(TRAINS, "Take the train.")})
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    assert "You move this page to “travel/money”" in page.main
    answer(ana, "mine")
    put(ana)
    assert on_the_table(world, "travel/money") == ours.replace(TRAINS, "Take the train.")
    assert on_the_table(world) is None


def test_a_page_that_has_moved_meanwhile_gets_the_text_at_its_new_address(world: World) -> None:
    before = text_of(world)
    ours, theirs = before.replace(MEALS, "Keep no receipt."), before.replace(MEALS, "Keep all receipts.")
    world.propose("ana", {PAGE: ours})
    bring_into_force(world, {PAGE: None, "travel/money": theirs})
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    assert "has been moved to “travel/money”" in page.main
    answer(ana, "mine")
    put(ana)
    assert on_the_table(world, "travel/money") == ours
    assert on_the_table(world) is None
    world.endorse(1, "bob", "cyd")
    assert world.in_force(1)


def test_a_page_that_both_moved_stands_where_the_author_decides(world: World) -> None:
    before = text_of(world)
    ours, theirs = before.replace(MEALS, "Keep no receipt."), before.replace(MEALS, "Keep all receipts.")
    world.propose("ana", {PAGE: None, "travel/money": ours})
    bring_into_force(world, {PAGE: None, "travel/spending": theirs})
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    assert "Where shall the page stand?" in page.main
    answer(ana, "mine", "both")
    put(ana)
    assert "Keep no receipt.\n\nKeep all receipts.\n" in (on_the_table(world, "travel/money") or "")
    assert on_the_table(world, "travel/spending") is None
    world.endorse(1, "bob", "cyd")
    assert world.in_force(1)


def test_a_page_that_both_moved_can_stay_where_it_is_now(world: World) -> None:
    before = text_of(world)
    ours, theirs = before.replace(MEALS, "Keep no receipt."), before.replace(MEALS, "Keep all receipts.")
    world.propose("ana", {PAGE: None, "travel/money": ours})
    bring_into_force(world, {PAGE: None, "travel/spending": theirs})
    ana = world.visitor("ana")
    ana.open(RECONCILE)
    answer(ana, "theirs", "mine")
    put(ana)
    assert on_the_table(world, "travel/spending") == ours
    assert on_the_table(world, "travel/money") is None


def test_two_pages_begun_with_one_address(world: World) -> None:
    world.propose("ana", {"travel/plants": "# Plants\n\nWater them.\n"})
    bring_into_force(world, {"travel/plants": "# Plants\n\nTalk to them.\n"})
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    assert "somebody else has begun one" in page.main
    assert "Nothing stood here." in page.main
    answer(ana, "both")
    put(ana)
    assert on_the_table(world, "travel/plants") == "# Plants\n\nWater them.\n\nTalk to them.\n"


def test_a_page_that_the_proposal_moves_to_where_another_was_begun(world: World) -> None:
    before = text_of(world)
    world.propose("ana", {PAGE: None, "travel/money": before.replace(MEALS, "Keep no receipt.")})
    bring_into_force(world, {"travel/money": "# Money\n\nIt is made of paper.\n"})
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    assert "somebody else has begun one" in page.main
    answer(ana, *["mine"] * len(choices(page)))
    put(ana)
    assert on_the_table(world) is None
    assert "Keep no receipt." in (on_the_table(world, "travel/money") or "")
    assert not world.wiki.guidelines.weigh(1).overtaken


def test_what_git_puts_together_needs_nobody(world: World) -> None:
    before = text_of(world)
    world.propose("ana", {PAGE: before.replace(MEALS, "Keep no receipt.")})
    written, world.wiki.guidelines.written = world.wiki.guidelines.written, lambda *_: None
    bring_into_force(world, {PAGE: before + "\n## Cars\n\nShare one.\n"})
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    assert "fit together by themselves" in page.main
    world.wiki.guidelines.written = written
    world.wiki.guidelines.settle(1)
    page = put(ana)
    assert (page.status, page.heading) == (409, "This proposal is up to date")


# Other kinds of text


def test_lists_tables_and_code_are_decided_in_their_pieces(world: World) -> None:
    page = "# Things\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nrun\n```\n"
    bring_into_force(world, {"things": page})
    world.propose("ana", {"things": page.replace("two", "zwei").replace("| 2", "| II").replace("run", "go")})
    bring_into_force(world, {"things": page.replace("two", "deux").replace("| 2", "| ii").replace("run", "walk")})
    ana = world.visitor("ana")
    ana.open("/-/reconcile/2")
    answer(ana, "both", "mine", "theirs")
    put(ana)
    assert on_the_table(world, "things", 2) == (
        "# Things\n\n- one\n- zwei\n- deux\n\n| a | b |\n|---|---|\n| 1 | II |\n\n```\nwalk\n```\n"
    )


def test_the_policy_is_decided_line_by_line_and_must_be_one(world: World) -> None:
    world.propose(
        "ana", {"policy.toml": POLICY.replace("endorse = 2", "endorse = 1").replace("weigh = 2", "weigh = 1")}
    )
    bring_into_force_policy(world, POLICY.replace("endorse = 2", "endorse = 3"))
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    assert "How we decide" in page.main
    offered = page.tree.xpath("//form[@data-reconcile]//input[@type='radio']/@value")
    assert offered == ["mine", "theirs", "own"], "two lines with one key are no policy"
    page = answer(ana, "own", words="endorse = many")
    assert page.status == 200
    page = put(ana)
    assert page.status == 400
    assert "not be a valid policy" in page.main
    assert page.tree.xpath("//input[@type='radio' and @checked]/@value") == ["own"]
    answer(ana, "own", words="endorse = 0")
    put(ana)
    assert on_the_table(world, "policy.toml") == POLICY.replace("endorse = 2", "endorse = 0").replace(
        "weigh = 2", "weigh = 1"
    )


def bring_into_force_policy(world: World, text: str) -> None:
    n = world.propose("dee", {"policy.toml": text})
    world.clock.wait(3)
    world.endorse(n, "bob", "cyd", "zed")
    world.clock.wait(3)
    world.wiki.tick()
    assert world.in_force(n)


def test_hostile_text_stays_text(world: World) -> None:
    overtaken(world, "<script>alert(1)</script>", "</textarea><img src=x onerror=alert(2)>")
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    assert not page.tree.xpath("//main//script | //main//img")
    page = answer(ana, "own", words="</textarea><script>alert(3)</script>")
    assert not page.tree.xpath("//main//script | //main//img")
    assert page.status == 200


def test_fields_that_nobody_offered_change_nothing(world: World) -> None:
    overtaken(world)
    ana = world.visitor("ana")
    page = ana.open(RECONCILE)
    before = world.everything()
    for value in ("", "nobody", "both\n", "mine'--"):
        assert ana.post(RECONCILE, {**hidden(page), choices(page)[0]: value, "do": "put"}).status == 400
    assert ana.post(RECONCILE, {"do": "put"}).status == 409
    assert ana.post(RECONCILE, {"choice-": "own", "words-": "x", "choice-x-y-z": "own", "words-x": "y"}).status == 409
    assert world.everything() == before


@pytest.mark.corpus
def test_thirty_pages_of_a_real_handbook(handbook_founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(handbook_founded, tmp_path / "data")) as world:
        repository = world.wiki.repository
        found = [path for path, _ in repository.files(repository.main()) if path.endswith(".md")]
        edits = [(path[:-3], *two) for path in found if (two := two_edits(text_of(world, path[:-3]))) is not None]
        step = len(edits) // 30
        chosen = edits[:: max(step, 1)][:30]
        assert len(chosen) == 30
        ana = world.visitor("ana")
        for at, (name, ours, theirs) in enumerate(chosen):
            choice = ("mine", "theirs", "both", "own")[at % 4]
            n = world.propose("ana", {name: ours, "notes-of-ana": f"# Notes\n\n{at}.\n"})
            bring_into_force(world, {name: theirs})
            page = ana.open(f"/-/reconcile/{n}")
            assert len(choices(page)) == 1, name
            answer(ana, choice)
            assert "What would be on the table" in ana.page.main, (name, ana.page.main[:500])
            assert put(ana).address == f"/-/proposals/{n}", (name, ana.page.main[:500])
            text = on_the_table(world, name, n) or ""
            if choice == "both":
                lines = set(ours.splitlines()) | set(theirs.splitlines())
                assert set(text.splitlines()) == lines, name
            else:
                assert text == (theirs if choice == "theirs" else ours), (name, choice)
            world.endorse(n, "bob", "cyd")
            assert world.in_force(n)
            assert world.text(name) == text


OURS, THEIRS = "what Ana would say", "what is said meanwhile"


def two_edits(text: str) -> tuple[str, str] | None:
    """Two different changes to the same words of the longest paragraph; None for a page without one, or one that
    is not as it would be stored."""
    paragraphs = [block for block in text.split("\n\n") if block[:1].isalpha() and block.count(" ") > 12]
    if not paragraphs or clean_page(text) != text:
        return None
    longest = max(paragraphs, key=len)
    word = longest.split(" ")[5]
    changed = [longest.replace(f" {word} ", f" {new} ", 1) for new in (OURS, THEIRS)]
    return (text.replace(longest, changed[0], 1), text.replace(longest, changed[1], 1)) if word else None
