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
_SHOWN = 80


@blueprint.post("/-/sketches")
def save_sketch() -> Response:
    """Keep what is typed at ``place``. 409 with what another device has kept, where that is not what this one
    knows."""
    wiki, account = the_wiki(), member()
    try:
        place = place_named(request.form.get("place", ""))
        version = wiki.sketches.save(account.id, place, _typed(), version_in(request.form.get("sketch")), wiki.now())
    except Conflict as error:
        there = wiki.sketches.get(account.id, place)
        return _json({"problem": translate(error.sentence), **(_told(there) if there is not None else {})}, 409)
    except Refused as error:
        return _json({"problem": translate(error.sentence)}, 400)
    return _json({"version": version}, 200)


def _typed() -> dict[str, str]:
    return {key: request.form.get(key, "").replace("\r\n", "\n") for key in FIELDS}


def version_known(form: EditorForm) -> int:
    """The version of the sketch that a form which was sent knows: the one it speaks of, or the one that says the same,
    which was being kept while the form was sent."""
    there = the_wiki().sketches.get(member().id, place_here())
    return there.version if there is not None and dict(there.fields) == _typed() else version_in(form.sketch.data)


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
    """Throw away what was typed at ``place``. It can be brought back there for a day."""
    wiki, account = the_wiki(), member()
    place = place_named(request.form.get("place", ""))
    thrown = wiki.sketches.throw_away(account.id, place, wiki.now())
    if thrown is not None:
        words = " ".join(thrown.fields.get("title", "").split() or thrown.fields.get("text", "").split())[:_SHOWN]
        flash(_("What you had typed is thrown away: “%(words)s …”", words=words), "success")
    return make_response(redirect(local_path(request.form.get("next") or place), 303))


@blueprint.post("/-/sketches/bring-back")
def bring_back_sketch() -> Response:
    """Bring back what was thrown away at ``place``, and go on with it."""
    wiki, account = the_wiki(), member()
    place = place_named(request.form.get("place", ""))
    if not wiki.sketches.bring_back(account.id, place):
        flash(_("There is nothing to bring back: it is gone, or you have typed something else here since."), "notice")
        return make_response(redirect(local_path(place), 303))
    flash(_("What you had typed is back."), "success")
    return make_response(redirect(local_path(f"{place}{'&' if '?' in place else '?'}resume=1"), 303))


def forget(form: EditorForm) -> None:
    """What was typed here has arrived: its sketch and the files that waited with it are gone. A sketch of another
    device that this form did not begin from stays."""
    wiki, account, place = the_wiki(), member(), place_here()
    with wiki.tidying():
        wiki.sketches.discard(account.id, place, version_known(form))
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
