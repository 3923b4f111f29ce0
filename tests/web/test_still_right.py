"""Still right? The question on a page whose day has come, the button that answers it, and the list of what is due."""

from __future__ import annotations

import pytest

from tests.world import PASSWORD, Visitor, World
from wiki.wording import AsItIs

PAGE, FREE = "travel/visa", "notes/kitchen"
CONFIRM = f"/-/still-right/{PAGE}"
DUE = "/-/still-right"
HEAD = "---\n# whom to ask: Ana\nreview_by:  '2026-05-01'  # the board wants it\ntitle: Visas\n---\n\n# Visas\n\nAsk.\n"
TODAY = "28 May 2026"


def _in_force(world: World, name: str, text: str) -> None:
    n = world.propose("zed", {name: text}, "Say when to look again")
    if not world.in_force(n):
        world.endorse(n, "cyd", "dee")
    assert world.in_force(n)


def _dated(name: str, day: str) -> str:
    return f"---\nreview_by: {day}\n---\n\n# {name}\n\nWords.\n"


@pytest.fixture
def due(world: World) -> World:
    """A wiki in which the page of visas should have been looked at in May."""
    _in_force(world, PAGE, HEAD)
    return world


def _press(world: World, who: str, **fields: str) -> Visitor:
    visitor = world.visitor(who)
    visitor.open(f"/{PAGE}")
    visitor.submit(CONFIRM, **fields)
    return visitor


def _text(world: World, n: int, name: str = PAGE) -> str:
    repository = world.wiki.repository
    blob = repository.file(world.wiki.guidelines.weigh(n).proposal.tip.id, f"{name}.md")
    assert blob is not None
    return repository.content(blob).decode()


def _last(world: World) -> int:
    return world.wiki.repository.refs.last_number()


# On the page


def test_one_click_proposes_a_later_day_and_nothing_else(due: World) -> None:
    visitor = due.visitor("bob")
    page = visitor.open(f"/{PAGE}")
    assert "Somebody meant to look at this page again by 1 May 2026. It still holds." in page.main
    options = [" ".join(one.text_content().split()) for one in page.tree.xpath("//select[@name='months']/option")]
    assert options == [
        "on 28 August 2026, in 3 months",
        "on 28 November 2026, in 6 months",
        "on 28 May 2027, in 1 year",
        "on 28 May 2028, in 2 years",
    ]
    page = visitor.submit(CONFIRM)
    assert page.heading == "Still right: Visas"
    assert "Confirms that this page is still right until 28 May 2027. Not a word of it changes." in page.main
    assert _text(due, 2) == HEAD.replace("2026-05-01", "2027-05-28")
    due.endorse(2, "cyd", "dee")
    assert due.in_force(2), "the ordinary rules decide"
    assert "Still right?" not in visitor.open(f"/{PAGE}").main


@pytest.mark.parametrize(("months", "day"), [("3", "2026-08-28"), ("24", "2028-05-28")])
def test_another_day_can_be_chosen(due: World, months: str, day: str) -> None:
    _press(due, "bob", months=months)
    assert _text(due, 2) == HEAD.replace("2026-05-01", day)


@pytest.mark.parametrize("text", [HEAD.replace("\n", "\r\n"), HEAD.rstrip("\n"), HEAD + "\n\n\n", "\ufeff" + HEAD])
def test_line_ends_stay_as_they_are(world: World, text: str) -> None:
    _in_force(world, PAGE, AsItIs(text))
    _press(world, "bob")
    assert _text(world, 2) == text.replace("2026-05-01", "2027-05-28")


def test_a_page_that_asked_after_three_months_asks_so_again(world: World) -> None:
    _in_force(world, PAGE, _dated("Visas", "2026-08-30"))
    world.clock.wait(5)
    _in_force(world, PAGE, _dated("Visas", "2026-08-30") + "More words.\n")
    world.clock.wait(95)
    page = world.visitor("bob").open(f"/{PAGE}")
    assert page.tree.xpath("string(//select[@name='months']/option[@selected]/@value)") == "3"


