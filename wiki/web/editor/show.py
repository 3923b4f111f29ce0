"""The page of the editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request, url_for
from markupsafe import Markup

from wiki.drafts import Holding, Sketch
from wiki.markdown import language_of
from wiki.model.names import PAGE_SUFFIX, POLICY_PATH, collisions, plain_name, problem_with_name
from wiki.model.words import Size
from wiki.web.attachments.shown import files_of, with_sources
from wiki.web.consequences import Changed, Consequences, consequences
from wiki.web.differences import prose
from wiki.web.editor.beginnings import beginnings
from wiki.web.editor.desk import Desk, text_of
from wiki.web.editor.forms import EditorForm, clean, wanted, wish_in
from wiki.web.editor.preview import shown_here, sources_of
from wiki.web.editor.radar import radar
from wiki.web.editor.sketching import taken_up, version_known
from wiki.web.heed import to_heed
from wiki.web.here import member, path_of, the_wiki
from wiki.web.place import place_here, told_here
from wiki.web.policy.check import PolicyCheck, check_text
from wiki.web.small import what_it_needs
from wiki.wording import clean_page


@dataclass(frozen=True)
class Told:
    """What is told before something is proposed: the difference, what its writer may not have meant, what it would
    touch besides, and what it needs to come into force."""

    difference: Markup | None = None
    heed: Sequence[str] = ()
    touches: Consequences | None = None
    needs: Sequence[str] = ()


def open_editor(desk: Desk, data: Mapping[str, str]) -> Response:
    """The editor as it opens: with ``data``, or with what its writer typed here before."""
    data, sketch = taken_up(data)
    if desk.part is not None and not data.get("section"):
        desk.part = None
    return show(desk, EditorForm(formdata=None, data=data), sketch=sketch)


def show(
    desk: Desk,
    form: EditorForm,
    *,
    preview: bool = False,
    difference: bool = False,
    sketch: Sketch | None = None,
    status: int = 200,
) -> Response:
    """The editor, with what was typed into it, and where that is asked for how it would look and what it would change.
    ``sketch`` is what its writer can go on with instead."""
    told = _told(desk, form) if difference else Told()
    around = radar(desk, clean(form.text.data) if _is_whole(desk, form) else None)
    if request.method == "POST":
        form.sketch.data = str(version_known(form) or "")
    if desk.part is not None and request.method == "POST":
        form.text.data = desk.part.within(clean(form.text.data)).strip("\n")
    whole = desk.before if desk.part is not None else form.text.data or desk.text or desk.before
    settings = the_wiki().settings
    html = render_template(
        "editor.html",
        form=form,
        kind=desk.kind,
        page_name=desk.name,
        page_title=desk.page_title,
        proposal=desk.proposal,
        preview=Markup(shown_here(clean(form.text.data), wanted(form) or desk.name)) if preview else None,  # noqa: S704 - the renderer's output
        told=told,
        moved=desk.moved,
        cancel_url=desk.cancel_url,
        heading=desk.heading,
        is_policy=desk.path == POLICY_PATH,
        policy_check=_policy_check(desk, form) if desk.path == POLICY_PATH else None,
        draft=desk.draft,
        part=desk.part,
        language=language_of(whole or ""),
        sketch=sketch,
        radar=around,
        place=place_here(),
        thrown=None if sketch else the_wiki().sketches.thrown_away(member().id, place_here(), the_wiki().now()),
        folder=(wanted(form) if desk.kind == "new" else desk.name).rpartition("/")[0],
        own_drafts=_own_drafts(desk) if request.method == "GET" else [],
        resume=urlencode([*told_here(), ("resume", "1")]),
        whole_url=f"{request.path}?{urlencode([told for told in told_here() if told[0] != 'section'])}".rstrip("?"),
        beginnings=beginnings(desk.name) if desk.kind == "new" else [],
        takes_files=desk.kind != "suggest" and desk.path != POLICY_PATH,
        max_attachment=Size(settings.max_attachment_bytes),
        linking=_linking(desk) if desk.kind == "change" else 0,
        names=_names(form) if desk.kind == "new" and form.name.errors else [],
        wish=wish_in(request.form),
    )
    return make_response(html, status)


def _told(desk: Desk, form: EditorForm) -> Told:
    """All of it, of the whole text of the page."""
    return Told(_difference(desk, form), heeding(desk, form), _touches(desk, form), _needs(desk, form))


def heeding(desk: Desk, form: EditorForm) -> list[str]:
    """What the writer may not have meant."""
    return to_heed(_path(desk, form), desk.before, clean(form.text.data))


def _touches(desk: Desk, form: EditorForm) -> Consequences | None:
    """What the change would touch besides its own text."""
    if desk.path == POLICY_PATH or desk.kind == "suggest":
        return None
    text, name = clean(form.text.data), wanted(form)
    files = files_of(sources_of(name or desk.name, place_here()))
    if desk.kind == "new":
        return consequences([Changed(None, name, None, text)], files, heads=False) if name else None
    there = the_wiki().repository.file(the_wiki().repository.main(), desk.path)
    before = text_of(there.id) if there is not None else None
    moved = name if desk.kind == "change" and name else desk.name
    return consequences([Changed(desk.name, moved, before, text)], files, heads=False)


@dataclass(frozen=True)
class OwnDraft:
    """A draft of the writer's that holds the page already, and where they go on with it."""

    title: str
    url: str
    when: int


