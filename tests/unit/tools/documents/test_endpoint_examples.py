"""The OpenAPI document's example of each endpoint, sent to the endpoint."""

import json
from typing import Any

import pytest

from oo.contract.routes import GENERATE, RECOMMEND, REGISTRY, ROUTES, Route
from testing.documented import OPENAPI, assert_documented
from testing.served_endpoints import ServedEndpoints
from tools.documents.endpoint_examples import SERVE_ID, TRACE_ID

TRACEPARENT = f"00-{TRACE_ID}-00f067aa0ba902b7-01"
SETTINGS = {
    "PRECOMPUTE_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/123456789012/tips-PrecomputeQueue",
    "AGENT_OUTPUTS_TABLE": "tips-AgentOutputs",
}


def operation(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = OPENAPI["paths"][route.path][route.method.lower()]
    return found


def example(message: dict[str, Any]) -> Any:
    return message["content"]["application/json"]["example"]


def path_of(route: Route) -> str:
    """The path with the examples of its parameters."""
    parameters = {each["name"]: each["example"] for each in operation(route).get("parameters", [])}
    return route.path.format(**parameters)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_the_example_request_has_the_example_answer(route: Route) -> None:
    """They are equal word for word, except for the new id of each answer; the registry's example has one manifest."""
    documented = operation(route)
    sent = example(documented["requestBody"]) if "requestBody" in documented else None
    status = min(documented["responses"])
    expected = example(documented["responses"][status])

    given = ServedEndpoints(settings=SETTINGS).ask(
        route, path_of(route), None if sent is None else json.dumps(sent), traceparent=TRACEPARENT
    )
    body = json.loads(given["body"])
    if route in (RECOMMEND, GENERATE):
        (body["receipt"] if route is RECOMMEND else body)["serve_id"] = SERVE_ID
    if route is REGISTRY:
        body["agents"] = body["agents"][:1]

    assert expected == body
    assert (status, TRACE_ID) == (str(given["statusCode"]), given["headers"]["x-trace-id"])
    assert_documented(route.method, path_of(route), given["statusCode"], body, given["headers"])