def test_it_asks_a_month_before_the_day_and_not_earlier(world: World) -> None:
    _in_force(world, PAGE, _dated("Visas", "2026-06-28"))
    assert "Still right?" not in world.visitor("bob").open(f"/{PAGE}").main
    world.clock.wait(1)
    page = world.visitor("bob").open(f"/{PAGE}")
    assert "Somebody should look at this page again by 28 June 2026." in page.main
    _press(world, "bob")
    assert "review_by: 2026-08-29\n" in _text(world, 2)


def test_who_is_not_signed_in_signs_in_and_comes_back(due: World) -> None:
    visitor = due.visitor()
    page = visitor.open(f"/{PAGE}")
    assert not page.tree.xpath("//select[@name='months']")
    (address,) = page.tree.xpath("//section[@id='still-right']//a[@class='button']/@href")
    visitor.open(address)
    visitor.submit("/-/sign-in", email="bob@example.com", password=PASSWORD)
    assert visitor.page.tree.xpath("//select[@name='months']")


def test_whoever_is_signed_out_meanwhile_is_asked_to_sign_in(due: World) -> None:
    before = due.everything()
    visitor = due.visitor()
    visitor.open(f"/{PAGE}")
    page = visitor.post(CONFIRM, {"of": _blob(due), "months": "12"})
    assert page.status == 401
    assert due.everything() == before


def _blob(world: World, name: str = PAGE) -> str:
    found = world.wiki.index.page(name)
    assert found is not None
    return found[0].blob


# Once is enough


def test_pressed_again_it_leads_to_the_same_proposal(due: World) -> None:
    visitor = due.visitor("bob")
    visitor.open(f"/{PAGE}")
    sent = {"of": _blob(due), "months": "12"}
    assert visitor.post(CONFIRM, sent).address == "/-/proposals/2"
    page = visitor.post(CONFIRM, {**sent, "months": "3"})
    assert page.address == "/-/proposals/2"
    assert "This is on the table already." in page.body
    assert _last(due) == 2


def test_pressed_again_when_it_is_in_force_it_leads_to_the_same_proposal(world: World) -> None:
    _in_force(world, FREE, _dated("Kitchen", "2026-05-01"))
    visitor = world.visitor("bob")
    sent = {"of": _blob(world, FREE), "months": "12"}
    assert visitor.post(f"/-/still-right/{FREE}", sent).address == "/-/proposals/2"
    assert world.in_force(2)
    page = visitor.post(f"/-/still-right/{FREE}", sent)
    assert (page.status, page.address) == (200, "/-/proposals/2")
    assert "You have said so already, and it is in force." in page.body
    page = world.visitor("cyd").post(f"/-/still-right/{FREE}", sent)
    assert page.status == 409
    assert "Somebody was faster: the page will ask again on 28 May 2027." in page.main
    assert _last(world) == 2


def test_what_is_on_the_table_is_to_be_endorsed_instead(due: World) -> None:
    _press(due, "bob")
    page = due.visitor("cyd").open(f"/{PAGE}")
    assert not page.tree.xpath("//select[@name='months']")
    assert "A proposal answers this: Still right: Visas. It confirms the page until 28 May 2027." in page.main
    assert page.tree.xpath("//section[@id='still-right']//a[@class='button']/@href") == ["/-/proposals/2#decision"]
    assert "Look at it and endorse" in due.visitor().open(f"/{PAGE}").main


def test_a_proposal_that_changes_more_answers_too(due: World) -> None:
    due.propose("ana", {PAGE: HEAD.replace("2026-05-01", "2026-12-01").replace("Ask.", "Ask early.")}, "Early")
    page = due.visitor("bob").open(f"/{PAGE}")
    assert "It would change the page, and let it ask again on 1 December 2026." in page.main
    due.wiki.guidelines.close(2, due.person("ana"), "")
    due.propose("ana", {PAGE: "# Visas\n\nAsk.\n"}, "Never again")
    assert "It would take the day away." in due.visitor("bob").open(f"/{PAGE}").main


