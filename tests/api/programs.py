"""A small client of the API for tests."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Program:
    client: FlaskClient
    token: str | None
    email: str = ""  # of the person it acts for

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.ask("POST", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.ask("PUT", path, body, **options)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        raw: bytes | None = None,
        **more: Any,
    ) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if key is not None:
            headers["Idempotency-Key"] = key
        if raw is not None:
            more |= {"data": raw, "content_type": "application/json"}
        elif method != "GET":
            more["json"] = {} if body is None else body
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)


def fields(answer: TestResponse) -> list[str]:
    """The fields a refusal names."""
    assert answer.mimetype == "application/problem+json"
    return [error["field"] for error in answer.json["errors"]]
