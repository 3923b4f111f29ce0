"""The page of the editor."""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from markupsafe import Markup

from wiki.model.names import POLICY_PATH
from wiki.web.editor.desk import Desk
from wiki.web.editor.forms import EditorForm, clean
from wiki.web.here import the_wiki
from wiki.web.policy.check import PolicyCheck, check_text


def show(
    desk: Desk, form: EditorForm, *, preview: str | None = None, changed: Markup | None = None, status: int = 200
) -> Response:
    """The editor, with what was typed into it."""
    html = render_template(
        "editor.html",
        form=form,
        kind=desk.kind,
        page_name=desk.name,
        page_title=desk.page_title,
        proposal=desk.proposal,
        preview=Markup(preview) if preview is not None else None,  # noqa: S704 - the renderer's output
        difference=changed,
        moved=desk.moved,
        cancel_url=desk.cancel_url,
        heading=desk.heading,
        is_policy=desk.path == POLICY_PATH,
        policy_check=_policy_check(desk, form) if desk.path == POLICY_PATH else None,
        draft=desk.draft,
        linking=_linking(desk) if desk.kind == "change" else 0,
    )
    return make_response(html, status)


def _policy_check(desk: Desk, form: EditorForm) -> PolicyCheck | None:
    """What the text would mean; nothing is said of the policy in force that has just been opened."""
    if request.method == "GET" and desk.kind == "change" and desk.draft is None:
        return None
    revised = desk.draft.proposal if desk.draft is not None else desk.weighed.n if desk.weighed is not None else None
    return check_text(clean(form.text.data), revised)


def _linking(desk: Desk) -> int:
    """How many other pages lead to this one."""
    return sum(row.name != desk.name for row in the_wiki().index.linking_to(desk.name))