def test_a_proposal_that_leaves_the_day_alone_does_not(due: World) -> None:
    due.propose("ana", {PAGE: HEAD.replace("Ask.", "Ask early.")}, "Early")
    visitor = _press(due, "bob")
    assert visitor.page.heading == "Still right: Visas"
    assert "Confirms that this page" not in visitor.open("/-/proposals/2").main


# Refusals


def test_a_page_that_changed_meanwhile_must_be_read_first(due: World) -> None:
    visitor = due.visitor("bob")
    visitor.open(f"/{PAGE}")
    _in_force(due, PAGE, HEAD.replace("Ask.", "Ask nobody."))
    before = due.everything()
    page = visitor.submit(CONFIRM)
    assert page.status == 409
    assert "The page has changed since you opened it." in page.main
    assert "nobody" in " ".join(page.tree.xpath("//main//ins//text()"))
    assert f"/{PAGE}#still-right" in page.tree.xpath("//main//a/@href")
    assert due.everything() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD.replace("2026-05-01", "2026-12-01"), "Somebody was faster: the page will ask again on 1 December 2026."),
        ("# Visas\n\nAsk.\n", "Somebody was faster: the page no longer asks to be looked at again."),
    ],
)
def test_a_day_that_moved_meanwhile_is_409(due: World, text: str, said: str) -> None:
    visitor = due.visitor("bob")
    visitor.open(f"/{PAGE}")
    _in_force(due, PAGE, text)
    page = visitor.submit(CONFIRM)
    assert page.status == 409
    assert said in page.main


def test_a_page_that_was_removed_or_moved_meanwhile_is_said_so(due: World) -> None:
    visitor = due.visitor("bob")
    visitor.open(f"/{PAGE}")
    n = due.propose("ana", {PAGE: None, "travel/visas": HEAD})
    due.endorse(n, "cyd", "dee")
    page = visitor.submit(CONFIRM)
    assert page.status == 409
    assert "/travel/visas#still-right" in page.tree.xpath("//main//a/@href")
    n = due.propose("ana", {"travel/visas": None})
    due.endorse(n, "cyd", "dee")
    page = visitor.post("/-/still-right/travel/visas", {"of": _blob(due, "welcome"), "months": "12"})
    assert page.status == 404
    assert DUE in page.tree.xpath("//main//a/@href")
    assert visitor.post("/-/still-right/no/such/page", {"months": "12"}).status == 404


@pytest.mark.parametrize("months", ["", "1", "-3", "12.0", "x" * 5000, "１２"])
def test_other_months_are_refused(due: World, months: str) -> None:
    page = due.visitor("bob").post(CONFIRM, {"of": _blob(due), "months": months})
    assert page.status == 400
    assert "Please choose one of the days" in page.main
    assert _last(due) == 1


def test_a_page_that_does_not_ask_is_not_confirmed(due: World) -> None:
    page = due.visitor("bob").post("/-/still-right/welcome", {"of": _blob(due, "welcome"), "months": "12"})
    assert page.status == 400
    assert "does not ask to be looked at again" in page.main


def test_a_day_that_cannot_be_followed_is_left_to_the_editor(world: World) -> None:
    _in_force(world, PAGE, "---\nreview_by: &day '20260501'\ntitle: Visas\n---\n# Visas\n")
    visitor = world.visitor("bob")
    page = visitor.open(f"/{PAGE}")
    assert "cannot be moved with a click; change it in the text." in page.main
    assert f"/-/edit/{PAGE}" in page.tree.xpath("//section[@id='still-right']//a/@href")
    page = visitor.post(CONFIRM, {"of": _blob(world), "months": "12"})
    assert page.status == 400
    assert "cannot be changed with a click" in page.main


