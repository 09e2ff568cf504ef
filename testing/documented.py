"""Answers compared with the OpenAPI document: each has a listed status, its headers and its shape."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from oo.contract.routes import ROUTES
from tools.documents.openapi import DOCUMENT

OPENAPI: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
UNROUTED = {(404, "not_found"), (405, "method_not_allowed")}
"""The answers to requests for no route, which no document of routes can hold."""


@cache
def validator(method: str, path: str, status: int) -> Draft202012Validator:
    """The document's schema of an answer; KeyError for a status that it does not list."""
    response = OPENAPI["paths"][path][method.lower()]["responses"][str(status)]
    return Draft202012Validator(
        response["content"]["application/json"]["schema"] | {"components": OPENAPI["components"]}
    )


def assert_documented(method: str, path: str, status: int, body: Any, headers: Mapping[str, str]) -> None:
    """Fail for an answer of the service that the document does not have."""
    route = next((route for route in ROUTES if route.method == method and route.parameters(path) is not None), None)
    if route is None:
        assert (status, body["code"]) in UNROUTED
        return
    validator(method, route.path, status).validate(body)
    listed = OPENAPI["paths"][route.path][method.lower()]["responses"][str(status)]["headers"]
    given = {name.lower() for name in headers}
    assert "x-trace-id" in given
    assert "retry-after" not in given or "Retry-After" in listed
