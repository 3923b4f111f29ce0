"""Where things are found: the addresses of pages, revisions and proposals.

Pages own the whole space of paths; every verb and every list lives under ``/-/``, which no page name can
begin with.
"""

from __future__ import annotations

import re
from urllib.parse import quote

SHORT = 10
"""How much of a commit's id stands in addresses that people copy."""
_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"((?:{_LABEL}\.)*{_LABEL}\.?|\[[0-9a-f:.]{{2,45}}\])(?::([0-9]{{1,5}}))?", re.IGNORECASE)
_LONGEST_HOST = 253


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


def passage_address(commit: str, name: str, at: int | str = "") -> str:
    """``/-/passage/<beginning of commit>/<name>?at=12``: what stood on this line of the page, or under the heading of
    this id, in a commit of main; wherever it is now."""
    return f"/-/passage/{commit[:SHORT]}{page_address(name)}?at={at}"


def host_name(host: str) -> str | None:
    """The name in a Host header, without its port, in small letters; None where it cannot be one."""
    found = _HOST.fullmatch(host)
    if found is None or len(found[1]) > _LONGEST_HOST or int(found[2] or 0) > 65_535:
        return None
    return found[1].lower().removesuffix(".")
