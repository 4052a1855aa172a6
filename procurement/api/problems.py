"""Refusals as `application/problem+json` (RFC 9457), with `errors` naming the fields."""

import json
from http import HTTPStatus

from werkzeug.wrappers import Response

from procurement.web.errors import Problem

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
