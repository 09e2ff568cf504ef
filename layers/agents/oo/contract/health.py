"""The answer of `GET /health`, in a module without the agents' bodies, which its function does not need."""

from oo.contract.fields import Body
from oo.validation.models import Field


class PrecomputeTargets(Body):
    """The queue for producers and the table of outputs; null if not configured."""

    queue_url: str | None = Field(description="The URL of `PrecomputeQueue`.")
    table: str | None = Field(description="The name of the table of outputs.")


class HealthResponse(Body):
    """Answer of `GET /health`."""

    ok: bool = Field(description="True: the function has started with usable settings.")
    agents: list[str] = Field(description="The agents' ids, in the order of the registry.")
    precompute: PrecomputeTargets
