"""Short ways to build a snapshot and to run an agent on it."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from oo.agent_kit.agent import Agent
from oo.agent_kit.manifest import Manifest, Requires
from oo.agent_kit.user_view import UserView, view_at
from oo.agents.registry import get_agent
from oo.contract.agent_output import AgentOutput
from oo.contract.agents import ComputeRequest
from oo.inference.estimate import Estimator
from oo.inference.estimators import ESTIMATORS
from oo.inference.run import run_inference
from oo.precompute.projection import Projection
from oo.snapshot.clock import Clock
from oo.snapshot.clock import clock_at as clock_in
from oo.snapshot.user_rows import Decided

# A Wednesday morning in Berlin, at +02:00.
NOW = datetime(2026, 6, 17, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
NO_PARTS: Mapping[str, Any] = {"tasks": [], "profile": {}, "feedback_history": [], "task_completions": []}
"""The fields that are left out of a job if its agent requires none of them."""


def snapshot(
    *tasks: object,
    now: datetime = NOW,
    user_id: str = "user-1",
    prefs: Mapping[str, object] | None = None,
    completions: Sequence[object] = (),
    feedback: Sequence[object] = (),
) -> ComputeRequest:
    """A snapshot of these tasks; nothing is validated, so that rows may hold anything."""
    fields: dict[str, Any] = {
        "user_id": user_id,
        "tasks": list(tasks),
        "feedback_history": list(feedback),
        "task_completions": list(completions),
        "now_iso": now,
        "agent_prefs": prefs or {},
    }
    return ComputeRequest.model_construct(**fields)


def changed(request: ComputeRequest, **fields: object) -> ComputeRequest:
    """The snapshot with any values in some fields, unvalidated."""
    return request.model_copy(update=fields)


def part_for_job(whole: ComputeRequest, requires: Requires, decided: Decided) -> ComputeRequest:
    """The part of a snapshot in an agent's job, as parsed by the job's reader."""
    fields = Projection(whole, decided).fields(requires)
    found = {name: json.loads(text) for name, text in fields.items()}
    return changed(whole, **{**NO_PARTS, **found, "now_iso": whole.now_iso})


def moment_of(request: ComputeRequest) -> datetime:
    """The time of a built snapshot."""
    return request.now_iso or NOW


def user_view(request: ComputeRequest, manifest: Manifest) -> UserView:
    """The view of a snapshot for the agent of a manifest."""
    return view_at(request, moment_of(request)).for_agent(manifest, request.agent_prefs)


def compute(agent: Agent, request: ComputeRequest) -> AgentOutput:
    """An agent's output for a snapshot."""
    return agent.compute(user_view(request, agent.manifest))


def ask(agent_id: str, request: ComputeRequest) -> AgentOutput:
    """A registered agent's output for a snapshot."""
    return compute(get_agent(agent_id), request)


def learn(
    manifest: Manifest, request: ComputeRequest, estimators: Mapping[str, Estimator] = ESTIMATORS
) -> dict[str, object]:
    """The parameters that a snapshot supports."""
    return run_inference(manifest, view_at(request, moment_of(request)), estimators=estimators)


def iso(moment: datetime) -> str:
    """The moment as text in UTC."""
    return moment.astimezone(UTC).isoformat()


def clock_at(now: datetime = NOW) -> Clock:
    """The clock in Berlin at a moment."""
    return clock_in(now, NOW.tzinfo)
