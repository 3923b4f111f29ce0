"""Every screen of the wiki and how to get there: one table for all who look at all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from tests.browser.stage import Places
from tests.world import PASSWORD, POLICY

Then = Callable[[Any, Places], None]

# Addresses that answer GET with something else than a page of their own.
NO_SCREENS = frozenset({
    "static", "site.health", "site.icon", "site.robots", "operating.healthz", "operating.metrics", "operating.readyz",
    "attachments.drafted", "attachments.in_force", "attachments.proposed", "attachments.waiting",
    "authorship.act", "checking.guidelines", "checking.refs", "editor.pages", "search.suggest",
    "waiting.one",
    "account.download", "api.doing", "api.page", "api.pages", "api.proposal", "api.proposals",
    "feeds.changes", "feeds.folder", "feeds.page", "feeds.person", "feeds.proposals",
})  # fmt: skip


@dataclass(frozen=True)
class Screen:
    """A screen: its address on the stage of `tests.browser.stage`, who looks at it (nobody in particular where
    empty), the last status that its answers have, and what is done after it was opened."""

    name: str
    address: str
    who: str = ""
    status: int = 200
    then: Then | None = None

    def open(self, page: Any, places: Places) -> None:
        """Bring a window there, in which ``who`` is signed in."""
        page.goto(self.address.format(**places))
        if self.then is not None:
            self.then(page, places)

    def endpoint(self, app: Flask, places: Places) -> str:
        """The view that answers at the address."""
        path = self.address.format(**places).partition("?")[0].partition("#")[0]
        return str(app.url_map.bind("localhost").match(path, method="GET")[0])


def _text(page: Any) -> Any:
    return page.locator("textarea[name=text]")


def _press(name: str) -> Then:
    def press(page: Any, _places: Places) -> None:
        page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()
        page.wait_for_load_state()

    return press


def _unfold(words: str) -> Then:
    def unfold(page: Any, _places: Places) -> None:
        page.locator("summary", has_text=words).locator("visible=true").first.click()

    return unfold


def _since(page: Any, places: Places) -> None:
    _unfold("Show what changed")(page, places)
    page.locator(".since .as-prose").wait_for()


def _set(field: str, key: str, button: str) -> Then:
    """Send a form that holds something older than what is there now."""

    def send(page: Any, places: Places) -> None:
        page.locator(f"main form [name={field}]").first.evaluate("(it, old) => { it.value = old; }", places[key])
        _press(button)(page, places)

    return send


def _menu(page: Any, _places: Places) -> None:
    page.locator(".menu > summary").click()


def _wrong_password(page: Any, places: Places) -> None:
    page.get_by_label("E-mail address").fill("ana@example.com")
    page.get_by_label("Password").fill("not this one")
    _press("Sign in")(page, places)


def _give_address(email: str) -> Then:
    def give(page: Any, places: Places) -> None:
        page.get_by_label("E-mail address").fill(email)
        _press("Send me a link")(page, places)

    return give


def _make_token(password: str) -> Then:
    def make(page: Any, places: Places) -> None:
        page.get_by_label("What is it for?").fill("my reader")
        page.get_by_label("Your present password").fill(password)
        _press("Make a token")(page, places)

    return make


def _wrong_present_password(page: Any, places: Places) -> None:
    page.locator("#present-for-password").fill("not this one")
    page.get_by_label("Your new password").fill("another calm morning")
    _press("Change your password")(page, places)


def _signed_out_meanwhile(page: Any, places: Places) -> None:
    page.get_by_label("Say something").fill("Words that took a while.")
    page.context.clear_cookies()
    _press("Say it")(page, places)


def _from_elsewhere(page: Any, places: Places) -> None:
    foreign = {"origin": "https://elsewhere.example"}
    page.route("**/-/sign-in", lambda route: route.continue_(headers={**route.request.headers, **foreign}))
    _wrong_password(page, places)


def _moved_meanwhile(page: Any, places: Places) -> None:
    _text(page).fill("# Expenses\n\nKeep some receipts.\n")
    page.get_by_label("What changes?").fill("Some are enough")
    _set("base", "old_text", "Propose")(page, places)


def _would_change(page: Any, places: Places) -> None:
    _text(page).fill("# Visas\n\nAsk **very** early.\n")
    _press("Show what I would change")(page, places)


def _another_heading(page: Any, places: Places) -> None:
    _text(page).fill("# Expenses\n\nYou are paid back.\n")
    _press("Show what I would change")(page, places)
    _unfold("What it would touch")(page, places)


def _suggesting(page: Any, _places: Places) -> None:
    page.get_by_role("combobox", name="Search the guidelines").fill("exp")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")


def _in_a_table(page: Any, _places: Places) -> None:
    _text(page).fill("|a|b|\n|-|-|\n|c|d|\n")
    _text(page).focus()
    page.keyboard.press("Control+Home")
    page.get_by_role("toolbar", name="Table").wait_for()


def _dialog(button: str, dialog: str) -> Then:
    def opened(page: Any, places: Places) -> None:
        page.get_by_role("button", name=button, exact=True).first.click()
        page.locator(f"{dialog}[open]").wait_for()
        if button == "Link":
            page.locator(dialog).get_by_role("combobox").fill("e")
            page.get_by_role("option").first.wait_for()

    return opened


def _other_rules(text: str, shown: str) -> Then:
    def write(page: Any, _places: Places) -> None:
        _text(page).fill(text)
        page.locator(f"[data-policy-check] {shown}").first.wait_for()

    return write


def _decided(page: Any, places: Places) -> None:
    for card in page.locator("fieldset.conflict").all():
        card.get_by_label("Other words").check()
    _press("Preview")(page, places)
    page.locator("#result").wait_for()
    _unfold("As it would look")(page, places)


_WIDE_REMARK = f"# {'a remark that is much longer than the window is wide ' * 4}\n"

SCREENS = (
    Screen("contents", "/"),
    Screen("contents of a member", "/", "bob"),
    Screen("all contents", "/-/contents"),
    Screen("page", "/travel/all"),
    Screen("page of a member", "/travel/expenses", "ana"),
    Screen("page that changed since", "/travel/expenses", "bob", then=_since),
    Screen("page with proposals", "/working/hours", "dee"),
    Screen("folder", "/travel"),
    Screen("menu", "/welcome", then=_menu),
    Screen("menu of a member", "/welcome", "ana", then=_menu),
    Screen("passage found", "/travel/visa?passage={founded}.3"),
    Screen("passage that changed", "/-/passage/{founded}/travel/expenses?at=7"),
    Screen("passage not found", "/-/passage/{founded}/travel/expenses?at=700", status=404),
    Screen("broken links", "/-/broken-links"),
    Screen("components", "/-/components"),
    Screen("search, nothing asked", "/-/search"),
    Screen("search", "/-/search?q=expenses"),
    Screen("search, a slip", "/-/search?q=recepit"),
    Screen("search, nothing found", "/-/search?q=nothing+like+it"),
    Screen("search, no word", "/-/search?q=%3F"),
    Screen("search among proposals", "/-/search?q=a&kind=proposals"),
    Screen("search among people", "/-/search?q=ana&kind=people"),
    Screen("search, suggesting", "/-/search", then=_suggesting),
    Screen("sign in", "/-/sign-in"),
    Screen("sign in first", "/-/drafts"),
    Screen("sign in, wrong password", "/-/sign-in", status=403, then=_wrong_password),
    Screen("sign in elsewhere, no answer", "/-/sign-in/company", status=503),
    Screen("back from elsewhere, too late", "/-/sign-in/company/back", status=400),
    Screen("arrived from elsewhere, too late", "/-/sign-in/company/arrived", status=400),
    Screen("proof by mail, elsewhere", "/-/sign-in/company/proof/nothing", status=404),
    Screen("signed out of elsewhere", "/-/sign-in/company/signed-out"),
    Screen("ways to sign in", "/-/ways-to-sign-in", "bob"),
    Screen("groups that are told", "/-/told-groups/company", "bob"),
    Screen("welcome link", "/-/welcome/{token}"),
    Screen("welcome link, used", "/-/welcome/nothing", status=404),
    Screen("forgotten password", "/-/forgotten"),
    Screen("forgotten password, asked", "/-/forgotten", then=_give_address("nobody@example.com")),
    Screen("join", "/-/join"),
    Screen("join, elsewhere", "/-/join", status=400, then=_give_address("eve@elsewhere.example")),
    Screen("invitation", "/-/invitation/{invitation}"),
    Screen("invitation of a link", "/-/invitation/{open_invitation}"),
    Screen("invitation, used", "/-/invitation/nothing", status=404),
    Screen("invitations", "/-/invitations", "dee"),
    Screen("invitations, a link", "/-/invitations", "dee", then=_press("Make a link")),
    Screen("administration", "/-/administration", "dee"),
    Screen("administration, nobody found", "/-/administration?q=nobody", "dee"),
    Screen("administration of a person", "/-/administration/people/2", "dee"),
    Screen("administration of oneself", "/-/administration/people/4", "dee"),
    Screen("letting somebody go", "/-/administration/people/2/deactivate", "dee"),
    Screen("letting oneself go", "/-/administration/people/4/deactivate", "dee"),
    Screen("administration, settings", "/-/administration/settings", "dee"),
    Screen("administration, health", "/-/administration/health", "dee"),
    Screen("administration, log", "/-/administration/log", "dee"),
    Screen("administration, not for all", "/-/administration", "bob", status=403),
    Screen("account", "/-/account", "ana"),
    Screen("account, with a past", "/-/account", "zed"),
    Screen("account, password refused", "/-/account", "ana", status=400, then=_wrong_present_password),
    Screen("account, another address", "/-/account/address/{address_token}", "cyd"),
    Screen("account, sessions", "/-/account/sessions", "ana"),
    Screen("account, tokens", "/-/account/tokens", "ana"),
    Screen("account, a new token", "/-/account/tokens", "dee", status=201, then=_make_token(PASSWORD)),
    Screen("account, a token refused", "/-/account/tokens", "bob", status=400, then=_make_token("not this one")),
    Screen("account, data", "/-/account/data", "ana"),
    Screen("editor", "/-/edit/travel/expenses", "bob"),
    Screen("editor of a section", "/-/edit/travel/expenses?section=meals", "bob"),
    Screen("editor with a draft", "/-/edit/welcome", "ana"),
    Screen("editor of a proposal", "/-/edit/working/hours?proposal={open}", "ana"),
    Screen("editor in a table", "/-/edit/welcome", "bob", then=_in_a_table),
    Screen("editor, a link", "/-/edit/welcome", "bob", then=_dialog("Link", "#link-dialog")),
    Screen("editor, a table", "/-/edit/welcome", "bob", then=_dialog("Table", "#table-dialog")),
    Screen("editor, keys", "/-/edit/welcome", "bob", then=_dialog("Keyboard shortcuts", "#keys-dialog")),
    Screen("editor, the difference", "/-/edit/travel/visa", "cyd", then=_would_change),
    Screen("editor, nothing typed", "/-/edit/travel/visa", "dee", status=400, then=_press("Propose")),
    Screen("editor, moved meanwhile", "/-/edit/travel/expenses", "cyd", status=409, then=_moved_meanwhile),
    Screen("new page", "/-/new?name=travel/x", "bob"),
    Screen("new page, no address", "/-/new", "bob", status=400, then=_press("Propose")),
    Screen("removing a page", "/-/remove/welcome", "bob"),
    Screen("editor, open proposals here", "/-/edit/working/hours", "dee"),
    Screen("editor, what it would touch", "/-/edit/travel/expenses", "dee", then=_another_heading),
    Screen("better words, which", "/-/words/travel/all"),
    Screen("better words, lost", "/-/words/travel/visa?quote=nowhere", status=404),
    Screen("better words", "/-/words/travel/visa?quote=Ask+early", "bob"),
    Screen("better words, as it is written", "/-/words/travel/visa?at=3", "bob"),
    Screen("better words, the difference", "/-/words/travel/visa?quote=Ask+early&words=Ask+at+once.", "bob"),
    Screen("better words, nothing changed", "/-/words/travel/visa?quote=Ask+early", "bob", status=400,
           then=_press("Propose")),
    Screen("better words, the passage is gone", "/-/words/travel/expenses?at=7&of={old_text}&words=Keep+it.", "bob",
           status=409, then=_press("Propose")),
    Screen("policy", "/-/policy"),
    Screen("policy of a path", "/-/policy?path=legal/x"),
    Screen("policy, its history", "/-/policy/history"),
    Screen("policy editor", "/-/edit/policy.toml", "ana"),
    Screen("policy editor, other rules", "/-/edit/policy.toml", "ana",
           then=_other_rules(_WIDE_REMARK + POLICY.replace("endorse = 3", "endorse = 4"), "table")),
    Screen("policy editor, not valid", "/-/edit/policy.toml", "ana",
           then=_other_rules(POLICY.replace("[members]", "[members"), ".notice")),
    Screen("proposals, waiting", "/-/waiting", "bob", then=_unfold("Show what would change")),
    Screen("proposals, open", "/-/proposals?tab=open"),
    Screen("proposals, in force", "/-/proposals?tab=in+force"),
    Screen("proposals, closed", "/-/proposals?tab=closed"),
    Screen("proposals, none", "/-/proposals?tab=mine", "bob"),
    Screen("proposal", "/-/proposals/{open}"),
    Screen("proposal, to its author", "/-/proposals/{open}", "ana", then=_unfold("Decline…")),
    Screen("proposal, endorsed before", "/-/proposals/{open}", "cyd"),
    Screen("proposal, objecting", "/-/proposals/{open}", "cyd", then=_unfold("Object…")),
    Screen("proposal, line by line", "/-/proposals/{open}", "cyd", then=_unfold("Show line by line")),
    Screen("proposal, remarking", "/-/proposals/{open}?at=working/hours.md:5#remark", "cyd"),
    Screen("proposal, withdrawing", "/-/proposals/{open}", "ana", then=_unfold("Withdraw…")),
    Screen("proposal, overtaken", "/-/proposals/{overtaken}", "ana"),
    Screen("proposal, whom to ask", "/-/proposals/{suggestible}", "dee"),
    Screen("proposal, one is asked", "/-/proposals/{suggestible}", "bob"),
    Screen("proposal of rules", "/-/proposals/{rules}", "bob"),
    Screen("proposal, in force", "/-/proposals/{in_force}", "bob"),
    Screen("proposal, closed", "/-/proposals/{closed}", "cyd"),
    Screen("proposal, its versions", "/-/proposals/{open}/versions"),
    Screen("proposal, endorsed too late", "/-/proposals/{open}", "cyd", status=409,
           then=_set("change", "first_change", "Endorse again")),
    Screen("suggesting an edit", "/-/suggest/{suggestible}/welcome", "bob"),
    Screen("reconciling", "/-/reconcile/{overtaken}", "ana"),
    Screen("reconciling, nothing chosen", "/-/reconcile/{overtaken}", "ana", status=400, then=_press("Preview")),
    Screen("reconciling, the result", "/-/reconcile/{overtaken}", "ana", then=_decided),
    Screen("inbox", "/-/inbox", "ana"),
    Screen("inbox, an endorsement lapsed", "/-/inbox", "cyd", then=_unfold("Show what changed since you endorsed")),
    Screen("inbox, no mail arrives", "/-/inbox", "dee"),
    Screen("inbox, nothing new", "/-/inbox", "zed"),
    Screen("inbox, earlier", "/-/inbox/earlier", "bob"),
    Screen("inbox, what is watched", "/-/inbox/watching", "dee"),
    Screen("inbox, nothing watched", "/-/inbox/watching", "zed"),
    Screen("inbox, mail", "/-/inbox/settings", "dee"),
    Screen("less mail", "/-/inbox/unsubscribe/{leaving}"),
    Screen("less mail, done", "/-/inbox/unsubscribe/{leaving}", then=_press("Stop it")),
    Screen("drafts", "/-/drafts", "ana"),
    Screen("drafts, none", "/-/drafts", "zed"),
    Screen("draft", "/-/drafts/{draft}", "ana", then=_unfold("Change another page with it")),
    Screen("draft, nothing chosen", "/-/drafts/{empty_draft}", "ana"),
    Screen("history", "/-/history/travel/expenses"),
    Screen("history of a removed page", "/-/history/notes/old"),
    Screen("revision", "/-/revision/{founded}/travel/expenses", "bob"),
    Screen("compared as it reads", "/-/compare/travel/expenses?a={founded}&b={merged}"),
    Screen("compared side by side", "/-/compare/travel/expenses?a={founded}&b={merged}&view=beside"),
    Screen("compared line by line", "/-/compare/travel/expenses?a={founded}&b={merged}&view=lines"),
    Screen("book of changes", "/-/changes"),
    Screen("pages of one change", "/-/changes/{founded}"),
    Screen("how we are doing", "/-/how-we-are-doing"),
    Screen("how we are doing, as tables", "/-/how-we-are-doing", "bob", then=_unfold("As a table")),
    Screen("still right", "/-/still-right"),
    Screen("still right, pages of one's own", "/-/still-right?mine=yes", "bob"),
    Screen("still right, nothing due there", "/-/still-right?folder=legal"),
    Screen("still right, asked of a member", "/travel/all", "bob"),
    Screen("still right, on the table", "/travel/packing", "bob"),
    Screen("confirming", "/-/proposals/{confirming}", "dee"),
    Screen("book of changes, by nobody", "/-/changes?by=nobody"),
    Screen("who wrote this", "/-/who/travel/expenses"),
    Screen("who wrote this, one hand", "/-/who/travel/visa"),
    Screen("growth", "/-/growth/travel/expenses"),
    Screen("person", "{person}"),
    Screen("person, nothing of the kind", "{person}?tab=objected"),
    Screen("how to check", "/-/verify"),
    Screen("checked", "/-/verify/{merged}"),
    Screen("no such page", "/no/such/page", status=404),
    Screen("no such page, to a member", "/no/such/page", "bob", status=404),
    Screen("page no longer in force", "/notes/old", status=404),
    Screen("nothing there", "/-/nowhere", status=404),
    Screen("from elsewhere", "/-/sign-in", status=403, then=_from_elsewhere),
    Screen("signed out meanwhile", "/-/proposals/{open}", "cyd", status=401, then=_signed_out_meanwhile),
)  # fmt: skip
