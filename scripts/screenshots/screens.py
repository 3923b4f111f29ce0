"""Which screens there are pictures of, what is said of each, and what is done before it is taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from scripts.screenshots.site import Site


@dataclass(frozen=True)
class Screen:
    """One screen: the name of its pictures, its title and a line about it, and where it is found. ``prepare`` does
    what a person would do there; ``who`` is signed in, nobody where None; ``at`` is what the picture begins with,
    the top of the page where empty."""

    name: str
    title: str
    about: str
    address: Callable[[Site], str]
    prepare: Callable[[Page], None] | None = None
    who: str | None = "ana"
    language: str = "en-GB"
    at: str = ""


def _plain(address: str) -> Callable[[Site], str]:
    return lambda site: address


def _proposal(title: str) -> Callable[[Site], str]:
    return lambda site: f"/-/proposals/{site.proposal(title)}"


def _reconcile(site: Site) -> str:
    return f"/-/reconcile/{site.proposal('Shorten the ending')}"


def _comparison(site: Site) -> str:
    rows = site.wiki.index.history("working/mistakes") or []
    return f"/-/compare/working/mistakes?a={rows[-1].commit}&b={rows[0].commit}"


def _verified(site: Site) -> str:
    rows = site.wiki.index.history("working/mistakes") or []
    return f"/-/verify/{rows[0].commit}"


def _person(site: Site) -> str:
    account = site.wiki.accounts.by_email("bob@example.com")
    return f"/-/people/{account.person.handle}" if account is not None else "/"


def _write(page: Page) -> None:
    area = page.locator("textarea[name=text]")
    area.fill(f"{area.input_value().rstrip()}\n\n> [!NOTE]\n> In the **night train** a bed counts as a hotel.\n")
    page.get_by_label("What changes").fill("Allow the night train")
    page.get_by_label("Why").fill("It saves a hotel, and I sleep well on it.")
    page.wait_for_timeout(600)


def _show_difference(page: Page) -> None:
    _write(page)
    page.get_by_role("button", name="Show what I would change").click()
    page.wait_for_load_state()


SCREENS = (
    Screen("home", "Contents", "The guidelines, what waits for you, and what came into force lately.", _plain("/")),
    Screen(
        "page", "A page", "The text, who stands behind it, and what would change it.", _plain("/travel/expenses")
    ),
    Screen("folder", "A folder", "What is in it, with first sentences.", _plain("/working")),
    Screen(
        "editor", "Writing", "Markdown with a preview beside it.", _plain("/-/edit/travel/index"), _write
    ),
    Screen(
        "difference", "Before proposing", "What you would change, as it reads.", _plain("/-/edit/travel/index"),
        _show_difference, at=".shown-difference",
    ),
    Screen(
        "proposal", "A proposal on the table", "The difference, and below it what is still missing.",
        _proposal("End two pages with an invitation"),
    ),
    Screen(
        "objection", "An objection", "Somebody disagrees, an author answers, and the change waits.",
        _proposal("Let everybody decline a meeting that runs late"), at=".decision",
    ),
    Screen(
        "in-force", "In force", "Enough colleagues agreed.", _proposal("Name the person to call"), at=".decision"
    ),
    Screen(
        "reconcile", "Bringing two texts together", "Another change of the same passage came into force first.",
        _reconcile,
    ),
    Screen("proposals", "Proposals", "What is on the table.", _plain("/-/proposals?tab=open")),
    Screen(
        "waiting", "Waiting for you", "What needs your voice, the most useful first, with what would change.",
        _plain("/-/waiting"),
    ),
    Screen(
        "better-words", "Better words", "One sentence in place of another: a proposal in a minute.",
        _plain("/-/words/travel/expenses?quote=Hand+everything+in+within+a+month,+by+photograph."),
    ),
    Screen("history", "The history of a page", "Its revisions; any two can be compared.",
           _plain("/-/history/working/mistakes")),
    Screen("compare", "Two revisions compared", "As it reads, side by side, or line by line.", _comparison),
    Screen("who", "Who wrote this", "Each passage with its author, its date and its change.",
           _plain("/-/who/working/mistakes")),
    Screen("growth", "How a page grew", "Whose words it was made of.", _plain("/-/growth/working/mistakes")),
    Screen("changes", "The book of changes", "What came into force, day by day.", _plain("/-/changes")),
    Screen("person", "A colleague", "What they wrote, endorsed and objected to.", _person),
    Screen("search", "Searching", "The sentence that was found; mistyped words are understood.",
           _plain("/-/search?q=train")),
    Screen("inbox", "Inbox", "What asks something of you, and what became of what you watch.", _plain("/-/inbox")),
    Screen("account", "Your account", "A name, an address, where you are signed in, and the way out.",
           _plain("/-/account")),
    Screen("administration", "Administration", "Whoever looks after people has no power over the text.",
           _plain("/-/administration")),
    Screen("policy", "How we decide", "The rules in plain words, and a way to try them.", _plain("/-/policy")),
    Screen(
        "doing", "How we are doing", "How long changes take, and what is waiting for what. Nobody is ranked.",
        _plain("/-/how-we-are-doing"),
    ),
    Screen("verify", "Checking", "One change, checked on the spot.", _verified),
    Screen("broken-links", "Links that lead nowhere", "For those who like to mend them.", _plain("/-/broken-links")),
    Screen("sign-in", "Signing in", "Everything can be read without.", _plain("/-/sign-in"), who=None),
    Screen("missing", "No such page", "An error says what to do next.", _plain("/travel/by-balloon"), who=None),
    Screen("arabic", "In Arabic", "Six languages, two directions.", _plain("/travel/expenses"), language="ar"),
)  # fmt: skip
