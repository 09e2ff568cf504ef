"""Bodies of the endpoints that are about single agents."""

from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from oo.contract.fields import Body, Preferences
from oo.contract.snapshot import Snapshot


class PrecomputeTargets(Body):
    """Where a producer finds the queue and where outputs are kept; null where none is configured."""

    queue_url: str | None
    table: str | None


class HealthResponse(Body):
    """Answer of `GET /health`."""

    ok: bool
    agents: list[str] = Field(description="The agents' ids, in the order of the registry.")
    precompute: PrecomputeTargets


class RegistryResponse(Body):
    """Answer of `GET /agents/registry`."""

    agents: list[dict[str, Any]] = Field(description="One manifest an agent, in the order of the registry.")


_PUBLISHED = (
    "user_id",
    "tasks",
    "profile",
    "feedback_history",
    "now_iso",
    "agent_prefs",
    "timezone",
    "task_completions",
)


def _in_published_order(schema: dict[str, Any]) -> None:
    """Keep the order of the released document: generators make positional parameters of it."""
    schema["properties"] = {name: schema["properties"][name] for name in _PUBLISHED}


class ComputeRequest(Snapshot):
    """What one agent may know about one user."""

    model_config = ConfigDict(json_schema_extra=_in_published_order)

    agent_prefs: Preferences = {}


class InferRequest(Snapshot):
    """The history that an agent's preferences are learned from."""

    # Nothing is learned from these two: a body may hold anything under their names, like under unknown ones.
    tasks: SkipJsonSchema[Annotated[list[dict[str, Any]], BeforeValidator(lambda _: [])]] = []
    profile: SkipJsonSchema[Annotated[dict[str, float | None], BeforeValidator(lambda _: {})]] = {}


class InferResponse(Body):
    """What the evidence supports: a key is left out where it is thin."""

    user_id: str
    agent_id: str
    inferred_prefs: dict[str, Any]