def test_opening_the_address_does_nothing(due: World) -> None:
    before = due.everything()
    assert due.visitor("bob").open(CONFIRM).status == 404
    assert due.everything() == before


# What is due


def _rows(page: object) -> list[tuple[str, str]]:
    """Each title in the list, with the folder that it stands under."""
    rows = page.tree.xpath("//main//li[@class='row']//p[@class='row-title']/a")  # type: ignore[attr-defined]
    return [(row.text_content(), row.xpath("string(preceding::h3[1])")) for row in rows]


def test_what_is_due_stands_in_a_list_by_folder_and_what_comes_soon_after_it(world: World) -> None:
    _in_force(world, FREE, _dated("Kitchen", "2026-05-27"))
    _in_force(world, "travel/expenses", _dated("Expenses", "2024-05-27"))
    _in_force(world, PAGE, _dated("Visas", "2026-06-20"))
    _in_force(world, "welcome", _dated("Welcome", "2026-05-20"))
    _in_force(world, "working/hours", _dated("Hours", "2026-07-20"))
    visitor = world.visitor()
    page = visitor.open(DUE)
    assert _rows(page) == [
        ("Welcome", "In no folder"), ("Kitchen", "Notes"), ("Expenses", "Travel"), ("Visas", "Travel"),
    ]  # fmt: skip
    assert "3 pages should have been looked at again by now." in page.main
    heads = [" ".join(each.text_content().split()) for each in page.tree.xpath("//main//h2")]
    assert heads == ["Their day has passed 3", "In the next 30 days 1"]
    assert "by 27 May 2024 2 years overdue last revised by Zed Okafor" in page.main
    assert "by 20 June 2026 in 3 weeks" in page.main
    assert f"/{PAGE}#still-right" in page.tree.xpath("//main//a/@href")
    assert _rows(visitor.open(f"{DUE}?folder=travel")) == [("Expenses", "Travel"), ("Visas", "Travel")]
    assert _rows(visitor.open(f"{DUE}?folder=-")) == [("Welcome", "In no folder")]
    assert "Nothing is due." in visitor.open(f"{DUE}?folder=nowhere").main


def test_nothing_due_is_said_warmly(world: World) -> None:
    page = world.visitor().open(DUE)
    assert "Every page was looked at again in time." in page.main
    assert "Nothing is due. Thank you for looking after it." in page.main


def test_the_list_says_what_is_on_the_table(due: World) -> None:
    _press(due, "bob")
    page = due.visitor("cyd").open(DUE)
    assert "on the table: Still right: Visas" in page.main
    assert "0 of 2 colleagues" in page.main
    due.endorse(2, "cyd", "dee")
    assert _rows(due.visitor("cyd").open(DUE)) == []


def test_removed_moved_and_undated_pages_are_not_in_the_list(due: World) -> None:
    _in_force(due, PAGE, "# Visas\n\nAsk.\n")
    assert _rows(due.visitor().open(DUE)) == []
    _in_force(due, FREE, _dated("Kitchen", "2026-05-01"))
    due.propose("ana", {FREE: None, "notes/cups": _dated("Kitchen", "2026-05-01")})
    page = due.visitor().open(DUE)
    assert list(page.tree.xpath("//main//p[@class='row-title']/a/@href")) == ["/notes/cups#still-right"]
    due.propose("ana", {"notes/cups": None})
    assert _rows(due.visitor().open(DUE)) == []
    _in_force(due, "_templates/notes", _dated("A note", "2026-05-01"))
    assert _rows(due.visitor().open(DUE)) == []


