"""The whole service's OpenAPI document: the functions' endpoints, and their bodies by pydantic."""

import json
from pathlib import Path
from typing import Any

from oo.bootstrap import compute, feedback, generate, health, infer, recommend, registry
from oo.contract.fields import Body
from oo.contract.limits import MAX_BODY_BYTES, MAX_DEPTH
from oo.runtime.http_gateway import Endpoint
from tools.contract.released import version
from tools.documents import row_texts
from tools.documents.endpoint_examples import Example, examples
from tools.documents.endpoint_texts import PARAMETERS, SECURITY, TAGS, TEXTS
from tools.documents.error_bodies import GatewayMessage, InvalidRequest
from tools.documents.error_codes import model_codes
from tools.documents.error_responses import HEADERS, TRACE_HEADER, ErrorResponses, listed
from tools.documents.schemas import Schema, schemas_of
from tools.prompts.released_versions import FOR_CANDIDATES, FOR_TIPS

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "openapi.json"
TITLE = "oO tip service"
DESCRIPTION = (
    "One tip at a time: the right task at the right moment. Bodies are JSON objects of at most "
    f"{MAX_BODY_BYTES:,} bytes, nested at most {MAX_DEPTH} levels deep, with finite numbers and valid Unicode; unknown "
    "fields are ignored. A field that may be null is optional: null means the same as leaving it out. Every answer of "
    "the service carries the header `x-trace-id`, which follows the caller's `traceparent` if it sent one. Errors "
    "have a `code`; docs/errors.md says of each what to do. An unknown path is a 404 `not_found`, another method a 405 "
    "`method_not_allowed` with the header `Allow`.\n\n" + row_texts.render()
)
LICENSE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}

ENDPOINTS = tuple(module.ENDPOINT for module in (recommend, feedback, generate, registry, compute, infer, health))
REFERENCE = "#/components/schemas/{model}"

_ERRORS = ErrorResponses(ENDPOINTS, REFERENCE)


def render() -> str:
    """The document as in the repository."""
    sent = examples()
    paths = {
        endpoint.route.path: {endpoint.route.method.lower(): _operation(endpoint, sent[endpoint.route])}
        for endpoint in ENDPOINTS
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": version(ROOT), "description": DESCRIPTION, "license": LICENSE},
        "servers": [{"url": "/", "description": "The stack's own address, the output `ApiUrl`."}],
        "security": [{name: []} for name in SECURITY],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {"schemas": _schemas(), "headers": HEADERS, "securitySchemes": SECURITY},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _schemas() -> dict[str, Schema]:
    """Every body by its name, those of one endpoint together, then those of errors."""
    schemas: dict[str, Schema] = {}
    for endpoint in ENDPOINTS:
        if endpoint.request_type is not None:
            schemas |= schemas_of([(endpoint.request_type, "validation")], REFERENCE)
        schemas |= schemas_of([(endpoint.response_type, "serialization")], REFERENCE)
    schemas |= schemas_of([(InvalidRequest, "serialization"), (GatewayMessage, "serialization")], REFERENCE)
    _name_known_values(schemas)
    return schemas | _ERRORS.schemas()


def _name_known_values(schemas: dict[str, Schema]) -> None:
    """Values of texts that other parts of the service list."""
    for model, versions in {"RecommendRequest": FOR_TIPS, "GenerateRequest": FOR_CANDIDATES}.items():
        field = schemas[model]["properties"]["prompt_version"]
        field["description"] += f" Released: {', '.join(f'`{name}`' for name in versions)}."
        field["examples"] = [versions[-1]]
    reason = schemas["Receipt"]["properties"]["degraded_reason"]
    reason["anyOf"] = [{"type": "string", "enum": model_codes()}, {"type": "null"}]
    reason["description"] += f"\n\n{listed(model_codes())}"


def _operation(endpoint: Endpoint, example: Example) -> dict[str, Any]:
    tag, description = TEXTS[endpoint.route]
    operation: dict[str, Any] = {
        "tags": [tag],
        "summary": endpoint.summary,
        "description": description,
        "operationId": endpoint.route.name,
    }
    parameters = endpoint.route.parameters(example.path) or {}
    if parameters:
        operation["parameters"] = [_path_parameter(name, value) for name, value in parameters.items()]
    if endpoint.request_type is not None:
        operation["requestBody"] = {**_content(endpoint.request_type, example.request), "required": True}
    good = {
        "description": endpoint.status.phrase,
        "headers": TRACE_HEADER,
        **_content(endpoint.response_type, example.answer),
    }
    errors = {str(status.value): answer for status, answer in _ERRORS.of(endpoint).items()}
    operation["responses"] = {str(endpoint.status.value): good} | errors
    return operation


def _path_parameter(name: str, example: str) -> dict[str, Any]:
    return {
        "required": True,
        "schema": {"type": "string", "title": name.replace("_", " ").title()},
        "name": name,
        "in": "path",
        "description": PARAMETERS[name],
        "example": example,
    }


def _content(model: type[Body], example: object) -> dict[str, Any]:
    reference = {"$ref": REFERENCE.format(model=model.__name__)}
    return {"content": {"application/json": {"schema": reference, "example": example}}}
