"""How often one account may do what costs others something: each kind of act, and looking at what takes long.

Only what succeeded counts, so that nobody is kept from mending a form that was refused. Counted in each web process by
itself (see `limits`).
"""

from __future__ import annotations

from flask import Flask, Response, request

from wiki.web.here import reader, the_request, the_wiki
from wiki.web.limits import count, count_try, refuse_where_spent

_PROPOSALS = frozenset({
    "editor.edit", "editor.new", "editor.remove", "drafts.save", "history.go_back", "proposals.undo", "proposals.adopt",
    "better_words.suggest", "still_right.still_right",
})  # fmt: skip
_ACTS = frozenset({
    "proposals.answer", "proposals.close", "proposals.comment", "proposals.decline", "proposals.endorse",
    "proposals.object", "proposals.refresh", "proposals.reopen", "proposals.retract", "proposals.take",
    "reconcile.decide", "suggesting.suggest",
})  # fmt: skip
_FILES = frozenset({"attachments.upload"})
_COSTLY = frozenset({
    "authorship.act", "authorship.growth", "authorship.page", "better_words.page", "editor.preview", "history.compare",
    "passages.passage",
    "policy.check", "search.page", "search.suggest",
})  # fmt: skip
_LOOKS = frozenset({"preview", "difference", "check", "draft"})
"""What buttons of the editor do besides proposing."""
KINDS = {
    **dict.fromkeys(_PROPOSALS, "proposal_limit"),
    **dict.fromkeys(_ACTS, "act_limit"),
    **dict.fromkeys(_FILES, "attachment_limit"),
    **dict.fromkeys(_COSTLY, "costly_limit"),
}
"""The setting that limits an endpoint."""


def install(app: Flask) -> None:
    """Look before and after each request whether it counts."""
    app.before_request(_refuse_what_is_too_much)
    app.after_request(_count)


def _limited_by() -> str | None:
    asked = the_request()
    kind = KINDS.get(asked.endpoint or "")
    if kind is None or kind == "costly_limit":
        return kind
    return kind if asked.method == "POST" else None


def _who(kind: str) -> tuple[str, str]:
    account = reader()
    return kind, f"account {account.id}" if account is not None else f"address {request.remote_addr}"


def _refuse_what_is_too_much() -> None:
    kind = _limited_by()
    if kind is None:
        return
    rule = getattr(the_wiki().settings, kind)
    if kind == "costly_limit":
        count_try(rule, *_who(kind))
    elif request.form.get("do") not in _LOOKS:
        refuse_where_spent(rule, *_who(kind))


def _count(response: Response) -> Response:
    kind = _limited_by()
    done = response.status_code in {201, 303} and kind != "costly_limit"
    if kind is not None and done and request.form.get("do") not in _LOOKS:
        count(getattr(the_wiki().settings, kind), *_who(kind))
    return response
