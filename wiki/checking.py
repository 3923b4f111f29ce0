"""Checking a clone from the outside and reporting on it: the audit, signatures, one merge or all, text or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from wiki.model.acts import OBJECT_ID, read_message
from wiki.model.errors import NotFound
from wiki.model.words import N_, counted, say
from wiki.repository.signing import GOOD, NONE, signatures
from wiki.verify import About, Audit, Checked, Violation, audit, open_clone

FORMAT = 1


@dataclass
class Report:
    """What was found. ``total`` is the number of commits to check; ``signed`` how
    many carry a good signature, None where nobody asked."""

    repository: str
    main: str = ""
    founding: str = ""
    total: int = 0
    merges: int = 0
    acts: int = 0
    signed: int | None = None
    violations: list[tuple[int | None, Violation]] = field(default_factory=list)

    def take(self, checked: Checked) -> None:
        """Count one commit."""
        self.merges += 1
        self.acts += checked.acts
        self.violations += [(checked.n, violation) for violation in checked.violations]

    def summary(self) -> str:
        """One line."""
        said = (
            f"{counted(self.merges, 'change')} in force since the founding, {counted(self.acts, 'act')}, "
            f"{counted(len(self.violations), 'violation')}."
        )
        return said if self.signed is None else f"{said[:-1]}, {self.signed} signed."


def check(
    place: Path,
    *,
    proposal: int | None = None,
    commit: str | None = None,
    allowed_signers: Path | None = None,
) -> tuple[Report, Iterator[Checked]]:
    """Check a clone, or the merge of one proposal, or one commit: a report that fills as the commits are walked."""
    found = audit(open_clone(place))
    chosen = _chosen(found, proposal, commit)
    wanted = list(found.commits) if chosen is None else [chosen]
    report = Report(str(place), found.main, found.founding.id, len(wanted))
    signed = None
    if allowed_signers is not None:
        signed = signatures(found.repository.git, wanted, allowed_signers)
        report.signed = sum(signed.get(each) == GOOD for each in wanted)
    return report, _walk(report, found, chosen, signed)


def _walk(report: Report, found: Audit, chosen: str | None, signed: dict[str, str] | None) -> Iterator[Checked]:
    try:
        for checked in found if chosen is None else [found.check(chosen)]:
            whole = checked if signed is None else with_signature(checked, signed.get(checked.commit, NONE))
            report.take(whole)
            yield whole
    finally:
        found.repository.store.close()


def _chosen(found: Audit, proposal: int | None, commit: str | None) -> str | None:
    if commit is not None:
        if not OBJECT_ID.fullmatch(commit) or commit not in found.commits:
            raise NotFound(N_("%(id)s is no commit of main since the founding. Please give its full id."), id=commit)
        return commit
    if proposal is None:
        return None
    for each in reversed(found.commits):
        if ("Proposal", str(proposal)) in read_message(found.repository.commit(each).message)[1]:
            return each
    raise NotFound(N_("Proposal %(n)s has not come into force here."), n=proposal)


def with_signature(checked: Checked, letter: str) -> Checked:
    """The same with what git says of the signature, a letter of ``%G?``."""
    if letter == GOOD:
        return checked
    template = N_("it is not signed") if letter == NONE else N_("its signature is not by an allowed key")
    violation = Violation(checked.commit, say(template), About.SIGNATURE)
    return replace(checked, violations=(*checked.violations, violation))


def write_report(report: Report) -> str:
    """The report as JSON; ``format`` is raised when its shape changes."""
    return json.dumps(
        {
            "format": FORMAT,
            "repository": report.repository,
            "main": report.main,
            "founding": report.founding,
            "changes": report.merges,
            "acts": report.acts,
            "signed": report.signed,
            "ok": not report.violations,
            "violations": [
                {"commit": each.commit, "proposal": n, "about": each.about.value, "sentence": str(each.sentence)}
                for n, each in report.violations
            ],
        },
        ensure_ascii=False,
        indent=2,
    )
