"""The editor: one section of a page, templates for new ones, a quick preview, pages to link to."""

from __future__ import annotations

import random
import re

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.house import House
from tests.world import World
from wiki.markdown import render_page
from wiki.web.editor import piecewise
from wiki.web.editor.linking import relative
from wiki.web.editor.piecewise import pieces_of, rendered_quickly
from wiki.web.editor.sections import part_of, with_ways_in

EDIT = "/-/edit/travel/expenses"
SECTION = f"{EDIT}?section=meals"
PAGE = (
    "# Title\n\nIntro\n\n## One\n\nText.\n\n### Deeper\n\nMore.\n\n"
    "## Two\n\n```\n## not a heading\n```\n\nThree\n-----\n\nEnd.\n"
)


# One section


def test_every_heading_has_a_way_into_its_section(world: World) -> None:
    page = world.visitor().open("/travel/expenses")
    ways = page.tree.xpath("//article//h2/a[@class='way-in']")
    assert [way.get("href") for way in ways] == [f"{EDIT}?section={name}" for name in ("meals", "trains", "hotels")]
    assert ways[0].get("aria-label") == "Suggest a change to “Meals”"


def test_the_way_into_a_section_is_no_part_of_the_name_of_its_heading_or_table(world: World) -> None:
    text = '## Meals & [wine](/wine)\n\n| a |\n|---|\n| 1 |\n\n```\naria-labelledby="h-x"\n```\n'
    with world.app.test_request_context("/"):
        shown = lxml.html.fragment_fromstring(with_ways_in(render_page(text, "").html, "food"), "div")
    heading, table = shown.xpath(".//h2")[0], shown.xpath(".//div[@class='table']")[0]
    own = heading.get("aria-labelledby")
    words = shown.xpath(".//*[@id=$own]", own=own)
    assert [each.text_content() for each in words] == ["Meals & wine"]
    assert table.get("aria-labelledby") == own
    assert not words[0].xpath(".//a[@class='way-in']")
    assert shown.xpath("string(.//pre)") == 'aria-labelledby="h-x"\n'


def test_a_section_alone_is_edited_and_the_whole_page_is_proposed(world: World) -> None:
    before = world.text("travel/expenses") or ""
    ana = world.visitor("ana")
    page = ana.open(SECTION)
    assert page.typed() == "## Meals\n\nKeep the receipt of every meal."
    assert "You are editing one section" in page.main
    done = ana.submit(EDIT, "propose", text="## Meals\n\nKeep no receipt.\n\n\n", title="Fewer receipts")
    assert done.address == "/-/proposals/1"
    world.endorse(1, "bob", "cyd")
    assert world.text("travel/expenses") == before.replace("Keep the receipt of every meal.", "Keep no receipt.")


