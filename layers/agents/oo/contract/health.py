"""The answer of `GET /health`, apart from the bodies about agents, which its function does not need."""

from pydantic import Field

from oo.contract.fields import Body


class PrecomputeTargets(Body):
    """Where a producer finds the queue and where outputs are kept; null where none is configured."""

    queue_url: str | None
    table: str | None


class HealthResponse(Body):
    """Answer of `GET /health`."""

    ok: bool
    agents: list[str] = Field(description="The agents' ids, in the order of the registry.")
    precompute: PrecomputeTargets
