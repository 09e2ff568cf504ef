"""Spans without the texts of users and of the model; ids and sizes remain."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from oo.frozen import frozen
from oo.telemetry.spans import Span

KEPT = frozenset(
    {
        "action",
        "age_s",
        "agent_count",
        "assessment_id",
        "attempts",
        "call_id",
        "completion_count",
        "completion_tokens",
        "compute_count",
        "computed_in_trace",
        "expires_at",
        "family",
        "feedback_count",
        "history_len",
        "job_count",
        "kept",
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
        "serve_id",
        "state",
        "task_count",
        "temperature",
        "used",
        "withdraw_count",
    }
)
"""Names whose values are ids, sizes or settings of this service. Values of other names are content."""


_LEFT_OUT = ("request", "request_dropped")
"""Attributes that are removed without their size: a recorded request is all content."""


def shown_name(name: str, shown_id: Callable[[str], str]) -> str:
    """A span's name, in which an agent's id is replaced by its `shown_id`."""
    kind, colon, agent_id = name.partition(":")
    return f"{kind}:{shown_id(agent_id)}" if colon else name


@frozen
class Redaction:
    """Replaces texts, lists and objects by their sizes.

    `pseudonym` returns the pseudonym of a user, None to leave it out. `shown_id` and `shown_version` return an agent's
    id and version, without those that a caller invented.
    """

    pseudonym: Callable[[str], str | None]
    shown_id: Callable[[str], str]
    shown_version: Callable[[str, str | None], str | None]

    def redacted(self, span: Span) -> Span:
        """The span without content. One that cannot be measured loses all inputs, outputs and attributes."""
        name, agent_id = shown_name(span.name, self.shown_id), span.name.partition(":")[2]
        try:
            return replace(
                span,
                name=name,
                inputs=self._sizes(span.inputs, agent_id),
                outputs=self._sizes(span.outputs, agent_id),
                attributes=self._sizes(_without_request(span.attributes), agent_id),
            )
        except Exception:  # noqa: BLE001  # content must not leave the process after any fault
            return replace(span, name=name, inputs={}, outputs={}, attributes={})

    def _sizes(self, values: Mapping[str, Any], agent_id: str) -> dict[str, Any]:
        sizes: dict[str, Any] = {name: value if name in KEPT else _size(value) for name, value in values.items()}
        if isinstance(values.get("user_id"), str):
            sizes["user_id"] = self.pseudonym(values["user_id"])
            if sizes["user_id"] is None:
                del sizes["user_id"]
        return sizes | self._agents(values, agent_id)

    def _agents(self, values: Mapping[str, Any], agent_id: str) -> dict[str, Any]:
        """Ids and versions of agents."""
        names = ("agent_id", "agent_ids", "agent_version")
        shown = {name: values[name] for name in names if values.get(name) is not None}
        if "agent_id" in shown:
            shown["agent_id"] = self.shown_id(shown["agent_id"])
        if "agent_ids" in shown:
            shown["agent_ids"] = [self.shown_id(each) for each in shown["agent_ids"]]
        if "agent_version" in shown:
            shown["agent_version"] = self.shown_version(agent_id, shown["agent_version"])
        return shown


def _without_request(attributes: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in attributes.items() if name not in _LEFT_OUT}


def _size(value: object) -> dict[str, int] | None:
    if isinstance(value, str):
        return {"characters": len(value)}
    if isinstance(value, Mapping):
        return {"fields": len(value)}
    return {"items": len(value)} if isinstance(value, list | tuple) else None