def test_a_section_may_get_another_heading_or_go(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(SECTION)
    ana.submit(EDIT, "propose", text="## Food\n\nEat.\n\n## Drink\n\nDrink.", title="Food")
    repository = world.wiki.repository
    blob = repository.file(world.wiki.guidelines.weigh(1).proposal.tip.id, "travel/expenses.md")
    assert blob is not None
    text = repository.content(blob).decode()
    assert "spent.\n\n## Food\n\nEat.\n\n## Drink\n\nDrink.\n\n## Trains" in text


def test_a_section_stays_one_while_it_is_looked_at(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(SECTION)
    page = ana.submit(EDIT, "preview", text="## Meals\n\nEat **well**.")
    assert page.typed() == "## Meals\n\nEat **well**."
    assert page.tree.xpath("//section[contains(@class, 'preview')]//strong[.='well']")
    page = ana.submit(EDIT, "difference")
    assert page.typed() == "## Meals\n\nEat **well**."
    assert page.tree.xpath("//section[@class='shown-difference']//ins")
    assert "Sleep where" not in page.typed()
    assert ana.submit(EDIT, "propose", title="").typed() == "## Meals\n\nEat **well**."


def test_a_page_that_moved_meanwhile_is_put_together_with_the_section(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(SECTION)
    text = world.text("travel/expenses") or ""
    n = world.propose("dee", {"travel/expenses": text.replace("where you sleep well", "where you like")})
    world.endorse(n, "cyd", "zed")
    page = ana.submit(EDIT, "propose", text="## Meals\n\nKeep no receipt.", title="Fewer")
    assert page.status == 409
    assert page.typed().startswith("# Expenses")
    assert "Keep no receipt." in page.typed()
    assert "where you like" in page.typed()
    assert ana.submit(EDIT, "propose").address == "/-/proposals/2"


def test_a_section_that_is_not_there_opens_the_whole_page(world: World) -> None:
    page = world.visitor("ana").open(f"{EDIT}?section=no-such")
    assert page.typed().startswith("# Expenses")
    assert "one section" not in page.main


def test_a_section_that_cannot_be_put_back_costs_no_words(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(SECTION)
    page = ana.submit(EDIT, "propose", section="no-such", text="An hour of typing.", title="x")
    assert page.status == 400
    assert page.typed() == "An hour of typing."


@pytest.mark.parametrize(
    ("slug", "text"),
    [("one", "## One\n\nText.\n\n### Deeper\n\nMore.\n\n"), ("deeper", "### Deeper\n\nMore.\n\n"),
     ("two", "## Two\n\n```\n## not a heading\n```\n\n"), ("three", "Three\n-----\n\nEnd.\n"), ("title", None)],
)  # fmt: skip
def test_a_section_goes_down_to_the_next_heading_of_its_rank(slug: str, text: str | None) -> None:
    part = part_of(PAGE, slug, "")
    assert (part.text if part is not None else None) == text
    if part is not None:
        assert part.before + part.text + part.after == PAGE
        assert part.whole(part.text.strip("\n")) == PAGE
        assert part.within(part.whole("## Other")).strip("\n") == "## Other"


# Templates


TEMPLATE = "---\ntitle: A how-to\n---\n\n# How to …\n\nSteps.\n"


def _with_template(world: World) -> None:
    n = world.propose("ana", {"_templates/how-to": TEMPLATE}, "A template")
    world.endorse(n, "bob", "cyd")
    assert world.in_force(n)


def test_a_new_page_can_begin_with_a_template(world: World) -> None:
    _with_template(world)
    ana = world.visitor("ana")
    page = ana.open("/-/new?name=travel/by-boat")
    page = ana.open(str(page.tree.xpath("//nav[@class='beginnings']//a[contains(., 'A how-to')]/@href")[0]))
    assert page.typed() == "# How to …\n\nSteps.\n"
    assert page.form("new").fields["name"] == "travel/by-boat"


def test_templates_are_pages_that_are_changed_by_proposal_but_not_listed(world: World) -> None:
    _with_template(world)
    ana = world.visitor("ana")
    assert all(node.name != "_templates" for node in world.wiki.index.contents().children)
    assert ana.open("/_templates/how-to").status == 200
    assert ana.open("/-/edit/_templates/how-to").typed() == TEMPLATE
    assert ana.client.get("/-/pages.json?q=how-to").get_json() == []


def test_an_unknown_template_is_no_trouble(world: World) -> None:
    for asked in ("nothing", "../welcome", "a" * 500, "\x00"):
        assert world.visitor("ana").open("/-/new", query_string={"template": asked}).status == 200


def test_the_starter_guidelines_bring_templates() -> None:
    from wiki import places

    found = sorted((places.starter_content() / "_templates").glob("*.md"))
    assert [file.stem for file in found] == ["decision", "guideline", "how-to"]
    for file in found:
        rendered = render_page(file.read_text(encoding="utf-8"), "_templates")
        assert rendered.title
        assert rendered.lead


# Links


def test_pages_to_link_to_are_found_by_title_and_by_name(world: World) -> None:
    ana = world.visitor("ana")
    found = ana.client.get("/-/pages.json?q=EXP&folder=travel").get_json()
    assert found[0] == {
        "name": "travel/expenses",
        "target": "expenses.md",
        "title": "Expenses",
        "url": "/travel/expenses",
    }
    found = ana.client.get("/-/pages.json?q=naive&folder=travel").get_json()
    assert [each["target"] for each in found] == ["../gr%C3%B6%C3%9Fe/na%C3%AFve.md"]
    assert ana.client.get("/-/pages.json?q=zzz").get_json() == []
    assert len(ana.client.get("/-/pages.json").get_json()) == 9
    assert world.visitor().client.get("/-/pages.json").status_code == 302


def test_a_folder_is_linked_by_the_page_it_has_of_its_own(world: World) -> None:
    found = world.visitor("ana").client.get("/-/pages.json?q=travel+travel/index").get_json()
    assert [each["name"] for each in found] == ["travel/index"]


@pytest.mark.parametrize(
    ("name", "folder", "target"),
    [("a/b", "a", "b.md"), ("a/b", "", "a/b.md"), ("b", "a/c", "../../b.md"), ("a b", "", "a%20b.md")],
)
def test_links_are_written_as_pages_write_them(name: str, folder: str, target: str) -> None:
    assert relative(name, folder) == target


# Preview


def test_the_preview_says_on_which_lines_its_blocks_begin(world: World) -> None:
    ana = world.visitor("ana")
    fields = {"csrf_token": ana.token(), "text": "# A\n\nOne.\n\n## B\n\nTwo.\n", "name": "x"}
    shown = ana.client.post("/-/preview", data=fields).get_data(as_text=True)
    assert '<p data-line="3">One.</p>' in shown
    assert '<p data-line="7">Two.</p>' in shown


def test_a_long_text_is_previewed_as_it_would_be_rendered() -> None:
    for seed in range(30):
        text = _made(random.Random(seed))
        assert rendered_quickly(text, "f") == render_page(text, "f", lines=True).html


_LINES = ["", "", "## Part", "### Deeper part", "Some *words* to read.", "- item", "  - inner", "1. first", "> quoted",
          "```", "~~~", "    code", "| a | b |", "|---|---|", "| c | d |", "***", "Under\n-----", "[x](y.md) and `c`",
          "## Part", "[a]: b", "<!-- c", "-->", "<pre>", "{% x %}", "* * *", "- ```", "#### four", "## *Em* `co`",
          "# Top", "> ## inside", "- ## inside", "term", ": meaning", "[^1]", "[^1]: note", "*[HTML]: Hyper",
          "\\", "#"]  # fmt: skip


def _made(chance: random.Random) -> str:
    text = "\n".join(chance.choice(_LINES) for _ in range(120))
    return text + "\n\nlast words " * 300


@given(st.lists(st.sampled_from(_LINES), min_size=1, max_size=60))
def test_texts_of_all_kinds_are_previewed_as_they_would_be_rendered(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n" + "\nplain words\n" * 350
    assert rendered_quickly(text, "f") == render_page(text, "f", lines=True).html
    assert "".join(pieces_of(text)) == text


_SHORTCODES = ["## Part", "### Deeper part", "#### Deep", "| a | b |", "|---|---|", "| c | d |", "", "", "words",
               '{% page "a/b" %}', '{% alert "warning" %}', "{% endalert %}", "{% alert %}One.{% endalert %}",
               "{% raw %}", "{% endraw %}", "{% comment %}", "{% endcomment %}", "{{ site.baseurl }}/x", "```", "> ```",
               "{% include", "x %}", '{% image "a.png" "Words" %}', "- ```", "`{% raw %}`", "{% raw %}```"]  # fmt: skip
_FRONT = ["", "---\ntitle: Part\n---\n", "---\ntitle: [\n---\n", "---\n- a\n---\n", "---\n", "\ufeff---\na: b\n---\n"]


@given(st.sampled_from(_FRONT), st.lists(st.sampled_from(_SHORTCODES), min_size=1, max_size=40))
def test_shortcodes_and_front_matter_are_previewed_as_they_would_be_rendered(front: str, lines: list[str]) -> None:
    text = front + "\n".join(lines) + "\n" + "\nplain words\n" * 350
    assert _without_places(rendered_quickly(text, "f")) == _without_places(render_page(text, "f", lines=True).html)


def _without_places(shown: str) -> str:
    """Shortcodes may take other room than their source: then blocks below are told a line or two too early."""
    return re.sub(r' data-line="\d+"', "", shown)


@pytest.mark.corpus
def test_a_handbook_is_mostly_rendered_by_the_piece(handbook: House) -> None:
    paths = handbook.git("ls-tree", "-r", "--name-only", "main").splitlines()
    texts = [handbook.text(path) for path in paths if path.endswith(".md")]
    long = [text.replace("\r\n", "\n") for text in texts if text is not None and len(text) > 4_000]
    apart = [text for text in long if len(piecewise._apart(text) or []) > 1]
    assert len(apart) > 0.6 * len(long) > 60
    for text in apart[:40]:
        assert _without_places(rendered_quickly(text, "f")) == _without_places(render_page(text, "f", lines=True).html)


def test_only_what_changed_is_rendered_again() -> None:
    parts = [f"## Part {n}\n\n{'Some words to read. ' * 30}\n\n" for n in range(30)]
    rendered_quickly("".join(parts), "f")
    before = piecewise._piece.cache_info()
    parts[7] += "One more.\n\n"
    rendered_quickly("".join(parts), "f")
    after = piecewise._piece.cache_info()
    assert after.misses - before.misses == 1
    assert after.hits - before.hits == len(parts) - 1
