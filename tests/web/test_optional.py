"""Where a reason may be left out, the field says so beforehand."""

from __future__ import annotations

import pytest

from tests.world import Page, World


def label(page: Page) -> str:
    (found,) = page.tree.xpath("//label[@for='why']")
    return " ".join(found.text_content().split())


@pytest.mark.parametrize("address", ["/-/edit/welcome", "/-/edit/policy.toml", "/-/remove/welcome"])
def test_why_is_asked_and_may_be_left_empty(world: World, address: str) -> None:
    ana = world.visitor("ana")
    assert label(ana.open(address)) == "Why? (optional)"


def test_what_is_said_to_be_optional_is(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/-/edit/welcome")
    ana.submit("/-/edit/welcome", "propose", text="# Welcome\n\nHello.\n", title="Say hello")
    assert ana.page.heading == "Say hello"


def test_better_words_and_a_draft_say_so_too(world: World) -> None:
    ana = world.visitor("ana")
    assert label(ana.open("/-/words/welcome?at=3")) == "Why? (optional)"
    ana.open("/-/edit/welcome")
    ana.submit("/-/edit/welcome", "draft", text="# Welcome\n\nHello.\n", title="Say hello")
    assert label(ana.page) == "Why? (optional)"


def test_so_does_whoever_revises_a_proposal_or_suggests_other_words(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    assert label(world.visitor("ana").open(f"/-/edit/welcome?proposal={n}")).endswith("and why? (optional)")
    assert label(world.visitor("bob").open(f"/-/suggest/{n}/welcome")) == "Why? (optional)"
