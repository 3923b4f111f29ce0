"""Pages in force, for programs."""

from __future__ import annotations

from flask import Response, url_for

from wiki.addresses import page_address, proposal_address
from wiki.index import PageRow
from wiki.model.errors import NotFound
from wiki.model.words import N_
from wiki.web.api.routes import PER_PAGE, answer, blueprint, further, moment, page_of_list, told, whole
from wiki.web.here import the_wiki


@blueprint.get("/pages")
def pages() -> Response:
    """The pages in force by name, some at a time."""
    at = page_of_list()
    rows = the_wiki().index.pages((at - 1) * PER_PAGE, PER_PAGE + 1)
    found = [_row(row) for row in rows[:PER_PAGE]]
    return answer({"pages": found, "next": further("api.pages", at, len(rows) > PER_PAGE)})


def _row(row: PageRow) -> dict[str, str]:
    return {
        "name": row.name,
        "title": row.title,
        "url": whole(page_address(row.name)),
        "api": whole(url_for("api.page", name=row.name)),
    }


@blueprint.get("/pages/<path:name>")
def page(name: str) -> Response:
    """One page: its text, and who brought it into force."""
    wiki = the_wiki()
    found = wiki.index.page(name)
    if found is None:
        raise NotFound(N_("There is no page called “%(name)s”."), name=name)
    record, _rendered = found
    return answer(
        {
            "name": record.name,
            "title": record.title,
            "url": whole(page_address(record.name)),
            "text": wiki.repository.content(record.blob).decode("utf-8", "replace"),
            "version": record.blob,
            "revision": record.revision,
            "in_force_since": moment(record.since),
            "proposal": whole(proposal_address(record.proposal)) if record.proposal is not None else None,
            "written_by": [told(each) for each in record.authors],
            "changed_by": [told(each) for each in record.changed_by],
            "endorsed_by": [told(each) for each in record.endorsers],
            "revisions": record.revisions,
            "open_proposals": record.open_count,
        }
    )
