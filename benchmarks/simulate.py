"""``python -m benchmarks.simulate``: do proposals wait less where colleagues are asked?

Three months of a company pass through the real service, index and clock, twice: with everybody looking at a list as
they use to, and with authors who ask besides. The same people with the same habits and the same seed; the one
difference is asking. Afterwards both repositories are verified, and every request is checked against what was agreed.
"""

from __future__ import annotations

import argparse
import heapq
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import insert, select, update

from benchmarks.habits import (
    DAY,
    FOLDERS,
    HOUR,
    Chance,
    Colleague,
    Habits,
    after_working_hours,
    colleagues,
    moment_of_day,
    waits,
    working_days,
)
from benchmarks.picture import picture
from wiki.accounts import Account
from wiki.accounts.schema import account
from wiki.asking.schema import choice, request
from wiki.asking.whom import MOST_OPEN, WEEK
from wiki.assembly import Wiki, open_wiki
from wiki.database import reading, writing
from wiki.model.acts import Person
from wiki.model.errors import Refused
from wiki.repository.founding import found
from wiki.settings import Settings
from wiki.verify import audit, open_clone

SEED = 20_261_126
BEGAN = 1_780_272_000
MANY = 300
"""From so many colleagues on the arms run side by side."""
PARAGRAPHS = 8
PER_FOLDER = 20
POLICY = """\
[[rule]]
pages = "**"
endorse = 2

[[rule]]
pages = "folder-00/**"
endorse = 3
need = ["@legal"]

[groups]
legal = [{legal}]
"""


@dataclass(frozen=True)
class Size:
    """How large the company is: colleagues, proposals a month, months."""

    people: int = 2_000
    proposals: int = 300
    months: int = 3

    @property
    def days(self) -> int:
        """How long it goes on."""
        return 30 * self.months


@dataclass
class Ran:
    """What came of one arm. ``waited`` are the days until each proposal had enough endorsements, None for those that
    never had; ``asked`` how many requests were made, ``answered`` how many were answered by a voice; ``too_often`` how
    many broke what was agreed, ``violations`` what `wiki verify` found."""

    waited: list[float | None]
    endorsements: int
    asked: int
    answered: int
    most_in_a_week: int
    too_often: int
    violations: int
    seconds: float

    def median(self) -> float:
        """Days; what never had enough counts as longer than everything."""
        return statistics.median([each if each is not None else float("inf") for each in self.waited])

    def within(self, days: float) -> float:
        """The share that had enough within so many days."""
        return sum(each is not None and each <= days for each in self.waited) / len(self.waited)

    def percentile(self, share: float) -> float:
        """Days within which this share had enough."""
        ordered = sorted(each if each is not None else float("inf") for each in self.waited)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass
