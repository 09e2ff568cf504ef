"""Compose `POST /agents/{agent_id}/compute`."""

import os

from oo.bootstrap.start import begin, ready

begin()

from oo.agent_runs import AgentRuns
from oo.bootstrap import telemetry
from oo.bootstrap.settings import Config
from oo.contract.agents import ComputeRequest, ComputeResponse
from oo.contract.routes import COMPUTE
from oo.runtime.http_gateway import Endpoint, HttpGateway
from oo.runtime.refusal import Refusal
from oo.telemetry.instrumentation import Handler, Shim

ENDPOINT = Endpoint(
    COMPUTE,
    ComputeRequest,
    ComputeResponse,
    "Run one agent for one user and return its prompt snippet; nothing is stored.",
)


def handler() -> Handler:
    """The function's handler, configured by the environment."""
    config = Config.read(os.environ)
    return ready(compose(config, telemetry.make_shim(os.environ, config)).handler)


def compose(config: Config, shim: Shim) -> HttpGateway:
    """The function's HTTP handler; the only setting it needs is the users' default zone."""
    runs = AgentRuns(shim.logger, shim.metrics)
    return HttpGateway(
        shim,
        ENDPOINT,
        Refusal(config.zone_problem) if config.zone_problem else runs.compute,
        llm_budget_s=config.settings.llm_budget_s,
        user_claim=config.caller_settings.jwt_user_claim,
        default_zone=config.default_zone,
    )
