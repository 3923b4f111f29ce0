"""Where things are found: the addresses of pages, revisions and proposals.

Pages own the whole space of paths; every verb and every list lives under ``/-/``, which no page name can
begin with.
"""

from __future__ import annotations

from urllib.parse import quote


def page_address(name: str) -> str:
    """``/travel/expenses``."""
    return "/" + quote(name, safe="/~!$&'()*+,;=@")


def proposal_address(n: int) -> str:
    """``/-/proposals/42``."""
    return f"/-/proposals/{n}"


def person_address(handle: str) -> str:
    """``/-/people/0123456789abcdef``."""
    return f"/-/people/{handle}"


def revision_address(commit: str, name: str) -> str:
    """``/-/revision/<commit>/<name>``: the page as it was in a commit of main."""
    return f"/-/revision/{commit}{page_address(name)}"
