"""The policy for people: what it says, what a change would need, what other rules would mean, how they came about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import DAY, Page, World, begin, copy_of, open_world, write_pages

EDIT = "/-/edit/policy.toml"
CHECK = "/-/policy/check"
POLICY = """\
# How a change comes into force here.
[members]
since = "7d"

[objection]
hold = "3d"
weigh = 2

[groups]
legal = ["Dee@example.com", "zed@example.com", "lex@example.com"]
board = ["ana@example.com"]

[[rule]]
pages = "**"
endorse = 2

[[rule]]
pages = "legal/**"
endorse = 3
open = "2d"
need = ["@legal"]

[[rule]]
pages = "notes/**"
endorse = 1
share = 0.5

[[rule]]
pages = "travel/**"
endorse = 1
lines = 5
"""


@pytest.fixture(scope="module")
def grouped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose policy has groups, a share and a rule for small changes."""
    place = tmp_path_factory.mktemp("grouped")
    return begin(place / "data", write_pages(place / "pages"), POLICY)


@pytest.fixture
def world(grouped: Path, tmp_path: Path) -> Iterator[World]:
    """A wiki under that policy."""
    with open_world(copy_of(grouped, tmp_path / "data")) as opened:
        for account in opened.people.values():
            opened.wiki.accounts.seen(account, opened.wiki.now())
        yield opened


def _words(page: Page, where: str, **values: str) -> str:
    found = page.tree.xpath(where, **values)
    assert found, f"nothing at {where}: {page.main[:600]}"
    return " ".join(found[0].text_content().split())


def _answer(world: World, asked: str) -> str:
    """What the tester says."""
    return _words(world.visitor().open(f"/-/policy?{asked}"), "//*[@class='answer-box']")


def _checked(world: World, text: str, n: int | None = None) -> Page:
    """What is said of a text while somebody types it; ``n`` is the proposal that it revises."""
    page = world.visitor("ana").post(CHECK if n is None else f"{CHECK}?proposal={n}", {"text": text})
    assert page.status == 200
    return page


def _effect(page: Page, title: str) -> tuple[str, str, str]:
    """What a proposal needs today, would need then, and what that comes to."""
    row = page.tree.xpath("//table[contains(@class, 'effects')]//tr[th[normalize-space()=$title]]", title=title)
    assert row, page.body
    return tuple(" ".join(cell.text_content().split()) for cell in row[0].xpath("td"))  # type: ignore[return-value]


def _leave(world: World, *names: str) -> None:
    for who in names:
        world.wiki.accounts.deactivate(world.people[who])


def _in_force(world: World, text: str, title: str = "Other rules") -> int:
    """Bring other rules into force."""
    n = world.propose("ana", {"policy.toml": text}, title)
    world.endorse(n, "bob", "cyd", "dee")
    world.clock.wait(2.1)
    world.wiki.tick()
    assert world.in_force(n)
    return n


# What the policy says


def test_each_rule_has_an_anchor_and_leads_to_its_line(world: World) -> None:
    page = world.visitor().open("/-/policy")
    for n, pages in enumerate(
        ("Any page", "Everything in “Legal”", "Everything in “Notes”", "Everything in “Travel”"), start=1
    ):
        rule = page.tree.xpath("//*[@id=$anchor]", anchor=f"rule-{n}")[0]
        assert pages in rule.text_content()
        target = rule.xpath(".//a[starts-with(@href, '#line-')]/@href")[0]
        line = int(target.removeprefix("#line-"))
        assert POLICY.split("\n")[line - 1] == "[[rule]]"
        assert _words(page, "//*[@id=$anchor]", anchor=target[1:]) == "[[rule]]"
    assert "3 colleagues must endorse a change" in _words(page, "//*[@id='rule-2']")
    assert "at most 5 lines" in _words(page, "//*[@id='rule-4']")


def test_the_source_stands_there_line_by_line(world: World) -> None:
    page = world.visitor().open("/-/policy")
    lines = [line.text_content() for line in page.tree.xpath("//*[starts-with(@id, 'line-')]")]
    assert lines == POLICY.rstrip("\n").split("\n")


