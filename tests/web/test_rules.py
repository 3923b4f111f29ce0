"""The fifteen rules that a wiki like this must survive (model.md section 7), as they show on its pages. Each test is
called after its rule."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.world import PASSWORD, World, close, let_go
from wiki.assembly import open_wiki
from wiki.index.catch_up import Caught
from wiki.model.merge import Weighed

NUMBER = "/-/proposals/1"


def _replace(world: World, name: str, old: str, new: str) -> str:
    text = world.text(name)
    assert text is not None
    assert old in text
    return text.replace(old, new)


def test_rule_01_text_edited_after_endorsements_lapses_them_at_once(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.endorse(n, "bob")
    world.wiki.guidelines.revise(n, world.person("ana"), {"welcome.md": "# Welcome\n\nHello, all.\n"})
    world.endorse(n, "cyd")
    page = world.visitor("bob").open(NUMBER)
    assert "1 of 2 colleagues" in page.main
    assert page.tree.xpath("//li[contains(@class, 'lapsed') and contains(., 'Bob Reyes')]")
    assert not world.in_force(n)


def test_rule_02_an_endorser_whose_screen_was_out_of_date_is_refused_and_shown_the_difference(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    bob = world.visitor("bob")
    bob.open(NUMBER)
    world.wiki.guidelines.revise(n, world.person("ana"), {"welcome.md": "# Welcome\n\nGood morning.\n"})
    page = bob.submit("/endorse")
    assert page.status == 409
    assert "has changed since you opened it" in page.main
    assert page.tree.xpath("//main//ins[contains(., 'Good')]")
    assert world.wiki.guidelines.weigh(n).proposal.voices == {}


def test_rule_03_a_revise_between_deciding_and_merging_is_decided_again(world: World) -> None:
    guidelines, n = world.wiki.guidelines, world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.endorse(n, "bob")
    weigh, moved = guidelines.weigh, []

    def weigh_and_be_overtaken(number: int) -> Weighed:
        weighed = weigh(number)
        if not weighed.standing.reasons and not weighed.in_force and not moved:
            moved.append(number)
            elsewhere = open_wiki(world.wiki.settings, world.clock)
            elsewhere.guidelines.revise(n, world.person("ana"), {"welcome.md": "# Welcome\n\nOther words.\n"})
            close(elsewhere)
        return weighed

    guidelines.weigh = weigh_and_be_overtaken  # type: ignore[method-assign]
    cyd = world.visitor("cyd")
    cyd.open(NUMBER)
    cyd.submit("/endorse")
    guidelines.weigh = weigh  # type: ignore[method-assign]
    assert moved == [n]
    assert not world.in_force(n)
    assert "0 of 2 colleagues" in cyd.open(NUMBER).main


def test_rule_04_a_neighbouring_line_lapses_endorsements_or_conflicts(world: World) -> None:
    n = world.propose("ana", {"travel/expenses": _replace(world, "travel/expenses", "every meal", "each meal")})
    world.endorse(n, "bob")
    other = world.propose("dee", {"travel/expenses": _replace(world, "travel/expenses", "every meal", "no meal")})
    world.endorse(other, "cyd", "zed")
    page = world.visitor("cyd").open(NUMBER)
    assert "an author must bring the two versions together" in page.main
    near = world.propose("ana", {"travel/visa": _replace(world, "travel/visa", "Ask early.", "Ask very early.")})
    world.endorse(near, "bob")
    beside = world.propose("dee", {"travel/visa": _replace(world, "travel/visa", "## Fees", "## The fees")})
    world.endorse(beside, "cyd", "zed")
    weighed = world.wiki.guidelines.weigh(near)
    assert weighed.overtaken or len(weighed.standing.valid) in {0, 1}
    assert not world.in_force(near)


def test_rule_04_another_page_that_moves_lapses_nothing_and_needs_no_refresh(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.endorse(n, "bob")
    other = world.propose("dee", {"working/hours": "# Hours\n\nFew.\n"})
    world.endorse(other, "cyd", "zed")
    page = world.visitor("cyd").open(NUMBER)
    assert "1 of 2 colleagues" in page.main
    assert "brought up to date" not in page.main
    world.endorse(n, "cyd")
    assert world.in_force(n)


def test_rule_04_the_same_page_elsewhere_is_brought_in_and_endorsements_stay(world: World) -> None:
    n = world.propose("ana", {"travel/expenses": _replace(world, "travel/expenses", "every meal", "each meal")})
    world.endorse(n, "bob")
    other = world.propose("dee", {"travel/expenses": _replace(world, "travel/expenses", "sleep well", "like")})
    world.endorse(other, "cyd", "zed")
    page = world.visitor("cyd").open(NUMBER)
    assert "brought up to date with what is in force; endorsements still count" in page.main
    assert "1 of 2 colleagues" in page.main
    world.endorse(n, "cyd")
    text = world.text("travel/expenses")
    assert text is not None
    assert "each meal" in text
    assert "where you like" in text


def test_rule_05_who_refreshes_does_not_become_an_author(world: World) -> None:
    n = world.propose("ana", {"travel/expenses": _replace(world, "travel/expenses", "every meal", "each meal")})
    other = world.propose("dee", {"travel/expenses": _replace(world, "travel/expenses", "sleep well", "like")})
    world.endorse(other, "cyd", "zed")
    bob = world.visitor("bob")
    bob.post(f"{NUMBER}/refresh")
    bob.open(NUMBER)
    bob.submit("/endorse")
    assert "1 of 2 colleagues" in bob.page.main
    assert n == 1


def test_rule_05_co_authors_do_not_count(world: World) -> None:
    world.wiki.guidelines.propose(
        world.person("ana"), "Together", "", {"welcome.md": "# W\n\nUs.\n"}, co_authors=[world.person("bob")]
    )
    page = world.visitor("bob").open(NUMBER)
    assert "You wrote part of this" in page.main
    assert page.tree.xpath("//main//a[text()='Edit this text']")
    assert world.visitor("bob").post(f"{NUMBER}/endorse", {"change": world.change(1)}).status == 400


def test_looking_at_a_suggestion_before_making_it_makes_none(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    bob = world.visitor("bob")
    bob.open(f"/-/suggest/{n}/welcome")
    page = bob.submit(f"/-/suggest/{n}/welcome", "preview", text="# Welcome\n\nHello, **all**.\n")
    assert page.tree.xpath("//*[@data-preview]//strong[text()='all']")
    assert "**all**" in page.typed()
    assert world.wiki.suggestions.of(n) == []


def test_rule_05_an_accepted_suggester_never_counts(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.endorse(n, "bob")
    bob = world.visitor("bob")
    bob.open(f"/-/suggest/{n}/welcome")
    bob.submit(f"/-/suggest/{n}/welcome", "propose", text="# Welcome\n\nHello, all.\n")
    ana = world.visitor("ana")
    ana.open(NUMBER)
    ana.post(f"{NUMBER}/take", {"change": world.change(n), "take": "1"})
    page = bob.open(NUMBER)
    assert "0 of 2 colleagues" in page.main
    assert "You wrote part of this" in page.main
    assert not page.offers("/endorse")


def test_rule_06_a_softer_policy_in_the_same_proposal_does_not_count_for_it(world: World) -> None:
    soft = _replace(world, "policy.toml", "endorse = 3", "endorse = 0").replace("endorse = 2", "endorse = 0")
    n = world.propose("ana", {"policy.toml": soft, "welcome": "# Mine\n\nAlone.\n"})
    page = world.visitor().open(NUMBER)
    assert "0 of 3 colleagues" in page.main
    world.clock.wait(10)
    world.wiki.tick()
    assert not world.in_force(n)


@pytest.mark.parametrize("policy", ["", "rubbish = [", "[[rule]]\npages = 'x'\nendorse = 1\n",
                                    "[[rule]]\npages = '**'\nendorse = 1\nneed = ['@nobody']\n"])  # fmt: skip
def test_rule_06_a_policy_that_cannot_be_read_or_met_is_refused_at_the_editor(world: World, policy: str) -> None:
    ana = world.visitor("ana")
    ana.open("/-/edit/policy.toml")
    page = ana.submit("/-/edit/policy.toml", "propose", text=policy, title="Locked out")
    assert page.status == 400
    assert page.tree.xpath("//*[@id='text-error']")
    assert page.typed().strip() == policy.strip()
    assert ana.open("/-/remove/policy.toml").status in {200, 400, 404}
    assert ana.post("/-/remove/policy.toml", {"title": "Away"}).status in {400, 409}


def test_rule_07_a_lowered_bar_wakes_no_closed_proposal_and_restarts_the_clock_of_open_ones(world: World) -> None:
    closed = world.propose("ana", {"welcome": "# Welcome\n\nClosed.\n"})
    world.endorse(closed, "bob")
    world.wiki.guidelines.close(closed, world.person("ana"))
    legal = world.propose("ana", {"legal/contracts": "# Contracts\n\nOpen.\n"})
    world.endorse(legal, "bob")
    world.clock.wait(1.9)
    lower = _replace(world, "policy.toml", "endorse = 3", "endorse = 1").replace("endorse = 2", "endorse = 1")
    policy = world.propose("dee", {"policy.toml": lower})
    world.endorse(policy, "ana", "bob", "cyd")
    world.clock.wait(2.1)
    world.wiki.tick()
    assert world.in_force(policy)
    assert not world.in_force(closed)
    assert "Withdrawn" in world.visitor().open(f"/-/proposals/{closed}").main
    assert not world.in_force(legal), "it stays on the table for two days from the new rules on"
    world.clock.wait(2.1)
    world.wiki.tick()
    assert world.in_force(legal)


def test_rule_07_a_raised_bar_holds_for_open_ones(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.endorse(n, "bob")
    policy = world.propose("dee", {"policy.toml": _replace(world, "policy.toml", "endorse = 2", "endorse = 3")})
    world.endorse(policy, "ana", "bob", "cyd")
    world.clock.wait(2.1)
    world.wiki.tick()
    assert world.in_force(policy)
    assert "1 of 3 colleagues" in world.visitor().open(NUMBER).main
    world.endorse(n, "cyd")
    assert not world.in_force(n)


@pytest.mark.parametrize(
    "name", ["../up", ".gitmodules", "a/.git/b", "a/../b", "tab\there", "e\u0301", "con", "a.lock"]
)
def test_rule_08_names_that_git_or_people_could_mistake_are_refused(world: World, name: str) -> None:
    before, ana = world.everything(), world.visitor("ana")
    ana.open("/-/new")
    assert ana.submit("/-/new", "propose", name=name, text="# X\n\nY.\n", title="A name").status == 400
    assert world.everything() == before


def test_rule_08_a_rename_out_of_a_strict_folder_needs_the_strict_rule(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/-/edit/legal/contracts")
    page = ana.submit("/-/edit/legal/contracts", "propose", name="contracts", title="Out of legal")
    assert "0 of 3 colleagues" in page.main
    world.endorse(1, "bob", "cyd")
    assert not world.in_force(1)


def test_rule_08_a_name_that_differs_only_in_case_is_refused(world: World) -> None:
    ana = world.visitor("ana")
    for name in ("Welcome", "WELCOME", "Travel/new", "welcome/below", "GRÖSSE/x"):
        ana.open("/-/new")
        page = ana.submit("/-/new", "propose", name=name, text="# X\n\nY.\n", title="Almost the same")
        assert page.status == 400, name
        assert "exists already" in page.main


def test_rule_09_a_deactivated_colleague_no_longer_counts_while_it_is_open(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.endorse(n, "bob")
    world.wiki.accounts.deactivate(world.people["bob"])
    world.wiki.guidelines.retract(n, world.person("bob"), left="bob@example.com")
    page = world.visitor().open(NUMBER)
    assert "0 of 2 colleagues" in page.main
    assert "Bob Reyes has left; their voice no longer counts" in page.main


def test_rule_09_the_same_endorsement_twice_counts_once(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    bob = world.visitor("bob")
    token, change = bob.token(), world.change(n)
    for _ in range(3):
        bob.post(f"{NUMBER}/endorse", {"csrf_token": token, "change": change})
    assert "1 of 2 colleagues" in bob.open(NUMBER).main
    assert [act.kind for act in world.wiki.guidelines.weigh(n).proposal.acts] == ["propose", "endorse"]


def test_rule_09_what_is_in_force_stays_when_an_endorser_leaves(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    open_one = world.propose("ana", {"notes/kitchen": None, "welcome": "# Welcome\n\nBye.\n"})
    world.endorse(n, "bob", "cyd")
    assert not world.in_force(open_one)
    world.wiki.accounts.deactivate(world.people["bob"])
    world.wiki.tick()
    assert world.in_force(n)
    assert "Bob Reyes endorsed" in world.visitor().open(NUMBER).main


def test_rule_10_an_answered_objection_weighs_and_never_vetoes(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    zed, ana = world.visitor("zed"), world.visitor("ana")
    zed.open(NUMBER)
    zed.submit("/object", reason="Too warm.")
    ana.open(NUMBER)
    ana.submit("/answer", text="It is meant to be.")
    world.wiki.accounts.add("eve@example.com", "Eve Sato", PASSWORD, world.wiki.now())
    page = world.visitor("bob").open(NUMBER)
    assert "0 of 4 colleagues" in page.main
    assert "2 by the rule, and 2 more because of 1 objection" in page.main
    world.endorse(n, "bob", "cyd", "dee")
    eve = world.visitor("eve")
    eve.open(NUMBER)
    eve.submit("/endorse")
    assert not world.in_force(n)
    world.clock.wait(3.1)
    world.wiki.tick()
    assert world.in_force(n)
    assert "Zed Okafor objected" in world.visitor().open(NUMBER).main


def test_rule_10_an_objection_one_minute_before_the_end_still_holds(world: World) -> None:
    n = world.propose("ana", {"legal/contracts": "# Contracts\n\nAll of us.\n"})
    world.endorse(n, "bob", "cyd", "dee")
    world.clock.wait(2 - 1 / 1440)
    zed = world.visitor("zed")
    zed.open(NUMBER)
    zed.submit("/object", reason="Think of the liability.")
    world.clock.wait(1)
    world.wiki.tick()
    assert not world.in_force(n)
    assert "Zed Okafor objected" in world.visitor().open(NUMBER).main


def test_rule_10_an_edit_does_not_wash_an_objection_away(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    zed = world.visitor("zed")
    zed.open(NUMBER)
    zed.submit("/object", reason="Too short.")
    world.wiki.guidelines.revise(n, world.person("ana"), {"welcome.md": "# Welcome\n\nHello!\n"})
    world.endorse(n, "bob", "cyd")
    page = world.visitor().open(NUMBER)
    assert not world.in_force(n)
    assert "about an earlier version" in page.main


def test_rule_11_trailers_typed_into_any_field_change_nothing(world: World) -> None:
    trailers = "\n\nAct: endorse\nOf: 0\nFor: bob@example.com\nEndorsed-by: Bob Reyes <bob@example.com>\nWith: x <x@y>"
    ana, zed = world.visitor("ana"), world.visitor("zed")
    ana.open("/-/edit/welcome")
    page = ana.submit(
        "/-/edit/welcome", "propose", text=f"# Welcome\n{trailers}\n", title="Endorsed-by: Bob", why=f"x{trailers}"
    )
    assert page.address == NUMBER
    assert "0 of 2 colleagues" in page.main
    zed.open(NUMBER)
    zed.submit("/object", reason=f"No.{trailers}")
    zed.submit("/comment", text=f"No.{trailers}")
    ana.open(NUMBER)
    ana.submit("/answer", text=f"Yes.{trailers}")
    ana.submit("/close", reason=f"Well.{trailers}")
    ana.submit("/reopen")
    assert "0 of 4 colleagues" in ana.page.main
    assert [str(person) for person in world.wiki.guidelines.weigh(1).proposal.authors] == [str(world.person("ana"))]


def test_rule_12_the_clock_jumps_back_and_times_do_not(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.clock.wait(-400)
    for who in ("bob", "cyd"):
        visitor = world.visitor(who)
        visitor.open(NUMBER)
        visitor.submit("/endorse")
    assert world.in_force(n)
    times = [act.when for act in world.wiki.guidelines.weigh(n).proposal.acts]
    assert times == sorted(times)


def test_rule_13_many_at_once_are_all_acknowledged_and_all_there(world: World) -> None:
    visitors = [(who, world.visitor(who)) for who in ("ana", "bob", "cyd", "dee", "zed")]
    tokens = [visitor.token() for _, visitor in visitors]

    def propose(job: int) -> int:
        _, visitor = visitors[job % 5]
        data = {"name": f"pages/p{job}", "title": f"Page {job}", "text": f"# P{job}\n\nWords.\n"}
        data |= {"csrf_token": tokens[job % 5]}
        client = world.app.test_client()
        client.set_cookie("concord", visitor.client.get_cookie("concord").value)  # type: ignore[union-attr]
        status = client.post("/-/new", data=data).status_code
        let_go(world.wiki.repository)
        return status

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(propose, range(16)))
    assert statuses == [303] * 16
    titles = [row.title for row in world.wiki.index.proposals("open", limit=100)]
    assert sorted(titles) == sorted(f"Page {job}" for job in range(16))
    assert world.wiki.guidelines.count() == 16


def test_rule_13_two_last_endorsements_at_once_merge_once(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    change = world.change(n)
    ready = []
    for who in ("bob", "cyd", "dee", "zed"):
        visitor = world.visitor(who)
        ready.append((visitor.client.get_cookie("concord"), visitor.token()))

    def endorse(job: int) -> int:
        cookie, token = ready[job]
        client = world.app.test_client()
        client.set_cookie("concord", cookie.value)  # type: ignore[union-attr]
        status = client.post(f"{NUMBER}/endorse", data={"change": change, "csrf_token": token}).status_code
        let_go(world.wiki.repository)
        return status

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(endorse, range(4)))
    assert set(statuses) <= {303, 400}
    assert statuses.count(303) >= 2
    assert world.in_force(n)
    changes = world.wiki.index.book.changes()
    assert len(changes) == len({row.commit + row.name for row in changes})


def test_rule_14_a_writer_that_dies_between_git_and_sql_loses_nothing(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.endorse(n, "bob")
    catch_up = world.wiki.index.catch_up

    def killed(*_: object) -> Caught:
        raise SystemExit

    world.wiki.index.catch_up = killed  # type: ignore[method-assign]
    with pytest.raises(SystemExit):
        world.endorse(n, "cyd")
    world.wiki.index.catch_up = catch_up  # type: ignore[method-assign]
    world.wiki.tick()
    assert "In force since" in world.visitor().open(NUMBER).main
    assert "Hello." in world.visitor().open("/welcome").main


def test_rule_15_the_index_dropped_and_made_again_gives_the_same_pages(world: World) -> None:
    n = world.propose("ana", {"travel/expenses": _replace(world, "travel/expenses", "every meal", "each meal")})
    world.endorse(n, "bob", "cyd")
    world.propose("dee", {"welcome": "# Welcome\n\nHello.\n"})
    lists = ["/-/changes", "/-/history/travel/expenses", "/-/proposals?tab=open", "/-/proposals?tab=in+force"]
    addresses = ["/", "/welcome", "/travel/expenses", "/travel", *lists, NUMBER, "/-/proposals/2", "/-/policy"]
    before = [world.visitor().open(address).main for address in addresses]
    world.wiki.index.rebuild()
    assert [world.visitor().open(address).main for address in addresses] == before


def test_a_new_member_is_told_that_the_voice_does_not_count_yet(world: World) -> None:
    older = _replace(world, "policy.toml", 'since = "0d"', 'since = "7d"')
    policy = world.propose("ana", {"policy.toml": older})
    world.endorse(policy, "bob", "cyd", "dee")
    world.clock.wait(2.1)
    world.wiki.tick()
    assert world.in_force(policy)
    world.wiki.accounts.add("new@example.com", "Newton New", PASSWORD, world.wiki.now())
    world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    new = world.visitor("new")
    new.open("/-/proposals/2")
    new.submit("/endorse")
    assert "your account was too new for it to count" in new.page.main
    assert "0 of 2 colleagues" in new.page.main


def test_a_quiet_day_passes_and_reading_goes_on(world: World) -> None:
    for _ in range(3):
        world.clock.wait(1)
        world.wiki.tick()
    assert world.visitor().open("/").status == 200
