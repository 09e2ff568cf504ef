"""Compose `POST /agents/{agent_id}/infer`."""

import os

from oo.bootstrap.start import begin, ready

begin()

from oo.agent_runs import AgentRuns
from oo.bootstrap import telemetry
from oo.bootstrap.settings import Config
from oo.contract.agents import InferRequest, InferResponse
from oo.contract.routes import INFER
from oo.runtime.http_gateway import Endpoint, HttpGateway
from oo.runtime.refusal import Refusal
from oo.telemetry.instrumentation import Handler, Shim

ENDPOINT = Endpoint(
    INFER,
    InferRequest,
    InferResponse,
    "Learn one agent's preferences from one user's history, as far as the evidence carries.",
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
        Refusal(config.zone_problem) if config.zone_problem else runs.infer,
        llm_budget_s=config.settings.llm_budget_s,
        user_claim=config.caller_settings.jwt_user_claim,
        default_zone=config.default_zone,
    )
