"""The one way into the API: who asks, what they send, one transaction, one answer.

    @bp.post("", takes=SiteIn, gives=SiteOut, status=201, summary="Create a site")
    def create(call: Call[SiteIn]) -> Answer: ...

An endpoint's function gets a `Call` (session, actor, moment, parsed body and query) and returns an `Answer`. Around it,
in this order: the token (401 before 422), the body (415, 413, 400, 422 naming fields), the idempotency key in the
same transaction as the effect, the answer's shape. `REGISTRY` remembers what was declared, for the OpenAPI text.
"""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from flask import Blueprint, g, request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import (
    BadRequest,
    RequestEntityTooLarge,
    Unauthorized,
    UnsupportedMediaType,
)
from werkzeug.wrappers import Response

from procurement.accounts.operations.tokens import account_by_token
from procurement.api.schemas.values import DECIMAL
from procurement.idempotency.operations import KeptAnswer, RequestKey, claim, keep
from procurement.kernel.actor import PUBLIC, Actor
from procurement.kernel.clock import utc_now
from procurement.kernel.db import Session
from procurement.kernel.errors import FieldError, Invalid, NotFound
from procurement.kernel.text import is_storable
from procurement.web.doors import Audience, Door
from procurement.web.identity import csrf
from procurement.web.noticing import notice_token
from procurement.web.throttle import count_public_form, count_public_read, count_token
from procurement.web.transactions import read, write

