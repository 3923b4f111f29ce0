"""The demonstration: a wiki with colleagues and proposals in every state, made through the service as people
would have made them, with a clock that was set back."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from wiki import places
from wiki.accounts import Account
from wiki.assembly import Wiki, open_wiki
from wiki.drafts import Draft
from wiki.guidelines import Outcome
from wiki.model.acts import Person
from wiki.model.errors import Refused
from wiki.model.names import POLICY_PATH
from wiki.model.words import N_
from wiki.repository.founding import found
from wiki.settings import Settings
from wiki.together import begin_undo, file_begun, propose_draft, suggest, take_suggestions

DAY = 86400
_PEOPLE = (
    ("Ana Souza", "ana@example.com"),
    ("Bob Reyes", "bob@example.com"),
    ("Cyd Laurent", "cyd@example.com"),
    ("Dee Okonkwo", "dee@example.com"),
    ("Zed Okafor", "zed@example.com"),
)


@dataclass
class _Clock:
    """A clock that the story sets."""

    at: float

    def __call__(self) -> float:
        return self.at


@dataclass
class _Story:
    """The wiki with its colleagues, and the acts in short words."""

    wiki: Wiki
    clock: _Clock
    people: dict[str, Account] = field(default_factory=dict)

    def person(self, who: str) -> Person:
        return self.people[who].person

    def wait(self, days: float) -> None:
        self.clock.at += days * DAY
        self.wiki.tick()

    def wait_until(self, at: float) -> None:
        self.wait(max(0.0, (at - self.clock.at) / DAY))

    def text(self, name: str) -> str:
        repository = self.wiki.repository
        blob = repository.file(repository.main(), f"{name}.md")
        if blob is None:
            raise Refused(N_("The demonstration needs the page “%(name)s”."), name=name)
        return repository.content(blob).decode("utf-8")

    def propose(self, who: str, title: str, why: str, edits: dict[str, str | None]) -> Outcome:
        files = {f"{name}.md": text for name, text in edits.items()}
        self.clock.at += 600
        return self.wiki.guidelines.propose(self.person(who), title, why, files)

    def add_to(self, who: str, title: str, why: str, name: str, words: str) -> Outcome:
        """Propose a paragraph at the end of a page."""
        return self.propose(who, title, why, {name: f"{self.text(name).rstrip()}\n\n{words}\n"})

    def endorse(self, n: int, *names: str) -> None:
        for who in names:
            self.clock.at += 1800
            change = self.wiki.guidelines.weigh(n).proposal.change
            account = self.people[who]
            self.wiki.guidelines.endorse(n, account.person, change, member_since=account.created_at)

    def object(self, n: int, who: str, reason: str) -> str:
        self.clock.at += 1200
        change = self.wiki.guidelines.weigh(n).proposal.change
        return self.wiki.guidelines.object(n, self.person(who), change, reason).act

    def remark(self, n: int, who: str, name: str, words: str, text: str) -> str:
        """Say something about the passage of a proposal with these words."""
        self.clock.at += 900
        proposal = self.wiki.guidelines.weigh(n).proposal
        lines = self.on_the_table(n, name).split("\n")
        line = next(at for at, each in enumerate(lines, start=1) if words in each)
        return self.wiki.guidelines.comment(n, self.person(who), text, at=f"{name}.md:{line}", to=proposal.change)

    def on_the_table(self, n: int, name: str) -> str:
        """A page as a proposal has it."""
        repository = self.wiki.repository
        blob = repository.file(self.wiki.guidelines.weigh(n).proposal.tip.id, f"{name}.md")
        return repository.content(blob).decode("utf-8") if blob is not None else ""

    def suggest(self, n: int, who: str, name: str, words: tuple[str, str], note: str) -> int:
        """Suggest other words for a page of a proposal."""
        self.clock.at += 900
        text = self.on_the_table(n, name).replace(*words)
        change = self.wiki.guidelines.weigh(n).proposal.change
        return suggest(self.wiki, self.person(who), n, change, f"{name}.md", text, note)


def make_demonstration(settings: Settings, now: float | None = None) -> Iterator[str]:
    """Fill a new data directory with what happened until ``now`` (in unix seconds); lines that say whom to sign in
    as, the last of which ends with the password."""
    if settings.content_git.exists():
        raise Refused(
            N_("%(path)s has a wiki already; a demonstration needs a data directory of its own."), path=settings.data
        )
    now = time.time() if now is None else now
    clock = _Clock(now - 30 * DAY)
    policy = (places.starter_content() / POLICY_PATH).read_text(encoding="utf-8")
    system = Person(settings.system_name, settings.system_email)
    found(settings.content_git, places.starter_content(), policy, system, int(clock.at))
    (settings.data / "demonstration").write_text("This data directory is a demonstration.\n", encoding="utf-8")
    wiki = open_wiki(settings, clock)
    wiki.index.rebuild()
    wiki.notify.telling.begin()
    story = _Story(wiki, clock)
    password = secrets.token_urlsafe(12)
    _invite(story, password)
    _tell(story, now)
    clock.at = max(clock.at, now)
    wiki.tick()
    yield f"A demonstration with {len(_PEOPLE)} colleagues and {wiki.guidelines.count()} proposals is ready."
    yield "Sign in as any of them, with the same password:"
    for name, email in _PEOPLE:
        yield f"  {email:<18} {name}"
    yield f"  password           {password}"


def _invite(story: _Story, password: str) -> None:
    wiki = story.wiki
    for name, email in _PEOPLE:
        account = wiki.accounts.add(email, name, password, wiki.now(), administrator=name.startswith("Ana"))
        wiki.accounts.authenticate(email, password, wiki.now())
        story.people[name.split()[0].lower()] = account


def _tell(story: _Story, now: float) -> None:
    _in_force(story)
    _to_be_looked_at(story, now)
    story.wait_until(now - 4 * DAY)
    _talked_about(story)
    _closed(story)
    story.wait_until(now - 1.2 * DAY)
    _waiting(story)


def _in_force(story: _Story) -> None:
    """What colleagues agreed on in the last weeks."""
    agreed = (
        ("ana", "Say what to do when nobody answers", "I waited for a week once, and did not know whom to ask.",
         "working/remote", "If nobody answers within two working days, ask in the open channel. Silence is not a no.",
         "bob", "cyd"),
        ("bob", "Name the person to call", "In a hurry nobody reads a list of departments.",
         "travel/booking", "When it cannot wait, call the colleague on duty; the number is on the back of your badge.",
         "ana", "dee"),
        ("dee", "Thank those who point out mistakes", "Somebody was snubbed for a correction last month.",
         "working/mistakes", "Whoever shows you a mistake has done you a favour. Say thank you first.", "ana", "zed"),
        ("cyd", "Mention people who are not at the table", "We forget colleagues who work at night.",
         "working/respect", "Before you decide, think of those who are asleep now, and leave them time to speak.",
         "bob", "dee"),
        ("bob", "Tell whom a mistake hurts", "A customer heard of ours from the newspaper.",
         "working/mistakes", "Tell whoever is hurt by it the same day, before you know how it came about.",
         "cyd", "dee"),
        ("zed", "Use plain words", "A new colleague asked me what “leverage synergies” means.",
         "speaking/being-oneself", "If you would not say it to a friend, do not write it to a customer.", "ana", "cyd"),
        ("cyd", "Write down what was learnt", "We made the same mistake three times.",
         "working/mistakes", "When it is mended, write three sentences: what happened, why, and what is different now. "
         "Nobody is named in them.", "ana", "bob"),
    )  # fmt: skip
    for who, title, why, page, words, *voices in agreed:
        n = story.add_to(who, title, why, page, words).n
        story.endorse(n, *voices)
        story.wait(2.5)
    new = story.propose(
        "bob",
        "Begin a page about lending things",
        "Cameras and cars go missing because nobody knows the custom.",
        {"working/lending": _LENDING},
    )
    story.endorse(new.n, "ana", "dee")
    story.wait(2)
    moved = story.propose(
        "bob",
        "Call the page what people call it",
        "Nobody says “lending”; everybody says “borrowing”.",
        {"working/lending": None, "working/borrowing": _LENDING},
    )
    story.endorse(moved.n, "zed", "cyd")
    _removed(story)


def _removed(story: _Story) -> None:
    """A page that was right for a while."""
    begun = story.propose("dee", "Say how to send a fax", "An authority still asks for it.", {"working/fax": _FAX})
    story.endorse(begun.n, "ana", "bob")
    story.wait(2)
    gone = story.propose(
        "zed", "Remove the page about faxes", "The authority takes mail by now, and the machine is gone.",
        {"working/fax": None},
    )  # fmt: skip
    story.endorse(gone.n, "dee", "cyd")


_FAX = """# Sending a fax

