"""What `reconcile.py` shows of a sheet: the agreed text folded away, a card for every conflict, and the result."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from wiki.markdown import language_of, render_page
from wiki.model.errors import Refused
from wiki.model.names import name_of
from wiki.prose.three import Choice, Origin, Passage, conflicts, merged, words_of
from wiki.web import differences
from wiki.web.say import _
from wiki.web.sheets import Place, Sheet
from wiki.web.titles import title_of

MAX_WORDS = 1 << 20
_IDS = re.compile(r'(<[a-z][^<>]*?\s(?:id|for)="|<a[^<>]*?\shref="#)')


@dataclass(frozen=True)
class Question:
    """Something to decide: a passage in conflict, or (without one) where a page shall stand. ``chosen`` is the answer,
    ``words`` are one's own; ``again`` where the other side changed since it was answered."""

    id: str
    passage: Passage | None
    options: Sequence[tuple[str, str]]
    choice_name: str
    words_name: str
    chosen: str | None
    words: str
    again: bool = False
    began: Markup | None = None
    ours: Markup | None = None
    theirs: Markup | None = None

    @property
    def mistake(self) -> str | None:
        """What is to be mended, None where the answer can be used."""
        if self.chosen is None:
            return _("Choose one of these.")
        if self.chosen == Choice.OWN and not words_of(self.words):
            return _("Write the words, or choose another answer.")
        return None


@dataclass(frozen=True)
class Part:
    """A stretch of a page in order: agreed text as it is shown, with a word on where it comes from; or a question."""

    html: Markup | None
    origin: str | None
    question: Question | None


@dataclass(frozen=True)
class SheetView:
    """A page to bring together."""

    sheet: Sheet
    title: str
    notes: Sequence[str]
    where: Question | None
    parts: Sequence[Part]
    edit_name: str | None

    @property
    def decisions(self) -> list[Question]:
        """The passages to decide, in order."""
        return [part.question for part in self.parts if part.question is not None]

    @property
    def questions(self) -> list[Question]:
        """All there is to decide."""
        return [*([self.where] if self.where is not None else []), *self.decisions]


@dataclass(frozen=True)
class Result:
    """What a page would become. ``html`` is how it would look, None where it is no page or would be gone."""

    title: str
    difference: Markup
    source: Markup
    html: Markup | None
    language: str | None
    says: str | None
    is_policy: bool


def view_of(sheet: Sheet, answers: Mapping[str, str]) -> SheetView:
    """The sheet with what was answered so far."""
    number: dict[str, int] = {}
    parts = []
    last = len(sheet.passages) - 1
    for at, passage in enumerate(sheet.passages):
        if not passage.in_conflict:
            parts.append(_agreed(sheet, passage, at == 0, at == last))
            continue
        key = sheet.key(passage.began or "", passage.ours or "")
        number[key] = number.get(key, 0) + 1
        parts.append(Part(None, None, _decision(sheet, passage, f"{key}{number[key]}", answers)))
    name = name_of(sheet.ours.path)
    can_edit = sheet.ours.text is not None and not sheet.moved_by_them
    return SheetView(
        sheet=sheet,
        title=title_of(sheet.ours.path, sheet.ours.text or sheet.theirs.text or sheet.began.text or ""),
        notes=_notes(sheet),
        where=_where(sheet, answers) if sheet.asks_where else None,
        parts=parts,
        edit_name=(name or sheet.ours.path) if can_edit else None,
    )


def _notes(sheet: Sheet) -> list[str]:
    """What happened to the page as a whole."""
    ours, theirs = name_of(sheet.ours.path) or "", name_of(sheet.theirs.path) or ""
    notes = []
    if sheet.asks_where:
        notes.append(_("You move this page to “%(ours)s”. Meanwhile it was moved to “%(theirs)s”.",
                       ours=ours, theirs=theirs))  # fmt: skip
    elif sheet.moved_by_them and not sheet.moved_by_us:
        notes.append(_("The page has been moved to “%(theirs)s” meanwhile. Your text goes there.", theirs=theirs))
    elif sheet.moved_by_us and not sheet.moved_by_them and sheet.theirs.text is not None:
        notes.append(_("You move this page to “%(ours)s”. What changed meanwhile at its old address comes along.",
                       ours=ours))  # fmt: skip
    if sheet.theirs.text is None and sheet.ours.text is not None:
        notes.append(_("This page has been taken away since you wrote. Bring it back with your text, or let it go: "
                       "then it is no longer part of your proposal."))  # fmt: skip
    if sheet.ours.text is None and sheet.theirs.text is not None:
        notes.append(_("You propose to take this page away. Its text has changed since."))
    if sheet.began.text is None and sheet.theirs.text is not None and sheet.ours.text is not None:
        notes.append(_("You begin this page. Meanwhile somebody else has begun one with the same address."))
    return notes


def _where(sheet: Sheet, answers: Mapping[str, str]) -> Question:
    ours, theirs = name_of(sheet.ours.path) or "", name_of(sheet.theirs.path) or ""
    options = [
        (Choice.MINE.value, _("“%(name)s”, as you propose", name=ours)),
        (Choice.THEIRS.value, _("“%(name)s”, where it is now", name=theirs)),
    ]
    name = f"choice-{sheet.key('where', theirs)}"
    return Question(name, None, options, name, "", _chosen(answers.get(name), options), "")


def _chosen(answer: str | None, options: Sequence[tuple[str, str]]) -> str | None:
    return answer if answer in [value for value, _label in options] else None