class Company:
    """One run: the wiki, its clock, and what is to happen, in order of time."""

    wiki: Wiki
    clock: list[float]
    people: list[Colleague]
    habits: Habits
    chance: Chance
    asking: bool
    accounts: dict[int, Account] = field(default_factory=dict)
    events: list[tuple[int, int, str, int, int]] = field(default_factory=list)
    looked_at: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    folder_of: dict[int, int] = field(default_factory=dict)
    endorsements: int = 0
    last_request: int = 0
    planned: int = 0

    def plan(self, at: int, kind: str, who: int, about: int = 0) -> None:
        """Let something happen then."""
        self.planned += 1
        heapq.heappush(self.events, (at, self.planned, kind, who, about))

    def run(self, until: int) -> None:
        """Let time pass."""
        doing = {"propose": self.propose, "look": self.look, "answer": self.endorse, "not me": self.not_me,
                 "not now": self.not_now, "tick": self.tick, "month": self.month}  # fmt: skip
        while self.events and self.events[0][0] <= until:
            at, _order, kind, who, about = heapq.heappop(self.events)
            self.clock[0] = max(self.clock[0], at)
            doing[kind](who, about)

    def tick(self, _who: int, _about: int) -> None:
        self.wiki.tick()
        self.read_mail()

    def month(self, _who: int, _about: int) -> None:
        """Whoever is about was here."""
        here = [self.accounts[each.number].id for each in self.people if each.about]
        with writing(self.wiki.engine) as connection:
            for at in range(0, len(here), 500):
                some = account.c.id.in_(here[at : at + 500])
                connection.execute(update(account).where(some).values(last_sign_in_at=int(self.clock[0])))

    def propose(self, who: int, about: int) -> None:
        """Somebody changes a passage of a page that they know and that nobody else is changing."""
        person, chance = self.people[who], self.chance
        folder = sorted(person.folders)[chance.pick(len(person.folders), "where", about)]
        first = chance.pick(PER_FOLDER, "page", about)
        names = [page_name(folder, (first + nth) % PER_FOLDER) for nth in range(PER_FOLDER)]
        name = next((each for each in names if not self.wiki.index.touching(f"{each}.md")), names[0])
        blob = self.wiki.repository.file(self.wiki.repository.main(), f"{name}.md")
        passages = self.wiki.repository.content(blob).decode().split("\n\n") if blob is not None else ["# New"]
        passages[1 + chance.pick(len(passages) - 1, "passage", about)] = f"What number {about} says is better."
        text = "\n\n".join(passages).rstrip("\n") + "\n"
        outcome = self.wiki.guidelines.propose(self.author(who), f"Change {about}", "", {f"{name}.md": text})
        self.folder_of[outcome.n] = folder
        if self.asking and chance("clicks", about) < self.habits.clicks:
            suggested = self.wiki.asking.suggest(self.wiki.guidelines.weigh(outcome.n))
            self.wiki.asking.ask(outcome.n, self.accounts[who], {each.person.handle for each in suggested})
            self.read_mail()

    def author(self, who: int) -> Person:
        return self.accounts[who].person

    def look(self, who: int, about: int) -> None:
        """Somebody looks at the list of what waits for them, and opens what they know first."""
        rows = self.wiki.index.proposals_waiting(self.author(who).key, limit=20)
        fresh = [row.n for row in rows if row.n not in self.looked_at[who]]
        fresh.sort(key=lambda n: self.folder_of[n] not in self.people[who].folders)
        for n in fresh[: self.habits.opened]:
            self.looked_at[who].add(n)
            knows = self.folder_of[n] in self.people[who].folders
            if self.chance("voice", who, n) < (self.habits.voice_known if knows else self.habits.voice_other):
                self.endorse(who, n)

    def endorse(self, who: int, about: int) -> None:
        """Endorse, where that is still wanted."""
        try:
            change, mine = self.wiki.guidelines.weigh(about).proposal.change, self.accounts[who]
            self.wiki.guidelines.endorse(about, mine.person, change, member_since=mine.created_at)
            self.endorsements += 1
        except Refused:
            return

    def not_me(self, who: int, about: int) -> None:
        self.wiki.asking.not_me(about, self.accounts[who])

    def not_now(self, who: int, _about: int) -> None:
        self.wiki.asking.not_now(self.accounts[who])

    def read_mail(self) -> None:
        """Those who were asked since the last time will read it when they are at work, and may answer."""
        if not self.asking:
            return
        query = select(request.c.id, request.c.n, request.c.account_id).where(request.c.id > self.last_request)
        with reading(self.wiki.engine) as connection:
            rows = connection.execute(query.order_by(request.c.id)).all()
        for row in rows:
            self.last_request = row.id
            self.will_answer(self.people[row.account_id - 1], row.n)

    def will_answer(self, who: Colleague, n: int) -> None:
        habits, draw = self.habits, self.chance
        soon = draw("mail", who.number, n)
        hours = 3 * soon / habits.mail if soon < habits.mail else 8 + 8 * soon
        knows = self.folder_of[n] in who.folders
        answers = habits.answer_known if knows else habits.answer_other
        said = draw("answer", who.number, n)
        kinds = (("answer", answers), ("not me", habits.not_me), ("not now", habits.not_now))
        upto = 0.0
        for kind, share in kinds:
            if upto <= said < upto + share:
                then = hours + waits(habits.delay, draw("delay", who.number, n))
                self.plan(after_working_hours(int(self.clock[0]), then, who), kind, who.number, n)
                return
            upto += share


def page_name(folder: int, nth: int) -> str:
    return f"folder-{folder:02}/page-{nth:02}"


def past(place: Path, people: Sequence[Colleague], chance: Chance) -> Path:
    """A handbook whose passages were written by colleagues who know the folder, one commit each."""
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", place], check=True)
    knowing = {folder: [one for one in people if folder in one.folders] or list(people) for folder in range(FOLDERS)}
    lines: list[str] = []
    at = BEGAN - 300 * DAY
    for folder in range(FOLDERS):
        for nth in range(PER_FOLDER):
            text = f"# Page {nth} of folder {folder}\n"
            for passage in range(PARAGRAPHS):
                known = knowing[folder]
                who, at = known[chance.pick(len(known), "wrote", folder, nth, passage)], at + 60
                text += f"\nPassage {passage} says what we do, and why we do it like that in case {nth}.\n"
                by = f"{who.name} <{who.email}> {at} +0000"
                lines.append(f"commit refs/heads/main\nauthor {by}\ncommitter {by}\ndata 5\nWrite\n")
                lines.append(f"M 100644 inline {page_name(folder, nth)}.md\ndata {len(text.encode())}\n{text}\n")
    done = subprocess.run(["git", "-C", place, "fast-import", "--quiet"], input="".join(lines).encode(), check=False)
    assert done.returncode == 0
    return place


