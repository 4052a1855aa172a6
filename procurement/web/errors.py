"""Refusals become answers here, once: families of domain errors, HTTP errors, and what drivers say about bad input.

Pages are answered as pages, addresses for scripts (`*.json`) as problem+json, and addresses below a registered prefix
(the API) by that prefix's own answerer.
"""

from collections.abc import Callable

from flask import Flask, current_app, g, render_template, request
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from procurement.documents.languages.failing import failing_in
from procurement.kernel.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    Unavailable,
)
from procurement.web.problems import Problem, problem_json
from procurement.web.speaking import error_language, language_of
from procurement.web.transactions import ask_again, is_transient

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    Invalid: 422,
    Unavailable: 503,
}
RETRY_AFTER = "2"


Answerer = Callable[[Problem], Response]


def answer_below(app: Flask, prefix: str, answerer: Answerer) -> None:
    """Let a door answer the problems of its own addresses: `answer_below(app, "/api/", problem_json)`."""
    app.extensions.setdefault("answerers", {})[prefix] = answerer


def tell_in(app: Flask, face: Callable[[Problem], Response | None]) -> None:
    """Let a door tell problems inside its own pages; where it has none for one (None), it is told on a plain page."""
    app.extensions.setdefault("faces", []).append(face)


def status_of(error: DomainError) -> int:
    for family, status in STATUS.items():
        if isinstance(error, family):
            return status
    return 400


def problem_of(error: Exception) -> Problem:
    """Say what happened in words and a status. What is not a refusal is a fault of ours: 500, and logged."""
    if isinstance(error, DomainError):
        status = status_of(error)
        headers = {"Retry-After": RETRY_AFTER} if status == 503 else {}
        return Problem(status, error.message, error.errors, headers)
    if isinstance(error, HTTPException):
        kept = {
            name: value
            for name, value in error.get_headers(request.environ)
            if name in {"Allow", "Retry-After", "WWW-Authenticate"}
        }
        return Problem(error.code or 500, error.description or "", headers=kept, is_ours=False)
    if is_transient(error):
        ask_again()
        current_app.logger.warning("busy: %s", _one_line(error))
        return Problem(
            503,
            "Too many changes at once. Nothing was changed; please try again in a moment.",
            headers={"Retry-After": RETRY_AFTER},
        )
    return _of_driver(error)


def _of_driver(error: Exception) -> Problem:
    if isinstance(error, IntegrityError):
        # Not registered: the rule holds, but nobody has found words for it yet.
        current_app.logger.error("unregistered constraint", exc_info=error)
        return Problem(409, "That contradicts what is already stored. Nothing was changed.")
    if _is_out_of_range(error):
        current_app.logger.error("a value reached the driver unchecked", exc_info=error)
        return Problem(422, "One of the values is out of range. Nothing was changed.")
    current_app.logger.error("unhandled", exc_info=error)
    return Problem(500, "Something went wrong on our side. Nothing was changed.")


def _is_out_of_range(error: Exception) -> bool:
    if isinstance(error, DataError):
        return True
    if isinstance(error, DBAPIError):
        return isinstance(error.orig, OverflowError | UnicodeEncodeError)
    return isinstance(error, OverflowError) and "SQLite INTEGER" in str(error)


def _one_line(error: Exception) -> str:
    return str(getattr(error, "orig", error)).replace("\n", " ")


def speaks_json() -> bool:
    """Addresses that scripts of our own pages ask end so; whoever asks there cannot read a page."""
    return request.path.endswith(".json")


def install_errors(app: Flask) -> None:
    def handle(error: Exception) -> Response | HTTPException:
        if isinstance(error, HTTPException) and (error.code or 500) < 400:
            return error  # a redirect on its way
        problem = problem_of(error)
        for prefix, answerer in app.extensions.get("answerers", {}).items():
            if request.path.startswith(prefix):
                return with_headers(answerer(problem), problem)
        if speaks_json():
            return with_headers(problem_json(problem), problem)
        faces = (face(problem) for face in app.extensions.get("faces", ()))
        answer = next(filter(None, faces), None) or _page(problem)
        return with_headers(answer, problem)

    app.register_error_handler(Exception, handle)


def with_headers(response: Response, problem: Problem) -> Response:
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


def _page(problem: Problem) -> Response:
    """Drawn without asking the database, which may be what failed."""
    g.is_plain_page = True
    language = error_language()
    if words := failing_in(language):
        title, message = words.of(problem.status)
        said = {"back_label": words.start, "page_language": language_of(language)}
    else:
        title = "That cannot be done now" if problem.is_ours and problem.status == 409 else ""
        message = problem.message if problem.is_ours else ""
        said = {}
    body = render_template(
        "errors/page.html", status=problem.status, title=title, message=message, **said
    )
    return Response(body, problem.status, content_type="text/html; charset=utf-8")
