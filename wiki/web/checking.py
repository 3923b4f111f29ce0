"""How anybody can check: the way to do it, one merge checked on the spot, and the guidelines to clone."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from wiki.model.acts import OBJECT_ID
from wiki.model.errors import NotFound, Refused
from wiki.model.explain import rule_in_short
from wiki.model.words import N_
from wiki.repository import Signer, UploadPack
from wiki.verify import About, Checked, Violation, audit
from wiki.web.here import site_address, the_wiki
from wiki.web.history import whole_commit
from wiki.web.limits import count_try
from wiki.web.naming import called
from wiki.web.safety import csrf
from wiki.web.say import _, ngettext
from wiki.web.words import listed, moment_html, translate, with_markup

blueprint = Blueprint("checking", __name__)
MOST_ASKED = 8 << 20


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what should be so, and what is wrong with it (nothing: it is so)."""

    sentence: Markup
    problems: Sequence[str]


@blueprint.get("/-/verify")
def page() -> Response:
    """How do I check this?"""
    wiki = the_wiki()
    signer = wiki.guidelines.sign
    public = signer.public() if isinstance(signer, Signer) else None
    html = render_template(
        "verify.html",
        clone_url=site_address() + url_for("checking.guidelines"),
        system=wiki.repository.system,
        public_key=public,
        founding=wiki.repository.founding,
    )
    return make_response(html)


@blueprint.get("/-/verify/<commit>")
def one(commit: str) -> Response:
    """One merge, checked now. A short id leads to the whole one."""
    wiki = the_wiki()
    if not OBJECT_ID.fullmatch(commit):
        return make_response(redirect(url_for("checking.one", commit=whole_commit(commit)), 308))
    count_try("60 per minute", "verify", request.remote_addr or "")
    landed = wiki.repository.commit(commit)
    if "\nProposal: " not in landed.message or not wiki.repository.is_ancestor(commit, wiki.repository.main()):
        raise NotFound(N_("This is no change that came into force here by a proposal."))
    checked = audit(wiki.repository, founding=wiki.repository.founding).check(commit)
    html = render_template(
        "verified.html",
        commit=commit,
        when=landed.when,
        row=wiki.index.proposal(checked.n) if checked.n else None,
        findings=_findings(checked),
        ok=not checked.violations,
    )
    return make_response(html)


def _findings(checked: Checked) -> list[Finding]:
    """What was looked at, in words, with what is wrong."""
    wrong: dict[About, list[str]] = {}
    for violation in checked.violations:
        wrong.setdefault(violation.about, []).append(_problem(violation))
    sentences = _sentences(checked)
    found = [Finding(sentence, wrong.get(about, [])) for about, sentence in sentences]
    told = {about for about, _sentence in sentences}
    others = [problem for about, problems in wrong.items() if about not in told for problem in problems]
    return [*found, Finding(Markup(_("It can be read as a merged proposal.")), others)] if others else found  # noqa: S704


def _problem(violation: Violation) -> str:
    return translate(violation.sentence)


def _sentences(checked: Checked) -> list[tuple[About, Markup]]:
    weighed = checked.weighed
    if weighed is None:
        return []
    standing = weighed.standing
    names = listed([called(act.author) for act in standing.valid[:10]]) or _("nobody")
    more = len(standing.valid) - 10
    if more > 0:
        names = ngettext("%(names)s and %(num)s other", "%(names)s and %(num)s others", more, names=names)
    enough = ngettext(
        "Endorsed by %(num)s colleague who did not write it, of exactly this text: %(names)s.",
        "Endorsed by %(num)s colleagues who did not write it, of exactly this text: %(names)s.",
        len(standing.valid),
        names=names,
    )
    rule = _(
        "That is enough under the rules of that day. %(rule)s", rule=translate(rule_in_short(standing.requirement))
    )
    waited = with_markup(
        _("It was on the table since %(began)s and came into force on %(ended)s: as long as it had to be."),
        began=moment_html(weighed.proposal.change_at),
        ended=moment_html(weighed.now),
    )
    text = _("What came into force is byte for byte what was on the table, and nothing besides.")
    truth = _("What the record says of authors, endorsements and objections is true.")
    identity = _("Every act was written down by this wiki, under its own name and in its grammar.")
    number = _("It came into force once, as the proposal it says it is.")
    return [
        (About.ENOUGH, Markup("{} {}").format(enough, rule)),
        (About.TEXT, Markup("{}").format(text)),
        (About.TIME, waited),
        (About.WORDS, Markup("{}").format(truth)),
        (About.IDENTITY, Markup("{}").format(identity)),
        (About.NUMBER, Markup("{}").format(number)),
    ]


# The guidelines to clone


@blueprint.get("/-/guidelines.git", strict_slashes=False)
def guidelines() -> Response:
    """A person who follows the address for git is told what it is for."""
    raise NotFound(N_("This address is for git: “git clone” makes a copy of the guidelines from it."))


@blueprint.get("/-/guidelines.git/info/refs")
def refs() -> Response:
    """What there is to clone."""
    if request.args.get("service") != "git-upload-pack":
        abort(403)
    body = _pack().advertisement(request.headers.get("Git-Protocol", ""))
    return _for_git(body, "advertisement")


@blueprint.post("/-/guidelines.git/git-upload-pack")
def upload_pack() -> Response:
    """The objects that git asks for."""
    asked = _asked()
    return _for_git(_pack().answer(request.headers.get("Git-Protocol", ""), asked), "result")


csrf.exempt(upload_pack)


def _pack() -> UploadPack:
    wiki = the_wiki()
    return UploadPack(wiki.repository.git, slots=max(1, wiki.settings.workers - 1))


def _asked() -> bytes:
    """The request of git, which it packs where it is long."""
    if request.mimetype != "application/x-git-upload-pack-request":
        abort(415)
    body = request.get_data()
    if request.headers.get("Content-Encoding", "").lower() in {"gzip", "x-gzip"}:
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
                body = packed.read(MOST_ASKED + 1)
        except (OSError, EOFError, zlib.error):
            raise Refused(N_("This request makes no sense.")) from None
    if len(body) > MOST_ASKED:
        abort(413)
    return body


def _for_git(body: bytes | Iterator[bytes], kind: str) -> Response:
    response = Response(body, mimetype=f"application/x-git-upload-pack-{kind}")
    response.headers["Cache-Control"] = "no-cache"
    return response
