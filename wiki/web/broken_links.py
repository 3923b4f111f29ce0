"""Links that lead nowhere, for those who like to mend them."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, url_for

from wiki.web.crumbs import Pager
from wiki.web.here import number, the_wiki
from wiki.web.kept import kept_answer

blueprint = Blueprint("broken_links", __name__)
AT_ONCE = 50


@blueprint.get("/-/broken-links")
def page() -> Response:
    """Where links lead though no page is there, and the pages they stand on."""
    return kept_answer(_page)


def _page() -> Response:
    turned = min(max(number("page") or 1, 1), 10_000)
    index = the_wiki().index
    found, count = index.links.broken(index.whole_contents().names, (turned - 1) * AT_ONCE, AT_ONCE)
    pager = Pager(
        newer_url=url_for("broken_links.page", page=turned - 1 if turned > 2 else None) if turned > 1 else None,
        older_url=url_for("broken_links.page", page=turned + 1) if turned * AT_ONCE < count else None,
    )
    return make_response(render_template("broken_links.html", found=found, count=count, pager=pager))
