"""Errors as pages: each in the layout, saying what to do next. The one place that knows statuses."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from urllib.parse import urlencode

from flask import Flask, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from wiki.index.summary import title_from
from wiki.logs import request_id
from wiki.model.errors import Conflict, Damaged, NotFound, Refused, Unavailable, WikiError
from wiki.model.names import POLICY_PATH, problem_with_name
from wiki.model.words import Size
from wiki.web.answers import choices, own_words
from wiki.web.here import reader, the_wiki
from wiki.web.say import _
from wiki.web.words import day, sentence_case, size, translate

log = logging.getLogger(__name__)
_STATUS: tuple[tuple[type[WikiError], int], ...] = (
    (Conflict, 409),
    (Refused, 400),
    (NotFound, 404),
    (Unavailable, 503),
    (Damaged, 500),
)
PATIENCE = 30
"""After so many seconds it makes sense to try again what could not be done just now."""
FOR_PROGRAMS = "/-/api/"
"""Below this address errors are told as JSON."""
Action = tuple[str, str]


def status_of(error: WikiError) -> int:
    """The HTTP status of an error of the model."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def install(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(WikiError, _though_parts_are_away(_wiki_error))
    app.register_error_handler(CSRFError, _though_parts_are_away(_csrf_error))
    app.register_error_handler(HTTPException, _though_parts_are_away(_http_error))
    app.register_error_handler(Exception, _though_parts_are_away(_fault))


E = TypeVar("E", bound=Exception)


def _though_parts_are_away(handler: Callable[[E], Response]) -> Callable[[E], Response]:
    """Where SQL is away nobody can be asked who is reading, nor what waits for them: then it is told as to a
    stranger."""

    @wraps(handler)
    def handle(error: E) -> Response:
        try:
            return handler(error)
        except WikiError as away:
            g._login_user = AnonymousUserMixin()
            return _wiki_error(away)

    return handle


def error_page(
    status: int,
    heading: str,
    message: str,
    actions: list[Action],
    *,
    typed: str | None = None,
    difference: Markup | None = None,
) -> Response:
    """A page for an error; ``typed`` is what the person wrote, given back, ``difference`` what changed meanwhile."""
    if request.path.startswith(FOR_PROGRAMS):
        told = {"error": message, "status": status}
        return make_response({**told, "request_id": request_id.get()} if status == 500 else told, status)
    html = render_template(
        "error.html",
        status=status,
        heading=heading,
        message=message,
        actions=actions,
        typed=typed,
        difference=difference,
        number=request_id.get() if status == 500 else "",
    )
    return make_response(html, status)


def changed_meanwhile(error: Conflict, look_again: str, difference: Markup | None) -> Response:
    """409 with what changed, and the way to where it can be looked at again."""
    actions = [(_("Look at it again"), look_again), _home()]
    heading = _("Something changed meanwhile")
    return error_page(409, heading, translate(error.sentence), actions, typed=_typed(), difference=difference)


def _home() -> Action:
    return _("Go to the contents"), url_for("pages.contents")


def _wiki_error(error: WikiError) -> Response:
    status = status_of(error)
    if status == 500:
        log.error("damaged: %s", error)
    headings = {
        400: _("That is not possible"),
        404: _("There is nothing here"),
        409: _("Something changed meanwhile"),
        503: _("Not just now"),
    }
    actions = [_home()]
    if status in {409, 503} and request.referrer:
        actions.insert(0, (_("Back, and look again"), _back()))
    elif status == 400 and request.method == "POST" and request.referrer:
        actions.insert(0, (_("Back"), _back()))
    heading = headings.get(status, _("Something is broken"))
    if status != 503:
        return error_page(status, heading, sentence_case(translate(error.sentence)), actions, typed=_typed())
    log.warning("not just now: %s", error)
    return with_patience(error_page(status, heading, not_just_now(error), actions, typed=_typed()))


def not_just_now(error: WikiError) -> str:
    """What is away, and that nothing was changed by a form that was sent."""
    said = sentence_case(translate(error.sentence))
    said = said if said.endswith((".", "!", "?", "。")) else f"{said}."
    if request.method in {"GET", "HEAD"}:
        return said
    kept = _("Nothing was changed, and what you typed is kept here.") if _typed() else _("Nothing was changed.")
    return f"{said} {kept}"


def with_patience(response: Response) -> Response:
    """The same, saying when to try again."""
    response.headers["Retry-After"] = str(PATIENCE)
    return response


def _back() -> str:
    from wiki.web.safety import local_path

    referrer = request.referrer or "/"
    own = request.host_url.rstrip("/")
    return local_path(referrer.removeprefix(own)) if referrer.startswith(own + "/") else "/"


def _back_with_choices() -> str:
    """Back, with what was chosen in the form that failed."""
    chosen = choices(request.form)
    return f"{_back().partition('?')[0]}?{urlencode(chosen)}" if chosen else _back()


def _typed() -> str | None:
    """The longest thing a person wrote in the form that failed."""
    if request.method != "POST":
        return None
    try:
        fields = [request.form.get(key, "") for key in ("text", "words", "reason", "why", "answer")]
        fields.append("\n\n".join(own_words(request.form).values()))
    except HTTPException:
        return None
    return max(fields, key=len) or None


