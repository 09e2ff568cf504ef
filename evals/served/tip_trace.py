"""The trace of one served tip, as the exporter wrote it and MLflow returns it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from evals.recording.request_attribute import request_in
from operations.traced_spans import TracedSpan, read_spans

_SERVED = "OK"


class TipTrace(NamedTuple):
    """A tip from its trace.

    `messages` are those of the first call, empty for a prompt that was not traced. `content` is None if the trace
    contains no texts; `characters` is the length of the tip then. `reply` is the text from which the tip was read, None
    for a template tip. `request` is the recorded body, None if absent.
    """

    serve_id: str
    version: str
    is_template: bool
    user_id: str
    content: str | None
    characters: int | None
    rationale: str | None
    messages: Sequence[Mapping[str, str]]
    reply: str | None
    request: Mapping[str, Any] | None
    assessments: Mapping[str, Mapping[str, Any]]


def read_trace(trace: Mapping[str, Any]) -> TipTrace | None:
    """The tip of a trace with its spans; None for a trace without a served tip."""
    info = trace.get("trace_info")
    spans = read_spans(trace)
    root = next((each for each in spans if each.name == "recommend" and not each.parent_id), None)
    if not isinstance(info, dict) or root is None or info.get("state") != _SERVED:
        return None
    tags = _object(info.get("tags"))
    content, rationale = root.outputs.get("content"), root.outputs.get("rationale")
    is_template = "degraded" in tags
    return TipTrace(
        serve_id=str(tags.get("serve_id") or str(info.get("trace_id")).removeprefix("tr-")),
        version=str(tags.get("prompt.version", "")),
        is_template=is_template,
        user_id=str(root.inputs.get("user_id", "")),
        content=content if isinstance(content, str) else None,
        characters=len(content) if isinstance(content, str) else _characters(content),
        rationale=rationale if isinstance(rationale, str) else None,
        messages=_messages(spans),
        reply=None if is_template else _reply(spans),
        request=request_in(root),
        assessments={str(each.get("assessment_id")): each for each in _objects(info.get("assessments"))},
    )


def _messages(spans: Sequence[TracedSpan]) -> Sequence[Mapping[str, str]]:
    """The system and the user message."""
    asked = next((each for each in spans if each.name == "llm_orchestrator"), None)
    messages = asked.inputs.get("messages") if asked else None
    told = [each for each in _objects(messages) if isinstance(each.get("content"), str)]
    return told[:2] if [each.get("role") for each in told[:2]] == ["system", "user"] else ()


def _reply(spans: Sequence[TracedSpan]) -> str | None:
    attempts = [each for each in spans if each.name == "attempt"]
    text = attempts[-1].outputs.get("text") if attempts else None
    return text if isinstance(text, str) and text.strip() else None


def _characters(size: object) -> int | None:
    number = size.get("characters") if isinstance(size, dict) else None
    return number if isinstance(number, int) else None


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