def test_groups_name_their_members_and_say_who_has_no_account_or_has_left(world: World) -> None:
    _leave(world, "zed")
    said = _words(world.visitor().open("/-/policy"), "//*[@id='group-legal']")
    assert "Dee Okonkwo" in said
    assert "lex@example.com (has no account)" in said
    assert "Zed Okafor (has left)" in said
    assert "Dee Okonkwo (" not in said


def test_what_holds_for_every_rule_is_said(world: World) -> None:
    said = world.visitor().open("/-/policy").main
    for words in ("once the account is 1 week old", "holds a change for 3 days", "asks for 2 more endorsements",
                  "nothing happens for 90 days is closed", "cannot endorse it",
                  "endorsements of the earlier text stop counting at once",
                  "judged by the rules it would replace, at the most demanding of all"):  # fmt: skip
        assert words in said


def test_the_decision_box_links_to_a_rule_that_is_there(world: World) -> None:
    n = world.propose("ana", {"legal/contracts": "# Contracts\n\nAll.\n"})
    links = world.visitor().open(f"/-/proposals/{n}").tree.xpath("//a[contains(@href, '/-/policy#')]/@href")
    assert links
    there = world.visitor().open("/-/policy").tree
    for link in links:
        assert there.xpath("//*[@id=$anchor]", anchor=link.partition("#")[2]), link


# What would a change need?


def test_the_tester_names_the_last_rule_that_matches(world: World) -> None:
    said = _answer(world, "path=legal/travel")
    assert "3 colleagues must endorse" in said
    assert "at least 2 days" in said
    assert "Rule 2 decides: the last one that matches." in said
    assert "Rule 1 decides" in _answer(world, "path=welcome")


def test_the_tester_says_who_could_endorse_for_a_needed_group(world: World) -> None:
    _leave(world, "zed")
    said = _answer(world, "path=legal/travel")
    assert "In the group “legal”: Dee Okonkwo." in said
    _leave(world, "dee")
    assert "In the group “legal”: nobody with an account." in _answer(world, "path=legal/travel")


def test_the_tester_says_what_a_share_means_in_numbers_today(world: World) -> None:
    said = _answer(world, "path=notes/kitchen")
    assert "3 colleagues must endorse" in said
    assert "50 % of the 5 colleagues who signed in within the last 90 days is 3" in said
    world.clock.wait(91)
    world.visitor("ana")
    assert "50 % of the 1 colleague who signed in within the last 90 days is 1" in _answer(world, "path=notes/kitchen")


def test_the_number_of_changed_lines_chooses_the_rule(world: World) -> None:
    assert "Rule 4 decides" in _answer(world, "path=travel/visa&lines=5")
    assert "Rule 1 decides" in _answer(world, "path=travel/visa&lines=6")
    assert "A change of at most 5 lines falls to rule 4 instead." in _answer(world, "path=travel/visa")


def test_the_number_of_lines_is_asked_only_where_a_rule_counts_them(world: World) -> None:
    assert world.visitor().open("/-/policy").tree.xpath("//input[@name='lines']")
    _in_force(world, POLICY.replace("lines = 5\n", ""))
    assert not world.visitor().open("/-/policy").tree.xpath("//input[@name='lines']")


@pytest.mark.parametrize("asked", ["legal", "legal/", "legal/**", "/legal/"])
def test_a_folder_is_judged_by_the_rule_for_what_is_in_it(world: World, asked: str) -> None:
    said = _answer(world, f"path={asked}")
    assert "A change to legal/" in said
    assert "Rule 2 decides" in said


def test_a_folder_with_stricter_pages_in_it_says_so(world: World) -> None:
    _in_force(world, POLICY + '\n[[rule]]\npages = "working/day-to-day/**"\nendorse = 4\n')
    assert "Rule 5 decides for 1 page in it: working/day-to-day/meetings." in _answer(world, "path=working/")
    assert "Rule 5 decides for" not in _answer(world, "path=notes/")


def test_the_policy_itself_needs_the_most_of_every_rule(world: World) -> None:
    said = _answer(world, "path=policy.toml")
    assert "3 colleagues must endorse" in said
    assert "Somebody of the group “legal” must be among them." in said
    assert "at least 2 days" in said
    assert "judged by the rules it would replace" in said


