"""Questions to a real handbook, each with the page that somebody who asks would want among the first three."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, copy_of, open_world

pytestmark = pytest.mark.corpus

WANTED = {
    "travel card": "first-time-travel-travel-card",
    "how do I get reimbursed": "travel-guide-4-reimbursement",
    "reimbursement": "travel-guide-4-reimbursement",
    "book a flight in concur": "travel-guide-2-book-travel",
    "parental leave": "paid-parental-leave",
    "sick leave in advance": "advanced-sick-leave",
    "FMLA": "fmla",
    "family medical leave": "fmla",
    "overtime": "overtime",
    "extra hours": "overtime",
    "code of conduct": "code-of-conduct",
    "conduct code": "code-of-conduct",
    "slack": "tools/slack",
    "slack guest from outside": "external-collaboration",
    "sign git commits": "git-signing",
    "GPG keys": "git-signing",
    "mural": "tools/mural",
    "zoom meetings": "tools/zoom",
    "share a calendar with partners": "sharedcalendars",
    "performance review": "performance-management/mid-year",
    "performance review dates": "performance-management/dates",
    "supervisor playbook": "new-supervisor-playbook",
    "delegating": "play-7",
    "constructive feedback": "conflict-feedback-intro",
    "recieving feedback": "conflict-feedback-receiving-feedback",
    "reasonable accomodation": "reasonable-accommodations",
    "deaf colleagues": "supporting-deaf-hoh-colleagues",
    "veterans": "veterans-service-members",
    "transit benefit": "transit-benefit",
    "benefits for transit": "transit-benefit",
    "work schedule": "work-schedules",
    "passwords": "password-requirements",
    "password requirement": "password-requirements",
    "bug bounty": "bug-bounty",
    "security incident": "security-incidents",
    "report an incident": "security-incidents",
    "open sourcing": "open-source",
    "records": "records",
    "federal resume": "resume",
    "promotion": "promotions",
    "offboarding": "leaving-tts",
    "PIV card": "getting-started/piv",
    "laptop": "getting-started/equipment",
    "changing your name": "changing-your-name",
    "tock hours": "tock",
    "glossary": "glossary",
    "speaking at events": "fas-speaker-guide",
    "social media accounts": "social-media",
    "writting a blog post": "blogging",
    "conference training": "conferences-events-training",
    "individual development plan": "training-and-development/idp",
    "new york office": "new-york-city",
    "purchase software": "software",
}


@pytest.fixture(scope="module")
def handbook(handbook_founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The handbook, to read."""
    with open_world(copy_of(handbook_founded, tmp_path_factory.mktemp("asked") / "data")) as opened:
        yield opened


@pytest.mark.parametrize("question", WANTED)
def test_the_page_that_is_wanted_is_among_the_first_three(handbook: World, question: str) -> None:
    found = [row.name for row in handbook.wiki.index.search.find(question).rows[:3]]
    assert any(WANTED[question] in name for name in found), found
