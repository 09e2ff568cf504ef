"""The whole service's OpenAPI document: the functions' endpoints, and their bodies by pydantic."""

import json
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from oo.bootstrap import compute, feedback, generate, health, infer, recommend, registry
from oo.contract.fields import Body
from oo.contract.limits import MAX_BODY_BYTES, MAX_DEPTH
from oo.runtime.http_gateway import STATUS, Endpoint
from tools.documents import row_texts
from tools.documents.error_bodies import InvalidRequest, Problem

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "openapi.json"
TITLE = "oO tip service"
VERSION = "1.0.0"
DESCRIPTION = (
    "One tip at a time: the right task at the right moment. Bodies are JSON objects of at most "
    f"{MAX_BODY_BYTES:,} bytes, nested at most {MAX_DEPTH} levels deep, with finite numbers and valid Unicode; unknown "
    "fields are ignored. Every answer carries the header `x-trace-id`, which follows the caller's `traceparent` where "
    "it sent one.\n\n" + row_texts.render()
)

ENDPOINTS = tuple(module.ENDPOINT for module in (compute, feedback, generate, health, infer, recommend, registry))
REFERENCE = "#/components/schemas/{model}"

_KEYWORDS = (
    *("$ref", "anyOf", "items", "properties", "additionalProperties", "type", "enum", "const", "maximum", "minimum"),
    *("maxLength", "minLength", "pattern", "maxItems", "maxProperties", "required", "format", "title", "description"),
    *("default", "examples"),
)
"""The order of a schema's keywords in the document: its structure, its type, its limits, its texts."""

_DESCRIPTIONS = {
    HTTPStatus.BAD_REQUEST: "The function was called with an event that is no HTTP request.",
    HTTPStatus.FORBIDDEN: "The caller's token is another user's.",
    HTTPStatus.NOT_FOUND: "The agent does not exist.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is over the limit.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is compressed, or not JSON by its content type.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The body is not usable.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "An agent or this service failed.",
    HTTPStatus.BAD_GATEWAY: "The model's proxy answered with an error, or with nothing usable.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The model's proxy or a queue cannot be reached in time, or a setting is missing.",
}


def render() -> str:
    """The document as in the repository."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": VERSION, "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "paths": {endpoint.route.path: {endpoint.route.method.lower(): _operation(endpoint)} for endpoint in ENDPOINTS},
        "components": {"schemas": _schemas()},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _schemas() -> dict[str, Any]:
    """Every body by its name, those of one endpoint together."""
    schemas: dict[str, Any] = {}
    for endpoint in ENDPOINTS:
        requests = [] if endpoint.request_type is None else [endpoint.request_type, InvalidRequest]
        _, described = models_json_schema(
            [
                *((model, "validation") for model in requests),
                (endpoint.response_type, "serialization"),
                (Problem, "serialization"),
            ],
            ref_template=REFERENCE,
        )
        schemas |= {name: _in_reading_order(schema) for name, schema in sorted(described["$defs"].items())}
    return schemas


def _in_reading_order(schema: Any) -> Any:  # noqa: ANN401  # a schema, a list of schemas, true or false
    """The schema with its keywords in order, its bounds as JSON numbers, and without a null default."""
    if isinstance(schema, list):
        return [_in_reading_order(choice) for choice in schema]
    if not isinstance(schema, dict):
        return schema
    ordered = {keyword: schema[keyword] for keyword in sorted(schema, key=_KEYWORDS.index)}
    for keyword in ordered.keys() & {"anyOf", "items", "additionalProperties"}:
        ordered[keyword] = _in_reading_order(ordered[keyword])
    for bound in ordered.keys() & {"maximum", "minimum"}:
        ordered[bound] = float(ordered[bound])
    if "properties" in ordered:
        ordered["properties"] = {name: _in_reading_order(field) for name, field in ordered["properties"].items()}
    return {keyword: value for keyword, value in ordered.items() if keyword != "default" or value is not None}


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {"summary": endpoint.summary, "operationId": endpoint.route.name}
    parameters = re.findall(r"\{(\w+)\}", endpoint.route.path)
    if parameters:
        operation["parameters"] = [_path_parameter(name) for name in parameters]
    if endpoint.request_type is not None:
        operation["requestBody"] = {**_content(endpoint.request_type), "required": True}
    operation["responses"] = {
        str(endpoint.status.value): {"description": endpoint.status.phrase, **_content(endpoint.response_type)}
    } | {
        str(status.value): {
            "description": _DESCRIPTIONS[status],
            **_content(InvalidRequest if status is HTTPStatus.UNPROCESSABLE_ENTITY else Problem),
        }
        for status in _error_statuses(endpoint)
    }
    return operation


def _path_parameter(name: str) -> dict[str, Any]:
    title = name.replace("_", " ").title()
    return {"required": True, "schema": {"type": "string", "title": title}, "name": name, "in": "path"}


def _content(model: type[Body]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": REFERENCE.format(model=model.__name__)}}}}


def _error_statuses(endpoint: Endpoint) -> list[HTTPStatus]:
    """The error responses: a route with a body may return any status of the table."""
    statuses = {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE}
    if endpoint.request_type is not None:
        statuses |= set(STATUS.values()) - {HTTPStatus.METHOD_NOT_ALLOWED}
    return sorted(statuses)
