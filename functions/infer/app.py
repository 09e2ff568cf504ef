"""POST /agents/{agent_id}/infer."""

from oo import bootstrap
from oo.contract import routes
from oo.contract.agents import InferRequest, InferResponse

gateway = bootstrap.gateway()
agent_runs = bootstrap.agent_runs(gateway)


@gateway.route(routes.INFER)
def infer(agent_id: str, request: InferRequest) -> InferResponse:
    """Learn one agent's preferences from one user's history, as far as the evidence carries."""
    return agent_runs.infer(agent_id, request, gateway.call())


handler = gateway.handler
