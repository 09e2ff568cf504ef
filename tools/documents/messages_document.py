"""docs/messages.json: a JSON Schema of the messages of all three queues, with examples."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oo.contract.feedback import FeedbackMessage
from oo.contract.fields import Body
from oo.contract.queues import ComputeJob, PrecomputeMessage
from oo.precompute.job_queue import LARGEST_BYTES
from tools.documents.schemas import Schema, schemas_of

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "messages.json"
REFERENCE = "#/$defs/{model}"

_ABOUT = (
    "The bodies of the service's queue messages, by queue. A body is a JSON object in UTF-8 of at most "
    f"{LARGEST_BYTES:,} bytes; unknown fields are ignored, and a field that may be null is optional. A producer writes "
    "to `PrecomputeQueue` only; the service writes to the other two itself, and their messages are shown so that they "
    "can be read among dead letters."
)
_QUEUES: Mapping[str, tuple[type[Body], str]] = {
    "PrecomputeQueue": (
        PrecomputeMessage,
        "Written by producers. The message attribute `traceparent` (String) may carry a W3C trace context.",
    ),
    "ComputeQueue": (
        ComputeJob,
        "Written by the fan-out: one job per agent, with the data that its manifest requires.",
    ),
    "FeedbackQueue": (FeedbackMessage, "Written by `POST /feedback`."),
}
_VERSION = (
    "Milliseconds since 1970 at which the producer took the snapshot, from 2000-01-01 to a day from now: an older "
    "snapshot never replaces the result of a newer one. Absent or null: the message's own `SentTimestamp`."
)
_TASKS = [
    {"id": "t-101", "title": "Send the report to Mara", "due_at": "2026-03-13T17:00:00+01:00", "priority": 4},
    {"id": "t-102", "title": "Call the dentist", "estimate_minutes": 5},
]
_TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
_EXAMPLES: dict[str, list[dict[str, Any]]] = {
    "PrecomputeMessage": [
        {"user_id": "user-7", "tasks": _TASKS},
        {
            "user_id": "user-7",
            "tasks": _TASKS,
            "task_completions": [{"task_id": "t-99", "completed_at": "2026-03-11T09:10:00+01:00"}],
            "profile": {"on_time_rate_28d": 0.8},
            "feedback_history": [{"action": "done", "created_at": "2026-03-11T08:56:00+01:00", "tip_id": "tip-2"}],
            "timezone": "Europe/Berlin",
            "agent_prefs": {"peak-hours": {"enabled": False}},
            "agent_ids": ["deadline-pressure", "quick-win"],
            "snapshot_version": 1773304200000,
        },
    ],
    "ComputeJob": [
        {
            "user_id": "user-7",
            "tasks": _TASKS,
            "timezone": "Europe/Berlin",
            "agent_id": "deadline-pressure",
            "agent_version": "1.2.0",
            "snapshot_version": 1773304200000,
            "trace_id": _TRACE_ID,
        },
        {
            "user_id": "user-7",
            "agent_id": "stale-task",
            "agent_version": "1.2.0",
            "snapshot_version": 1773304200000,
            "withdraw": True,
            "trace_id": _TRACE_ID,
        },
    ],
    "FeedbackMessage": [
        {
            "user_id": "user-7",
            "serve_id": "bff8def915684475846643a4708a1c39",
            "action": "helpful",
            "dwell_ms": 4200.0,
            "created_at": "2026-03-12T08:31:00Z",
            "trace_id": _TRACE_ID,
        }
    ],
}


def render() -> str:
    """The document as in the repository."""
    schemas = schemas_of([(model, "validation") for model, _ in _QUEUES.values()], REFERENCE)
    _leave_version_out(schemas[PrecomputeMessage.__name__])
    for name, examples in _EXAMPLES.items():
        schemas[name]["examples"] = examples
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Messages of oO's tip service",
        "description": _ABOUT,
        "type": "object",
        "properties": {
            queue: {"$ref": REFERENCE.format(model=model.__name__), "description": text}
            for queue, (model, text) in _QUEUES.items()
        },
        "$defs": schemas,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _leave_version_out(schema: Schema) -> None:
    """A producer may leave the version out: the reader of the queue adds it."""
    schema["required"].remove("snapshot_version")
    field = schema["properties"]["snapshot_version"]
    schema["properties"]["snapshot_version"] = {
        "anyOf": [{"type": field["type"], "minimum": field["minimum"]}, {"type": "null"}],
        "title": field["title"],
        "description": _VERSION,
    }
