from typing import Any

from oo.contract.agents import ComputeRequest
from oo.contract.routes import COMPUTE
from oo.request_context import RequestContext
from testing.http_events import http_event
from tests.unit.runtime.test_http_gateway import Echo, answering, call, post, recommending


def test_the_gateways_own_route_counts() -> None:
    """A stage before the path changes nothing; a request that came by `$default` is known by its path alone."""
    event = post({"user_id": "u"}) | {"rawPath": "/prod/recommend", "routeKey": "POST /recommend"}

    assert call(recommending(), event)[0] == 200
    assert call(recommending(), event | {"routeKey": "$default"})[0] == 404
    assert call(recommending(), event | {"routeKey": "$default", "rawPath": "/recommend"})[0] == 200
    assert call(recommending(), event | {"routeKey": "POST /generate"})[0] == 404


def test_the_gateways_own_parameters_count() -> None:
    """They are decoded, where the path need not be; without them the path is read."""

    def compute(_request: ComputeRequest, _context: RequestContext, agent_id: str) -> Echo:
        return Echo(user_id=agent_id)

    gateway = answering(compute, route=COMPUTE)
    event = http_event("POST", "/agents/quick%2Dwin/compute", {"user_id": "u"})
    event["routeKey"] = "POST /agents/{agent_id}/compute"
    decoded, as_sent = "quick-win", "quick%2Dwin"
    unusable: list[Any] = [None, [], {"agent_id": ["x"]}, {"agent_id": ""}, {"agent_id": "../x"}, {"other": "x"}]
    for parameters in unusable:
        assert call(gateway, event | {"pathParameters": parameters})[1]["user_id"] == as_sent, parameters
    assert call(gateway, event | {"pathParameters": {"agent_id": decoded}})[1]["user_id"] == decoded
