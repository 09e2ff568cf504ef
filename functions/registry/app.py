"""GET /agents/registry."""

from oo import bootstrap
from oo.contract import routes
from oo.contract.agents import RegistryResponse

gateway = bootstrap.gateway()
list_manifests = bootstrap.registry()


@gateway.route(routes.REGISTRY)
def registry() -> RegistryResponse:
    """List the agents' manifests: what each says, reads, can be told and learns."""
    return list_manifests()


handler = gateway.handler
