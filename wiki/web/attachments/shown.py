"""Pages that are not in force yet show files that are not either: where a page names them, they are taken from where
they are now. And what would happen to a file, in a picture."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from flask import url_for
from markupsafe import Markup

from wiki.drafts import Draft
from wiki.model.merge import Weighed
from wiki.model.names import is_attachment
from wiki.web.attachments.kinds import is_picture
from wiki.web.attachments.serving import address_of
from wiki.web.here import member, the_wiki
from wiki.web.say import _

Sources = Mapping[str, str]
"""What a page says (the address of a file beside it) to where that file is now."""


def with_sources(shown: str, sources: Sources) -> str:
    """The HTML with its pictures, and the links to its documents, taken from there."""
    shown = str(shown)  # as `Markup` it would escape what is put in
    for address, now in sources.items():
        for attribute in ("src", "href"):
            said, meant = html.escape(address), html.escape(now)
            shown = shown.replace(f'{attribute}="{said}"', f'{attribute}="{meant}"')
    return shown


def waiting_at(place: str, folder: str) -> Sources:
    """The files that wait with the text at a place, for a page in this folder."""
    kept = the_wiki().uploads.at(member().id, place)
    return {
        address_of(f"{folder}/{each.name}" if folder else each.name): url_for(
            "attachments.waiting", blob=each.blob, name=each.name
        )
        for each in kept
    }


def proposed_by(weighed: Weighed) -> Sources:
    """The files that a proposal brings."""
    return {
        address_of(each.path): url_for("attachments.proposed", n=weighed.n, path=each.path)
        for each in weighed.proposal.touched
        if each.after is not None and is_attachment(each.path)
    }


def drafted_in(draft: Draft) -> Sources:
    """The files that a draft holds."""
    return {
        address_of(path): url_for("attachments.drafted", number=draft.id, path=path)
        for path, file in draft.files.items()
        if file.blob is not None
    }


def files_of(sources: Sources) -> frozenset[str]:
    """The paths of these files."""
    return frozenset(unquote(address).strip("/") for address in sources)


@dataclass(frozen=True)
class Side:
    """A file before or after: where it is."""

    label: str
    url: str


def of_proposal(n: int, path: str, *, before: bool, after: bool) -> Markup:
    """What a proposal does to a file."""
    url = url_for("attachments.proposed", n=n, path=path)
    return sides(path, f"{url}?before=1" if before else None, url if after else None)


def sides(path: str, before: str | None, after: str | None) -> Markup:
    """A file before and after, beside each other. Names and addresses are escaped by `format`."""
    there = [Side(_("Before"), before)] if before is not None else []
    there += [Side(_("After"), after)] if after is not None else []
    name = path.rpartition("/")[2]
    shown = Markup("").join(_side(each, name, alone=len(there) == 1) for each in there)
    return Markup('<div class="files-beside">{}</div>').format(shown)


def _side(side: Side, name: str, *, alone: bool) -> Markup:
    label = name if alone else f"{side.label}: {name}"
    if not is_picture(name):
        return Markup('<p><a href="{}">{}</a></p>').format(side.url, label)
    return Markup(
        '<figure><a href="{0}"><img src="{0}" alt="{1}" loading="lazy"></a><figcaption>{2}</figcaption></figure>'
    ).format(side.url, name, label)
