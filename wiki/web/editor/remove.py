"""Proposing to take a page away."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from wiki.drafts import Draft, DraftFile
from wiki.model.errors import Refused
from wiki.model.names import POLICY_PATH
from wiki.together import edits_of, removing
from wiki.web.consequences import Changed, consequences
from wiki.web.editor.desk import Desk, text_of
from wiki.web.editor.forms import RemoveForm
from wiki.web.editor.keep import done
from wiki.web.editor.routes import blueprint
from wiki.web.errors import missing_page, status_of
from wiki.web.here import member, path_of, person, the_wiki
from wiki.web.words import translate


@blueprint.route("/-/remove/<path:name>", methods=["GET", "POST"])
def remove(name: str) -> Response:
    """Propose to take a page away."""
    member()
    wiki = the_wiki()
    path = path_of(name)
    blob = wiki.repository.file(wiki.repository.main(), path)
    if blob is None:
        return missing_page(name)
    desk = Desk("remove", name, path, text_of(blob.id), blob.id)
    form = RemoveForm() if request.method == "POST" else RemoveForm(data={"base": blob.id})
    status = 200
    if request.method == "POST":
        status = 400
        if form.validate_on_submit():
            lead_to = (form.lead_to.data or "").strip().strip("/")
            blamed = form.lead_to if lead_to else form.title
            try:
                files = {**removing(wiki, name, lead_to), path: DraftFile(None, form.base.data or None)}
                blamed = form.title
                title, why, draft = form.title.data or "", form.why.data or "", Draft(member().id, files=files)
                return done(wiki.guidelines.propose(person(), title, why, edits_of(wiki, draft), seen=draft.seen))
            except Refused as error:
                blamed.errors = [translate(error.sentence)]
                form.base.data = blob.id
                status = status_of(error)
    touches = consequences([Changed(name, None, desk.before, None)]) if path != POLICY_PATH else None
    html = render_template("remove.html", form=form, page_name=name, page_title=desk.page_title, touches=touches)
    return make_response(html, status)
