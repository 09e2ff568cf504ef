"""GET /agents/registry: the agents' manifests."""

from oo.bootstrap import registry

handler = registry.handler()
