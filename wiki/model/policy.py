"""The policy: how much is enough, path by path (model.md section 5).

`parse_policy` reads policy.toml and says of every problem which line and why.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from math import ceil

from wiki.model.errors import Refused
from wiki.model.names import PAGE_SUFFIX, POLICY_PATH
from wiki.model.patterns import covers
from wiki.model.policy_lines import line_of, lines_of
from wiki.model.words import N_, Sentence, say

HOUR = 3600
_UNITS = {"h": HOUR, "d": 24 * HOUR, "w": 7 * 24 * HOUR}
_MOST = 1_000_000
_DECIMALS = 20
MAX_PATTERN = 300


class PolicyError(Refused):
    """A text that is not a valid policy. ``line`` is where, from 1; None where no line is to blame."""

    def __init__(self, line: int | None, why: Sentence) -> None:
        self.line = line
        self.why = why
        where = say(N_("Line %(line)s: %(why)s"), line=line, why=why) if line is not None else why
        super().__init__(where)


@dataclass(frozen=True)
class Rule:
    """What a change to the pages that match needs. ``open`` in seconds; ``line`` where it stands in the file."""

    pages: str
    endorse: int
    open: int = 0
    need: tuple[str, ...] = ()
    share: Decimal = Decimal(0)
    lines: int | None = None
    line: int | None = None

    def matches(self, path: str) -> bool:
        """Whether the rule's pattern covers this file: by page name, or by the whole file name."""
        return covers(self.pages, path.removesuffix(PAGE_SUFFIX)) or covers(self.pages, path)


@dataclass(frozen=True)
class Requirement:
    """The most demanding values of the rules that apply to a change. ``open`` in seconds; ``whole`` where the
    change touches the policy, so that every rule applies."""

    endorse: int
    open: int
    need: tuple[str, ...]
    share: Decimal
    rules: tuple[Rule, ...]
    whole: bool = False

    def endorsements(self, active_members: int) -> int:
        """How many valid endorsements are enough where nobody objects."""
        return max(self.endorse, ceil(self.share * active_members))


@dataclass(frozen=True)
class Policy:
    """A valid policy. Durations in seconds; ``groups`` holds casefolded addresses by name without the ``@``."""

    rules: tuple[Rule, ...]
    members_since: int = 0
    hold: int = 3 * 24 * HOUR
    weigh: int = 2
    quiet: int = 90 * 24 * HOUR
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def requirement(self, lines_by_path: Mapping[str, int]) -> Requirement:
        """What a change to these files needs; the values are lines added plus removed."""
        if POLICY_PATH in lines_by_path:
            return replace(_most_demanding(self.rules), whole=True)
        return _most_demanding(self.rule_for(path, lines_by_path) for path in sorted(lines_by_path))

    def rule_for(self, path: str, lines_by_path: Mapping[str, int]) -> Rule:
        """The last rule that matches the file and whose ``lines`` the change does not exceed."""
        for rule in reversed(self.rules):
            if rule.matches(path) and self._small_enough(rule, lines_by_path):
                return rule
        return self.rules[0]

    def _small_enough(self, rule: Rule, lines_by_path: Mapping[str, int]) -> bool:
        if rule.lines is None:
            return True
        return sum(lines for path, lines in lines_by_path.items() if rule.matches(path)) <= rule.lines

    @property
    def counts_lines(self) -> bool:
        """Whether any rule depends on how many lines a change touches."""
        return any(rule.lines is not None for rule in self.rules)


def _most_demanding(rules: Iterable[Rule]) -> Requirement:
    each = tuple(dict.fromkeys(rules))
    return Requirement(
        endorse=max((r.endorse for r in each), default=0),
        open=max((r.open for r in each), default=0),
        need=tuple(dict.fromkeys(group for r in each for group in r.need)),
        share=max((r.share for r in each), default=Decimal(0)),
        rules=each,
    )


@lru_cache(maxsize=64)
def parse_policy(text: str) -> Policy:
    """Read policy.toml. Raises `PolicyError` for the first thing that is wrong."""
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        why = say(N_("this is not valid TOML (%(problem)s)"), problem=str(error))
        raise PolicyError(int(found[1]) if found else None, why) from None
    except RecursionError:
        raise PolicyError(None, say(N_("this is nested too deeply"))) from None
    except (ValueError, ArithmeticError):
        raise PolicyError(None, say(N_("a number in it has too many digits"))) from None
    return _Reader(text, document).policy()


