import pytest

from oo.telemetry.spans import SpanKind, Trace, recording, span
from oo.telemetry.traceparent import caller_trace_id
from testing.for_each import for_each

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_spans_know_their_parent() -> None:
    """A span inside of another is its child, one after it its sibling."""
    with recording(Trace.begin()) as trace, span("root", SpanKind.CHAIN):
        with span("first", SpanKind.TOOL), span("inner", SpanKind.LLM):
            pass
        with span("second", SpanKind.TOOL):
            pass

    ids = {record.span_id: record.name for record in trace.spans}
    assert [(record.name, ids.get(record.parent_id or "")) for record in trace.spans] == [
        ("root", None),
        ("first", "root"),
        ("inner", "first"),
        ("second", "root"),
    ]


def test_times_are_those_of_the_work() -> None:
    """A span lies inside its parent and has ended."""
    with recording(Trace.begin()) as trace, span("root", SpanKind.CHAIN), span("child", SpanKind.TOOL):
        pass

    root, child = trace.spans
    assert root.start_ns <= child.start_ns <= (child.end_ns or 0) <= (root.end_ns or 0)


def test_an_error_passes_through_and_marks_its_spans() -> None:
    """Every span that a raised error leaves has ended and names the error's type."""
    trace = Trace.begin()
    with pytest.raises(ValueError, match="text"), recording(trace), span("root", SpanKind.CHAIN):  # noqa: SIM117
        with span("child", SpanKind.TOOL):
            raise ValueError("text")

    assert [(record.error_type, record.end_ns is not None) for record in trace.spans] == [("ValueError", True)] * 2


def test_outside_of_a_recording_spans_are_kept_nowhere() -> None:
    """Code with spans runs without a trace, and a trace takes no span after its recording."""
    trace = Trace.begin()
    with recording(trace):
        pass
    with span("lost", SpanKind.TOOL) as record:
        pass

    assert trace.spans == []
    assert record.end_ns is not None


def test_two_requests_of_one_caller_are_two_traces() -> None:
    """Logs show the caller's id; the service's own id distinguishes the requests."""
    one, two = Trace.begin(TRACE_ID), Trace.begin(TRACE_ID)

    assert one.correlation_id == two.correlation_id == TRACE_ID
    assert one.trace_id != two.trace_id


def test_without_a_caller_both_ids_are_the_same() -> None:
    trace = Trace.begin()

    assert trace.correlation_id == trace.trace_id


@for_each(
    ("traceparent", "expected"),
    [
        (f"00-{TRACE_ID}-00f067aa0ba902b7-01", TRACE_ID),
        (f"00-{TRACE_ID}-00f067aa0ba902b7-00", TRACE_ID),
        (None, None),
        ("", None),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", None),
        (f"00-{TRACE_ID}-{'0' * 16}-01", None),
        (f"ff-{TRACE_ID}-00f067aa0ba902b7-01", None),
        (f"00-{TRACE_ID.upper()}-00f067aa0ba902b7-01", None),
        (f"00-{TRACE_ID}-00f067aa0ba902b7-01\n", None),
        (f"00-{TRACE_ID[:-1]}\n-00f067aa0ba902b7-01", None),
    ],
)
def test_only_a_whole_and_valid_traceparent_names_a_trace(traceparent: str | None, expected: str | None) -> None:
    assert expected == caller_trace_id(traceparent)
