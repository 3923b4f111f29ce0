"""A wiki into which the hostile texts were typed wherever somebody can type, and the addresses that show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from urllib.parse import quote

from tests.hostile import ALL_NAMES, ALL_TEXTS, TEXTS
from tests.world import DAY, PASSWORD, POLICY, World
from wiki.model.acts import MAX_TITLE, one_line
from wiki.model.errors import Refused
from wiki.model.names import fold_name, problem_with_name
from wiki.together import suggest


def in_lines(texts: Sequence[str], most: int) -> list[str]:
    """The texts on single lines, as many on each as fit into ``most`` characters; longer ones are cut."""
    lines: list[str] = []
    for text in filter(None, (one_line(text)[:most] for text in texts)):
        if lines and len(lines[-1]) + 1 + len(text) <= most:
            lines[-1] += f" {text}"
        else:
            lines.append(text)
    return lines


def in_groups(texts: Sequence[str], size: int) -> Iterator[str]:
    """The texts in groups, each text a block of its own."""
    for at in range(0, len(texts), size):
        yield "\n\n".join(texts[at : at + size])


def type_everything(world: World) -> list[str]:
    """Type every text into every field; the addresses where they are shown."""
    return [*_pages(world), *_proposals(world), *_talk(world), *_policy(world), *_lists(world)]


def _pages(world: World) -> Iterator[str]:
    """Pages in force: a family on each, every text under a heading of its own; folders and pages with odd names; front
    matter and titles. Twice, so that there is a past and a difference."""
    odd = {fold_name(name): name for name in (*ALL_NAMES, *ALL_TEXTS) if _may_stand(name)}
    pages: dict[str, str | None] = {f"notes/family-{at}": _page(texts) for at, texts in enumerate(TEXTS.values())}
    pages |= {f"notes/{name}/{name}": f"# {name}\n\n[{name}](<{name}>)\n" for name in list(odd.values())[:60]}
    pages |= {
        f"notes/titled-{at}": f"---\ntitle: {_as_yaml(line)}\nowner: {_as_yaml(line)}\n---\n# {line}\n\nWords.\n"
        for at, line in enumerate(in_lines(ALL_TEXTS, MAX_TITLE))
    }
    world.propose("ana", pages, in_lines(ALL_TEXTS, MAX_TITLE)[0])
    first = world.wiki.repository.main()
    world.clock.wait(1)
    again = {name: text for name, text in pages.items() if name.startswith("notes/family")}
    world.propose(
        "bob", {name: f"{text}\n\nTwice.\n" for name, text in again.items()}, in_lines(ALL_TEXTS, MAX_TITLE)[1]
    )
    assert world.text("notes/family-0") is not None, "pages in notes/ come into force by themselves"
    main = world.wiki.repository.main()
    for name in pages:
        if not name.startswith("notes/titled") or name.endswith("0"):
            yield f"/{quote(name)}"
    for at in range(0, len(TEXTS), 4):
        name = f"notes/family-{at}"
        yield from (f"/-/history/{name}", f"/-/who/{name}", f"/-/growth/{name}", f"/-/revision/{main}/{name}")
    yield from (f"/-/compare/notes/family-{at}?a={first}&b={main}" for at in range(0, len(TEXTS), 7))


def _may_stand(name: str) -> bool:
    return problem_with_name(f"notes/{name}/{name}") is None and "/" not in name and not name.endswith(".toml")


def _page(texts: Sequence[str]) -> str:
    return "# Hostile\n\n" + "\n\n".join(f"## {at}\n\n{text}" for at, text in enumerate(texts))


def _as_yaml(line: str) -> str:
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _proposals(world: World) -> Iterator[str]:
    """Titles, reasons and texts of proposals; objections, answers, remarks and suggested edits on them."""
    titles, groups = in_lines(ALL_TEXTS, MAX_TITLE), list(in_groups(ALL_TEXTS, 24))
    guidelines = world.wiki.guidelines
    for at, title in enumerate(titles):
        whole = groups[at] if at < len(groups) else "Words."
        files: dict[str, str | bytes | None] = {"welcome.md": f"# Welcome {at}\n\n{whole}\n"}
        n = guidelines.propose(world.person("ana"), title, whole, files).n
        if at >= len(groups):
            continue
        change = world.change(n)
        objection = guidelines.object(n, world.person("bob"), change, whole).act
        guidelines.answer(n, world.person("ana"), objection, whole)
        guidelines.comment(n, world.person("cyd"), whole, at="welcome.md:1", to=change)
        suggest(world.wiki, world.person("dee"), n, change, "welcome.md", f"# Other\n\n{whole}\n", whole[:2000])
        yield from (f"/-/proposals/{n}", f"/-/proposals/{n}?view=source")
        if at % 6 == 0:
            guidelines.revise(n, world.person("ana"), {"welcome.md": f"# Welcome\n\n{whole}\n\nTwice.\n"}, note=whole)
            guidelines.close(n, world.person("ana"), whole)
            yield f"/-/proposals/{n}/versions"


def _talk(world: World) -> Iterator[str]:
    """Display names, each of whom says something."""
    n = world.propose("ana", {"welcome": "# Welcome\n\nNamed.\n"}, "Names")
    named = 0
    for text in ALL_TEXTS:
        name = one_line(text)[:100]
        with suppress(Refused):
            account = world.wiki.accounts.add(f"n{named}@example.com", name, PASSWORD, world.wiki.now() - 30 * DAY)
            world.wiki.guidelines.comment(n, account.person, f"I am {name}")
            named += 1
            if named < 4:
                world.wiki.guidelines.propose(account.person, name, "", {f"notes/by-{named}.md": "# By\n\nMe.\n"})
                yield f"/-/people/{account.person.handle}"
        if named == 40:
            break
    assert named == 40
    yield f"/-/proposals/{n}"


def _policy(world: World) -> Iterator[str]:
    """Policy texts: comments, patterns and names in them."""
    for at, whole in enumerate(in_groups([one_line(text) for text in ALL_TEXTS], 90)):
        comments = "".join(f"# {line}\n" for line in whole.split("\n"))
        rule = f'\n[[rule]]\npages = "notes/{at}<script>trap()<"\nendorse = 1\n'
        n = world.propose("ana", {"policy.toml": f"{POLICY}{comments}{rule}"}, "Rules")
        yield f"/-/proposals/{n}"


def _lists(world: World) -> Iterator[str]:
    yield from ("/", "/-/contents", "/-/proposals", "/-/changes", "/-/broken-links", "/notes", "/-/policy")
    pages = -(-len(in_lines(ALL_TEXTS, MAX_TITLE)) // 20)
    yield from (f"/-/proposals?page={page}" for page in range(2, min(pages, 8)))
