"""The policy in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from wiki.model.names import POLICY_PATH
from wiki.model.policy import HOUR, Policy, Requirement, Rule
from wiki.model.words import N_, Sentence, say, say_number


@dataclass(frozen=True)
class RuleInWords:
    """What one rule asks, sentence by sentence."""

    pages: str
    lines: tuple[Sentence, ...]


def duration(seconds: int) -> Sentence:
    """A length of time in its largest whole unit."""
    if seconds % (7 * 24 * HOUR) == 0 and seconds:
        return say_number(seconds // (7 * 24 * HOUR), "%(num)s week", "%(num)s weeks")
    if seconds % (24 * HOUR) == 0 and seconds:
        return say_number(seconds // (24 * HOUR), "%(num)s day", "%(num)s days")
    return say_number(seconds // HOUR, "%(num)s hour", "%(num)s hours")


def explain_rules(policy: Policy) -> list[RuleInWords]:
    """Every rule, in the order of the file."""
    return [RuleInWords(rule.pages, tuple(explain_rule(rule))) for rule in policy.rules]


def explain_rule(rule: Rule) -> list[Sentence]:
    """What one rule asks."""
    lines = [_endorsements(rule.endorse)]
    if rule.share:
        percent = f"{(rule.share * 100).normalize():f}"
        lines.append(say(N_("At least %(percent)s %% of the active members must be among them."), percent=percent))
    lines += [say(N_("Somebody of the group “%(group)s” must be among them."), group=group) for group in rule.need]
    lines.append(_waiting(rule.open, rule.endorse))
    if rule.lines is not None:
        lines.append(
            say_number(
                rule.lines,
                "This rule is only for changes of at most %(num)s line; "
                "larger ones fall to the last one before it that matches.",
                "This rule is only for changes of at most %(num)s lines; "
                "larger ones fall to the last one before it that matches.",
            )
        )
    return lines


def _endorsements(count: int) -> Sentence:
    if count == 0:
        return say(N_("Nobody needs to endorse a change, as long as nobody objects."))
    return say_number(
        count,
        "%(num)s colleague must endorse a change; its authors do not count.",
        "%(num)s colleagues must endorse a change; its authors do not count.",
    )


def _waiting(seconds: int, endorse: int) -> Sentence:
    if seconds == 0:
        return say(N_("It comes into force as soon as that is so."))
    if endorse == 0:
        return say(N_("It comes into force after %(time)s, unless somebody objects."), time=duration(seconds))
    return say(N_("It stays on the table for at least %(time)s."), time=duration(seconds))


def explain_general(policy: Policy) -> list[Sentence]:
    """What holds for every rule."""
    lines = []
    if policy.members_since:
        lines.append(
            say(N_("A colleague's voice counts once the account is %(time)s old."), time=duration(policy.members_since))
        )
    if policy.hold:
        lines.append(say(N_("An objection holds a change for %(time)s, and an author must answer it."),
                         time=duration(policy.hold)))  # fmt: skip
    else:
        lines.append(say(N_("An author must answer every objection before a change comes into force.")))
    if policy.weigh:
        lines.append(
            say_number(
                policy.weigh,
                "An objection that still stands asks for %(num)s more endorsement.",
                "Each objection that still stands asks for %(num)s more endorsements.",
            )
        )
    if policy.quiet:
        lines.append(
            say(
                N_("A proposal on which nothing happens for %(time)s is closed; it can be reopened."),
                time=duration(policy.quiet),
            )
        )
    return lines


def explain_always() -> list[Sentence]:
    """What holds whatever the policy says."""
    return [
        say(N_("Whoever wrote part of a change, or suggested words that were taken, cannot endorse it.")),
        say(N_("When the text of a change is edited, endorsements of the earlier text stop counting at once.")),
        say(N_("Where a change touches several pages, the most demanding rule of each counts.")),
        say(N_("A change of these rules is judged by the rules it would replace, at the most demanding of all.")),
        say(N_("New rules hold for everything that is on the table, and its time there begins anew.")),
    ]


def problem_with_bar(policy: Policy, people: int) -> Sentence | None:
    """Why a policy could never be changed again by so many people, or None where it could."""
    bar = policy.requirement({POLICY_PATH: 0}).endorsements(people)
    if bar <= people - 1:
        return None
    return say_number(
        people - 1,
        "the new policy could never be changed again: it asks for %(bar)s endorsements, "
        "and besides an author there is %(num)s active colleague",
        "the new policy could never be changed again: it asks for %(bar)s endorsements, "
        "and besides an author there are %(num)s active colleagues",
        bar=bar,
    )


def explain_requirement(requirement: Requirement, active_members: int) -> list[Sentence]:
    """What a particular change needs, now."""
    lines = [_endorsements(requirement.endorsements(active_members))]
    lines += [
        say(N_("Somebody of the group “%(group)s” must be among them."), group=group) for group in requirement.need
    ]
    return [*lines, _waiting(requirement.open, requirement.endorsements(active_members))]


def rule_in_short(requirement: Requirement) -> Sentence:
    """One line: which rule applies."""
    if not requirement.rules:
        return say(N_("Rule: none applies, because nothing would change."))
    if requirement.whole:
        where = say(N_("the policy itself, so the most demanding of all rules"))
    elif all(rule.pages == "**" for rule in requirement.rules):
        where = say(N_("any page"))
    else:
        where = say("%(pages)s", pages=", ".join(rule.pages for rule in requirement.rules if rule.pages != "**"))
    who = (
        say_number(requirement.endorse, "%(num)s colleague", "%(num)s colleagues")
        if requirement.endorse
        else say(N_("no endorsement needed"))
    )
    time = duration(requirement.open) if requirement.open else say(N_("no waiting"))
    return say(N_("Rule: %(where)s, %(who)s, %(time)s"), where=where, who=who, time=time)