def _own_drafts(desk: Desk) -> list[OwnDraft]:
    if desk.draft is not None or desk.kind == "suggest" or not desk.name:
        return []
    path, n = desk.path or f"{desk.name}{PAGE_SUFFIX}", desk.weighed.n if desk.weighed is not None else None
    found = the_wiki().drafts.holding(member().id, path, n)
    return [OwnDraft(each.title, _going_on(each, desk.name), each.updated_at) for each in found]


def _going_on(draft: Holding, name: str) -> str:
    if draft.goes:
        return url_for("drafts.draft", number=draft.id)
    return url_for("editor.edit", name=name, draft=draft.id)


def _path(desk: Desk, form: EditorForm) -> str:
    """The file that the form is about, as far as its address has been typed."""
    return desk.path or f"{wanted(form) or desk.name}{PAGE_SUFFIX}"


def _is_whole(desk: Desk, form: EditorForm) -> bool:
    """Whether the form holds the whole text of the page, as somebody would have it."""
    return request.method == "POST" and (desk.part is not None or not form.section.data)


def _names(form: EditorForm) -> list[str]:
    """Names that the page could have instead of the one that was typed: like it, or like its heading; and the one that
    was typed, where it could be one. What is there already is none of them."""
    typed = wanted(form)
    like = plain_name(typed or _heading(clean(form.text.data)))
    found = [like] if like is not None and like != typed else []
    found = [*found, typed] if problem_with_name(typed) is None else found
    return [name for name in found if _is_free(name)]


def _is_free(name: str) -> bool:
    """Whether a new page could have this name beside those that are there."""
    repository, path = the_wiki().repository, path_of(name)
    main = repository.main()
    there = repository.neighbours(repository.commit(main).tree, [path])
    return repository.file(main, path) is None and not collisions([path], there)


def _heading(text: str) -> str:
    return next((line.removeprefix("# ") for line in text.split("\n") if line.startswith("# ")), "")


def _difference(desk: Desk, form: EditorForm) -> Markup:
    """What would change, with the files that wait."""
    name = wanted(form) or desk.name
    shown = prose(desk.before, clean(form.text.data), _path(desk, form))
    return Markup(with_sources(shown, sources_of(name, place_here())))  # noqa: S704 - the difference, as it was made


def _needs(desk: Desk, form: EditorForm) -> list[str]:
    """What it would need to come into force; nothing of what is not a proposal of its own."""
    if desk.kind not in {"change", "new"} or desk.draft is not None:
        return []
    return what_it_needs({_path(desk, form): (desk.before, clean_page(clean(form.text.data)))})


def _policy_check(desk: Desk, form: EditorForm) -> PolicyCheck | None:
    """What the text would mean; nothing is said of the policy in force that has just been opened."""
    if request.method == "GET" and desk.kind == "change" and desk.draft is None:
        return None
    revised = desk.draft.proposal if desk.draft is not None else desk.weighed.n if desk.weighed is not None else None
    return check_text(clean(form.text.data), revised)


def _linking(desk: Desk) -> int:
    """How many other pages lead to this one."""
    return sum(row.name != desk.name for row in the_wiki().index.linking_to(desk.name))
