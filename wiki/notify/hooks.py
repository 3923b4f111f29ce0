"""What other programs are told: public facts only, as JSON, or as a message for Slack or Teams."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from wiki.addresses import page_address, proposal_address
from wiki.model.merge import Weighed
from wiki.model.names import name_of
from wiki.model.words import Sentence
from wiki.notify.matters import Happening, Matter
from wiki.notify.sentences import sentence_for
from wiki.outbox import HOOK, Hook, Outbox

_EVENTS = {
    Matter.PROPOSED: "proposed",
    Matter.REVISED: "revised",
    Matter.OBJECTED: "objected",
    Matter.ANSWERED: "answered",
    Matter.COMMENTED: "commented",
    Matter.CLOSED: "closed",
    Matter.REOPENED: "reopened",
    Matter.IN_FORCE: "in_force",
}
_MATTERS = {event: matter for matter, event in _EVENTS.items()}
Facts = dict[str, Any]


def facts_of(happening: Happening, weighed: Weighed, site: str, system: str) -> Facts | None:
    """What anybody may know of it; None for what concerns only those who are asked. ``site`` is the address of the
    wiki, ``system`` that under which it acts itself."""
    event = _EVENTS.get(happening.matter)
    if event is None:
        return None
    proposal, standing = weighed.proposal, weighed.standing
    names = [name_of(each.path) or each.path for each in proposal.touched]
    state = "in force" if weighed.in_force is not None else "closed" if proposal.closed is not None else "open"
    return {
        "id": happening.id,
        "event": event,
        "at": datetime.fromtimestamp(happening.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "by": happening.by.name,
        "by_wiki": happening.by.key == system.casefold(),
        "proposal": {
            "number": weighed.n,
            "title": proposal.title,
            "url": site + proposal_address(weighed.n),
            "state": state,
            "endorsements": len(standing.valid),
            "needed": standing.needed,
            "objections": len(standing.objections),
        },
        "pages": [{"name": name, "url": site + page_address(name)} for name in names],
    }


def concerns(hook: Hook, facts: Facts) -> bool:
    """Whether a hook is to hear of it."""
    if hook.events and facts["event"] not in hook.events:
        return False
    names = [str(page["name"]) for page in facts["pages"]]
    return not hook.folder or any(f"{name}/".startswith(f"{hook.folder}/") for name in names)


def form_of(hook: Hook, facts: Facts, words: Callable[[Sentence], str] = str) -> Facts:
    """The body in the form of the hook. ``words`` says a sentence in a language."""
    if hook.kind == "json":
        return facts
    matter, title = _MATTERS[facts["event"]], str(facts["proposal"]["title"])
    said = words(sentence_for(matter, str(facts["by"]), title, asks=False, by_wiki=bool(facts["by_wiki"])))
    return _slack(said, facts) if hook.kind == "slack" else _teams(said, facts)


def _slack(said: str, facts: Facts) -> Facts:
    """Text in blocks. Slack gives a meaning to three characters, which are escaped as it asks for."""
    safe = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    names = ", ".join(str(page["name"]) for page in facts["pages"][:5])
    return {
        "text": safe,
        "blocks": [
            {"type": "section", "text": {"type": "plain_text", "text": said[:3000], "emoji": False}},
            {
                "type": "context",
                "elements": [
                    {"type": "mrkdwn", "text": f"<{facts['proposal']['url']}|#{facts['proposal']['number']}>"},
                    {"type": "plain_text", "text": names[:500] or "–", "emoji": False},
                ],
            },
        ],
    }


def _teams(said: str, facts: Facts) -> Facts:
    """An adaptive card. Its text is Markdown, of which nothing may come from what people typed."""
    names = ", ".join(str(page["name"]) for page in facts["pages"][:5])
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": _plain(said), "wrap": True, "weight": "Bolder"},
            {"type": "TextBlock", "text": _plain(names), "wrap": True, "isSubtle": True, "spacing": "None"},
        ],
        "actions": [
            {
                "type": "Action.OpenUrl",
                "title": f"#{facts['proposal']['number']}",
                "url": facts["proposal"]["url"],
            }
        ],
    }
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [content]}


def _plain(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\`*_[]()<>#-!~|" else char for char in text)


class Hooks:
    """Puts what happened into the outbox, for each hook that is to hear of it, in the transaction that tells people."""

    def __init__(
        self, hooks: Sequence[Hook], outbox: Outbox, site: str, system: str, clock: Callable[[], float]
    ) -> None:
        self.hooks = tuple(hooks)
        self.outbox = outbox
        self.site = site
        self.system = system
        self.clock = clock
        self.words: Callable[[Sentence], str] = str
        """Says a sentence in the language of the wiki."""

    def tell(self, connection: Connection, weighed: Weighed, found: Iterable[Happening]) -> None:
        """Let the hooks know."""
        for happening in found if self.hooks else ():
            facts = facts_of(happening, weighed, self.site, self.system)
            for hook in self.hooks if facts is not None else ():
                if facts is not None and concerns(hook, facts):
                    key = f"{HOOK}:{hook.id}:{happening.id}"
                    content = json.dumps(facts, ensure_ascii=False)
                    self.outbox.put_parcel(connection, HOOK, key, hook.id, content, int(self.clock()))

    def form(self, hook: Hook, facts: Facts) -> Facts:
        """The body for one of them."""
        return form_of(hook, facts, self.words)
