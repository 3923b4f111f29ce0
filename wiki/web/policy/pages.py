"""The pages about the policy: what it says, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request, url_for

from wiki.index import RevisionRow
from wiki.model.names import POLICY_PATH
from wiki.web.crumbs import Pager
from wiki.web.here import number, reader, the_wiki
from wiki.web.policy.groups import empty_groups
from wiki.web.policy.plain import Changed, always, changed_text, general_of, groups_of, rules_of
from wiki.web.policy.routes import blueprint
from wiki.web.policy.tester import answer

MOST_NAMES = 200
PER_PAGE = 50


@dataclass(frozen=True)
class VersionView:
    """One version of the policy: how it came about, and what it said that the one before it did not."""

    row: RevisionRow
    changed: Changed | None


@blueprint.get("/-/policy")
def page() -> Response:
    """The policy in force."""
    wiki = the_wiki()
    main = wiki.repository.main()
    policy = wiki.repository.policy(main)
    path = request.args.get("path", "").strip()[:300]
    html = render_template(
        "policy.html",
        general=general_of(policy),
        always=always(),
        rules=rules_of(policy),
        groups=groups_of(policy),
        source=wiki.repository.policy_text(main).rstrip("\n").split("\n"),
        edit_url=url_for("editor.edit", name=POLICY_PATH),
        path=path,
        lines=number("lines"),
        counts_lines=policy.counts_lines,
        answer=answer(policy, path, number("lines")) if path else None,
        names=_names(),
        empty_groups=empty_groups(policy) if reader() is not None else [],
    )
    return make_response(html)


def _names() -> list[str]:
    """Pages and folders to choose from, those on top first, and the policy."""
    root = the_wiki().index.contents()
    found: list[str] = []
    waiting = list(root.children)
    while waiting and len(found) < MOST_NAMES - 1:
        node = waiting.pop(0)
        found.append(f"{node.name}/" if node.kind == "folder" else node.name)
        waiting += node.children
    return [*found, POLICY_PATH]


@blueprint.get("/-/policy/history")
def history() -> Response:
    """How the rules came about: each version with what it changed."""
    index = the_wiki().index
    before = number("before")
    rows = index.history(POLICY_PATH, before) or []
    versions = [VersionView(row, _changed(row, index.previous(row))) for row in rows]
    older = None
    if len(rows) == PER_PAGE and index.previous(rows[-1]) is not None:
        older = url_for("policy.history", before=rows[-1].seq)
    newer = url_for("policy.history") if before is not None else None
    return make_response(render_template("policy_history.html", versions=versions, pager=Pager(newer, older)))


def _changed(row: RevisionRow, before: RevisionRow | None) -> Changed | None:
    if before is None or before.blob is None or row.blob is None:
        return None
    return changed_text(_text(before.blob), _text(row.blob))


def _text(blob: str) -> str:
    return the_wiki().repository.content(blob).decode("utf-8", "replace")
