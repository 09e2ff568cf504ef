"""POST /agents/{agent_id}/compute."""

from oo import bootstrap
from oo.contract import routes
from oo.contract.agent_output import ComputeResponse
from oo.contract.agents import ComputeRequest

gateway = bootstrap.gateway()
agent_runs = bootstrap.agent_runs(gateway)


@gateway.route(routes.COMPUTE)
def compute(agent_id: str, request: ComputeRequest) -> ComputeResponse:
    """Run one agent for one user and return its prompt snippet; nothing is stored."""
    return agent_runs.compute(agent_id, request, gateway.call())


handler = gateway.handler
