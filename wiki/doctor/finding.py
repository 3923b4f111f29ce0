"""What the doctor says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass

from wiki.model.errors import WikiError

FORMAT = 1


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. ``said`` is what was seen, and what to do where it is not ``fine``."""

    about: str
    fine: bool
    said: str

    def __str__(self) -> str:
        return f"{'✓' if self.fine else '✗'} {self.about}: {self.said}"


def carefully(about: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What there is to see; where looking itself fails, that is the finding."""
    try:
        yield from look()
    except WikiError as error:
        yield Finding(about, False, " ".join(str(error).split()))
    except OSError as error:
        yield Finding(about, False, f"it cannot be looked at: {error.strerror or error}.")


def write_findings(findings: Iterable[Finding]) -> str:
    """All of them as JSON; ``format`` is raised when its shape changes."""
    listed = list(findings)
    told = {"format": FORMAT, "ok": all(each.fine for each in listed), "findings": [asdict(each) for each in listed]}
    return json.dumps(told, ensure_ascii=False, indent=2)
