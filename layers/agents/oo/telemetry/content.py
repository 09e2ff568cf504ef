"""Spans without what users or the model wrote: ids and sizes stay."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from oo.telemetry.spans import Span

KEPT = frozenset(
    {
        "age_s",
        "agent_count",
        "agent_id",
        "agent_ids",
        "agent_version",
        "attempts",
        "call_id",
        "completion_count",
        "completion_tokens",
        "compute_count",
        "computed_in_trace",
        "expires_at",
        "feedback_count",
        "history_len",
        "job_count",
        "latency_ms",
        "message_count",
        "mlflow.chat.tokenUsage",
        "mlflow.llm.cost",
        "mlflow.llm.model",
        "model",
        "n",
        "n_params",
        "prompt_tokens",
        "prompt_version",
        "sent_bytes",
        "state",
        "task_count",
        "temperature",
        "withdraw_count",
    }
)
"""Names whose values are ids, sizes or settings of this service. What is not listed is content."""


def without_content(span: Span, pseudonym: Callable[[str], str]) -> Span:
    """The span with texts, lists and objects replaced by their sizes, and its user by a pseudonym.

    Where a value cannot even be measured, the span goes without any inputs, outputs and attributes.
    """
    try:
        return replace(
            span,
            inputs=_sizes(span.inputs, pseudonym),
            outputs=_sizes(span.outputs, pseudonym),
            attributes=_sizes(span.attributes, pseudonym),
        )
    except Exception:  # noqa: BLE001  # whatever goes wrong here, content must not get out
        return replace(span, inputs={}, outputs={}, attributes={})


def _sizes(values: Mapping[str, Any], pseudonym: Callable[[str], str]) -> dict[str, Any]:
    sizes: dict[str, Any] = {name: value if name in KEPT else _size(value) for name, value in values.items()}
    if isinstance(values.get("user_id"), str):
        sizes["user_id"] = pseudonym(values["user_id"])
    return sizes


def _size(value: object) -> dict[str, int] | None:
    if isinstance(value, str):
        return {"characters": len(value)}
    if isinstance(value, Mapping):
        return {"fields": len(value)}
    return {"items": len(value)} if isinstance(value, list | tuple) else None
