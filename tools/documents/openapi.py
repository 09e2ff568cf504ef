"""The whole service's OpenAPI document, merged from what Powertools makes of each function's endpoints."""

import importlib.util
import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, content_types
from aws_lambda_powertools.event_handler.openapi import OpenAPIMerge
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from oo.contract.limits import MAX_BODY_BYTES, MAX_DEPTH
from oo.contract.problems import InvalidRequest, Problem
from oo.contract.routes import Route
from oo.runtime.http_gateway import STATUS, HttpGateway

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "openapi.json"
TITLE = "oO tip service"
VERSION = "1.0.0"
DESCRIPTION = (
    "One tip at a time: the right task at the right moment. Bodies are JSON objects of at most "
    f"{MAX_BODY_BYTES:,} bytes, nested at most {MAX_DEPTH} levels deep, with finite numbers and valid Unicode; unknown "
    "fields are ignored. Every answer carries the header `x-trace-id`, which follows the caller's `traceparent` where "
    "it sent one."
)

_DESCRIPTIONS = {
    HTTPStatus.BAD_REQUEST: "The function was called with an event that is no HTTP request.",
    HTTPStatus.FORBIDDEN: "The caller's token is another user's.",
    HTTPStatus.NOT_FOUND: "The agent does not exist.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is over the limit.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is compressed, or not JSON by its content type.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The body is not usable.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "An agent or this service failed.",
    HTTPStatus.BAD_GATEWAY: "The model's proxy answered with an error, or with nothing usable.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The model's proxy cannot be reached in time, or a setting is missing.",
}


def render() -> str:
    """The document as it stands in the repository."""
    merge = OpenAPIMerge(title=TITLE, version=VERSION, description=DESCRIPTION, on_conflict="error")
    for entry in sorted(ROOT.glob("functions/*/app.py")):
        merge.add_schema(_schema(load_gateway(entry)))
    return json.dumps(_without_stock_errors(merge.get_openapi_schema()), indent=2, ensure_ascii=False) + "\n"


def load_gateway(entry: Path) -> HttpGateway:
    """The gateway of one function's entry module."""
    spec = importlib.util.spec_from_file_location(f"{entry.parent.name}_app", entry)
    if spec is None or spec.loader is None:
        raise ImportError(str(entry))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    gateway = module.gateway
    if not isinstance(gateway, HttpGateway):
        raise TypeError(f"{entry} names no gateway")
    return gateway


def _schema(gateway: HttpGateway) -> dict[str, Any]:
    resolver = APIGatewayHttpResolver(enable_validation=True)
    for route, operation, _ in gateway.endpoints:
        resolver.route(
            route.path.replace("{", "<").replace("}", ">"),
            route.method,
            operation_id=route.name,
            summary=operation.__doc__,
            responses=_answers(route),
        )(operation)
    schema: dict[str, Any] = json.loads(resolver.get_openapi_json_schema(title=TITLE, version=VERSION))
    return schema


def _answers(route: Route) -> dict[int, OpenAPIResponse]:
    """A route's answers: one that takes a body may answer with any status of the table."""
    statuses = {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE}
    if route.method == "POST":
        statuses |= set(STATUS.values()) - {HTTPStatus.METHOD_NOT_ALLOWED}
    answered: OpenAPIResponse = {"description": HTTPStatus.OK.phrase}  # without content: the operation's own answer
    return {HTTPStatus.OK.value: answered} | {
        status.value: {
            "description": _DESCRIPTIONS[status],
            "content": {
                content_types.APPLICATION_JSON: {
                    "model": InvalidRequest if status is HTTPStatus.UNPROCESSABLE_ENTITY else Problem
                }
            },
        }
        for status in sorted(statuses)
    }


def _without_stock_errors(document: dict[str, Any]) -> dict[str, Any]:
    """Powertools describes errors of its own shape, also for routes without a body; the gateway answers with none."""
    for operations in document["paths"].values():
        for operation in operations.values():
            if "HTTPValidationError" in json.dumps(operation["responses"].get("422")):
                del operation["responses"]["422"]
            operation["responses"] = dict(sorted(operation["responses"].items()))
    for name in ("HTTPValidationError", "ResponseValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    return document