def _decision(sheet: Sheet, passage: Passage, key: str, answers: Mapping[str, str]) -> Question:
    possible = [choice for choice in passage.choices if not (sheet.is_policy and choice is Choice.BOTH)]
    options = [(choice.value, _label(sheet, passage, choice)) for choice in possible]
    stem = f"choice-{key}-"
    choice_name = stem + sheet.key(passage.theirs or "", "" if passage.theirs is None else "there")[:8]
    words_name = f"words-{key}"
    words = answers.get(words_name, words_of(passage.merged))[:MAX_WORDS].replace("\r\n", "\n")
    return Question(
        id=f"passage-{key}",
        passage=passage,
        options=options,
        choice_name=choice_name,
        words_name=words_name if Choice.OWN in passage.choices else "",
        chosen=_chosen(answers.get(choice_name), options),
        words=words,
        again=any(name.startswith(stem) and name != choice_name for name in answers),
        began=_as_it_was(sheet, passage.began),
        ours=_changed(sheet, passage.began, passage.ours),
        theirs=_changed(sheet, passage.began, passage.theirs),
    )


def _label(sheet: Sheet, passage: Passage, choice: Choice) -> str:
    if passage.is_whole_page:
        return _label_of_page(sheet, choice)
    match choice:
        case Choice.MINE:
            return _("Mine") if passage.ours else _("Mine: take this passage away")
        case Choice.THEIRS:
            return _("What is in force now") if passage.theirs else _("What is in force now: without this passage")
        case Choice.BOTH:
            return _("Both, one after the other")
        case Choice.OWN:
            return _("Other words")


def _label_of_page(sheet: Sheet, choice: Choice) -> str:
    if sheet.ours.text is None:
        return _("Take it away all the same") if choice is Choice.MINE else _("Keep it, as it is in force now")
    return _("Bring it back with my text") if choice is Choice.MINE else _("Let it go")


def _as_it_was(sheet: Sheet, text: str | None) -> Markup | None:
    if not (text or "").strip():
        return None
    return differences.untouched(text or "", _page(sheet), first=False, last=False, as_written=sheet.is_policy)


def _changed(sheet: Sheet, began: str | None, text: str | None) -> Markup | None:
    """The words that are different from the beginning; None where nothing is left."""
    if not (text or "").strip():
        return None
    return _difference(sheet, began, text)


def _difference(sheet: Sheet, before: str | None, after: str | None) -> Markup:
    if sheet.is_policy:
        return differences.line_by_line(before or "", after or "")
    return differences.passage(before or "", after or "", _page(sheet))


def _page(sheet: Sheet) -> str:
    return sheet.ours.text or sheet.theirs.text or ""


def _agreed(sheet: Sheet, passage: Passage, first: bool, last: bool) -> Part:
    if passage.origin is Origin.UNTOUCHED or not (passage.merged or passage.began):
        text = passage.merged or ""
        if not text.strip():
            return Part(None, None, None)
        html = differences.untouched(text, _page(sheet), first=first, last=last, as_written=sheet.is_policy)
        return Part(html, None, None)
    said = {
        Origin.OURS: _("Changed by your proposal"),
        Origin.THEIRS: _("Changed meanwhile"),
        Origin.BOTH: _("Changed alike by both"),
        Origin.MERGED: _("Changed by both, in different places: put together"),
    }
    if (passage.began or "").split() == (passage.merged or "").split():
        return Part(None, None, None)
    return Part(_difference(sheet, passage.began, passage.merged), said[passage.origin], None)


def result_of(view: SheetView, text: str | None, path: str, prefix: str) -> Result:
    """What a page would become with this text; ids in how it looks begin with ``prefix``."""
    sheet = view.sheet
    before = sheet.theirs.text or ""
    says = None
    if text is None:
        says = _("The page would be taken away.") if sheet.theirs.text is not None else _(
            "The page would no longer be part of your proposal.")  # fmt: skip
    elif text == sheet.theirs.text and path == sheet.theirs.path:
        says = _("The page would stay as it is in force now. It would no longer be part of your proposal.")
    return Result(
        title=view.title,
        difference=differences.prose(before, text or "", path),
        source=differences.line_by_line(before, text or ""),
        html=_looks(text, path, prefix) if text is not None and not sheet.is_policy else None,
        language=language_of(text or ""),
        says=says,
        is_policy=sheet.is_policy,
    )


def _looks(text: str, path: str, prefix: str) -> Markup | None:
    """The page as it would look; None where that takes too long."""
    try:
        rendered = render_page(text, path.rpartition("/")[0]).html
    except Refused:
        return None
    return Markup(_IDS.sub(rf"\g<1>{prefix}", rendered))  # noqa: S704 - the renderer's output has passed the allow-list


@dataclass(frozen=True)
class Clash:
    """A passage that two people changed differently: the changes of each to what both began from, None where it is
    gone."""

    ours: Markup | None
    theirs: Markup | None


def while_writing(path: str, began: str, ours: str, theirs: str) -> tuple[str | None, list[Clash]]:
    """The text of somebody who wrote while the page changed, put together with the new one; None where that cannot
    be done without deciding, and then the passages that are in the way."""
    sheet = Sheet(Place(path, began), Place(path, ours), Place(path, theirs))
    clashes = [
        Clash(_changed(sheet, passage.began, passage.ours), _changed(sheet, passage.began, passage.theirs))
        for passage in conflicts(sheet.passages)
    ]
    return (None if clashes else merged(sheet.passages)), clashes