@pytest.mark.parametrize("path", ["../etc/passwd", ".git/config", "a//b", "%00", "a" * 250, "con"])
def test_a_page_that_cannot_be_is_answered_with_why(world: World, path: str) -> None:
    page = world.visitor().open(f"/-/policy?path={path}")
    assert page.status == 200
    assert "must endorse" not in _words(page, "//*[@class='answer-box']")


@pytest.mark.parametrize("lines", ["many", "-1", "1.5", "9" * 30])
def test_a_number_of_lines_that_is_none_is_refused(world: World, lines: str) -> None:
    assert world.visitor().open(f"/-/policy?path=welcome&lines={lines}").status == 400


def test_at_most_two_hundred_names_are_offered(world: World) -> None:
    n = world.propose("ana", {f"many/page-{i}": f"# P{i}\n\nWords.\n" for i in range(199)}, "Many")
    world.endorse(n, "bob", "cyd")
    offered = world.visitor().open("/-/policy").tree.xpath("//datalist/option/@value")
    assert len(offered) == 200
    assert "policy.toml" in offered
    assert "legal/" in offered


# While it is written


@pytest.mark.parametrize(("wrong", "line", "why"), [
    (POLICY.replace("endorse = 3", "endorse = -3"), 19, "“endorse” must be a whole number"),
    (POLICY.replace('open = "2d"', 'open = "soon"'), 20, "“open” must be a duration"),
    (POLICY.replace('need = ["@legal"]', 'need = ["@lawyers"]'), 21, "@lawyers is needed, but nobody is in it"),
    (POLICY.replace("weigh = 2", "weight = 2"), 7, "“weight” is not known in [objection]"),
    (POLICY.replace('pages = "**"', 'pages = "welcome"'), 14, "the first rule must cover everything"),
    (POLICY.replace("weigh = 2", "weigh = "), 7, "not valid TOML"),
])  # fmt: skip
def test_an_invalid_policy_is_told_with_its_line(world: World, wrong: str, line: int, why: str) -> None:
    page = _checked(world, wrong)
    assert page.response is not None
    assert page.response.headers["Policy-Line"] == str(line)
    assert page.tree.xpath("//a[@data-line=$line]", line=str(line))
    assert why.casefold() in page.tree.text_content().casefold()


@pytest.mark.parametrize("text", ["", "\x00", "a" * 2_000_000, "[" * 5000, "x = " + "9" * 5000, "a.b." * 300 + "c = 1"])
def test_rubbish_is_answered_and_never_an_error(world: World, text: str) -> None:
    page = world.visitor("ana").post(CHECK, {"text": text})
    assert page.status in {200, 413}
    if page.status == 200:
        assert "not a valid policy" in page.tree.text_content()


def test_what_is_typed_is_shown_as_text(world: World) -> None:
    evil = POLICY.replace("legal/**", "<script>alert(1)</script>")
    page = _checked(world, evil)
    assert not page.tree.xpath("//script")
    assert "<script>alert(1)</script>: 3 colleagues" in page.tree.text_content()


def test_a_check_is_for_members_who_have_a_token(world: World) -> None:
    assert world.visitor().post(CHECK, {"text": POLICY}).status in {200, 401}
    assert (
        "must endorse" not in world.visitor().post(CHECK, {"text": POLICY.replace("endorse = 3", "endorse = 4")}).body
    )
    ana = world.visitor("ana")
    assert ana.client.post(CHECK, data={"text": POLICY}).status_code == 400
    assert ana.open(CHECK).status in {404, 405}


def test_a_check_writes_nothing(world: World) -> None:
    before = world.everything()
    _checked(world, POLICY.replace("endorse = 3", "endorse = 4"))
    assert world.everything() == before


def test_sentences_that_are_new_and_gone_are_told(world: World) -> None:
    page = _checked(world, POLICY.replace("endorse = 3", "endorse = 4").replace('hold = "3d"', 'hold = "5d"'))
    new = " ".join(page.tree.xpath("//ins//text()"))
    gone = " ".join(page.tree.xpath("//del//text()"))
    assert "Everything in “Legal”: 4 colleagues must endorse" in new
    assert "holds a change for 5 days" in new
    assert "Everything in “Legal”: 3 colleagues must endorse" in gone
    assert "holds a change for 3 days" in gone
    assert "travel" not in new + gone