class _Reader:
    """Turns the document into a `Policy`, naming the line of whatever is wrong."""

    def __init__(self, text: str, document: dict[str, object]) -> None:
        self.text = text
        self.document = document
        self.rule_lines = lines_of(text, "rule")

    def policy(self) -> Policy:
        self._only(self.document, {"members", "objection", "proposals", "groups", "rule"}, "", 0)
        members = self._table("members", {"since"})
        objection = self._table("objection", {"hold", "weigh"})
        proposals = self._table("proposals", {"quiet"})
        groups = self._groups()
        return Policy(
            rules=self._rules(groups),
            members_since=self._duration(members, "since", "0d", "members"),
            hold=self._duration(objection, "hold", "3d", "objection"),
            weigh=self._number(objection, "weigh", 2, "objection"),
            quiet=self._duration(proposals, "quiet", "90d", "proposals"),
            groups=groups,
        )

    def _fail(self, table: str, nth: int, key: str | None, template: str, /, **values: object) -> PolicyError:
        return PolicyError(line_of(self.text, table, nth, key), say(template, **values))

    def _only(self, table: Mapping[str, object], known: set[str], name: str, nth: int) -> None:
        for key in table:
            if key not in known:
                if not name:
                    found = line_of(self.text, key, 0, None) or line_of(self.text, "", 0, key)
                    raise PolicyError(found, say(N_("“%(key)s” is not known here"), key=key))
                raise self._fail(name, nth, key, N_("“%(key)s” is not known in [%(table)s]"), key=key, table=name)

    def _table(self, name: str, known: set[str]) -> Mapping[str, object]:
        table = self.document.get(name, {})
        if not isinstance(table, dict):
            raise self._fail("", 0, name, N_("“%(key)s” must be a table: [%(key)s]"), key=name)
        self._only(table, known, name, 0)
        return table

    def _duration(self, table: Mapping[str, object], key: str, default: str, name: str, nth: int = 0) -> int:
        value = table.get(key, default)
        match = re.fullmatch(r"([0-9]{1,6})([hdw])", value) if isinstance(value, str) else None
        if match is None:
            template = N_('“%(key)s” must be a duration such as "12h", "3d" or "2w"')
            raise self._fail(name, nth, key, template, key=key)
        return int(match[1]) * _UNITS[match[2]]

    def _number(self, table: Mapping[str, object], key: str, default: int, name: str, nth: int = 0) -> int:
        value = table.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
            raise self._fail(name, nth, key, N_("“%(key)s” must be a whole number, 0 or more"), key=key)
        return value

    def _groups(self) -> dict[str, frozenset[str]]:
        table = self.document.get("groups", {})
        if not isinstance(table, dict):
            raise self._fail("", 0, "groups", N_("“%(key)s” must be a table: [%(key)s]"), key="groups")
        groups = {}
        for name, members in table.items():
            if not isinstance(members, list) or not all(isinstance(m, str) and "@" in m.strip("@") for m in members):
                template = N_("the group “%(key)s” must be a list of e-mail addresses")
                raise self._fail("groups", 0, name, template, key=name)
            groups[name] = frozenset(member.strip().casefold() for member in members)
        return groups

    def _rules(self, groups: Mapping[str, frozenset[str]]) -> tuple[Rule, ...]:
        tables = self.document.get("rule")
        if not isinstance(tables, list) or not tables or not all(isinstance(t, dict) for t in tables):
            raise PolicyError(None, say(N_("there must be at least one [[rule]]")))
        rules = tuple(self._rule(table, nth, groups) for nth, table in enumerate(tables))
        if rules[0].pages != "**":
            raise self._fail("rule", 0, "pages", N_('the first rule must cover everything: pages = "**"'))
        return rules

    def _rule(self, table: Mapping[str, object], nth: int, groups: Mapping[str, frozenset[str]]) -> Rule:
        self._only(table, {"pages", "endorse", "open", "need", "share", "lines"}, "rule", nth)
        pages = table.get("pages")
        if not isinstance(pages, str) or not pages or pages != pages.strip():
            raise self._fail("rule", nth, "pages", N_('a rule says which pages it is for, such as pages = "legal/**"'))
        if len(pages) > MAX_PATTERN:
            raise self._fail("rule", nth, "pages", N_("“pages” can have at most %(most)s characters"), most=MAX_PATTERN)
        if "endorse" not in table:
            raise self._fail("rule", nth, None, N_("a rule says how many colleagues must endorse: endorse = 2"))
        return Rule(
            pages=pages,
            endorse=self._number(table, "endorse", 0, "rule", nth),
            open=self._duration(table, "open", "0h", "rule", nth),
            need=self._need(table, nth, groups),
            share=self._share(table, nth),
            lines=self._lines(table, nth, pages),
            line=self.rule_lines[nth] if nth < len(self.rule_lines) else None,
        )

    def _need(self, table: Mapping[str, object], nth: int, groups: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
        need = table.get("need", [])
        if not isinstance(need, list) or not all(isinstance(g, str) and g.startswith("@") for g in need):
            raise self._fail("rule", nth, "need", N_('“need” must be a list of groups such as ["@legal"]'))
        for group in need:
            if not groups.get(group[1:]):
                template = N_("the group %(group)s is needed, but nobody is in it")
                raise self._fail("rule", nth, "need", template, group=group)
        return tuple(group[1:] for group in need)

    def _share(self, table: Mapping[str, object], nth: int) -> Decimal:
        value = table.get("share", 0)
        share = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
        if share is None or not share.is_finite() or not 0 <= share <= 1 or share.adjusted() < -_DECIMALS:
            raise self._fail("rule", nth, "share", N_("“share” must be a number from 0 to 1"))
        return share

    def _lines(self, table: Mapping[str, object], nth: int, pages: str) -> int | None:
        if "lines" not in table:
            return None
        if nth == 0:
            raise self._fail("rule", nth, "lines", N_("the first rule covers everything, so it cannot have “lines”"))
        if pages == POLICY_PATH:
            raise self._fail("rule", nth, "lines", N_("the policy itself cannot have a rule with “lines”"))
        return self._number(table, "lines", 0, "rule", nth)
