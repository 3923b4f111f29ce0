"""A wiki on which every screen has something to show, made through the service as colleagues would have made it."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import quote

from tests.world import DAY, PAGES, POLICY, World, begin, open_world, write_pages
from wiki.accounts.invitations import new_token
from wiki.accounts.people import PASSWORD
from wiki.drafts import Draft
from wiki.notify import FOLDER, PAGE
from wiki.together import file_begun, suggest
from wiki.web.inbox.unsubscribe import unsubscribe_token

Places = dict[str, str]

EVERYTHING = """---
title: Everything
review_by: 2024-01-31
---

Words with a [link](expenses.md), a [broken one](nowhere.md) and one [outside](https://example.org/a).

## Notes

> [!WARNING] Mind this
> A warning.

```python
def greet(name: str = "you") -> str:
    return f"Hello {name}, {42}"  # a comment
```

## See [expenses](expenses.md)

| a | b | c |
|---|---|---|
| 1 | 2 | 3 |

- [ ] to do

![A desk](/-/static/icon.svg "Where we sit"){width=600 height=200}
"""
PACKING = "---\nreview_by: 2025-01-31\n---\n\n# Packing\n\nTake half of it.\n"
SETTINGS = f"""\
development = true
secret_key = "{"k" * 40}"
mail_server = "smtp://127.0.0.1:9"
join_domains = ["example.com"]

[oidc.company]
issuer = "http://127.0.0.1:9"
client_id = "concord"
label = "Company account"
groups_claim = "groups"
trust_groups = true
"""
MEALS, TRAINS = "Keep the receipt of every meal.", "Take the train where it is quick."
HOURS = PAGES["working/hours.md"]
LONG_TITLE = "A longer title of a proposal that is still open, and needs several lines on a phone"


def set_the_stage(place: Path) -> tuple[Path, Places]:
    """A data directory below ``place``, and the addresses of what is in it by the words that `SCREENS` use."""
    pages = {**PAGES, "travel/all.md": EVERYTHING, "travel/packing.md": PACKING}
    data = begin(place / "data", write_pages(place / "pages", pages), POLICY)
    (data / "wiki.toml").write_text(SETTINGS, encoding="utf-8")
    with open_world(data) as world:
        world.clock.at = time.time() - 40 * DAY
        places = {"founded": world.wiki.repository.main()}
        world.visitor("bob").open("/travel/expenses")
        _watched(world)
        _in_force(world, places)
        _on_the_table(world, places)
        _closed(world, places)
        _not_seen_by_others(world, places)
        _at_the_door(world, places)
        _told(world, places)
        handle = world.visitor().open("/-/changes").tree.xpath("//a[starts-with(@href, '/-/people/')]/@href")
        places["person"] = str(handle[0])
    return data, places


def _in_force(world: World, places: Places) -> None:
    """Two revisions of a page with two authors, one of which overtook a proposal; a page that was taken away."""
    expenses = world.text("travel/expenses") or ""
    mine = {"travel/expenses": expenses.replace(MEALS, "Keep no receipt.").replace(TRAINS, "Walk.")}
    places["overtaken"] = str(world.propose("ana", mine, "Shorter rules for expenses"))
    theirs = {"travel/expenses": expenses.replace(MEALS, "Keep all receipts.").replace(TRAINS, "Take the night train.")}
    n = world.propose("dee", theirs, "Keep them all")
    world.endorse(n, "cyd", "zed")
    world.clock.wait(3)
    world.propose("zed", {"notes/old": "# Old\n\nA note.\n"}, "Keep a note")
    world.propose("zed", {"notes/old": None}, "It is of no use any more")
    places |= {"in_force": str(n), "commit": world.wiki.repository.main()}
    landing = world.wiki.index.landing(n)
    assert landing is not None
    places["merged"] = landing[0]


def _on_the_table(world: World, places: Places) -> None:
    """One proposal with versions, voices, remarks and suggestions; one that would change the same; one of the rules."""
    guidelines = world.wiki.guidelines
    world.clock.at = time.time() - 2 * DAY
    first = HOURS.replace("work best", "think best")
    n = world.propose("ana", {"working/hours": first}, LONG_TITLE)
    places |= {"open": str(n), "first_change": world.change(n)}
    world.endorse(n, "cyd")
    world.clock.wait(0.1)
    text = f"{first}\nTell others when that is.\n"
    guidelines.revise(n, world.person("ana"), {"working/hours.md": text}, note="Say to whom.")
    change = world.change(n)
    world.endorse(n, "dee")
    for who, reason in (("zed", "Say it in fewer words."), ("bob", "It is **too long**.")):
        act = guidelines.object(n, world.person(who), change, reason).act
    guidelines.answer(n, world.person("ana"), act, "Which words?")
    said = guidelines.comment(n, world.person("cyd"), "Even at night?", at="working/hours.md:3", to=change)
    guidelines.comment(n, world.person("ana"), "Even then.", to=said)
    guidelines.comment(n, world.person("cyd"), "I like it.")
    for words in ("when you said", "whenever you said"):
        other = text.replace("Be reachable when you said", f"Answer {words}")
        suggest(world.wiki, world.person("bob"), n, change, "working/hours.md", other, "Simpler.")
    world.propose("cyd", {"working/hours": HOURS.replace("work best", "like it")}, "Say it warmly")
    rules = POLICY.replace("endorse = 3", "endorse = 4")
    places["rules"] = str(world.propose("zed", {"policy.toml": rules}, "Four instead of three"))
    places["suggestible"] = str(world.propose("dee", {"welcome": "# Welcome\n\nRead it twice.\n"}, "Read it twice"))
    later = {"travel/packing": PACKING.replace("2025-01-31", "2031-01-31")}
    places["confirming"] = str(world.propose("cyd", later, "Still right: Packing"))
    _asked(world, int(places["suggestible"]))


def _asked(world: World, n: int) -> None:
    """Dee asked Bob, and may ask others."""
    for account in world.people.values():
        world.wiki.accounts.seen(account, world.wiki.now())
    world.wiki.asking.ask(n, world.people["dee"], {world.person("bob").handle})


def _closed(world: World, places: Places) -> None:
    places["closed"] = str(world.propose("cyd", {"travel/visa": "# Visas\n\nAsk late.\n"}, "Ask late"))
    world.wiki.guidelines.close(int(places["closed"]), world.person("cyd"), "It was a joke.")


def _watched(world: World) -> None:
    """What Dee watches, and Bob."""
    hers = (PAGE, "working/hours"), (PAGE, "notes/old"), (FOLDER, "travel")
    for who, (kind, target) in [*(("dee", one) for one in hers), ("bob", (FOLDER, "travel"))]:
        world.wiki.notify.watches.begin(world.people[who].id, kind, target, world.wiki.now())


def _told(world: World, places: Places) -> None:
    """Bob has read everything; Dee has muted a proposal, and no mail reaches her; a link ends the digest."""
    notify, dee = world.wiki.notify, world.people["dee"]
    notify.inbox.mark_all_read(world.people["bob"].id, 10_000, world.wiki.now())
    notify.watches.mute(dee.id, int(places["rules"]), world.wiki.now())
    for _ in range(3):
        notify.reaching.refused(dee.email, "550 5.1.1 <dee@example.com>: the mailbox cannot be found")
    with world.app.app_context():
        places["leaving"] = unsubscribe_token(dee.id, "digest")


def _not_seen_by_others(world: World, places: Places) -> None:
    """A draft of Ana's over two pages, what she typed into an editor, and a link to choose a password."""
    wiki, ana = world.wiki, world.people["ana"]
    world.clock.at = time.time() - 60
    main = wiki.repository.main()
    files = {
        f"{name}.md": file_begun(wiki, main, f"{name}.md", text)
        for name, text in (("notes/kitchen", "# Kitchen\n\nDry your cup.\n"), ("notes/plates", "# Plates\n\nRound.\n"))
    }
    places["draft"] = str(wiki.drafts.save(Draft(ana.id, title="Dry it").with_files(files), wiki.now()).id)
    empty = Draft(ana.id, title="Nothing yet")
    places["empty_draft"] = str(wiki.drafts.save(empty, wiki.now()).id)
    fields = {"title": "Say hello", "text": "# Welcome\n\nHello.\n"}
    wiki.sketches.save(ana.id, "/-/edit/welcome", fields, 0, wiki.now())
    places["token"] = quote(wiki.accounts.issue_link(PASSWORD, world.people["cyd"], wiki.now()))
    wiki.tokens.make(ana, "my feed reader", False, 30, wiki.now())
    wiki.accounts.rename(wiki.accounts.rename(world.people["zed"], "Zed Before", wiki.now()), "Zed Okafor", wiki.now())
    places["address_token"] = wiki.own.ask_for_address(world.people["cyd"], "cyd@new.example", wiki.now())[1]
    blob = wiki.repository.file(places["founded"], "travel/expenses.md")
    assert blob is not None
    places["old_text"] = blob.id


def _at_the_door(world: World, places: Places) -> None:
    """Dee administrates; somebody is invited, a link is about, and somebody is let go and let back in."""
    wiki, dee = world.wiki, world.people["dee"]
    administration, zed, now = wiki.administration, world.people["zed"].id, wiki.now()
    administration.make_administrator(None, dee.id, now)
    places |= {"invitation": new_token(), "open_invitation": new_token()}
    wiki.invitations.invite(dee, "a.colleague.with.a.long.name@department.example.com", places["invitation"], now)
    wiki.invitations.open_link(dee, 12, 30, places["open_invitation"], now)
    for email in ("eve@example.com", "mia@example.com"):
        wiki.invitations.invite(dee, email, new_token(), now)
    wiki.invitations.revoke(dee, 3, now)
    administration.deactivate(dee, zed, now)
    administration.reactivate(dee, zed, now)
    wiki.health.ask(now, lambda _connection: None)
    begun = wiki.health.begin(now)
    assert begun is not None
    wiki.health.end(begun, now, 12, 80, 0, [])