def founded(place: Path, size: Size, habits: Habits, seed: int) -> Path:
    """A data directory with everybody in it, to copy for each arm."""
    chance = Chance(seed)
    people = colleagues(size.people, habits, chance)
    legal = ", ".join(f'"{one.email}"' for one in people[:: max(1, len(people) // 40)])
    data = place / "data"
    data.mkdir(parents=True)
    settings = settings_for(data)
    system = Person(settings.system_name, settings.system_email)
    source = past(place / "past.git", people, chance)
    found(settings.content_git, source, POLICY.format(legal=legal), system, BEGAN - 100 * DAY).store.close()
    wiki = open_wiki(settings, lambda: BEGAN)
    wiki.index.rebuild()
    rows = [
        {"id": one.number + 1, "email": one.email, "email_key": one.email, "name": one.name,
         "name_key": one.name.casefold(), "session_key": f"{one.number:032}", "created_at": BEGAN - 400 * DAY,
         "last_sign_in_at": None, "active": True, "administrator": False}
        for one in people
    ]  # fmt: skip
    with writing(wiki.engine) as connection:
        connection.execute(insert(account), rows)
        connection.execute(insert(choice), [{"account_id": one.number + 1, "most": one.most} for one in people])
    wiki.notify.telling.begin()
    close(wiki)
    return data


def settings_for(data: Path) -> Settings:
    return Settings(data=data, database_url=f"sqlite:///{data / 'wiki.db'}", secret_key="k" * 40)


def close(wiki: Wiki) -> None:
    wiki.engine.dispose()
    wiki.repository.store.close()


def arm(data: Path, size: Size, habits: Habits, seed: int, asking: bool) -> Ran:
    """Let the months pass in this data directory."""
    began, clock, chance = time.perf_counter(), [float(BEGAN)], Chance(seed)
    wiki = open_wiki(settings_for(data), lambda: clock[0])
    company = Company(wiki, clock, colleagues(size.people, habits, chance), habits, chance, asking)
    with reading(wiki.engine) as connection:
        numbers = list(connection.execute(select(account.c.id).order_by(account.c.id)).scalars())
    company.accounts = {number - 1: wiki.accounts.get(number) for number in numbers}
    _plan(company, size)
    company.run(BEGAN + size.days * DAY)
    waited = _waited(wiki, size)
    asked, answered, most, too_often = _checked(company)
    close(wiki)
    violations = _verified(data / "content.git")
    seconds = time.perf_counter() - began
    return Ran(waited, company.endorsements, asked, answered, most, too_often, violations, seconds)


def _plan(company: Company, size: Size) -> None:
    chance, people = company.chance, [one for one in company.people if one.about]
    days = list(working_days(BEGAN, size.days))
    for about in range(1, size.proposals * size.months + 1):
        who = people[chance.pick(len(people), "author", about)]
        midnight = days[chance.pick(len(days), "day", about)]
        company.plan(moment_of_day(midnight, who, chance("hour", about)), "propose", who.number, about)
    for who in people:
        for midnight in days if who.looks else ():
            if chance("looks", who.number, midnight) < who.looks:
                company.plan(moment_of_day(midnight, who, chance("when", who.number, midnight)), "look", who.number)
    for nth in range(size.days * 4):
        company.plan(BEGAN + nth * 6 * HOUR, "tick", 0)
    for nth in range(size.months):
        company.plan(BEGAN + nth * 30 * DAY - 1, "month", 0)


def _waited(wiki: Wiki, size: Size) -> list[float | None]:
    """Those of the last week are left out: they had no time."""
    found: list[float | None] = []
    for n in range(1, wiki.guidelines.count() + 1):
        row, landing = wiki.index.proposal(n), wiki.index.landing(n)
        if row is not None and row.opened_at < BEGAN + (size.days - 7) * DAY:
            found.append((landing[1] - row.opened_at) / DAY if landing is not None else None)
    return found


def _checked(company: Company) -> tuple[int, int, int, int]:
    """How many requests there were, how many were answered, the most for one person within a week, and how many were
    made though it had been agreed otherwise."""
    with reading(company.wiki.engine) as connection:
        rows = connection.execute(select(request).order_by(request.c.id)).all()
    of: dict[int, list[tuple[int, float]]] = defaultdict(list)
    most, broken = 0, 0
    for row in rows:
        before = of[row.account_id]
        week = 1 + sum(at > row.at - WEEK for at, _until in before)
        still_open = 1 + sum(until > row.at for _at, until in before)
        most = max(most, week)
        broken += week > company.people[row.account_id - 1].most or still_open > MOST_OPEN
        before.append((row.at, row.closed_at if row.closed_at is not None else float("inf")))
    return len(rows), sum(row.fate == "answered" for row in rows), most, broken


def _verified(repository: Path) -> int:
    clone = open_clone(repository)
    violations = sum(len(checked.violations) for checked in audit(clone))
    clone.store.close()
    return violations


def both(size: Size, habits: Habits, seed: int = SEED, arms: Sequence[bool] = (False, True)) -> list[Ran]:
    """The arm with the list alone, then the one with asking."""
    with tempfile.TemporaryDirectory(prefix="concord-") as folder:
        data = founded(Path(folder), size, habits, seed)
        copies = [Path(shutil.copytree(data, Path(folder) / f"arm-{asking}")) for asking in arms]
        if size.people < MANY:
            return [arm(copy, size, habits, seed, asking) for copy, asking in zip(copies, arms, strict=True)]
        with ProcessPoolExecutor(len(arms), get_context("spawn")) as pool:
            running = [
                pool.submit(arm, copy, size, habits, seed, asking) for copy, asking in zip(copies, arms, strict=True)
            ]
            return [each.result() for each in running]


VARIED = (
    ("looking at the list", ("daily", "weekly", "monthly")),
    ("endorsing what is opened there", ("voice_known", "voice_other")),
    ("authors who ask", ("clicks",)),
    ("answering when asked", ("answer_known", "answer_other")),
    ("time until an answer", ("delay",)),
)
LIST_ALONE = {"daily", "weekly", "monthly", "voice_known", "voice_other"}


def sensitivity(size: Size) -> Iterator[tuple[str, float, float, float]]:
    """Each of the main habits halved and doubled: the median of both arms, in days, at a smaller size."""
    usual, asked = both(size, Habits())
    yield "as assumed", 1.0, usual.median(), asked.median()
    for label, names in VARIED:
        for factor in (0.5, 2.0):
            limit = 24.0 if names == ("delay",) else 1.0
            habits = replace(Habits(), **{name: min(limit, factor * getattr(Habits(), name)) for name in names})
            lists = not LIST_ALONE.isdisjoint(names)
            ran = both(size, habits, arms=(False, True) if lists else (True,))
            yield label, factor, (ran[0] if lists else usual).median(), ran[-1].median()


def table(ran: Sequence[Ran]) -> str:
    """Both arms as Markdown."""
    usual, asked = ran
    hours = [f"{24 * each:,.1f} h" for each in (usual.median(), asked.median())]
    rows = [
        ("proposals", *(f"{len(each.waited):,}" for each in ran)),
        ("median time to enough endorsements", *hours),
        ("90th percentile", *(_days(each.percentile(0.9)) for each in ran)),
        ("enough within one day", *(f"{each.within(1):.0%}" for each in ran)),
        ("enough within a week", *(f"{each.within(7):.0%}" for each in ran)),
        ("endorsements", *(f"{each.endorsements:,}" for each in ran)),
        ("requests made, answered by a voice", "–", f"{asked.asked:,}, {asked.answered:,}"),
        ("most requests to one colleague in a week", "–", str(asked.most_in_a_week)),
        ("requests beyond what was agreed", "–", str(asked.too_often)),
        ("violations found by `wiki verify`", *(str(each.violations) for each in ran)),
    ]
    head = "| | everybody sees a list | colleagues are asked besides |\n|---|---|---|\n"
    return head + "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _days(days: float) -> str:
    return f"{days:.1f} days" if days != float("inf") else "never"


def main() -> None:
    """Simulate, and print the tables; ``--svg`` writes the picture."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulate")
    parser.add_argument("--quick", action="store_true", help="a small company, for one month")
    parser.add_argument("--sensitivity", action="store_true", help="halve and double the main habits besides")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--svg", type=Path, help="where to write the picture")
    asked = parser.parse_args()
    small = Size(people=400, proposals=60, months=1)
    ran = both(small if asked.quick else Size(), Habits(), asked.seed)
    print(table(ran))
    print(f"\nRatio of the medians: {ran[1].median() / ran[0].median():.2f}. "
          f"It took {sum(each.seconds for each in ran):.0f} s.", flush=True)  # fmt: skip
    if asked.svg:
        asked.svg.write_text(picture([each.waited for each in ran]), encoding="utf-8")
    if asked.sensitivity:
        print("\n| habit | | list | asked | ratio |\n|---|---|---|---|---|")
        for label, factor, usual, other in sensitivity(small):
            print(
                f"| {label} | × {factor:g} | {24 * usual:.1f} h | {24 * other:.1f} h | {other / usual:.2f} |",
                flush=True,
            )
    if any(each.violations or each.too_often for each in ran):
        sys.exit("Something was not as it must be.")


if __name__ == "__main__":
    main()
