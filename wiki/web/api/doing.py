"""How we are doing, for programs."""

from __future__ import annotations

from flask import Response

from wiki.web.api.routes import answer, blueprint, moment
from wiki.web.doing.figures import Times
from wiki.web.doing.page import the_figures


@blueprint.get("/how-we-are-doing")
def doing() -> Response:
    """The figures of the page of that name; lengths of time in seconds, null where there are too few to say."""
    found = the_figures()
    return answer(
        {
            "since": found.since.isoformat(),
            "imported_commits": found.imported,
            "to_force": _times(found.to_force),
            "to_first_endorsement": _times(found.to_endorsement),
            "months": [
                {"month": f"{one.first:%Y-%m}", "proposed": one.proposed, "to_force": _times(one.times)}
                for one in found.months
            ],
            "folders": [
                {"folder": one.name, "to_force": _times(one.times), "pages": one.pages, "untouched": one.untouched,
                 "due": one.due, "without_authors": one.orphaned}
                for one in found.folders
            ],
            "open": {
                "proposals": found.table.count,
                "oldest": moment(found.table.since),
                "only_wait": found.table.only_time,
                "because": [
                    {"why": one.why, "group": one.about or None, "proposals": one.count}
                    for one in found.table.lacking
                ],
            },
            "ends": {end.value.replace(" ", "-"): count for end, count in found.ends.items()},
            "ends_of_first_proposals": {end.value.replace(" ", "-"): n for end, n in found.first_ends.items()},
            "endorsements": {
                "count": found.voices.count,
                "colleagues": found.voices.colleagues,
                "by_five": found.voices.by_five,
            },
        }
    )  # fmt: skip


def _times(times: Times) -> dict[str, int | None]:
    return {"count": times.count, "half": times.half, "nine_in_ten": times.nine}