The machine stands beside the printer on the second floor. Dial a zero first.
"""
_LENDING = """# Borrowing things

What belongs to the company may be used by whoever needs it.

- Write down what you took, and when it comes back.
- Bring it back the way you would like to find it.
- If something breaks, say so the same day. Nobody is charged for an honest accident.
- For the cars there is [more to know](cars.md).
"""


def _to_be_looked_at(story: _Story, now: float) -> None:
    """A page whose day has passed, and one whose day is near."""
    asked = (
        ("ana", "Look at booking again next week", "Then we know who is on duty in the summer.", "travel/booking",
         now - 3 * DAY, "cyd", "dee"),
        ("dee", "Look at respect again in a month", "We wanted to read it together once in every season.",
         "working/respect", now + 14 * DAY, "bob", "zed"),
    )  # fmt: skip
    for who, title, why, page, at, *voices in asked:
        day = datetime.fromtimestamp(at, UTC).date()
        text = story.text(page).replace("\n---\n", f"\nreview_by: {day}\n---\n", 1)
        story.endorse(story.propose(who, title, why, {page: text}).n, *voices)


def _talked_about(story: _Story) -> None:
    """Objections, answers, comments, and endorsements of an earlier text."""
    guidelines = story.wiki.guidelines
    strict = story.add_to(
        "ana", "Let everybody decline a meeting that runs late", "Evenings are not for meetings.", "working/remote",
        "Nobody has to stay in a meeting after its time is over, whoever called it.",
    )  # fmt: skip
    story.endorse(strict.n, "bob")
    objection = story.object(strict.n, "zed", "A hard rule hurts when something is burning. Make it a request.")
    guidelines.answer(strict.n, story.person("ana"), objection, "Would “unless something is burning” be enough?")

    held = story.add_to(
        "cyd", "Write minutes within a day", "Later nobody remembers.", "working/index",
        "Whoever called a meeting sends three sentences about what was decided, within one day.",
    )  # fmt: skip
    story.endorse(held.n, "ana", "bob")

    page = "speaking/in-public"
    asked = story.add_to(
        "dee", "Practise once in front of a colleague", "My first talk ran over by twenty minutes.", page,
        "Give your talk once to a colleague beforehand. They will tell you the time, and the joke that does not work.",
    )  # fmt: skip
    first = guidelines.comment(asked.n, story.person("bob"), "Do you mean every talk, also the short ones?")
    guidelines.comment(asked.n, story.person("dee"), "The first one at least. I will say so.", to=first)
    story.endorse(asked.n, "zed")
    text = f"{story.text(page).rstrip()}\n\nGive your first talk once to a colleague beforehand, with a clock.\n"
    story.clock.at += 3600
    guidelines.revise(asked.n, story.person("dee"), {f"{page}.md": text}, note="Shorter, and only the first one.")
    story.endorse(asked.n, "bob")
    told = story.remark(asked.n, "ana", page, "with a clock", "A clock, or somebody who coughs?")
    guidelines.comment(asked.n, story.person("dee"), "Whoever coughs keeps the time. Both, then.", to=told)
    story.suggest(asked.n, "cyd", page, ("with a clock", "with a clock and a glass of water"), "Mouths get dry.")

    unanswered = story.add_to(
        "zed", "Answer customers within an hour", "They wait too long.", "speaking/index",
        "Every customer has an answer within an hour, whatever the hour.",
    )  # fmt: skip
    story.object(unanswered.n, "dee", "At night too? Say “within an hour of our working day” and I agree.")


def _closed(story: _Story) -> None:
    """What was withdrawn, and what came back."""
    guidelines = story.wiki.guidelines
    gone = story.add_to("bob", "Wear a tie on Mondays", "I lost a bet.", "working/respect", "On Mondays we wear ties.")
    story.object(gone.n, "ana", "What is it for?")
    guidelines.close(gone.n, story.person("bob"), "It was a joke, and it has been one for long enough.")
    back = story.add_to(
        "cyd", "Let people think where they think best", "Some of us think on trains.", "working/remote",
        "You know best where you work best. Tell your team, and be reachable when you said you would.",
    )  # fmt: skip
    guidelines.close(back.n, story.person("cyd"), "I want to sleep on it.")
    story.wait(0.5)
    guidelines.reopen(back.n, story.person("cyd"))
    story.endorse(back.n, "bob")
    other = story.propose(
        "zed", "Take the page about gifts away", "Confidentiality says it all.", {"legal/gifts": None}
    )  # fmt: skip
    guidelines.close(other.n, story.person("zed"), "It does not say it all. I have read both now.")


def _waiting(story: _Story) -> None:
    """What is on the table now."""
    guidelines = story.wiki.guidelines
    story.add_to(
        "ana", "Tell newcomers whom they may interrupt", "I did not dare to ask for a month.", "welcome",
        "In your first three months you may interrupt anybody, at any time, about anything.",
    )  # fmt: skip
    night = story.add_to(
        "bob", "Allow the night train", "It saves a hotel, and I sleep well on it.", "travel/index",
        "A night on the train counts as a night in a hotel: take a bed, not a seat.",
    )  # fmt: skip
    story.endorse(night.n, "dee")
    law = story.add_to(
        "dee", "Ask before you name a customer", "One of ours was named in a talk.", "legal/confidentiality",
        "Name a customer in public only when they have said yes in writing.",
    )  # fmt: skip
    story.endorse(law.n, "ana", "bob", "cyd")
    late = story.add_to(
        "cyd", "Say who answers requests about data", "We searched for a day.", "legal/customer-data",
        "The name of whoever is on duty for such requests stands on the first page of the intranet.",
    )  # fmt: skip
    story.endorse(late.n, "zed")
    page = "travel/expenses"
    text = story.text(page)
    ending = text.rstrip().rsplit("\n", 1)[-1]
    story.propose("ana", "Shorten the ending", "It says the same twice.", {page: text.replace(ending, "Ask freely.")})
    warmer = story.propose(
        "zed", "Say it more warmly", "The last line sounds cold.",
        {page: text.replace(ending, "Ask freely, and answer gladly.")},
    )  # fmt: skip
    story.endorse(warmer.n, "bob", "cyd")
    closing = "\n\nQuestions are always welcome.\n"
    both = story.propose(
        "dee", "End two pages with an invitation", "So that nobody is afraid to ask.",
        {name: story.text(name).rstrip() + closing for name in ("speaking/social-networks", "legal/gifts")},
    )  # fmt: skip
    guidelines.comment(both.n, story.person("ana"), "I like it. Perhaps also for the page about travelling?")
    story.suggest(both.n, "bob", "legal/gifts", ("always welcome", "welcome at any time"), "Simpler.")
    plain = story.suggest(both.n, "zed", "speaking/social-networks", ("Questions are", "Your questions are"), "Warmer.")
    take_suggestions(story.wiki, story.person("dee"), both.n, guidelines.weigh(both.n).proposal.change, [plain])
    _undone(story)
    _about_rules(story)


def _undone(story: _Story) -> None:
    """A change that somebody would take back, and a draft that nobody has seen yet."""
    wiki = story.wiki
    title = wiki.guidelines.weigh(1).proposal.title
    begun = begin_undo(wiki, story.people["cyd"], 1, f"Undo “{title}”")
    propose_draft(
        wiki, story.people["cyd"], replace(begun.draft, why="Two days are too short where people work nights.")
    )
    page = "working/mistakes"
    text = f"{story.text(page).rstrip()}\n\nTell it at the next meeting, so that nobody has to make it again.\n"
    file = file_begun(wiki, wiki.repository.main(), f"{page}.md", text)
    draft = Draft(story.people["ana"].id, title="Tell mistakes at the next meeting").with_files({f"{page}.md": file})
    wiki.drafts.save(draft, wiki.now())


def _about_rules(story: _Story) -> None:
    repository = story.wiki.repository
    policy = repository.policy_text(repository.main())
    story.wiki.guidelines.propose(
        story.person("zed"), "Three colleagues instead of two", "Two friends are found quickly.",
        {POLICY_PATH: policy.replace("endorse = 2", "endorse = 3", 1)},
    )  # fmt: skip
