"""Bodies of the endpoints of single agents."""

from collections.abc import Callable
from typing import Any, ClassVar

from oo.contract.agent_output import AgentOutput
from oo.contract.fields import Body, Preferences, Profile
from oo.contract.leniency import OptionalReading
from oo.contract.snapshot import Snapshot
from oo.validation.models import ConfigDict, Field, SkipJsonSchema


class RegistryResponse(Body):
    """Answer of `GET /agents/registry`."""

    agents: list[dict[str, Any]] = Field(description="One manifest per agent, in the order of the registry.")


def _published(*names: str) -> Callable[[dict[str, Any]], None]:
    """Keep the order of the released document: code generators turn it into positional parameters."""

    def in_order(schema: dict[str, Any]) -> None:
        schema["properties"] = {name: schema["properties"][name] for name in names}

    return in_order


class ComputeRequest(Snapshot):
    """One user's data for one agent."""

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
    """One agent's snippet: a sentence that is valid until `expires_at`, or an empty text."""

    reading: OptionalReading


class InferRequest(Snapshot):
    """The history from which an agent's preferences are inferred."""

    NOT_READ: ClassVar[frozenset[str]] = frozenset({"profile"})
    model_config = ConfigDict(
        json_schema_extra=_published(
            "user_id", "feedback_history", "task_completions", "now_iso", "timezone", "tasks", "priority_scale"
        )
    )

    profile: SkipJsonSchema[Profile] = {}


class InferResponse(Body):
    """Preferences that the evidence supports; a key without enough evidence is left out."""

    user_id: str = Field(description="The user of the request.")
    agent_id: str = Field(description="The agent of the path.")
    inferred_prefs: dict[str, Any] = Field(
        description="Store it as inferred, and never over a value that the user set. Empty: nothing was learned."
    )
    reading: OptionalReading
