"""Refusals as `application/problem+json` (RFC 9457), with `errors` naming the fields."""

import json
from dataclasses import dataclass, field
from http import HTTPStatus

from werkzeug.wrappers import Response

from procurement.kernel.errors import FieldError


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal, ready to be said in any language a door speaks."""

    status: int
    message: str
    errors: tuple[FieldError, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    is_ours: bool = True  # the words are; a library's are not shown to people


MEDIA_TYPE = "application/problem+json"


def problem_json(problem: Problem) -> Response:
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.message,
    }
    if problem.errors:
        body["errors"] = [
            {"field": error.field, "message": error.message} for error in problem.errors
        ]
    return Response(json.dumps(body, ensure_ascii=False), problem.status, content_type=MEDIA_TYPE)
