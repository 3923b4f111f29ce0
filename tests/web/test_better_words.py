"""Better words for a sentence: a proposal of one sentence, without scripts."""

from __future__ import annotations

from urllib.parse import quote as quoted

import pytest

from tests.world import PASSWORD, Visitor, World

PAGE = "travel/expenses"
WORDS = f"/-/words/{PAGE}"
SENTENCE = "Keep the receipt of every meal."
BETTER = "Keep the receipt of each meal."


def _open(visitor: Visitor, sentence: str = SENTENCE, **more: str) -> None:
    extra = "".join(f"&{key}={quoted(value)}" for key, value in more.items())
    visitor.open(f"{WORDS}?quote={quoted(sentence)}{extra}")


def _texts(world: World, n: int) -> str:
    repository = world.wiki.repository
    blob = repository.file(world.wiki.guidelines.weigh(n).proposal.tip.id, f"{PAGE}.md")
    assert blob is not None
    return repository.content(blob).decode()


def test_a_sentence_becomes_a_proposal_of_one_sentence(world: World) -> None:
    visitor = world.visitor("bob")
    _open(visitor, "receipt")
    assert visitor.page.typed("words") == SENTENCE
    page = visitor.submit(WORDS, "difference", words=BETTER, why="It reads better.")
    assert [each.text_content() for each in page.tree.xpath("//main//ins")] == ["each"]
    assert page.typed("words") == BETTER
    page = visitor.submit(WORDS, "propose")
    assert page.heading == f"Better words for “{SENTENCE}”"
    assert "It reads better." in page.main
    assert _texts(world, 1) == (world.text(PAGE) or "").replace(SENTENCE, BETTER)


def test_the_title_of_a_long_sentence_is_cut_between_words(world: World) -> None:
    long = "Whoever travels for us at night, in rain or on foot, is paid back every single thing that it took."
    n = world.propose("ana", {PAGE: (world.text(PAGE) or "").replace(SENTENCE, long)})
    world.endorse(n, "cyd", "dee")
    visitor = world.visitor("bob")
    _open(visitor, "paid back every")
    page = visitor.submit(WORDS, "propose", words=long.replace("every single", "each"))
    assert page.heading == "Better words for “Whoever travels for us at night, in rain or on…”"
    assert len(page.heading) <= 68


def test_the_title_is_of_the_sentence_that_changed(world: World) -> None:
    text = "# Expenses\n\nYou are paid back. Keep the receipt of\nevery meal. Ask us.\n"
    world.endorse(world.propose("ana", {PAGE: text}), "cyd", "dee")
    visitor = world.visitor("bob")
    for number, opened in enumerate((f"{WORDS}?quote=You+are&whole=1", f"{WORDS}?at=3&whole=1", f"{WORDS}?at=3")):
        visitor.open(opened)
        page = visitor.submit(WORDS, "difference", words="You get paid back. Keep the receipt of every meal. Ask us.")
        assert page.tree.xpath("//input[@name='title']/@value") == ["Better words for “You are paid back.”"]
        page = visitor.submit(WORDS, "propose", words=f"You are paid back. Keep {number} of every meal. Ask us.")
        assert page.heading == f"Better words for “{SENTENCE}”"
    visitor.open(f"{WORDS}?at=3&whole=1")
    page = visitor.submit(WORDS, "propose", words="You are paid back.", title="Be short")
    assert page.heading == "Be short"


def test_a_quotation_within_one_has_the_inner_marks(world: World) -> None:
    visitor = world.visitor("bob")
    _open(visitor)
    visitor.submit(WORDS, "propose", words=BETTER)
    address = f"{visitor.page.address}/versions"
    assert visitor.open(address).heading == f"Versions of “Better words for ‘{SENTENCE}’”"
    german = visitor.open(address, headers={"Accept-Language": "de"})
    assert f"„Better words for ‚{SENTENCE}‘“" in german.heading


def test_a_passage_is_worded_anew_without_its_marks_and_line_ends(world: World) -> None:
    text = "# Expenses\n\nKeep the *receipt*\nof every meal, and [ask](/welcome)\nearly.\n"
    world.endorse(world.propose("ana", {PAGE: text}), "cyd", "dee")
    visitor = world.visitor("bob")
    visitor.open(visitor.open(WORDS).tree.xpath("//main//a[@class='reword']/@href")[0])
    assert visitor.page.typed("words") == "Keep the receipt of every meal, and ask early."
    visitor.submit(WORDS, "propose", words="Keep the receipt of each meal, and ask early.")
    assert _texts(world, 2) == text.replace("every", "each")


def test_the_field_is_as_high_as_its_words(world: World) -> None:
    long = "Keep the receipt of every meal. " * 40
    world.endorse(world.propose("ana", {PAGE: f"# Expenses\n\n{long}\n\nShort.\n"}), "cyd", "dee")
    visitor = world.visitor("bob")
    rows = [visitor.open(f"{WORDS}?at={line}").tree.xpath("//textarea[@name='words']/@rows") for line in (3, 5)]
    assert rows == [["12"], ["3"]]


def test_a_mistake_is_said_at_the_top_and_at_its_field_and_no_third_time(world: World) -> None:
    visitor = world.visitor("bob")
    _open(visitor)
    page = visitor.submit(WORDS, "propose", words=" ")
    assert page.status == 400
    assert page.main.count("Write what it should say.") == 2
    body = visitor.post(WORDS, {"quote": SENTENCE, "nth": "1", "words": " ", "do": "difference"})
    assert body.tree.xpath("//*[@data-difference]/p[@class='error with-script']"), "what scripts bring to the page"


