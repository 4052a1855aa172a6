"""What scripts of our own pages say and hear: JSON over the person's session, with its CSRF token in a header."""

import json
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import request
from flask_wtf.csrf import generate_csrf
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.wrappers import Response

from procurement.kernel.errors import FieldError, Invalid

LARGEST_BODY = 1024 * 1024
B = TypeVar("B", bound=BaseModel)


def body_as(shape: type[B]) -> B:
    """The body of this request. Raises Invalid naming each bad field."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send application/json.")
    if (request.content_length or 0) > LARGEST_BODY:
        raise RequestEntityTooLarge(f"A body has at most {LARGEST_BODY:,} bytes.")
    try:
        return shape.model_validate_json(request.get_data(cache=True) or b"{}")
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise BadRequest("The body is not JSON.") from error
        raise Invalid.of(faults_of(error)) from error


def faults_of(error: ValidationError) -> list[FieldError]:
    return [
        FieldError(
            ".".join(str(part) for part in fault["loc"]), fault["msg"].removeprefix("Value error, ")
        )
        for fault in error.errors(include_url=False)
    ]


def json_answer(body: dict[str, Any], *, at: datetime, status: int = 200) -> Response:
    """With the server's clock, and a token for the next POST."""
    whole = {"server_time": moment_text(at), "csrf": generate_csrf()} | body
    response = Response(json.dumps(whole, ensure_ascii=False), status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def moment_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