def test_a_remark_changes_no_sentence(world: World) -> None:
    page = _checked(world, f"{POLICY}\n# A remark.\n")
    assert "says the same as the rules in force" in page.tree.text_content()


def test_rules_that_nobody_could_change_again_are_told(world: World) -> None:
    page = _checked(world, POLICY.replace("endorse = 3", "endorse = 40"))
    assert "as things are it cannot come into force" in page.tree.text_content()
    assert "asks for 40 endorsements, and besides an author there are 4 active" in page.tree.text_content()
    assert "Everything in “Legal”: 40 colleagues" in page.tree.text_content()


def test_the_rules_in_force_are_valid_however_few_have_signed_in(world: World) -> None:
    world.clock.wait(365)
    page = _checked(world, POLICY)
    assert "cannot come into force" not in page.tree.text_content()
    assert "says the same as the rules in force" in page.tree.text_content()
    assert "cannot come into force" in _checked(world, POLICY.replace("endorse = 3", "endorse = 4")).tree.text_content()


def test_a_needed_group_without_accounts_is_told_before_it_locks_the_rules(world: World) -> None:
    first = 'pages = "**"\nendorse = 2\n'
    new = POLICY.replace(first, first + 'need = ["@press"]\n').replace(
        "board =", 'press = ["pia@example.com"]\nboard ='
    )
    said = " ".join(_checked(world, new).tree.text_content().split())
    assert "Nobody of the group “press” has an account, so these rules could not be changed again" in said
    assert "Nobody of the group" not in _checked(world, new.replace("pia@", "bob@")).body


def test_checking_a_suggested_edit_suggests_nothing(world: World) -> None:
    n = world.propose("ana", {"policy.toml": POLICY.replace("endorse = 3", "endorse = 4")}, "Stricter")
    bob = world.visitor("bob")
    address = next(a for a in bob.open(f"/-/proposals/{n}").tree.xpath("//a/@href") if "suggest" in a)
    bob.open(address)
    page = bob.submit(address, "check", text=POLICY.replace("endorse = 3", "endorse = 5"))
    assert "Everything in “Legal”: 5 colleagues must endorse" in page.main
    assert "endorse = 5" in page.typed()
    assert world.wiki.suggestions.of(n) == []


