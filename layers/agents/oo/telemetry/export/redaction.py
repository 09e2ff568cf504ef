"""Spans without what users or the model wrote: ids and sizes stay."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from oo.contract.agent_ids import shown_id, shown_version
from oo.telemetry.spans import Span

KEPT = frozenset(
    {
        "age_s",
        "agent_count",
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
        "reason",
        "sent_bytes",
        "state",
        "task_count",
        "temperature",
        "withdraw_count",
    }
)
"""Names whose values are ids, sizes or settings of this service. What is not listed is content."""


def redacted(span: Span, pseudonym: Callable[[str], str | None]) -> Span:
    """The span with texts, lists and objects replaced by their sizes, and its user by a pseudonym.

    Where a value cannot even be measured, the span goes without any inputs, outputs and attributes.
    """
    agent_id = span.name.partition(":")[2]
    try:
        return replace(
            span,
            name=shown_name(span.name),
            inputs=_sizes(span.inputs, pseudonym, agent_id),
            outputs=_sizes(span.outputs, pseudonym, agent_id),
            attributes=_sizes(span.attributes, pseudonym, agent_id),
        )
    except Exception:  # noqa: BLE001  # whatever goes wrong here, content must not get out
        return replace(span, name=shown_name(span.name), inputs={}, outputs={}, attributes={})


def shown_name(name: str) -> str:
    """A span's name, `agent:other` where it names an agent of a caller's own."""
    kind, colon, agent_id = name.partition(":")
    return f"{kind}:{shown_id(agent_id)}" if colon else name


def _sizes(values: Mapping[str, Any], pseudonym: Callable[[str], str | None], agent_id: str) -> dict[str, Any]:
    sizes: dict[str, Any] = {name: value if name in KEPT else _size(value) for name, value in values.items()}
    if isinstance(values.get("user_id"), str):
        sizes["user_id"] = pseudonym(values["user_id"])
        if sizes["user_id"] is None:
            del sizes["user_id"]
    return sizes | _agents(values, agent_id)


def _agents(values: Mapping[str, Any], agent_id: str) -> dict[str, Any]:
    """Ids and versions of agents without those of a caller's own."""
    names = ("agent_id", "agent_ids", "agent_version")
    shown = {name: values[name] for name in names if values.get(name) is not None}
    if "agent_id" in shown:
        shown["agent_id"] = shown_id(shown["agent_id"])
    if "agent_ids" in shown:
        shown["agent_ids"] = [shown_id(each) for each in shown["agent_ids"]]
    if "agent_version" in shown:
        shown["agent_version"] = shown_version(agent_id, shown["agent_version"])
    return shown


def _size(value: object) -> dict[str, int] | None:
    if isinstance(value, str):
        return {"characters": len(value)}
    if isinstance(value, Mapping):
        return {"fields": len(value)}
    return {"items": len(value)} if isinstance(value, list | tuple) else None
