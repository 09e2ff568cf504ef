"""Compose `GET /health`."""

import os

from oo.bootstrap.start import begin, ready

begin()

from oo.bootstrap import telemetry
from oo.bootstrap.settings import Config, Settings
from oo.contract.agent_versions import VERSIONS
from oo.contract.health import HealthResponse, PrecomputeTargets
from oo.contract.routes import HEALTH
from oo.errors import ConfigError
from oo.request_context import RequestContext
from oo.runtime.http_gateway import Endpoint, HttpGateway, Operation
from oo.runtime.refusal import Refusal
from oo.telemetry.instrumentation import Handler, Shim

ENDPOINT = Endpoint(
    HEALTH, None, HealthResponse, "Say that the service is up, which agents it has and where precompute is configured."
)


def handler() -> Handler:
    """The function's handler, configured by the environment."""
    config = Config.read(os.environ)
    return ready(compose(config, telemetry.make_shim(os.environ, config)).handler)


def compose(config: Config, shim: Shim) -> HttpGateway:
    """The function's HTTP handler."""
    try:
        operation = _operation(config.usable_settings())
    except ConfigError as problem:
        operation = Refusal(problem)
    return HttpGateway(shim, ENDPOINT, operation, llm_budget_s=config.settings.llm_budget_s)


def _operation(settings: Settings) -> Operation:
    targets = PrecomputeTargets(
        queue_url=settings.precompute_queue_url or None, table=settings.agent_outputs_table or None
    )
    response = HealthResponse(ok=True, agents=list(VERSIONS), precompute=targets)

    def report_health(_request: None, _context: RequestContext) -> HealthResponse:
        return response

    return report_health