def test_the_editor_checks_without_scripts_too(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(EDIT)
    page = ana.submit(EDIT, "check", text=POLICY.replace("endorse = 3", "endorse = 4"))
    assert page.status == 200
    assert "Everything in “Legal”: 4 colleagues must endorse" in page.main
    assert "endorse = 4" in page.typed()
    page = ana.submit(EDIT, "check", text=POLICY.replace("endorse = 3", "endorse = x"))
    assert "Line 19" in page.main
    assert "endorse = x" in page.typed()
    page = ana.submit(EDIT, "check", text=POLICY)
    assert "says the same as the rules in force" in page.main
    assert world.everything().keys() == {"refs/heads/main"}


def test_the_editor_of_a_proposal_and_of_a_draft_checks_as_well(world: World) -> None:
    stricter = POLICY.replace("endorse = 3", "endorse = 4")
    n = world.propose("ana", {"policy.toml": stricter}, "Stricter")
    ana = world.visitor("ana")
    page = ana.open(f"{EDIT}?proposal={n}")
    assert "Everything in “Legal”: 4 colleagues must endorse" in page.main, "against the policy in force"
    assert "Stricter" not in " ".join(page.tree.xpath("//table//text()")), "a proposal is not judged by itself"
    ana.open(EDIT)
    ana.submit(EDIT, "draft", text=POLICY.replace("endorse = 3", "endorse = 5"), title="Later")
    number = ana.page.address.rpartition("/")[2]
    assert "Everything in “Legal”: 5 colleagues must endorse" in ana.open(f"{EDIT}?draft={number}").main


def test_somebody_else_cannot_revise_the_rules_of_a_proposal(world: World) -> None:
    n = world.propose("ana", {"policy.toml": POLICY.replace("endorse = 3", "endorse = 4")}, "Stricter")
    assert world.visitor("bob").open(f"{EDIT}?proposal={n}").status == 400


def test_while_a_proposal_is_revised_it_is_left_out(world: World) -> None:
    stricter = POLICY.replace("endorse = 3", "endorse = 4")
    n = world.propose("ana", {"policy.toml": stricter}, "Stricter")
    assert "Stricter" in _checked(world, stricter).body
    assert "Stricter" not in _checked(world, stricter, n=n).body
    for wrong in ("x", "-1", "9" * 40, "0"):
        assert world.visitor("ana").post(f"{CHECK}?proposal={wrong}", {"text": stricter}).status in {200, 400}


# What it would mean for what is on the table


def test_a_lower_bar_brings_into_force_what_has_enough(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Greet")
    world.endorse(n, "bob")
    page = _checked(world, POLICY.replace("endorse = 2", "endorse = 1"))
    today, then, so = _effect(page, "Greet")
    assert "1 of 2 colleagues" in today
    assert "1 of 1 colleague" in then
    assert so == "would come into force at once"


def test_what_the_table_promises_happens(world: World) -> None:
    """Each effect told before equals what is so after."""
    titles = {}
    for title, edits in {
        "Greet": {"welcome": "# Welcome\n\nHello.\n"},
        "Contract": {"legal/contracts": "# Contracts\n\nAll.\n"},
        "Cup": {"notes/kitchen": "# Kitchen\n\nWash it.\n"},
    }.items():
        titles[title] = world.propose("ana", edits, title)
        world.endorse(titles[title], "bob")
    softer = POLICY.replace("endorse = 2\n", "endorse = 1\n").replace("endorse = 3", "endorse = 4")
    policy = world.propose("ana", {"policy.toml": softer}, "Softer")
    world.endorse(policy, "bob", "cyd", "dee")
    world.clock.wait(2.1)
    page = _checked(world, softer, policy)
    promised = {title: _effect(page, title)[2] for title in titles if not world.in_force(titles[title])}
    assert promised["Greet"] == "would come into force at once"
    assert promised["Contract"] == "would need more"
    world.wiki.tick()
    world.wiki.tick()
    assert world.in_force(policy)
    for title, so in promised.items():
        assert world.in_force(titles[title]) is (so == "would come into force at once"), title


def test_a_longer_wait_a_new_group_and_nothing_are_told_apart(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Greet")
    world.endorse(n, "bob")
    first = 'pages = "**"\nendorse = 2\n'
    longer = _effect(_checked(world, POLICY.replace(first, first + 'open = "4d"\n')), "Greet")
    assert longer[2] == "would stay on the table for longer"
    grouped = _effect(_checked(world, POLICY.replace(first, first + 'need = ["@board"]\n')), "Greet")
    assert grouped[2] == "would need more"
    assert "board" not in grouped[0]
    assert "board" in grouped[1]
    assert _effect(_checked(world, POLICY.replace("endorse = 3", "endorse = 4")), "Greet")[2] == "unchanged"
    more = _effect(_checked(world, POLICY.replace(first, first.replace("2", "3"))), "Greet")
    assert more == ("1 of 2 colleagues", "1 of 3 colleagues", "would need more")


def test_new_rules_begin_the_time_on_the_table_anew(world: World) -> None:
    n = world.propose("ana", {"legal/contracts": "# Contracts\n\nAll.\n"}, "Contract")
    world.endorse(n, "bob", "cyd", "dee")
    world.clock.wait(1.5)
    page = _checked(world, POLICY.replace('hold = "3d"', 'hold = "4d"'))
    assert _effect(page, "Contract")[2] == "would stay on the table for longer"
    said = " ".join(page.tree.text_content().split())
    assert "its time there begins anew" in said
    assert "What was closed stays closed" in said


def test_a_rule_that_counts_lines_is_weighed_by_lines(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Greet")
    world.endorse(n, "bob")
    small = POLICY + '\n[[rule]]\npages = "welcome"\nendorse = 1\nlines = 2\n'
    assert _effect(_checked(world, small), "Greet")[2] == "would come into force at once"
    assert _effect(_checked(world, small.replace("lines = 2", "lines = 1")), "Greet")[2] == "unchanged"


def test_closed_proposals_are_not_in_the_table(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Greet")
    world.wiki.guidelines.close(n, world.person("ana"))
    page = _checked(world, POLICY.replace("endorse = 2", "endorse = 0"))
    assert not page.tree.xpath("//table")
    assert "Nothing else is on the table." in page.tree.text_content()


def test_only_fifty_are_shown_and_that_is_said(world: World) -> None:
    for i in range(53):
        world.propose("ana", {f"notes/n{i}": f"# N\n\n{i}\n"}, f"Note {i}")
    page = _checked(world, POLICY.replace("endorse = 3", "endorse = 4"))
    assert len(page.tree.xpath("//table//tbody/tr")) == 50
    assert "50 of 53" in page.tree.text_content()


def test_a_proposal_to_change_the_rules_shows_the_table(world: World) -> None:
    greet = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Greet")
    world.endorse(greet, "bob")
    n = world.propose("ana", {"policy.toml": POLICY.replace("endorse = 2", "endorse = 1")}, "Softer")
    assert _effect(world.visitor().open(f"/-/proposals/{n}"), "Greet")[2] == "would come into force at once"
    assert not world.visitor().open(f"/-/proposals/{greet}").tree.xpath("//table[contains(@class, 'effects')]")
    world.wiki.guidelines.close(n, world.person("ana"))
    assert not world.visitor().open(f"/-/proposals/{n}").tree.xpath("//table[contains(@class, 'effects')]")


def test_a_proposal_to_change_the_rules_says_in_sentences_what_it_would_change(world: World) -> None:
    n = world.propose("ana", {"policy.toml": POLICY.replace("endorse = 3", "endorse = 4")}, "Harder")
    world.clock.wait(1)
    (says,) = world.visitor("bob").open(f"/-/proposals/{n}").tree.xpath("//section[@class='file']/div[@class='says']")
    assert says.xpath("string(.//ins)").startswith("Everything in “Legal”: 4 colleagues must endorse")
    assert says.xpath("string(.//del)").startswith("Everything in “Legal”: 3 colleagues must endorse")
    assert says.xpath("following-sibling::*[contains(@class, 'diff')]")
    other = world.propose("ana", {"policy.toml": POLICY + "\n# Only a remark.\n"}, "A remark")
    assert "It says the same as before" in world.visitor().open(f"/-/proposals/{other}").main
    page = world.visitor().open(f"/-/proposals/{world.propose('ana', {'welcome': '# Hi'})}")
    assert not page.tree.xpath("//div[@class='says']")


# A group that empties

EMPTY = "Nobody of the group “legal” has an account any more"


def test_a_group_that_empties_is_told_where_it_matters(world: World) -> None:
    legal = world.propose("ana", {"legal/contracts": "# Contracts\n\nAll.\n"})
    other = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    pages = ("/-/policy", "/", f"/-/proposals/{legal}")
    bob = world.visitor("bob")
    _leave(world, "dee")
    assert all(EMPTY not in bob.open(page).main for page in pages)
    _leave(world, "zed")
    for page in pages:
        said = bob.open(page)
        assert EMPTY in said.main, page
        assert "Everything in “Legal”" in _words(said, "//*[contains(@class, 'banner')]")
        assert said.tree.xpath("//*[contains(@class, 'banner')]//a[@href='/-/edit/policy.toml']")
    assert EMPTY not in bob.open(f"/-/proposals/{other}").main
    assert EMPTY not in world.visitor().open("/").main, "who is not signed in is not asked"
    world.wiki.accounts.reactivate(world.people["zed"])
    assert all(EMPTY not in bob.open(page).main for page in pages)


def test_a_group_that_no_rule_needs_may_be_empty(world: World) -> None:
    _leave(world, "ana")
    assert "Nobody of the group" not in world.visitor("bob").open("/-/policy").main


def test_what_is_decided_does_not_complain_of_a_group(world: World) -> None:
    closed = world.propose("ana", {"legal/contracts": "# Contracts\n\nAll.\n"})
    world.wiki.guidelines.close(closed, world.person("ana"))
    _leave(world, "dee", "zed")
    assert EMPTY not in world.visitor("bob").open(f"/-/proposals/{closed}").main


def test_the_rules_need_the_group_too_and_that_is_said(world: World) -> None:
    _leave(world, "dee", "zed")
    n = world.propose("ana", {"policy.toml": POLICY.replace('need = ["@legal"]\n', "")}, "Without legal")
    world.endorse(n, "bob", "cyd")
    world.wiki.accounts.add("eve@example.com", "Eve Stone", "a calm blue morning", int(world.clock()) - 30 * DAY)
    eve = world.wiki.accounts.by_email("eve@example.com")
    assert eve is not None
    world.wiki.guidelines.endorse(n, eve.person, world.change(n), member_since=eve.created_at)
    world.clock.wait(3)
    world.wiki.tick()
    assert not world.in_force(n), "the policy is judged by the policy it would replace"
    banner = _words(world.visitor("bob").open("/-/policy"), "//*[contains(@class, 'banner')]")
    assert "A change of the rules needs the group as well" in banner
    assert "dee@example.com, lex@example.com, or zed@example.com" in banner
    world.wiki.accounts.add("lex@example.com", "Lex Stone", "a calm blue morning", int(world.clock()) - 30 * DAY)
    lex = world.wiki.accounts.by_email("lex@example.com")
    assert lex is not None
    world.wiki.guidelines.endorse(n, lex.person, world.change(n), member_since=lex.created_at)
    assert world.in_force(n)


# How the rules came about


def test_the_history_tells_each_version_in_sentences(world: World) -> None:
    stricter = POLICY.replace("endorse = 3", "endorse = 4")
    first = _in_force(world, stricter, "Four for legal")
    world.clock.wait(1)
    n = world.propose("bob", {"policy.toml": f"{stricter}\n# A remark.\n"}, "Remark")
    world.endorse(n, "ana", "cyd", "dee", "zed")
    world.clock.wait(2.1)
    world.wiki.tick()
    page = world.visitor().open("/-/policy/history")
    rows = page.tree.xpath("//main//ol[@class='rows']/li")
    assert len(rows) == 3, "two changes and the founding"
    remark, four, founding = (" ".join(row.text_content().split()) for row in rows)
    assert rows[1].xpath(".//a/@href")[0] == f"/-/proposals/{first}"
    assert "Four for legal" in four
    assert "endorsed by 3" in four
    assert "Everything in “Legal”: 4 colleagues" in " ".join(rows[1].xpath(".//ins//text()"))
    assert "Everything in “Legal”: 3 colleagues" in " ".join(rows[1].xpath(".//del//text()"))
    assert "endorsed by 4" in remark
    assert "It says the same as before" in remark
    assert not rows[2].xpath(".//ins | .//del")
    assert "says the same" not in founding


def test_the_history_is_paged(world: World) -> None:
    _in_force(world, "[[rule]]\npages = '**'\nendorse = 0\n", "Free")
    world.wiki.accounts.seen(world.people["ana"], int(world.clock()))
    world.wiki.accounts.seen(world.people["bob"], int(world.clock()))
    for i in range(51):
        world.propose("ana", {"policy.toml": f"[[rule]]\npages = '**'\nendorse = 0\n# {i}\n"}, f"Remark {i}")
    visitor = world.visitor()
    first = visitor.open("/-/policy/history")
    assert len(first.tree.xpath("//main//ol[@class='rows']/li")) == 50
    assert "Remark 50" in first.main
    second = visitor.open(first.tree.xpath("//a[@rel='next']/@href")[0])
    assert len(second.tree.xpath("//main//ol[@class='rows']/li")) == 3
    assert "Free" in second.main
    assert not second.tree.xpath("//a[@rel='next']")
    assert second.tree.xpath("//a[@rel='prev']")


@pytest.mark.parametrize("before", ["x", "-1", "1.5"])
def test_a_place_in_the_history_that_is_none_is_refused(world: World, before: str) -> None:
    assert world.visitor().open(f"/-/policy/history?before={before}").status == 400


def test_the_history_before_the_beginning_is_empty(world: World) -> None:
    page = world.visitor().open("/-/policy/history?before=0")
    assert page.status == 200
    assert not page.tree.xpath("//main//ol[@class='rows']/li")
