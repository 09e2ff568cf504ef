"""Which traces MLflow gets, whose, and under which tags."""

from hashlib import sha256

import pytest

from oo.deadline import Deadline
from oo.telemetry.export.mlflow.exporter import LONGEST_TAG, MlflowExporter, is_sampled
from oo.telemetry.spans import Trace
from testing.for_each import for_each
from tests.unit.telemetry.fixtures import TRACE_ID, finished_trace

HALF = "8" + "0" * 31
JUST_BELOW_HALF = "7" + "f" * 31


def exported(trace: Trace, ratio: float = 1.0) -> list[Trace]:
    sent: list[Trace] = []
    exporter = MlflowExporter(
        send=lambda trace, _: sent.append(trace), close=lambda: None, sampling_ratio=ratio, pseudonym=str.upper
    )
    exporter.export(trace, Deadline.after(1))
    return sent


@for_each(
    ("trace_id", "ratio", "expected"),
    [
        ("0" * 32, 0.0, False),
        ("0" * 32, 1e-9, True),
        ("f" * 32, 1.0, True),
        ("f" * 32, 0.999_999, False),
        (HALF, 0.5, False),
        (JUST_BELOW_HALF, 0.5, True),
    ],
)
def test_a_trace_is_of_the_sample_by_its_id(trace_id: str, ratio: float, expected: bool) -> None:  # noqa: FBT001  # one fact of the case
    """So that the same trace always is or never is."""
    assert is_sampled(trace_id, ratio) is expected


@for_each("ratio", [0.05, 0.25, 0.9])
def test_the_sample_is_as_large_as_it_is_meant_to_be(ratio: float) -> None:
    """Of 10,000 ids, to within four standard deviations."""
    ids = [sha256(str(number).encode()).hexdigest()[:32] for number in range(10_000)]

    share = sum(is_sampled(trace_id, ratio) for trace_id in ids) / len(ids)

    assert abs(share - ratio) < 4 * (ratio * (1 - ratio) / len(ids)) ** 0.5


def test_what_is_not_of_the_sample_is_not_sent_and_not_lost() -> None:
    """Leaving it out is no failure, so that nothing counts it as dropped."""
    assert exported(finished_trace(), ratio=0.0) == []


def test_a_user_is_known_by_a_pseudonym() -> None:
    trace = finished_trace()
    trace.user_id = "me"

    assert [sent.user_id for sent in exported(trace)] == ["ME"]
    assert [sent.user_id for sent in exported(finished_trace())] == [None]
    assert trace.user_id == "me"


def test_a_trace_is_named_after_its_root() -> None:
    (sent,) = exported(finished_trace("generate"))

    assert sent.tags == {"mlflow.traceName": "generate"}


def test_the_callers_trace_id_is_a_tag_where_it_sent_one() -> None:
    trace = finished_trace("generate")
    trace.correlation_id = TRACE_ID

    assert exported(trace)[0].tags["caller.trace_id"] == TRACE_ID


@pytest.mark.parametrize(("length", "left"), [(LONGEST_TAG, LONGEST_TAG), (LONGEST_TAG + 1, LONGEST_TAG)])
def test_a_tag_is_cut_to_what_mlflow_takes(length: int, left: int) -> None:
    trace = finished_trace()
    trace.tags["note"] = "x" * length

    assert len(exported(trace)[0].tags["note"]) == left


def test_a_trace_of_a_user_is_told_without_the_user() -> None:
    """The preview has no user's id if the operation sets none; a trace without a user needs no preview."""
    trace = finished_trace("compute:mine")
    trace.spans[0].inputs = {"user_id": "me", "task_count": 3}

    assert [sent.asked for sent in exported(trace)] == ["compute:mine, task_count: 3"]
    assert [sent.asked for sent in exported(finished_trace())] == [""]
    trace.asked = "v1: 3 tasks"
    assert [sent.asked for sent in exported(trace)] == ["v1: 3 tasks"]


def test_a_redacted_line_is_a_size() -> None:
    """The line of the question holds nothing but a version and numbers."""
    trace = finished_trace()
    trace.asked, trace.answered = "v1: 3 tasks", "Call Mum."
    trace.spans[0].inputs = {"user_id": "me"}
    sent: list[Trace] = []
    exporter = MlflowExporter(
        send=lambda shown, _: sent.append(shown),
        close=lambda: None,
        sampling_ratio=1.0,
        pseudonym=str.upper,
        redacted=lambda span: span,
    )
    exporter.export(trace, Deadline.after(1))
    exporter.export(finished_trace(), Deadline.after(1))

    assert [(shown.asked, shown.answered) for shown in sent] == [("v1: 3 tasks", "9 characters"), ("", "")]
