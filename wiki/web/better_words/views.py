"""The page of a sentence or passage to be worded better, the list of passages, and proposing."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from wiki.addresses import page_address
from wiki.index import PageRecord
from wiki.markdown import language_of, render_page
from wiki.model.errors import Conflict, Refused
from wiki.prose.rewording import with_passage
from wiki.web import differences
from wiki.web.better_words.forms import FIELDS, BetterWordsForm, typed
from wiki.web.better_words.routes import blueprint
from wiki.web.better_words.sheet import Sheet, asked_for
from wiki.web.consequences import Changed, consequences
from wiki.web.editor.keep import done
from wiki.web.errors import error_page, missing_page, status_of
from wiki.web.here import person, reader, the_wiki
from wiki.web.places import text_of
from wiki.web.say import _
from wiki.web.shown import shown
from wiki.web.small import what_it_needs
from wiki.web.words import translate

_LONGEST_ADDRESS = 3_000
_MOST_ROWS, _IN_A_ROW = 12, 45
_BLOCK = re.compile(
    r'(?P<table><thead><tr[^>]* data-line="(?P<row>\d+)"[^>]*>\s*<t[hd][^>]*>)'
    r'|(?P<code><pre[^>]* data-line="(?P<first>\d+)"[^>]*>)'
    r'|(?P<block><(?:p|li|h[2-6]|dt|dd)\b[^>]* data-line="(?P<line>\d+)"[^>]*>)'
)
_TITLE = re.compile(r"#[ \t]|[^\n]+\n=+[ \t]*(?:\n|$)")


@dataclass(frozen=True)
class Moved:
    """The passage has changed since: how, and the words that were typed."""

    difference: Markup
    words: str


@blueprint.get("/-/words/<path:name>")
def page(name: str) -> Response:
    """A sentence (``quote``, ``nth``) or passage (``at``) to be worded better; without these, all passages."""
    record = _page(name)
    if isinstance(record, Response):
        return record
    if not request.args.get("quote") and not request.args.get("at"):
        return _passages(record)
    sheet = asked_for(record, request.args)
    if sheet is None:
        return _passages(record, lost=True)
    said = {key: request.args.get(key, "") for key in ("words", "why", "title", "offered")}
    form = BetterWordsForm(formdata=None, data=said)
    return _show(sheet, form, difference=bool(said["words"]))


def _page(name: str) -> PageRecord | Response:
    found = the_wiki().index.page(name)
    if found is not None:
        return found[0]
    forwarded = the_wiki().index.forwarded(name)
    if forwarded is None:
        return missing_page(name)
    query = request.query_string.decode("ascii", "replace")
    return make_response(redirect(f"{url_for('better_words.page', name=forwarded)}?{query}"))


@blueprint.post("/-/words/<path:name>")
def suggest(name: str) -> Response:
    """Show the difference, or propose it."""
    form = BetterWordsForm()
    if reader() is None:
        return _sign_in_first(name)
    there = the_wiki().index.page(name)
    if there is None:
        return _gone(form, None)
    record = there[0]
    sheet = asked_for(record, {key: form[key].data for key in FIELDS})
    if sheet is None:
        return _gone(form, record)
    if not form.validate_on_submit():
        return _show(sheet, form, status=400)
    if request.form.get("do") == "difference":
        return _show(sheet, form, difference=True)
    return _propose(record, sheet, form)


def _sign_in_first(name: str) -> Response:
    """To the sign-in and back, with what was typed; where that is too long for an address it is given back."""
    told = {key: request.form[key] for key in FIELDS if request.form.get(key)}
    target = f"{url_for('better_words.page', name=name)}?{urlencode(told)}"
    if len(target) > _LONGEST_ADDRESS:
        abort(401)
    flash(_("Please sign in first. Your words come along."), "notice")
    return make_response(redirect(url_for("signin.sign_in", next=target), 303))


def _propose(record: PageRecord, sheet: Sheet, form: BetterWordsForm) -> Response:
    source = _source(sheet, form)
    if source is None:
        return _show(sheet, form, status=400)
    after = sheet.carried(source, text_of(record.blob))
    if after is None:
        return _moved(record, sheet, form)
    title = _title(sheet, form)
    try:
        outcome = the_wiki().guidelines.propose(
            person(), title, form.why.data or "", {sheet.path: after}, seen={sheet.path: record.blob}
        )
    except Conflict:
        there = the_wiki().index.page(record.name)
        return _moved(there[0], sheet, form) if there is not None else _gone(form, None)
    except Refused as error:
        form.words.errors = [translate(error.sentence)]
        return _show(sheet, form, status=status_of(error))
    return done(outcome)


def _title(sheet: Sheet, form: BetterWordsForm) -> str:
    """The title that somebody chose, else the one for what they typed."""
    chosen = form.title.data if form.title.data != form.offered.data else ""
    return chosen or sheet.title_for(typed(form) or sheet.was)


def _source(sheet: Sheet, form: BetterWordsForm) -> str | None:
    """The passage as it would be written; says at the field why it cannot be."""
    words = typed(form)
    if not words:
        form.words.errors = [_("Write what it should say. To take a whole passage away, suggest a change to the page.")]
        return None
    source = sheet.source(words)
    if source is None:
        form.words.errors = [
            _("These words cannot be put there without changing something else. Edit the passage as it is written.")
        ]
    elif source == sheet.passage.source:
        form.words.errors = [_("Nothing is different from the text that is there. Change something, then propose it.")]
        return None
    return source


def _moved(record: PageRecord, sheet: Sheet, form: BetterWordsForm) -> Response:
    """409: how the passage reads by now, with what was typed."""
    text = text_of(record.blob)
    now = sheet.now(text)
    if now is None:
        return _gone(form, record, differences.passage(sheet.passage.source, "", sheet.text))
    words = typed(form)
    fresh = Sheet(record.name, record.title, record.blob, text, now, None)
    if sheet.found is not None:
        form.words.data = now.source
    moved = Moved(_difference(sheet, now.source), words if sheet.found is not None else "")
    return _show(fresh, form, moved=moved, status=409)


def _gone(form: BetterWordsForm, record: PageRecord | None, difference: Markup | None = None) -> Response:
    """409 for a passage that is no longer there, or 404 for its page."""
    actions = [(_("Go to the contents"), url_for("pages.contents"))]
    if record is not None:
        actions.insert(0, (_("Suggest a change to the page"), url_for("editor.edit", name=record.name)))
        actions.insert(0, (_("Go to the page"), page_address(record.name)))
    message = _("The passage for which you have better words is no longer there. What you wrote is below.")
    status = 409 if record is not None else 404
    heading = _("Something changed meanwhile")
    return error_page(status, heading, message, actions, typed=typed(form), difference=difference)


def _show(
    sheet: Sheet,
    form: BetterWordsForm,
    *,
    difference: bool = False,
    moved: Moved | None = None,
    status: int = 200,
) -> Response:
    source = _source(sheet, form) if difference else None
    after = with_passage(sheet.text, sheet.passage, source) if source is not None else None
    _remember(sheet, form)
    if not form.words.data and request.method == "GET":
        form.words.data = sheet.was
    as_written = url_for("better_words.page", name=sheet.name, at=sheet.passage.first, of=sheet.of)
    page = render_template(
        "better_words.html",
        sheet=sheet,
        form=form,
        rows=min(_MOST_ROWS, max(3, sum(len(line) // _IN_A_ROW + 1 for line in (form.words.data or "").split("\n")))),
        difference=_difference(sheet, source) if source is not None else None,
        touches=consequences([Changed(sheet.name, sheet.name, sheet.text, after)]) if after is not None else None,
        needs=what_it_needs({sheet.path: (sheet.text, after)}) if after is not None else [],
        moved=moved,
        as_written=as_written if sheet.found is not None else None,
        action=url_for("better_words.suggest", name=sheet.name),
    )
    return make_response(page, status)


def _remember(sheet: Sheet, form: BetterWordsForm) -> None:
    """What the form is about, in its hidden fields."""
    form.of.data, form.whole.data = sheet.of, ""
    title = _title(sheet, form)
    form.offered.data = title if form.title.data in ("", None, form.offered.data) else ""
    form.title.data = title
    if sheet.found is not None:
        form.quote.data, form.nth.data, form.at.data = sheet.found.words, str(sheet.found.nth), ""
    else:
        form.quote.data, form.nth.data, form.at.data = "", "", str(sheet.passage.first)


def _difference(sheet: Sheet, source: str) -> Markup:
    """How a passage becomes another, as it looks; as it is written where only that differs, or where it is a title."""
    was = sheet.passage
    looks = differences.prose(was.source, source, sheet.path, page=sheet.text)
    if _TITLE.match(was.source) or not re.search(r"<(?:ins|del)\b|restyled", looks):
        return differences.passage(was.source, source, sheet.text)
    return looks


def _passages(record: PageRecord, *, lost: bool = False) -> Response:
    """All passages of a page, each with the way to better words for it."""
    page = render_template(
        "better_words_passages.html",
        title=record.title,
        name=record.name,
        shown=shown(_with_ways(record), record.name),
        language=language_of(text_of(record.blob)),
        lost=lost,
    )
    return make_response(page, 404 if lost else 200)


def _with_ways(record: PageRecord) -> str:
    try:
        rendered = render_page(text_of(record.blob), record.name.rpartition("/")[0], lines=True).html
    except Refused:
        return ""
    address, label = url_for("better_words.page", name=record.name), html.escape(_("Suggest better words"))
    done: set[str] = set()

    def with_way(block: re.Match[str]) -> str:
        line = block["row"] or block["first"] or block["line"]
        if line in done:
            return block[0]
        done.add(line)
        url = html.escape(f"{address}?at={line}&of={record.blob}&whole=1")
        way = f'<a class="reword" href="{url}" rel="nofollow" aria-label="{label}" title="{label}"></a>'
        return f"{way}{block[0]}" if block["code"] else f"{block[0]}{way}"

    return _BLOCK.sub(with_way, rendered)