def _csrf_error(error: CSRFError) -> Response:
    if reader() is None and request.blueprint != "signin":
        return _ask_to_sign_in()
    message = _(
        "This form was open for too long, or was sent from elsewhere. Nothing was changed; please send it again."
    )
    return error_page(400, _("Please send this again"), message, [(_("Back"), _back()), _home()], typed=_typed())


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status in {301, 302, 303, 304, 307, 308}:
        return make_response(error.get_response())
    if status == 401:
        return _ask_to_sign_in()
    if status == 404:
        return missing_page(request.path.strip("/")) if _may_be_page() else _plain(404)
    own = error.description if error.description != type(error).description else None
    response = _plain(status, own if request.path.startswith(FOR_PROGRAMS) else None)
    for key, value in error.get_headers():
        if key.lower() in {"retry-after", "allow"}:
            response.headers[key] = value
    if status == 429 and "Retry-After" not in response.headers:
        response.headers["Retry-After"] = "60"
    return response


def _ask_to_sign_in() -> Response:
    """To the sign-in, and back. What was typed into a form is given back where the session had run out."""
    if request.method in {"GET", "HEAD"} and not request.path.startswith(FOR_PROGRAMS):
        query = request.full_path.rstrip("?") if request.query_string else request.path
        flash(_("Please sign in first."), "notice")
        return make_response(redirect(url_for("signin.sign_in", next=query)))
    actions = [(_("Sign in"), url_for("signin.sign_in", next=_back_with_choices()))]
    message = _("You are not signed in, or your session has run out. Nothing was changed, and what you wrote is below.")
    return error_page(401, _("Please sign in"), message, actions, typed=_typed())


def _may_be_page() -> bool:
    return request.method in {"GET", "HEAD"} and not request.path.startswith("/-/") and request.path != "/"


def missing_page(name: str) -> Response:
    """404 for a page that does not exist, with the offer to propose it."""
    past = the_wiki().index.history(name)
    if past and past[0].status != "removed":
        return _no_page(name)
    problem = problem_with_name(name)
    if problem is not None and not past:
        return error_page(404, _("There is no such page"), sentence_case(translate(problem)), [_home()], typed=_typed())
    actions = [(_("Propose this page"), url_for("editor.new", name=name))] if problem is None else []
    actions.append((_("Search"), url_for("search.page", q=title_from(name))))
    actions.append(_home())
    if past:
        actions.insert(0, (_("See its history"), url_for("history.page", name=name)))
        message = _(
            "“%(title)s” was in force here until %(day)s, when “%(change)s” took it away.",
            title=past[0].page_title,
            day=day(past[0].when),
            change=past[0].title,
        )
        return error_page(404, _("This page is no longer in force"), message, actions, typed=_typed())
    message = _("There is no page called “%(name)s” yet. If you know what it should say, propose it.", name=name)
    if reader() is None:
        message = _("There is no page called “%(name)s” yet. Whoever signs in can propose it.", name=name)
    return error_page(404, _("No such page yet"), message, actions, typed=_typed())


def _no_page(name: str) -> Response:
    """404 for a file in force that is no page."""
    if name == POLICY_PATH:
        return make_response(redirect(url_for("policy.page")))
    message = _("“%(name)s” is a file that lies beside the pages. It is kept, but not shown here.", name=name)
    actions = [(_("See its history"), url_for("history.page", name=name)), _home()]
    return error_page(404, _("This is not a page"), message, actions, typed=_typed())


def _plain(status: int, own: str | None = None) -> Response:
    """A page for a status; ``own`` is what a view says of it itself."""
    words = {
        400: (_("That request made no sense"), _("The address or form is not one of ours. Nothing was changed.")),
        403: (_("Not allowed"), _("This request came from another place than our own pages. Nothing was changed.")),
        404: (
            _("There is nothing here"),
            _("This address leads nowhere. Perhaps the contents have what you look for."),
        ),
        405: (_("Not that way"), _("This address cannot be used like that. Nothing was changed.")),
        413: (
            _("Too much at once"),
            _(
                "What was sent is too large. A page may have up to %(most)s of text.",
                most=size(Size(the_wiki().settings.max_page_bytes)),
            ),
        ),
        414: (_("Too long"), _("This address is too long.")),
        421: (
            _("This name is not ours"),
            _(
                "This wiki is not known under the name in your address. Whoever runs it can add that name to the "
                "setting “allowed_hosts”."
            ),
        ),
        429: (_("A moment, please"), _("There were too many tries. Please wait a little, then try again.")),
        500: (_("Something is broken"), _("That is our fault, and nothing was lost. Please try again in a while.")),
    }
    heading, message = words.get(status, (_("That did not work"), _("Nothing was changed.")))
    message = own or message
    return error_page(status, heading, message, [_home()], typed=_typed())


def _fault(error: Exception) -> Response:
    log.exception("unexpected fault", exc_info=error)
    return _plain(500)
