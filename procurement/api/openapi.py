"""The OpenAPI 3.1 text, made from what the endpoints declare, and the page to read and try it."""

import functools
import re
from pathlib import Path
from typing import Any

import flask_swagger_ui
from flask import Response, render_template, send_from_directory
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from procurement.api.endpoint import REGISTRY, Endpoint
from procurement.web.doors import Audience, Door

bp = Door("api_docs", __name__, audience=Audience.PUBLIC, url_prefix="/api/v1")

Models = dict[tuple[Any, str], Any]  # (model, mode) -> where its schema is

_SWAGGER_UI = Path(flask_swagger_ui.__file__).parent / "dist"

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_REFUSALS = {
    "400": "Malformed",
    "401": "No or bad token",
    "403": "Known, but not permitted",
    "404": "Absent, or somebody else's",
    "409": "State, duplicate code, insufficient stock, stale version",
    "413": "Too large",
    "415": "Not JSON",
    "422": "A bad value; `errors` names the field",
    "429": "Too often",
    "503": "Busy; Retry-After says when to come back",
}


@bp.get("/openapi.json")
def document() -> dict[str, Any]:
    return openapi()


@bp.get("/docs")
def docs() -> str:
    return render_template("api/docs.html")


@bp.get("/docs/<any('swagger-ui.css', 'swagger-ui-bundle.js'):name>")
def docs_file(name: str) -> Response:
    """Swagger UI's own files, as the flask-swagger-ui package ships them."""
    return send_from_directory(_SWAGGER_UI, name, max_age=86_400)


@functools.cache
def openapi() -> dict[str, Any]:
    models, schemas = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in sorted(REGISTRY, key=lambda e: (e.rule, e.method)):
        rule = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", endpoint.rule)
        paths.setdefault(rule, {})[endpoint.method.lower()] = _operation(endpoint, models)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Stillroom", "version": "1"},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas() -> tuple[Models, dict[str, Any]]:
    wanted: dict[tuple[type[BaseModel], Any], None] = {}
    for endpoint in REGISTRY:
        if endpoint.takes:
            wanted[endpoint.takes, "validation"] = None
        if endpoint.gives:
            wanted[endpoint.gives, "serialization"] = None
    models, definitions = models_json_schema(
        list(wanted), ref_template="#/components/schemas/{model}"
    )
    return {
        (model, str(mode)): schema for (model, mode), schema in models.items()
    }, definitions.get("$defs", {})


def _operation(endpoint: Endpoint, models: Models) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "tags": [endpoint.rule.split("/")[1]],
        "parameters": _parameters(endpoint),
        "responses": {str(endpoint.status): _success(endpoint, models)}
        | {
            status: {
                "description": text,
                "content": {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                },
            }
            for status, text in _REFUSALS.items()
        },
    }
    if endpoint.takes:
        schema = models[endpoint.takes, "validation"]
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    if endpoint.public:
        operation["security"] = [{}, {"token": []}]
    return operation


def _success(endpoint: Endpoint, models: Models) -> dict[str, Any]:
    if endpoint.media_type != "application/json":
        binary = {"schema": {"type": "string", "format": "binary"}}
        return {"description": "The document", "content": {endpoint.media_type: binary}}
    schema: dict[str, Any] = models[endpoint.gives, "serialization"] if endpoint.gives else {}
    if endpoint.many:
        schema = {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
                "items": {"type": "array", "items": schema},
                "next": {"type": ["string", "null"]},
            },
        }
    return {"description": "Done", "content": {"application/json": {"schema": schema}}}


def _parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"<(?:\w+:)?(\w+)>", endpoint.rule)
    ]
    if endpoint.query:
        properties = endpoint.query.model_json_schema()["properties"]
        found += [
            {"name": name, "in": "query", "schema": schema} for name, schema in properties.items()
        ]
    if endpoint.method != "GET" and not endpoint.reads:
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200},
                "description": "The same key and body again gives the same answer and one effect.",
            }
        )
    return found
