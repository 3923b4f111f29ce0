"""The conversation: comments on a proposal, and on its passages, which they follow when the text moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from flask import get_template_attribute, request, url_for
from markupsafe import Markup

from wiki.model.acts import CHANGES_TEXT, Act, Person
from wiki.model.merge import Weighed
from wiki.model.names import name_of
from wiki.prose import Beside, Follower, Note
from wiki.web.box import fragment
from wiki.web.here import number, the_wiki
from wiki.web.proposals.routes import file_at, text_of
from wiki.web.say import _

PER_PAGE = 20
_BEGINNING = 12


@dataclass
class CommentView:
    """A comment with what was said to it. ``about`` is the page it is about, ``quote`` the words of the passage where
    those are no longer there, or others."""

    id: str
    person: Person
    when: int
    text: Markup
    about: str | None = None
    quote: str | None = None
    gone: bool = False
    replies: list[CommentView] = field(default_factory=list)


@dataclass(frozen=True)
class Talk:
    """``threads`` are those shown below, ``beside`` those that stand at a line of a file; ``earlier_url`` leads to the
    threads before these."""

    count: int
    threads: Sequence[CommentView]
    beside: Mapping[str, Mapping[int, list[CommentView]]]
    earlier_url: str | None
    later_url: str | None


def talk_of(weighed: Weighed) -> Talk:
    """The conversation on a proposal; the latest threads, or an earlier page of them (``?talk=2``)."""
    acts = the_wiki().guidelines.talk(weighed.n)
    top, replies = _threads(acts)
    below: list[Act] = []
    placed: dict[str, dict[int, list[CommentView]]] = {}
    gone: dict[str, CommentView] = {}
    places = _Places(weighed)
    for act in top:
        if act.at is None:
            below.append(act)
            continue
        line, view = places.place(act)
        if line is None:
            below.append(act)
            gone[act.id] = view
        else:
            placed.setdefault(act.at.rpartition(":")[0], {}).setdefault(line, []).append(_with(view, replies))
    page, pages = _page(below, replies)
    last = len(below) - (page - 1) * PER_PAGE
    shown = below[max(0, last - PER_PAGE) : last]
    threads = [_with(gone.get(act.id) or _view(act), replies) for act in shown]
    return Talk(
        count=len(acts),
        threads=threads,
        beside=placed,
        earlier_url=_turn(weighed.n, page + 1) if page < pages else None,
        later_url=_turn(weighed.n, page - 1) if page > 1 else None,
    )


def _page(below: Sequence[Act], replies: Mapping[str, list[Act]]) -> tuple[int, int]:
    """Which page of the threads is shown, of how many: the one that is asked for, or the one on which a comment is
    (``?said=`` and the beginning of its id)."""
    pages = max(1, -(-len(below) // PER_PAGE))
    said = request.args.get("said", "")
    if len(said) == _BEGINNING:
        for at, act in enumerate(reversed(below)):
            if any(one.id.startswith(said) for one in (act, *replies.get(act.id, ()))):
                return at // PER_PAGE + 1, pages
    return min(max(number("talk") or 1, 1), pages), pages


def _turn(n: int, page: int) -> str:
    return url_for("proposals.proposal", n=n, talk=page if page > 1 else None, _anchor="conversation")


def _threads(acts: Sequence[Act]) -> tuple[list[Act], dict[str, list[Act]]]:
    """The comments that begin a thread, and what was said in the thread of each, in order."""
    begins: dict[str, str] = {}
    top: list[Act] = []
    replies: dict[str, list[Act]] = {}
    for act in acts:
        thread = begins.get(act.to or "")
        if thread is None:
            begins[act.id] = act.id
            top.append(act)
        else:
            begins[act.id] = thread
            replies.setdefault(thread, []).append(act)
    return top, replies


def _view(act: Act) -> CommentView:
    return CommentView(act.id, act.author, act.when, fragment(act.text, act.id))


def _with(view: CommentView, replies: Mapping[str, list[Act]]) -> CommentView:
    view.replies = [_view(act) for act in replies.get(view.id, ())]
    return view


class _Places:
    """Where the passages of inline comments are in the text on the table."""

    def __init__(self, weighed: Weighed) -> None:
        self.acts = weighed.proposal.acts
        self.tip = weighed.proposal.tip.id
        self.now = {touched.path: text_of(touched.after) for touched in weighed.proposal.touched if touched.after}
        self._followers: dict[tuple[str, str], Follower] = {}

    def place(self, act: Act) -> tuple[int | None, CommentView]:
        """The line of its file that a comment belongs to now (None: its passage is gone), and the comment."""
        path, _, line = (act.at or "").rpartition(":")
        view = _view(act)
        view.about = name_of(path) or path
        began = file_at(self._about(act), path)
        if began is None or not line.isdigit():
            view.gone = True
            return None, view
        key = (began.id, path)
        if key not in self._followers:
            self._followers[key] = Follower(text_of(began), self.now.get(path, ""))
        found = self._followers[key].follow(int(line))
        if found.changed or path not in self.now:
            view.quote = found.words
        view.gone = found.line is None or path not in self.now
        return (None if view.gone else found.line), view

    def _about(self, act: Act) -> str:
        """The act whose text a comment is about: the one it names, else the last text before it."""
        if any(said.id == act.to for said in self.acts):
            return str(act.to)
        texts = [said for said in self.acts if said.kind in CHANGES_TEXT and said.when <= act.when]
        return (texts or self.acts)[-1].id


def beside(weighed: Weighed, talk: Talk, path: str, may_comment: bool) -> Beside | None:
    """What stands beside the passages of a file: comments on them, and the way to make one."""
    placed = talk.beside.get(path, {})
    if not placed and not may_comment:
        return None
    asked = request.args.get("at", "")
    remarks = get_template_attribute("_talk.html", "beside")
    here = url_for("proposals.proposal", n=weighed.n)
    label = _("Comment on this passage")

    def note(begins: int, lines: range) -> Note:
        threads = [thread for line, some in placed.items() if line in lines for thread in some]
        place = f"{path}:{begins}"
        writing = may_comment and asked == place
        if not threads and not writing and not may_comment:
            return Note()
        link = Markup(
            '<a class="say-here" rel="nofollow" href="{}?at={}#remark" title="{}" aria-label="{}">+</a>'
        ).format(here, quote(place, safe="/:"), label, label)
        quiet = Markup('<div class="say-link">{}</div>').format(link) if may_comment and not writing else Markup()
        if not threads and not writing:
            return Note(str(quiet))
        html = remarks(weighed.n, weighed.proposal.change, threads, place if writing else None, may_comment)
        return Note(str(quiet + html), telling=True)

    return note
