"""Groups that a provider tells of: shown to colleagues, and without any say in what comes into force."""

from __future__ import annotations

import tomllib

from tests.web.sso.conftest import Door, Open
from tests.web.sso.test_signing_in_elsewhere import somebody
from tests.world import POLICY, Page
from wiki.addresses import person_address
from wiki.model.policy import parse_policy
from wiki.web.sso.groups import groups_table

GROUPS = POLICY.replace('open = "2d"', 'open = "2d"\nneed = ["@legal"]') + '\n[groups]\nlegal = ["dee@example.com"]\n'


def linked(door: Door, who: str, groups: object) -> None:
    """Somebody has linked the provider, which tells of their groups."""
    door.come(visitor := door.visitor(who), somebody(door, email=f"{who}@example.com", groups=groups))
    visitor.submit("/link")


def person(door: Door, who: str, reader: str | None) -> Page:
    door.world.propose(who, {"notes/kitchen": f"# Kitchen\n\nBy {who}.\n"})
    return door.visitor(reader).open(person_address(door.world.person(who).handle))


def test_groups_are_shown_to_colleagues_and_to_nobody_else(open_door: Open) -> None:
    door = open_door(groups_claim="groups")
    linked(door, "bob", ["legal", "board", "legal", 7, "", "a\nb"])
    page = person(door, "bob", "ana")
    assert "Groups, as Company account tells: legal, board and a b." in page.main
    assert "What counts are the groups of the rules." in page.main
    reader = door.visitor()
    for _ in range(2):
        assert "legal, board" not in reader.open(page.address).body
    assert "Groups, as" not in person(door, "zed", "ana").main


def test_groups_are_kept_as_the_provider_says_at_the_last_sign_in(open_door: Open) -> None:
    door = open_door(groups_claim="groups")
    subject = somebody(door, groups="one")
    door.come(eve := door.visitor(), subject)
    eve.submit("/account")
    account = door.world.wiki.accounts.by_email("eve@example.com")
    assert account is not None
    assert door.world.wiki.identities.of(account)[0].groups == ("one",)
    for told, kept in (
        (["two"], ("two",)),
        (["x"] * 9 + [f"g{n}" for n in range(900)], 492),
        (None, ()),
        ({"a": 1}, ()),
    ):
        door.provider.knows(subject, email="eve@example.com", email_verified=True, groups=told)
        door.come(door.visitor(), subject)
        groups = door.world.wiki.identities.of(account)[0].groups
        assert groups == kept if isinstance(kept, tuple) else len(groups) == kept


def test_without_a_claim_in_the_settings_no_group_is_kept(door: Door) -> None:
    linked(door, "bob", ["legal"])
    assert door.world.wiki.identities.of(door.world.people["bob"])[0].groups == ()


def test_a_group_that_a_provider_tells_of_counts_for_nothing(open_door: Open) -> None:
    door = open_door(groups_claim="groups", trust_groups=True)
    world = door.world
    n = world.propose("ana", {"policy.toml": GROUPS}, "Ask legal")
    world.endorse(n, "bob", "cyd", "zed")
    world.clock.wait(3)
    world.wiki.tick()
    assert world.in_force(n)
    now = int(world.clock())
    door.provider.spoil(claims={"iat": now, "exp": now + 300})
    linked(door, "bob", ["legal"])
    n = world.propose("ana", {"legal/contracts": "# Contracts\n\nAnybody signs.\n"}, "Anybody")
    world.endorse(n, "bob", "cyd", "zed")
    world.clock.wait(3)
    world.wiki.tick()
    assert not world.in_force(n), "Bob is in the group by what the provider says, and not by the policy"
    page = door.visitor("bob").open("/-/told-groups/company")
    assert "Not in the rules: bob@example.com" in page.main
    assert "Only in the rules: dee@example.com" in page.main
    assert tomllib.loads(page.typed("table")) == {"groups": {"legal": ["bob@example.com"]}}
    assert page.tree.xpath("//main//a[@href='/-/edit/policy.toml']")
    assert "/-/told-groups/company" in door.visitor("bob").open("/-/policy").body
    assert "/-/told-groups/company" not in door.visitor().open("/-/policy").body
    world.endorse(n, "dee")
    assert world.in_force(n)


def test_nothing_is_made_ready_where_the_settings_do_not_trust_it(open_door: Open) -> None:
    door = open_door(groups_claim="groups")
    assert door.visitor("bob").open("/-/told-groups/company").status == 404
    assert door.visitor("bob").open("/-/told-groups/other").status == 404
    assert door.visitor().open("/-/told-groups/company").address.startswith("/-/sign-in")
    assert "/-/told-groups" not in door.visitor("bob").open("/-/policy").body


def test_rules_without_groups_say_so(open_door: Open) -> None:
    door = open_door(groups_claim="groups", trust_groups=True)
    linked(door, "bob", ["/legal", "board"])
    page = door.visitor("bob").open("/-/told-groups/company")
    assert "The rules name no group." in page.main
    assert "board and legal" in page.main


def test_the_text_that_is_made_ready_can_be_read_by_the_policy() -> None:
    groups = {"legal": ("a@example.com",), "board of “directors”": ('"x y"@example.com', "ü@example.com"), 'a"b\\c': ()}
    text = groups_table(groups)
    assert tomllib.loads(text)["groups"] == {name: list(emails) for name, emails in groups.items()}
    assert parse_policy(f"{POLICY}\n{groups_table({'legal': ('a@example.com',)})}").groups == {
        "legal": frozenset({"a@example.com"})
    }
