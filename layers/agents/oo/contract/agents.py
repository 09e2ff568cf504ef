"""Bodies of the endpoints that are about single agents."""

from collections.abc import Callable
from typing import Any, ClassVar

from pydantic import ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from oo.contract.agent_output import AgentOutput
from oo.contract.fields import Body, Preferences, Profile
from oo.contract.leniency import OptionalReading
from oo.contract.snapshot import Snapshot


class RegistryResponse(Body):
    """Answer of `GET /agents/registry`."""

    agents: list[dict[str, Any]] = Field(description="One manifest an agent, in the order of the registry.")


def _published(*names: str) -> Callable[[dict[str, Any]], None]:
    """Keep the order of the released document: generators make positional parameters of it."""

    def in_order(schema: dict[str, Any]) -> None:
        schema["properties"] = {name: schema["properties"][name] for name in names}

    return in_order


class ComputeRequest(Snapshot):
    """One user's data, as far as an agent may know them."""

    model_config = ConfigDict(
        json_schema_extra=_published(
            "user_id",
            "tasks",
            "profile",
            "feedback_history",
            "now_iso",
            "agent_prefs",
            "timezone",
            "task_completions",
            "priority_scale",
        )
    )

    agent_prefs: Preferences = {}


class ComputeResponse(AgentOutput):
    """One agent's snippet: a sentence that holds until `expires_at`, or an empty text."""

    reading: OptionalReading


class InferRequest(Snapshot):
    """The history that an agent's preferences are learned from."""

    NOT_READ: ClassVar[frozenset[str]] = frozenset({"profile"})
    model_config = ConfigDict(
        json_schema_extra=_published(
            "user_id", "feedback_history", "task_completions", "now_iso", "timezone", "tasks", "priority_scale"
        )
    )

    profile: SkipJsonSchema[Profile] = {}


class InferResponse(Body):
    """Preferences that the evidence supports: a key is left out where the evidence is thin."""

    user_id: str
    agent_id: str
    inferred_prefs: dict[str, Any]
    reading: OptionalReading
