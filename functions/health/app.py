"""GET /health, and the answer to every path and verb that the service does not have."""

from oo import bootstrap
from oo.contract import routes
from oo.contract.agents import HealthResponse

gateway = bootstrap.gateway()
report_health = bootstrap.health()


@gateway.route(routes.HEALTH)
def health() -> HealthResponse:
    """Say that the service is up, which agents it has and where precompute is configured."""
    return report_health()


handler = gateway.handler