def test_every_passage_leads_to_its_words_and_from_there_to_its_source(world: World) -> None:
    visitor = world.visitor("bob")
    page = visitor.open(f"/{PAGE}")
    assert WORDS in page.tree.xpath("//main//a/@href")
    ways = visitor.open(WORDS).tree.xpath("//main//a[@class='reword']/@href")
    assert len(ways) == 7
    visitor.open(ways[2])
    assert visitor.page.typed("words") == SENTENCE
    visitor.open(visitor.page.tree.xpath("//main//a[.='Edit the whole passage as it is written']/@href")[0])
    visitor.submit(WORDS, "propose", words="Keep the *receipt* of every meal.", title="Mind the receipt")
    assert visitor.page.heading == "Mind the receipt"
    assert "\n\nKeep the *receipt* of every meal.\n\n" in _texts(world, 1)


def test_whoever_is_not_signed_in_comes_back_with_what_they_typed(world: World) -> None:
    visitor = world.visitor()
    _open(visitor)
    visitor.submit(WORDS, "propose", words=BETTER, why="Because.")
    assert visitor.page.address.startswith("/-/sign-in?next=")
    visitor.submit("/-/sign-in", email="cyd@example.com", password=PASSWORD)
    assert visitor.page.typed("words") == BETTER
    assert visitor.page.typed("why") == "Because."
    assert "each" in " ".join(visitor.page.tree.xpath("//main//ins//text()"))
    visitor.submit(WORDS, "propose")
    assert BETTER in _texts(world, 1)


def test_what_is_too_long_for_an_address_is_given_back(world: World) -> None:
    visitor = world.visitor()
    _open(visitor)
    page = visitor.submit(WORDS, "propose", words="A long word. " * 400)
    assert page.status == 401
    assert "A long word." in page.body


def test_a_change_elsewhere_on_the_page_is_no_hindrance(world: World) -> None:
    visitor = world.visitor("bob")
    _open(visitor)
    text = (world.text(PAGE) or "").replace("# Expenses\n", "# Expenses\n\nNew words.\n")
    world.endorse(world.propose("ana", {PAGE: text}), "cyd", "dee")
    visitor.submit(WORDS, "propose", words=BETTER)
    assert _texts(world, 2) == text.replace(SENTENCE, BETTER)


@pytest.mark.parametrize("as_written", [False, True])
def test_a_sentence_that_changed_meanwhile_is_409_with_the_difference_and_nothing_is_lost(
    world: World, as_written: bool
) -> None:
    visitor = world.visitor("bob")
    if as_written:
        visitor.open(f"{WORDS}?at=7")
    else:
        _open(visitor)
    text = (world.text(PAGE) or "").replace("every meal", "every lunch")
    world.endorse(world.propose("ana", {PAGE: text}), "cyd", "dee")
    before = world.everything()
    page = visitor.submit(WORDS, "propose", words=BETTER, why="Because.")
    assert page.status == 409
    assert "This passage changed while you were writing" in page.main
    assert "lunch" in " ".join(page.tree.xpath("//main//ins//text()"))
    assert BETTER in page.main or page.typed("words") == BETTER
    assert page.typed("why") == "Because."
    assert world.everything() == before
    visitor.submit(WORDS, "propose", words="Keep the receipt of each lunch.")
    assert "Keep the receipt of each lunch." in _texts(world, 2)


def test_a_passage_that_is_gone_is_409_with_what_was_typed(world: World) -> None:
    visitor = world.visitor("bob")
    _open(visitor)
    world.endorse(world.propose("ana", {PAGE: "# Expenses\n\nNothing.\n"}), "cyd", "dee")
    page = visitor.submit(WORDS, "propose", words=BETTER)
    assert page.status == 409
    assert BETTER in page.body
    world.endorse(world.propose("ana", {PAGE: None}), "cyd", "dee")
    visitor.open("/-/words/welcome?at=3")
    page = visitor.post(WORDS, {"words": BETTER, "quote": SENTENCE})
    assert page.status == 404
    assert BETTER in page.body


@pytest.mark.parametrize(("words", "said"), [("", "Write what it should say"), (SENTENCE, "Nothing is different")])
def test_nothing_typed_and_nothing_changed_are_said_at_the_field(world: World, words: str, said: str) -> None:
    visitor = world.visitor("bob")
    _open(visitor)
    page = visitor.submit(WORDS, "propose", words=words)
    assert page.status == 400
    assert said in page.main


def test_words_that_are_not_there_lead_to_the_passages(world: World) -> None:
    page = world.visitor("bob").open(f"{WORDS}?quote=Nobody+wrote+this.")
    assert page.status == 404
    assert len(page.tree.xpath("//a[@class='reword']")) == 7
    assert world.visitor().open("/-/words/nowhere").status == 404


def test_a_renamed_page_keeps_its_address_for_better_words(world: World) -> None:
    text = world.text("travel/visa")
    world.endorse(world.propose("dee", {"travel/visa": None, "travel/visas": text}), "bob", "cyd")
    assert world.visitor("bob").open("/-/words/travel/visa?at=3").address.startswith("/-/words/travel/visas?at=3")


def test_strange_values_are_answered_politely(world: World) -> None:
    visitor = world.visitor("bob")
    for query in ("at=0", "at=99999", "at=x", "quote=%00", "quote=a&nth=0", "quote=a&nth=-1", "at=3&of=" + "0" * 40):
        assert visitor.open(f"{WORDS}?{query}").status in (200, 404)
    for form in ({}, {"words": "x"}, {"at": "3", "words": "x\x00y", "of": "z"}, {"quote": "x" * 9_000, "words": "y"}):
        assert visitor.post(WORDS, form).status in (200, 303, 400, 404, 409)
