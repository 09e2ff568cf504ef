"""Bodies of the endpoints that are about single agents."""

from typing import Any

from pydantic import Field

from oo.contract.fields import (
    Body,
    FeedbackHistory,
    NowIso,
    OptionalTimeZone,
    Preferences,
    Profile,
    TaskCompletions,
    Tasks,
    Timestamp,
    UserId,
)


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


class ComputeRequest(Body):
    """What one agent may know about one user."""

    user_id: UserId
    tasks: Tasks = []
    profile: Profile = {}
    feedback_history: FeedbackHistory = []
    now_iso: NowIso = None
    agent_prefs: Preferences = {}
    timezone: OptionalTimeZone = None
    task_completions: TaskCompletions = []


class ComputeResponse(Body):
    """One agent's snippet: a sentence that holds until `expires_at`, or an empty text."""

    user_id: str
    agent_id: str
    prompt_text: str
    signals_snapshot: dict[str, Any]
    computed_at: Timestamp
    expires_at: Timestamp
    agent_version: str


class InferRequest(Body):
    """The history that an agent's preferences are learned from."""

    user_id: UserId
    feedback_history: FeedbackHistory = []
    task_completions: TaskCompletions = []
    now_iso: NowIso = None
    timezone: OptionalTimeZone = None


class InferResponse(Body):
    """What the evidence supports: a key is left out where it is thin."""

    user_id: str
    agent_id: str
    inferred_prefs: dict[str, Any]
