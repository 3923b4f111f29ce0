"""Drafts: seen by their author alone, over one page or several, and proposed as one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.world import World
from wiki.drafts import Draft, DraftFile
from wiki.drafts.drafts import MOST
from wiki.markdown import split_front_matter
from wiki.model.errors import Refused
from wiki.together import with_redirect_from


def _begin(world: World, who: str = "ana", page: str = "welcome", text: str = "# Welcome\n\nHello.\n") -> str:
    """Save a draft in the editor; its address."""
    visitor = world.visitor(who)
    visitor.open(f"/-/edit/{page}")
    came = visitor.submit(f"/-/edit/{page}", "draft", text=text, title="Hello", why="It is kind.")
    assert came.address.startswith("/-/drafts/"), came.main
    return came.address


def _add(world: World, draft: str, kind: str, name: str, other: str = "", who: str = "ana") -> None:
    visitor = world.visitor(who)
    visitor.open(draft)
    page = visitor.post(f"{draft}/pages", {"kind": kind, "name": name, "other": other, "mend": "y"})
    assert page.status == 200, page.main


def test_a_draft_is_kept_and_only_its_author_sees_it(world: World) -> None:
    before = world.everything()
    draft = _begin(world)
    assert world.everything() == before
    ana = world.visitor("ana")
    assert "Hello" in ana.open("/-/drafts").main
    page = ana.open(draft)
    assert "Only you can see it" in page.main
    assert page.tree.xpath("//ins[contains(., 'Hello')]")
    for stranger in (world.visitor("bob"), world.visitor()):
        for method, address in (
            ("GET", draft), ("POST", draft), ("POST", f"{draft}/pages"), ("POST", f"{draft}/out"),
            ("GET", f"/-/edit/welcome?draft={draft.rsplit('/', 1)[1]}"),
        ):  # fmt: skip
            data = {"csrf_token": stranger.token(), "kind": "remove", "name": "welcome", "do": "discard"}
            status = stranger.client.open(address, method=method, data=data if method == "POST" else None).status_code
            assert status in {302, 401, 404}, (method, address)
    assert "Drafts" not in world.visitor("bob").open("/-/proposals").main
    assert ana.open(draft).status == 200


def test_several_pages_become_one_proposal(world: World) -> None:
    draft = _begin(world)
    ana = world.visitor("ana")
    ana.open(draft)
    page = ana.submit(f"{draft}/pages", name="working/hours")
    assert page.address.startswith("/-/edit/working/hours")
    page = ana.submit(page.address.partition("?")[0], "propose", text="# Hours\n\nFewer.\n")
    assert page.address == draft
    ana.post(f"{draft}/pages", {"kind": "add", "name": "working/pauses"})
    page = ana.submit("/-/new", "propose", text="# Pauses\n\nMake some.\n", name="working/pauses")
    assert page.address == draft
    _add(world, draft, "remove", "notes/kitchen", "welcome")
    text = world.wiki.drafts.get(1, world.people["ana"].id).files["welcome.md"].text
    assert text == "---\nredirect_from:\n- /notes/kitchen\n---\n\n# Welcome\n\nHello.\n"
    _add(world, draft, "move", "travel/expenses", "money/costs")
    ana.open(draft)
    page = ana.submit(draft, "propose")
    assert page.address == "/-/proposals/1", page.main
    touched = {each.path for each in world.wiki.guidelines.weigh(1).proposal.touched}
    assert {"welcome.md", "working/hours.md", "working/pauses.md", "notes/kitchen.md", "travel/expenses.md",
            "money/costs.md", "travel/visa.md"} == touched  # fmt: skip
    assert "moved from travel/expenses" in page.main
    assert world.wiki.drafts.of(world.people["ana"].id) == []
    world.endorse(1, "bob", "cyd")
    assert world.in_force(1)
    assert "[expenses](../money/costs.md)" in (world.text("travel/visa") or "")
    assert world.visitor().open("/travel/expenses").address == "/money/costs"


def test_a_page_is_taken_out_again_and_a_draft_discarded(world: World) -> None:
    draft = _begin(world)
    _add(world, draft, "remove", "notes/kitchen")
    ana = world.visitor("ana")
    ana.open(draft)
    assert len(ana.page.tree.xpath("//section[@class='file']")) == 2
    ana.post(f"{draft}/out", {"path": "notes/kitchen.md"})
    assert len(ana.open(draft).tree.xpath("//section[@class='file']")) == 1
    ana.post(f"{draft}/out", {"path": "welcome.md"})
    ana.open(draft)
    page = ana.submit(draft, "propose")
    assert page.status == 400
    assert "changes nothing yet" in page.main
    ana.open(draft)
    ana.submit(draft, "discard")
    assert ana.open(draft).status == 404
    assert world.wiki.guidelines.count() == 0


def test_a_page_that_moved_meanwhile_is_brought_in_where_it_fits(world: World) -> None:
    text = world.text("travel/expenses") or ""
    draft = _begin(world, page="travel/expenses", text=text.replace("every meal", "each meal"))
    n = world.propose("dee", {"travel/expenses": text.replace("sleep well", "like")})
    world.endorse(n, "bob", "cyd")
    ana = world.visitor("ana")
    ana.open(draft)
    page = ana.submit(draft, "propose")
    assert page.status == 409
    page = ana.submit(draft, "propose")
    assert page.address == "/-/proposals/2"
    world.endorse(2, "bob", "cyd")
    now = world.text("travel/expenses") or ""
    assert "each meal" in now
    assert "where you like" in now


def test_a_passage_that_changed_meanwhile_is_shown_and_nothing_is_lost(world: World) -> None:
    text = world.text("travel/expenses") or ""
    draft = _begin(world, page="travel/expenses", text=text.replace("every meal", "each meal"))
    n = world.propose("dee", {"travel/expenses": text.replace("every meal", "no meal")})
    world.endorse(n, "bob", "cyd")
    ana = world.visitor("ana")
    ana.open(draft)
    page = ana.submit(draft, "propose")
    assert page.status == 409
    assert "“Expenses” changed at the same passage" in page.main
    assert page.tree.xpath("//ins[contains(., 'no')]")
    assert "each meal" in (world.wiki.drafts.of(world.people["ana"].id)[0].files["travel/expenses.md"].text or "")


def test_a_draft_proposed_in_two_windows_is_one_proposal(world: World) -> None:
    draft = _begin(world)
    one, two = world.visitor("ana"), world.visitor("ana")
    one.open(draft)
    two.open(draft)
    assert one.submit(draft, "propose").address == "/-/proposals/1"
    assert two.submit(draft, "propose").status == 404
    assert world.wiki.guidelines.count() == 1


def test_one_s_own_proposal_is_revised_over_several_pages_at_once(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.endorse(n, "bob")
    ana = world.visitor("ana")
    ana.open(f"/-/proposals/{n}")
    page = ana.submit("/more")
    draft = page.address
    page = ana.submit(f"{draft}/pages", name="working/hours")
    ana.submit(page.address.partition("?")[0], "propose", text="# Hours\n\nFewer.\n")
    ana.post(f"{draft}/pages", {"kind": "move", "name": "welcome", "other": "hello"})
    ana.open(draft)
    page = ana.submit(draft, "propose")
    assert page.address == f"/-/proposals/{n}", page.main
    proposal = world.wiki.guidelines.weigh(n).proposal
    assert {each.path for each in proposal.touched} == {"welcome.md", "hello.md", "working/hours.md"}
    assert [act.kind for act in proposal.acts] == ["propose", "endorse", "revise"]
    assert "# Welcome" in _tip(world, n, "hello.md")
    assert "Hello." in _tip(world, n, "hello.md")


def _tip(world: World, n: int, path: str) -> str:
    blob = world.wiki.repository.file(world.wiki.guidelines.weigh(n).proposal.tip.id, path)
    return world.wiki.repository.content(blob).decode() if blob is not None else ""


@pytest.mark.parametrize("end", ["close", "merge", "revise"])
def test_a_proposal_that_went_on_under_a_draft_is_not_overwritten(world: World, end: str) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    ana = world.visitor("ana")
    ana.open(f"/-/proposals/{n}")
    draft = ana.submit("/more").address
    ana.post(f"{draft}/pages", {"kind": "remove", "name": "notes/kitchen"})
    if end == "close":
        world.wiki.guidelines.close(n, world.person("ana"))
    elif end == "merge":
        world.endorse(n, "bob", "cyd")
    else:
        world.wiki.guidelines.revise(n, world.person("ana"), {"welcome.md": "# Welcome\n\nHi.\n"})
    before = world.everything()
    ana.open(draft)
    page = ana.submit(draft, "propose")
    assert page.status == (409 if end == "revise" else 400)
    assert world.everything() == before
    assert ana.open(draft).status == 200
    if end == "revise":
        page = ana.submit(draft, "propose")
        assert page.address == f"/-/proposals/{n}"
        assert "Hi." in _tip(world, n, "welcome.md")
        assert _tip(world, n, "notes/kitchen.md") == ""


def test_somebody_else_s_proposal_is_not_revised_by_a_draft(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    assert world.visitor("bob").post(f"/-/proposals/{n}/more").status == 400


CO_AUTHORS = (
    ("bob@example.com", 200), ("BOB@example.com , cyd@example.com", 200), ("nobody@example.com", 400),
    ("gone@example.com", 400), ("concord@localhost", 400), (",,,", 200), ("x" * 2000, 400),
)  # fmt: skip


@pytest.mark.parametrize(("together", "status"), CO_AUTHORS)
def test_co_authors_are_colleagues_who_are_here(world: World, together: str, status: int) -> None:
    gone = world.wiki.accounts.add("gone@example.com", "Gus Gone", "a calm blue morning", 0)
    world.wiki.accounts.deactivate(gone)
    draft = _begin(world)
    ana = world.visitor("ana")
    ana.open(draft)
    page = ana.submit(draft, "propose", together=together)
    assert page.status == status
    if status == 200:
        names = {person.email for person in world.wiki.guidelines.weigh(1).proposal.authors}
        wanted = {email.strip().lower() for email in together.split(",") if email.strip()}
        assert names == {"ana@example.com", *wanted}


def test_whoever_has_spoken_cannot_be_made_an_author_by_others(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.wiki.guidelines.object(n, world.person("zed"), world.change(n), "No.")
    ana = world.visitor("ana")
    ana.open(f"/-/edit/welcome?proposal={n}")
    page = ana.submit("/-/edit/welcome", "propose", text="# Welcome\n\nHi.\n", together="zed@example.com")
    assert page.status == 400
    assert "only they can decide to write with you" in page.main
    assert page.typed() == "# Welcome\n\nHi.\n"


@pytest.mark.parametrize(
    "name", ["../x", "", "a/.git/b", "policy.toml", "nowhere/at/all", "-rf", "a" * 400, "welcome/"]
)
@pytest.mark.parametrize("kind", ["change", "add", "move", "remove", "explode"])
def test_odd_pages_are_refused_and_the_draft_stays(world: World, kind: str, name: str) -> None:
    draft = _begin(world)
    before = world.wiki.drafts.get(1, world.people["ana"].id)
    ana = world.visitor("ana")
    page = ana.post(f"{draft}/pages", {"kind": kind, "name": name, "other": "../up"})
    assert page.status in {200, 400, 404}
    after = world.wiki.drafts.get(1, world.people["ana"].id)
    assert set(after.files) - set(before.files) <= {"policy.toml"}
    if (kind, name) != ("remove", "welcome/"):
        assert after.files["welcome.md"] == before.files["welcome.md"]


def test_there_is_a_limit_to_drafts(world: World) -> None:
    drafts, who = world.wiki.drafts, world.people["ana"].id
    for nth in range(MOST):
        drafts.save(Draft(who, title=str(nth)), 0)
    with pytest.raises(Refused, match="100 drafts"):
        drafts.save(Draft(who), 0)
    with pytest.raises(Refused, match="too much text"):
        drafts.save(Draft(world.people["bob"].id, files={"x.md": DraftFile("x" * (9 << 20), None)}), 0)
    assert world.visitor("ana").open("/-/drafts").status == 200


def test_a_move_in_the_editor_mends_the_links_of_other_pages(world: World) -> None:
    ana = world.visitor("ana")
    page = ana.open("/-/edit/travel/expenses")
    assert "Mend the links of the 1 page that leads here" in page.main
    ana.submit("/-/edit/travel/expenses", "propose", name="money/costs", title="Move it", mend="y")
    world.endorse(1, "bob", "cyd")
    assert "[expenses](../money/costs.md)" in (world.text("travel/visa") or "")
    ana.open("/-/edit/money/costs")
    data = {"text": world.text("money/costs") or "", "name": "travel/costs", "title": "Back", "base": _blob(world)}
    ana.post("/-/edit/money/costs", {**data, "do": "propose"})
    assert [each.path for each in world.wiki.guidelines.weigh(2).proposal.touched] == [
        "money/costs.md",
        "travel/costs.md",
    ]


def _blob(world: World) -> str:
    blob = world.wiki.repository.file(world.wiki.repository.main(), "money/costs.md")
    assert blob is not None
    return blob.id


def test_a_removed_page_leads_its_readers_elsewhere(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/-/remove/notes/kitchen")
    page = ana.submit("/-/remove/notes/kitchen", "propose", title="Away", lead_to="nowhere")
    assert page.status == 400
    assert "that readers could be led to" in page.main
    ana.submit("/-/remove/notes/kitchen", "propose", title="Away", lead_to="welcome")
    world.endorse(1, "bob", "cyd")
    assert world.in_force(1)
    assert world.visitor().open("/notes/kitchen").address == "/welcome"
    assert "This is how we work" in world.visitor().open("/welcome").main


ALIASES: st.SearchStrategy[object] = st.one_of(
    st.none(), st.lists(st.from_regex(r"/?[a-z]{1,8}(/[a-z]{1,8})?", fullmatch=True), max_size=4),
    st.from_regex(r"/[a-z]{1,8}", fullmatch=True),
)  # fmt: skip


@given(aliases=ALIASES, flow=st.booleans(), others=st.dictionaries(st.sampled_from(["title", "tags"]), st.just("x y")))
def test_a_redirect_is_added_to_any_front_matter(aliases: object, flow: bool, others: Mapping[str, str]) -> None:
    facts = {**others, **({"redirect_from": aliases} if aliases is not None else {})}
    head = yaml.safe_dump(facts, default_flow_style=None if flow else False, sort_keys=False) if facts else ""
    body = "\n# Title\n\n---\n\nWords.\n"
    text = f"---\n{head}---\n{body}" if facts else body.lstrip("\n")
    after, rest = split_front_matter(with_redirect_from(text, "old/name"))
    old = aliases if isinstance(aliases, list) else [aliases] if aliases else []
    found = after["redirect_from"]
    assert isinstance(found, list)
    assert sorted(map(str, found)) == sorted(["/old/name", *map(str, old)])
    assert rest.strip() == body.strip()
    assert {key: value for key, value in after.items() if key != "redirect_from"} == others
