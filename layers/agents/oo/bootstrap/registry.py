"""Compose `GET /agents/registry`."""

import os

from oo.bootstrap.start import begin, ready

begin()

from oo.agents.registry import all_manifests
from oo.bootstrap import telemetry
from oo.bootstrap.settings import Config
from oo.contract.agents import RegistryResponse
from oo.contract.routes import REGISTRY
from oo.request_context import RequestContext
from oo.runtime.http_gateway import Endpoint, HttpGateway
from oo.telemetry.instrumentation import Handler, Shim

ENDPOINT = Endpoint(
    REGISTRY, None, RegistryResponse, "List the agents' manifests: what each says, reads, can be told and learns."
)


def handler() -> Handler:
    """The function's handler, configured by the environment."""
    config = Config.read(os.environ)
    return ready(compose(config, telemetry.make_shim(os.environ, config)).handler)


def compose(config: Config, shim: Shim) -> HttpGateway:
    """The function's HTTP handler; it needs no setting."""
    response = RegistryResponse(agents=[manifest.to_dict() for manifest in all_manifests()])

    def list_manifests(_request: None, _context: RequestContext) -> RegistryResponse:
        return response

    return HttpGateway(shim, ENDPOINT, list_manifests, llm_budget_s=config.settings.llm_budget_s)
