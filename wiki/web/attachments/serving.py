"""Giving files out: what is in force, what is proposed, and what only its writer may see.

What a file is follows from its bytes alone. It has an address of its own, and a policy under which nothing in it can do
anything.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, abort, make_response, redirect, request, url_for

from wiki.addresses import page_address
from wiki.model.names import is_attachment
from wiki.model.proposal import Blob
from wiki.together import held
from wiki.web.attachments.kinds import MEDIA_TYPES, is_picture, kind_of
from wiki.web.attachments.routes import blueprint
from wiki.web.here import member, proposal_number, the_wiki

_LOCKED_UP = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_HOUR = "max-age=3600"
_MINE = "private, max-age=3600"


@blueprint.get("/-/files/<path:path>")
def in_force(path: str) -> Response:
    """A file as it is in force, or with ``?at``, a commit of main, as it was then."""
    at = request.args.get("at")
    return _answer(path, _in_force(path) if at is None else _in_force_at(at, path), _HOUR)


@blueprint.get("/-/proposals/<int:n>/files/<path:path>")
def proposed(n: int, path: str) -> Response:
    """A file as a proposal has it, or with ``?before`` as it was before."""
    touched = the_wiki().guidelines.weigh(proposal_number(n)).proposal.touched
    found = next((each for each in touched if each.path == path), None)
    if found is None:
        abort(404)
    return _answer(path, found.before if "before" in request.args else found.after, _HOUR)


@blueprint.get("/-/drafts/<int:number>/files/<path:path>")
def drafted(number: int, path: str) -> Response:
    """A file as one's own draft has it."""
    wiki = the_wiki()
    draft = wiki.drafts.get(number, member().id)
    file = draft.files.get(path)
    data = held(wiki, draft.account, file) if file is not None and file.blob is not None else None
    if file is None or not isinstance(data, bytes):
        abort(404)
    return give(path, data, file.blob or "", _MINE)


@blueprint.get("/-/uploads/<blob>/<name>")
def waiting(blob: str, name: str) -> Response:
    """A file of one's own that waits to be proposed."""
    data = the_wiki().uploads.data(member().id, blob)
    if data is None:
        abort(404)
    return give(name, data, blob, _MINE)


def elsewhere(name: str) -> Response | None:
    """From the address that a page gives a file beside it, to where files are; None where there is none."""
    if not is_attachment(name) or _in_force(name) is None:
        return None
    return redirect_to(url_for("attachments.in_force", path=name))


def redirect_to(address: str) -> Response:
    """There, and browsers may remember it for a while."""
    response = make_response(redirect(address, 302))
    response.headers["Cache-Control"] = _HOUR
    return response


def _in_force(path: str) -> Blob | None:
    repository = the_wiki().repository
    return repository.file(repository.main(), path) if is_attachment(path) else None


def _in_force_at(commit: str, path: str) -> Blob | None:
    row = the_wiki().index.revision(commit, path)
    return Blob("100644", row.blob) if row is not None and row.blob is not None else None


def _answer(path: str, blob: Blob | None, kept: str) -> Response:
    if blob is None or not is_attachment(path):
        abort(404)
    return give(path, the_wiki().repository.content(blob), blob.id, kept)


def give(path: str, data: bytes, etag: str, kept: str) -> Response:
    """The bytes, as nothing but what they are."""
    suffix = kind_of(data)
    response = Response(data, mimetype=MEDIA_TYPES.get(suffix or "", "application/octet-stream"))
    shown = suffix is not None and is_picture(suffix)
    name = quote(path.rpartition("/")[2], safe="")
    response.headers["Content-Security-Policy"] = _LOCKED_UP
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{name}"
    response.headers["Cache-Control"] = kept
    response.set_etag(etag)
    response.make_conditional(request)
    return response


def address_of(path: str) -> str:
    """How pages say where this file is."""
    return page_address(path)
