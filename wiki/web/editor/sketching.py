"""What is being typed is kept on the server too, and found again on another device."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, flash, jsonify, make_response, redirect, request

from wiki.drafts import Sketch
from wiki.model.errors import Conflict, Refused
from wiki.web.editor.forms import EditorForm
from wiki.web.editor.routes import blueprint
from wiki.web.here import member, the_wiki
from wiki.web.place import place_here, place_named
from wiki.web.safety import local_path
from wiki.web.say import _
from wiki.web.words import translate

FIELDS = ("name", "title", "why", "text", "together", "base", "section")
_HIGHEST = 2**31 - 2


@blueprint.post("/-/sketches")
def save_sketch() -> Response:
    """Keep what is typed at ``place``. 409 with what another device has kept, where that is not what this one
    knows."""
    wiki, account = the_wiki(), member()
    fields = {key: request.form.get(key, "").replace("\r\n", "\n") for key in FIELDS}
    try:
        place = place_named(request.form.get("place", ""))
        version = wiki.sketches.save(account.id, place, fields, version_in(request.form.get("sketch")), wiki.now())
    except Conflict as error:
        there = wiki.sketches.get(account.id, place)
        return _json({"problem": translate(error.sentence), **(_told(there) if there is not None else {})}, 409)
    except Refused as error:
        return _json({"problem": translate(error.sentence)}, 400)
    return _json({"version": version}, 200)


def version_in(text: str | None) -> int:
    """The version that a form speaks of; 0 for none."""
    known = int(text) if text and text.isascii() and text.isdigit() and len(text) < 11 else 0
    return known if known <= _HIGHEST else 0


def _told(there: Sketch) -> Mapping[str, object]:
    return {"version": there.version, "at": there.updated_at, "fields": dict(there.fields)}


def _json(what: Mapping[str, object], status: int) -> Response:
    response = jsonify(what)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/-/sketches/discard")
def discard_sketch() -> Response:
    """Throw away what was typed at ``place``, and the files that wait with it."""
    wiki, account = the_wiki(), member()
    place = place_named(request.form.get("place", ""))
    wiki.sketches.discard(account.id, place)
    wiki.uploads.discard(account.id, place)
    flash(_("The draft is discarded."), "success")
    return make_response(redirect(local_path(request.form.get("next") or place), 303))


def forget(form: EditorForm) -> None:
    """What was typed here has arrived: its sketch and the files that waited with it are gone. A sketch of another
    device that this form did not begin from stays."""
    wiki, account, place = the_wiki(), member(), place_here()
    with wiki.tidying():
        wiki.sketches.discard(account.id, place, version_in(form.sketch.data))
        wiki.uploads.discard(account.id, place)


def taken_up(data: Mapping[str, str]) -> tuple[dict[str, str], Sketch | None]:
    """What the editor opens with: what was typed here before, where its writer wants to go on with it (``?resume``),
    else ``data``, and the sketch that could be gone on with."""
    there = the_wiki().sketches.get(member().id, place_here())
    if there is None:
        return dict(data), None
    kept = {key: there.fields.get(key, "") for key in FIELDS}
    kept["base"] = kept["base"] or data.get("base", "")
    if request.args.get("resume"):
        return {**data, **kept, "sketch": str(there.version)}, None
    same = all(kept[key] == data.get(key, "") for key in ("text", "title", "why"))
    return ({**data, "sketch": str(there.version)}, None) if same else (dict(data), there)
