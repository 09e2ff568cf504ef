"""Redacted traces hold no content, with any content before and after any fault."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

import pytest

from oo.contract.shown_ids import shown_id, shown_version
from oo.deadline import Deadline
from oo.telemetry.export.mlflow.exporter import MlflowExporter
from oo.telemetry.export.redaction import KEPT, Redaction
from oo.telemetry.spans import Link, Span, SpanKind, Trace
from testing.for_each import for_each
from tests.unit.telemetry.test_trees import SNIPPET, TREES, Tree, tree_of
from tests.unit.tips.fixtures import TIP

CANARY = "canary-8d21"


def pseudonym(user_id: str) -> str:
    return f"somebody-{len(user_id)}"


def fails(user_id: str) -> NoReturn:
    raise UnicodeEncodeError("utf-8", user_id, 0, 1, "surrogates not allowed")


class Unmeasurable(Mapping[str, Any]):
    """Content whose size cannot be computed."""

    def __getitem__(self, name: str) -> str:
        return CANARY

    def __iter__(self) -> Iterator[str]:
        return iter([CANARY])

    def __len__(self) -> int:
        raise ZeroDivisionError(CANARY)


def redaction(name: Callable[[str], str] = pseudonym) -> Redaction:
    return Redaction(name, shown_id, shown_version)


def exported(trace: Trace, redaction: Redaction) -> list[Trace]:
    """The traces that a protocol is given."""
    sent: list[Trace] = []
    MlflowExporter(
        send=lambda trace, _: sent.append(trace),
        close=lambda: None,
        sampling_ratio=1,
        pseudonym=redaction.pseudonym,
        redacted=redaction.redacted,
    ).export(trace, Deadline.after(1))
    return sent


def span_with(**fields: Any) -> Span:
    return Span("recommend", SpanKind.CHAIN, None, 1, **fields)


@pytest.mark.parametrize(
    ("value", "left"),
    [
        (CANARY, {"characters": 11}),
        ("", {"characters": 0}),
        ([CANARY, CANARY], {"items": 2}),
        ((CANARY,), {"items": 1}),
        ({CANARY: CANARY}, {"fields": 1}),
        (50, None),
        (1.5, None),
        (True, None),
        (None, None),
        (CANARY.encode(), None),
        ({CANARY}, None),
    ],
    ids=repr,
)
def test_a_value_becomes_its_size_or_nothing(value: object, left: object) -> None:
    """Under any name that is not a known id, size or setting."""
    shown = redaction().redacted(span_with(inputs={"x": value}, outputs={"x": value}, attributes={"x": value}))

    assert shown.inputs == shown.outputs == shown.attributes == {"x": left}


@for_each("name", sorted(KEPT))
def test_what_is_known_to_be_no_content_stays(name: str) -> None:
    assert redaction().redacted(span_with(attributes={name: "id"})).attributes == {name: "id"}


@pytest.mark.parametrize(
    ("agent_id", "version", "shown"),
    [
        ("quick-win", "1.0.0", ("agent:quick-win", "quick-win", "1.0.0")),
        ("quick-win", CANARY, ("agent:quick-win", "quick-win", "other")),
        ("quick-win", None, ("agent:quick-win", "quick-win", None)),
        (CANARY, "1.0.0", ("agent:other", "other", "other")),
        (f"quick-win:{CANARY}", None, ("agent:other", "other", None)),
    ],
)
def test_an_agent_of_a_callers_own_is_other(agent_id: str, version: str | None, shown: tuple[Any, ...]) -> None:
    """Ids and versions that the registry does not know are a caller's text, in names, inputs and attributes."""
    span = Span(f"agent:{agent_id}", SpanKind.AGENT, None, 1, inputs={"agent_id": agent_id, "agent_ids": [agent_id]})
    span.attributes["agent_version"] = version

    left = redaction().redacted(span)

    assert (left.name, left.inputs["agent_id"], left.attributes["agent_version"]) == shown
    assert left.inputs["agent_ids"] == [shown[1]]


def test_a_user_is_known_by_a_pseudonym() -> None:
    assert redaction().redacted(span_with(inputs={"user_id": "me"})).inputs == {"user_id": "somebody-2"}


def test_all_else_of_a_span_stays() -> None:
    """Its name, kind, times, links and error type stay, and the recorded span is unchanged."""
    span = span_with(end_ns=2, links=[Link("ab" * 16, "cd" * 8)], error_type="LLMTimeout", inputs={"title": CANARY})
    shown = redaction().redacted(span)

    assert (shown.name, shown.kind, shown.span_id, shown.start_ns, shown.end_ns) == (
        span.name,
        span.kind,
        span.span_id,
        span.start_ns,
        span.end_ns,
    )
    assert (shown.links, shown.error_type) == (span.links, span.error_type)
    assert span.inputs == {"title": CANARY}


@pytest.mark.parametrize(
    ("name", "inputs"),
    [(fails, {"user_id": CANARY, "agent_id": "mine"}), (pseudonym, {"prompt_text": Unmeasurable()})],
    ids=["no pseudonym", "no size"],
)
def test_a_span_that_cannot_be_redacted_goes_without_any_content(
    name: Callable[[str], str], inputs: dict[str, Any]
) -> None:
    """Neither the attributes that redaction keeps nor other fields are sent."""
    trace = Trace.begin()
    trace.spans = [span_with(inputs=inputs, outputs={"content": CANARY}, attributes={"note": CANARY, "model": "m"})]

    ((span,),) = [sent.spans for sent in exported(trace, redaction(name))]

    assert (span.inputs, span.outputs, span.attributes) == ({}, {}, {})
    assert span.name == "recommend"


def test_a_trace_whose_user_has_no_pseudonym_is_not_sent() -> None:
    """The user's own id does not stand in for it."""
    trace = Trace.begin()
    trace.user_id = "\ud800"
    trace.spans = [span_with()]

    sent: list[Trace] = []
    exporter = MlflowExporter(lambda trace, _: sent.append(trace), lambda: None, sampling_ratio=1, pseudonym=fails)
    with pytest.raises(UnicodeEncodeError):
        exporter.export(trace, Deadline.after(1))
    assert sent == []


@pytest.mark.parametrize(("operation", "tree"), TREES, ids=lambda part: getattr(part, "__name__", ""))
def test_no_operations_trace_holds_a_text(operation: Callable[[], Trace], tree: Tree) -> None:
    """Every span has sizes instead of texts; neither prompt nor reply nor user is in the trace."""
    trace = operation()
    texts = {TIP["content"], TIP["rationale"], SNIPPET["prompt_text"], "no JSON", *_prompts(trace)}

    (shown,) = exported(trace, redaction())

    assert tree_of(shown) == tree
    assert [text for text in texts if text in repr(shown)] == []
    assert [span.inputs["user_id"] for span in shown.spans if "user_id" in span.inputs] == [
        pseudonym(span.inputs["user_id"]) for span in trace.spans if "user_id" in span.inputs
    ]


def _prompts(trace: Trace) -> set[str]:
    """Everything that was said to the model."""
    return {message["content"] for span in trace.spans for message in span.inputs.get("messages", [])}


def test_of_a_recorded_request_nothing_is_left() -> None:
    """Not even its size, with any other attributes."""
    attributes = {"request": {"tasks": [CANARY]}, "request_dropped": True, "latency_ms": 3}

    assert redaction().redacted(span_with(attributes=attributes)).attributes == {"latency_ms": 3}
