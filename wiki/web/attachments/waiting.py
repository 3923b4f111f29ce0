"""Files that somebody sends with the text they are writing. They wait until the text is proposed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from urllib.parse import quote

from flask import Response, jsonify, request, url_for
from werkzeug.datastructures import FileStorage

from wiki.drafts import DraftFile, Upload
from wiki.model.errors import Refused
from wiki.model.words import N_, Size
from wiki.web.attachments.kinds import is_picture, kind_of, name_for, points_in, words_of
from wiki.web.attachments.routes import blueprint
from wiki.web.errors import status_of
from wiki.web.here import member, the_wiki
from wiki.web.place import place_named
from wiki.web.words import translate


@blueprint.post("/-/uploads")
def upload() -> Response:
    """Keep a file for the text at ``place``; what to write into the text to show it."""
    member()
    try:
        sent = request.files.get("file")
        if sent is None:
            raise Refused(N_("No file was sent."))
        kept = take(sent, place_named(request.form.get("place", "")))
    except Refused as error:
        return _json({"problem": translate(error.sentence)}, status_of(error))
    address = url_for("attachments.waiting", blob=kept.blob, name=kept.name)
    return _json({"name": kept.name, "written": written(kept, sent.filename or ""), "address": address}, 201)


def _json(what: Mapping[str, str], status: int) -> Response:
    response = jsonify(what)
    response.status_code = status
    return response


def take(sent: FileStorage, place: str) -> Upload:
    """Keep a file that was sent. `Refused` where it is nothing that may stand beside a page."""
    wiki, account = the_wiki(), member()
    most = wiki.settings.max_attachment_bytes
    data = sent.stream.read(most + 1)
    if len(data) > most:
        raise Refused(N_("This file is too large: at most %(most)s."), most=Size(most))
    suffix = kind_of(data)
    if suffix is None:
        raise Refused(N_("This is not a picture (PNG, JPEG, GIF or WebP) and not a PDF, whatever it is called."))
    _check_points(data, suffix)
    blob = blob_id(data)
    if len(wiki.uploads.at(account.id, place)) >= wiki.settings.max_attachments:
        raise Refused(N_("One proposal can bring at most %(most)s files."), most=wiki.settings.max_attachments)
    return wiki.uploads.add(account.id, place, name_for(sent.filename or "", suffix, blob), blob, data, wiki.now())


def _check_points(data: bytes, suffix: str) -> None:
    """`Refused` for a picture that would fill the memory of whoever opens the page."""
    if not is_picture(suffix):
        return
    most, points = the_wiki().settings.max_picture_megapixels, points_in(data)
    if points is None:
        raise Refused(N_("This picture does not say how large it is; please save it anew."))
    if points > most * 1_000_000:
        raise Refused(N_("This picture has too many points: at most %(most)s million."), most=most)


def blob_id(data: bytes) -> str:
    """The id that git gives a file with these bytes."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def written(kept: Upload, sent: str) -> str:
    """How a page shows this file."""
    target = quote(kept.name, safe="")
    return f"![{words_of(sent)}]({target})" if is_picture(kept.name) else f"[{words_of(sent) or kept.name}]({target})"


def brought_by(text: str, path: str, place: str) -> dict[str, DraftFile]:
    """The waiting files that the text of the page in this file speaks of, beside it, as files of a draft. What is there
    already with the same bytes is left out."""
    wiki, account = the_wiki(), member()
    main, folder = wiki.repository.main(), path.rpartition("/")[0]
    files: dict[str, DraftFile] = {}
    for kept in wiki.uploads.at(account.id, place):
        if kept.name not in text and quote(kept.name, safe="") not in text:
            continue
        beside = f"{folder}/{kept.name}" if folder else kept.name
        there = wiki.repository.file(main, beside)
        if there is None or there.id != kept.blob:
            files[beside] = DraftFile(None, there.id if there is not None else None, kept.blob)
    return files