LARGEST_BODY = 1024 * 1024
B = TypeVar("B", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call(Generic[B]):
    """One request, ready for its operation."""

    session: Session
    actor: Actor
    at: datetime
    body: B
    query: Any
    key: str | None  # made of owner and Idempotency-Key, for operations that keep it themselves


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say: a shape (or a dict of them), for a new thing its address below the prefix; or raw bytes."""

    body: Any = None
    location: str = ""
    content: bytes | None = None
    media_type: str = "application/json"
    file_name: str = ""
    disposition: str = "inline"  # "attachment" for what came from outside


def address(*parts: str, **query: str) -> str:
    """The address of a thing below the prefix; codes may hold spaces, slashes and any script."""
    path = "".join(f"/{quote(part, safe='')}" for part in parts)
    return f"{path}?{urlencode(query)}" if query else path


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What the OpenAPI text says of one address and method."""

    method: str
    rule: str
    name: str
    summary: str
    takes: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    gives: type[BaseModel] | None = None
    many: bool = False  # a page of `gives`
    status: int = 200
    public: bool = False  # works without a token
    media_type: str = "application/json"
    reads: bool = False  # a POST that changes nothing: asked again, it answers again, without a key
    any_text: bool = False  # its query holds what a scanner sent, control characters too


REGISTRY: list[Endpoint] = []


@dataclass
class Api:
    """The endpoints of one resource, below its prefix."""

    name: str
    prefix: str
    door: Blueprint = field(init=False)

    def __post_init__(self) -> None:
        self.door = Door(
            f"api_{self.name}",
            __name__,
            audience=Audience.TOKEN,
            url_prefix=f"/api/v1{self.prefix}",
        )
        csrf.exempt(self.door)  # a bearer token is not sent by a browser on its own

    def get(
        self, rule: str, **options: Any
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        return self._add("GET", rule, **options)

    def post(
        self, rule: str, **options: Any
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        return self._add("POST", rule, **options)

    def put(
        self, rule: str, **options: Any
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        return self._add("PUT", rule, **options)

    def _add(
        self, method: str, rule: str, **declared: Any
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        def register(function: Callable[..., Answer]) -> Callable[..., Answer]:
            name = f"{self.name}_{function.__name__}"
            endpoint = Endpoint(method, f"{self.prefix}{rule}", name, **declared)
            REGISTRY.append(endpoint)
            view = functools.update_wrapper(functools.partial(_serve, endpoint, function), function)
            self.door.add_url_rule(rule, function.__name__, view, methods=[method])
            return function

        return register


def _serve(endpoint: Endpoint, function: Callable[..., Answer], **path: str) -> Response:
    if endpoint.method != "GET":
        with read() as session:
            actor = _actor(session, endpoint)
        return _serve_body(endpoint, function, actor, **path)
    with read() as session:
        actor = _actor(session, endpoint)
        _require_storable(path)
        call: Call[BaseModel] = Call(session, actor, utc_now(), _NO_BODY, _query(endpoint), None)
        return _respond(endpoint, function(call, **path))


def _serve_body(
    endpoint: Endpoint, function: Callable[..., Answer], actor: Actor, **path: str
) -> Response:
    _require_storable(path)
    query = _query(endpoint)
    raw = _raw_body(endpoint)
    body = _parse(endpoint, raw)
    if endpoint.reads:
        with read() as session:
            call: Call[BaseModel] = Call(session, actor, utc_now(), body, query, None)
            return _respond(endpoint, function(call, **path))
    key = _key(actor, raw)
    at = utc_now()
    with write() as session:
        if key and (kept := claim(session, key, at=at)):
            return _replay(kept)
        call = Call(session, actor, at, body, query, key.derived if key else None)
        answer = function(call, **path)
        session.flush()  # refusals of the database are said before the answer is kept
        response = _respond(endpoint, answer)
        if key:
            keep(session, key, _kept(response))
    return response


def _require_storable(path: dict[str, str]) -> None:
    if not all(map(is_storable, path.values())):
        raise NotFound("There is nothing at this address.")


class _Empty(BaseModel):
    pass


_NO_BODY = _Empty()


def _actor(session: Session, endpoint: Endpoint) -> Actor:
    """The token's person. A public endpoint takes a token too, but asks for none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not token.strip() and endpoint.public:
        if endpoint.method == "GET":
            count_public_read()
        else:
            count_public_form(endpoint.name)
        return PUBLIC
    account = None
    if scheme.lower() == "bearer" and token.strip():
        at = utc_now()
        account = account_by_token(session, token.strip(), at=at)
    if account is None:
        raise Unauthorized(
            "A token is needed: Authorization: Bearer TOKEN.",
            www_authenticate=WWWAuthenticate("bearer", {"realm": "Stillroom"}),
        )
    notice_token(token.strip(), at)
    count_token(f"user:{account.actor.id}")
    g.token_actor = account.actor
    return account.actor


def _query(endpoint: Endpoint) -> BaseModel | None:
    if endpoint.query is None:
        if request.args:
            raise Invalid.of(FieldError(name, "Unknown.") for name in request.args)
        return None
    asked = request.args.to_dict()
    bad = [name for name, value in asked.items() if not is_storable(value)]
    if bad and not endpoint.any_text:
        raise Invalid.of(FieldError(name, "This cannot be looked for.") for name in bad)
    try:
        return endpoint.query.model_validate(asked)
    except ValidationError as error:
        raise invalid_of(error) from error


def _raw_body(endpoint: Endpoint) -> bytes:
    if (request.content_length or 0) > LARGEST_BODY:
        raise RequestEntityTooLarge(f"A body has at most {LARGEST_BODY:,} bytes.")
    raw = request.get_data(cache=True)
    if len(raw) > LARGEST_BODY:
        raise RequestEntityTooLarge(f"A body has at most {LARGEST_BODY:,} bytes.")
    if endpoint.takes is not None and raw and request.mimetype != "application/json":
        raise UnsupportedMediaType("Send application/json.")
    return raw


def _parse(endpoint: Endpoint, raw: bytes) -> BaseModel:
    if endpoint.takes is None:
        return _NO_BODY
    try:
        body: BaseModel = endpoint.takes.model_validate_json(raw or b"{}")
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise BadRequest("The body is not JSON.") from error
        raise invalid_of(error) from error
    return body


def invalid_of(error: ValidationError) -> Invalid:
    """Each fault at its field."""
    return Invalid.of(
        FieldError(".".join(str(part) for part in found["loc"]), _sentence(found))
        for found in error.errors(include_url=False)
    )


def _sentence(found: ErrorDetails) -> str:
    """What is wrong, in words; a pattern is no sentence."""
    if found["type"] == "string_pattern_mismatch" and found["ctx"]["pattern"] == DECIMAL:
        return 'A plain number, written as in "12.5".'
    return found["msg"].removeprefix("Value error, ")


def _key(actor: Actor, raw: bytes) -> RequestKey | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    owner = f"user:{actor.id}" if actor.id is not None else f"public:{request.remote_addr}"
    return RequestKey.of(owner, key, request.method.encode(), request.full_path.encode(), raw)


def _respond(endpoint: Endpoint, answer: Answer) -> Response:
    if answer.content is not None:
        response = Response(answer.content, endpoint.status, content_type=answer.media_type)
        response.headers.set("Content-Disposition", answer.disposition, filename=answer.file_name)
        return response
    response = Response(_json(answer.body), endpoint.status, content_type="application/json")
    if answer.location:
        response.headers["Location"] = f"/api/v1{answer.location}"
    return response


def _json(body: Any) -> str:
    def plain(value: Any) -> Any:
        return value.model_dump(mode="json", by_alias=True)

    return json.dumps(body, default=plain, ensure_ascii=False)


def _kept(response: Response) -> KeptAnswer:
    return KeptAnswer(
        response.status_code, response.get_data(as_text=True), response.headers.get("Location", "")
    )


def _replay(kept: KeptAnswer) -> Response:
    response = Response(kept.body, kept.status, content_type="application/json")
    response.headers["Idempotency-Replayed"] = "true"
    if kept.location:
        response.headers["Location"] = kept.location
    return response