def test_a_long_list_is_turned_page_by_page(world: World) -> None:
    names = [f"notes/n{at:03}" for at in range(45)]
    world.propose("ana", {name: _dated(f"N{name[-3:]}", "2026-05-01") for name in names})
    visitor = world.visitor()
    page = visitor.open(f"{DUE}?folder=notes")
    assert len(_rows(page)) == 40
    assert len(page.body) < 60_000
    (more,) = page.tree.xpath("//a[@rel='next']/@href")
    page = visitor.open(more)
    assert [title for title, _folder in _rows(page)] == [f"N{at:03}" for at in range(40, 45)]
    assert page.tree.xpath("//a[@rel='prev']/@href") == [f"{DUE}?folder=notes"]
    assert visitor.open(f"{DUE}?page=x").status == 400


def test_who_wrote_a_page_that_is_due_is_told_quietly(due: World) -> None:
    visitor = due.visitor("zed")
    page = visitor.open("/-/waiting")
    assert "1 page you wrote on asks whether it is still right" in page.main
    page = visitor.open(f"{DUE}?mine=yes")
    assert _rows(page) == [("Visas", "Travel")]
    other = due.visitor("bob")
    assert "asks whether it is still right" not in other.open("/-/waiting").main
    assert "None of the pages you wrote on is due." in other.open(f"{DUE}?mine=yes").main
    assert due.visitor().open(f"{DUE}?mine=yes").address.startswith("/-/sign-in")


def test_the_list_is_found_from_where_people_are(due: World) -> None:
    _press(due, "bob")
    due.endorse(2, "cyd", "dee")
    due.clock.wait(366)
    for address in ("/", "/-/how-we-are-doing", f"/{PAGE}"):
        assert DUE in due.visitor().open(address).tree.xpath("//main//a/@href"), address


def _told(world: World, name: str = PAGE) -> tuple[str, list[str]]:
    """The sentences about who made a page, and the terms below it."""
    page = world.visitor().open(f"/{name}")
    byline = " ".join(page.tree.xpath("string(//p[@class='byline'])").split())
    return byline.partition(". ")[2], [
        " ".join(" ".join(one.itertext()).split()).replace(" ,", ",")
        for one in page.tree.xpath("//section[@class='colophon']/dl/div")[1:3]
    ]


def _confirmed(world: World, who: str) -> None:
    _press(world, who)
    world.endorse(_last(world), *[one for one in ("cyd", "dee", "zed") if one != who][:2])
    assert world.in_force(_last(world))


def test_who_confirms_a_page_is_not_told_to_have_written_it(due: World) -> None:
    _confirmed(due, "bob")
    assert _told(due) == (
        "Confirmed as still right by Bob Reyes, endorsed by 2 colleagues. Written by Zed Okafor. "
        "It began as part of the founding text.",
        ["Written by Zed Okafor, the founding text",
         "Confirmed as still right by Bob Reyes, endorsed by Cyd Laurent, Dee Okonkwo"],
    )  # fmt: skip
    before = due.wiki.index.page(PAGE)
    due.wiki.index.rebuild()
    assert due.wiki.index.page(PAGE) == before
    _in_force(due, PAGE, HEAD.replace("Ask.", "Ask early.").replace("2026-05-01", "2028-05-01"))
    assert _told(due)[0].startswith("Last changed by Zed Okafor, endorsed by 2 colleagues. It began")


def test_who_confirmed_a_page_and_wrote_on_it_too_has_written_it(due: World) -> None:
    _confirmed(due, "bob")
    n = due.propose("bob", {PAGE: (due.text(PAGE) or "").replace("Ask.", "Ask early.")})
    due.endorse(n, "cyd", "dee")
    assert _told(due)[1][0] == "Written by Bob Reyes, Zed Okafor, the founding text"


def test_made_again_the_index_tells_the_same(due: World) -> None:
    _in_force(due, FREE, _dated("Kitchen", "2026-05-27"))
    before = due.wiki.index.reviews.due("2026-12-31")
    assert [one.name for one in before] == [PAGE, FREE]
    due.wiki.index.rebuild()
    assert due.wiki.index.reviews.due("2026-12-31") == before
