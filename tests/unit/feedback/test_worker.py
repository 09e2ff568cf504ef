"""The worker before an MLflow that keeps assessments as the real one does."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from oo.contract.shown_ids import hashed
from oo.telemetry.export.mlflow.hints import SIGN_IN
from oo.telemetry.spans import SpanKind
from testing.fake_mlflow import http_answer
from testing.feedback_scene import COMMENT, SERVED, USER, Feedback, counted, feedback_before_mlflow, queued
from testing.raw_server import Connection

OTHER = "1" * 32
LONG_AGO = timedelta(minutes=15, seconds=1)


@pytest.fixture
def feedback() -> Iterator[Feedback]:
    with feedback_before_mlflow() as scene:
        yield scene


def answering(status: str, body: bytes = b"{}", **options: Any) -> Callable[[Connection], None]:
    return lambda connection: connection.send(http_answer(body, status, **options))


def verbs(feedback: Feedback) -> list[str]:
    assert feedback.mlflow is not None
    return feedback.mlflow.assessments.asked


def test_feedback_becomes_one_assessment(feedback: Feedback) -> None:
    """It holds the queued message, and nothing that tells who the user is."""
    feedback.post(comment="Just what I needed.", dwell_ms=4200, created_at="2026-03-12T12:05:00Z")

    assert feedback.deliver(*feedback.queue.bodies) == []
    (kept,) = feedback.assessments
    family = f"{SERVED}|{hashed(USER)}|helpful"
    assert kept == {
        "assessment_id": f"a-{sha256(family.encode()).hexdigest()[:32]}",
        "assessment_name": "helpful",
        "source": {"source_type": "HUMAN", "source_id": hashed(USER)},
        "feedback": {"value": 1.0},
        "rationale": "Just what I needed.",
        "metadata": {
            "serve_id": SERVED,
            "action": "helpful",
            "created_at": "2026-03-12T12:05:00+00:00",
            "dwell_ms": "4200",
        },
        "trace_id": f"tr-{SERVED}",
        "valid": True,
    }


def test_a_comment_from_before_comments_were_forbidden_is_dropped() -> None:
    """Messages may wait for two weeks."""
    with feedback_before_mlflow(keeps_comments=False) as feedback:
        feedback.deliver(queued(comment=COMMENT))

        assert COMMENT not in str(feedback.assessments)
        assert len(feedback.assessments) == 1


def test_a_comment_holds_no_character_that_a_database_refuses(feedback: Feedback) -> None:
    """PostgreSQL stores no NUL: the message would come back for as long as the queue keeps it."""
    feedback.deliver(queued(comment="a\x00b\x1b[1m\tc\nd 👍"))

    (kept,) = feedback.assessments
    assert kept["rationale"] == "ab[1m\tc\nd 👍"


def test_each_family_has_an_assessment_of_its_own(feedback: Feedback) -> None:
    """Helpful and not helpful are one family; each other action is its own."""
    for action in ("shown", "opened", "snoozed", "dismissed", "done", "helpful", "not_helpful"):
        feedback.deliver(queued(action=action, minute=len(action)))

    names = ["shown", "opened", "snoozed", "dismissed", "done", "helpful"]
    assert feedback.values == dict.fromkeys(names, 1.0) | {"helpful": 0.0}


def test_a_candidate_has_an_assessment_of_its_own(feedback: Feedback) -> None:
    """Its id is in the assessment's."""
    for candidate in (None, "tip-0", "tip-1"):
        feedback.deliver(queued(candidate_id=candidate))

    family = f"{SERVED}|{hashed(USER)}|helpful|tip-1"
    assert f"a-{sha256(family.encode()).hexdigest()[:32]}" in [row["assessment_id"] for row in feedback.assessments]
    assert [row["metadata"].get("candidate_id") for row in feedback.assessments] == [None, "tip-0", "tip-1"]


def test_two_users_of_one_tip_are_two() -> None:
    """A team may show one tip to several people."""
    with feedback_before_mlflow() as feedback:
        feedback.deliver(queued(), queued(user_id="somebody else"))

        assert len(feedback.assessments) == 2


def test_the_newest_counts_in_any_order(feedback: Feedback) -> None:
    """Twenty orders of six answers, each sent twice, in batches of one or more."""
    said = [queued(action=action, minute=minute) for minute, action in enumerate(["helpful", "not_helpful"] * 3)]
    for seed in range(20):
        assert feedback.mlflow is not None
        feedback.mlflow.assessments.rows.clear()
        draw = random.Random(seed)  # noqa: S311  # an order, no secret
        order = draw.sample(said * 2, len(said) * 2)
        while order:
            size = draw.randint(1, 4)
            assert feedback.deliver(*order[:size]) == []
            order = order[size:]
        (kept,) = feedback.assessments
        assert (seed, kept["feedback"]["value"], kept["metadata"]["action"]) == (seed, 0.0, "not_helpful")


def test_what_was_helpful_later_stays_helpful(feedback: Feedback) -> None:
    """`helpful` at 12:05, then `not_helpful` stamped 12:00."""
    for action, minute in (("helpful", 5), ("not_helpful", 0)):
        feedback.deliver(queued(action=action, minute=minute))

    assert feedback.values == {"helpful": 1.0}
    assert verbs(feedback) == ["POST", "POST", "GET"]


def test_a_newer_one_takes_all_of_the_older_ones_place(feedback: Feedback) -> None:
    """Fields that it lacks are cleared, because comment and dwell time belonged to the older one."""
    feedback.deliver(queued(action="helpful", comment="yes", dwell_ms=9))
    feedback.deliver(queued(action="not_helpful", minute=6))

    (kept,) = feedback.assessments
    assert (kept["feedback"]["value"], kept["rationale"], kept["metadata"]["dwell_ms"]) == (0.0, "", "")
    assert kept["metadata"]["created_at"] == "2026-03-12T12:06:00+00:00"


def test_a_repeat_changes_nothing(feedback: Feedback) -> None:
    for _ in range(3):
        assert feedback.deliver(queued()) == []

    assert len(feedback.assessments) == 1
    assert "PATCH" not in verbs(feedback)


def test_an_older_change_that_comes_between_is_changed_back(feedback: Feedback) -> None:
    """Two workers may look at the same moment, and MLflow compares nothing: the one that is newer looks again."""
    mlflow = feedback.mlflow
    assert mlflow is not None
    feedback.deliver(queued(action="helpful", minute=1))
    ((_, row),) = mlflow.assessments.rows.items()
    healthy = mlflow.assessments.answer

    def overtaken(head: bytes, body: bytes, landed: set[str]) -> tuple[int, dict[str, Any]]:
        answer = healthy(head, body, landed)
        if head.startswith(b"PATCH ") and verbs(feedback).count("PATCH") == 1:
            row.update(feedback={"value": 1.0}, metadata={"created_at": "2026-03-12T12:02:00+00:00"})
        return answer

    mlflow.assessments.answer = overtaken  # type: ignore[method-assign]  # the fake, as another worker finds it
    assert feedback.deliver(queued(action="not_helpful", minute=3)) == []

    assert feedback.values == {"helpful": 0.0}
    assert verbs(feedback).count("PATCH") == 2


def test_records_of_one_batch_are_reduced_before_mlflow_is_asked(feedback: Feedback) -> None:
    """To the newest of each tip, user, family and candidate."""
    batch = [queued(action=("helpful", "not_helpful")[minute % 2], minute=minute) for minute in (2, 9, 4)]
    assert feedback.deliver(*batch, queued(action="done"), queued(user_id="other")) == []

    assert verbs(feedback) == ["POST", "POST", "POST"]
    assert sorted((row["assessment_name"], row["feedback"]["value"]) for row in feedback.assessments) == [
        ("done", 1.0),
        ("helpful", 0.0),
        ("helpful", 1.0),
    ]


def test_the_newest_of_a_batch_comes_back_for_the_others(feedback: Feedback) -> None:
    """Where its trace has not landed, it alone has to."""
    batch = [
        queued(serve_id=OTHER, action=action, minute=minute) for action, minute in (("helpful", 1), ("helpful", 2))
    ]

    assert feedback.deliver(*batch) == ["1"]


def test_a_trace_that_has_not_landed_is_waited_for(feedback: Feedback) -> None:
    """The record comes back as often as needed; a neighbour is not concerned."""
    early = queued(serve_id=OTHER)
    for times in range(1, 5):
        assert feedback.deliver(early, queued(), times=times) == ["0"]
    assert [line["error_code"] for line in feedback.lines("record_failed")] == ["trace_not_landed"] * 4
    assert feedback.mlflow is not None
    feedback.mlflow.landed.add(OTHER)

    assert feedback.deliver(early, times=5) == []
    assert len(feedback.assessments) == 2
    assert feedback.dead_letters.bodies == []


@pytest.mark.parametrize(
    ("times", "age", "is_given_up"),
    [
        (4, timedelta(days=1), False),
        (5, timedelta(minutes=15), False),
        (5, LONG_AGO, True),
        (900, timedelta(minutes=14), False),
        (900, timedelta(days=13), True),
    ],
)
def test_an_unknown_trace_is_given_up_at_the_fifth_delivery_after_a_quarter_of_an_hour(
    feedback: Feedback, capsys: pytest.CaptureFixture[str], times: int, age: timedelta, *, is_given_up: bool
) -> None:
    """The worker moves the message itself, says why, and counts it."""
    body = json.dumps(queued(serve_id=OTHER, comment=COMMENT))

    assert feedback.deliver(body, times=times, age=age) == ([] if is_given_up else ["0"])
    assert feedback.dead_letters.bodies == ([body] if is_given_up else [])
    (line,) = feedback.lines("record_failed")
    assert line["error_code"] == ("trace_unknown" if is_given_up else "trace_not_landed")
    assert ("serve_id" in line["reason"]) is is_given_up
    assert counted(capsys.readouterr().out, "FeedbackWithoutTrace") == int(is_given_up)


@pytest.mark.parametrize(
    "body",
    ["{", "[]", "null", "words", "{}"]
    + [json.dumps(queued(**{name: wrong})) for name, wrong in {"action": "meh", "serve_id": "7", "user_id": 7}.items()]
    + [json.dumps(queued(comment="x" * 501)), json.dumps(queued() | {"created_at": "yesterday"})],
)
def test_a_message_that_cannot_be_read_is_given_up_at_once(feedback: Feedback, body: str) -> None:
    """No retry mends it; its neighbour is worked on."""
    assert feedback.deliver(body, queued()) == []

    assert (feedback.dead_letters.bodies, len(feedback.assessments)) == ([body], 1)
    (line,) = feedback.lines("record_failed")
    assert (line["error_code"], line["level"]) == ("invalid_message", "ERROR")
    assert line["problems"]


def test_a_record_that_cannot_be_moved_comes_back(feedback: Feedback, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is done that is not in a queue."""
    feedback.dead_letters.is_down = True

    assert feedback.deliver("{") == ["0"]
    assert [line["error_code"] for line in feedback.lines("record_failed")] == [
        "invalid_message",
        "feedback_unavailable",
    ]
    assert counted(capsys.readouterr().out, "FeedbackWithoutTrace") == 0


UNAVAILABLE = {
    "400": answering("400 Bad Request", b'{"error_code": "INVALID_PARAMETER_VALUE"}'),
    "401": answering("401 Unauthorized"),
    "403": answering("403 Forbidden"),
    "404 without a code": answering("404 Not Found", b"<p>", content_type="text/html"),
    "404 of another code": answering("404 Not Found", b'{"error_code": "ENDPOINT_NOT_FOUND"}'),
    "429": answering("429 Too Many Requests"),
    "500 without an assessment": answering("500 Internal Server Error", b'{"error_code": "INTERNAL_ERROR"}'),
    "502": answering("502 Bad Gateway"),
    "503": answering("503 Service Unavailable"),
    "a page to sign in": answering("200 OK", b"<html>", content_type="text/html"),
    "moved": answering("302 Found", b"", location="/login"),
    "cut": Connection.reset,
    "no HTTP": lambda connection: connection.send(b"SSH-2.0\r\n\r\n"),
}
"""Answers that are no message's fault."""


@pytest.mark.parametrize("name", UNAVAILABLE)
def test_a_fault_of_the_server_is_none_of_the_messages(feedback: Feedback, name: str) -> None:
    """It comes back until the server heals, however long that takes; nothing is given up and nothing is lost."""
    assert feedback.mlflow is not None
    feedback.mlflow.answer = UNAVAILABLE[name]
    batch = [queued(serve_id=SERVED), *(queued(user_id=f"user {number}") for number in range(3))]

    for times, age in ((1, timedelta()), (5, LONG_AGO), (999, timedelta(days=13))):
        assert feedback.deliver(*batch, times=times, age=age) == ["0", "1", "2", "3"]
    assert feedback.dead_letters.bodies == []

    feedback.mlflow.answer = None
    assert feedback.deliver(*batch, times=1000, age=timedelta(days=13)) == []
    assert len(feedback.assessments) == 4


def test_the_rest_of_a_batch_is_postponed_without_asking(feedback: Feedback) -> None:
    """A server that does not do is asked once a batch; the log says which records waited for it only."""
    assert feedback.mlflow is not None
    feedback.mlflow.answer = answering("401 Unauthorized")
    batch = [queued(user_id=f"user {number}") for number in range(10)]

    assert feedback.deliver(*batch) == [str(number) for number in range(10)]
    assert feedback.mlflow.requests == 1
    first, *others = feedback.lines("record_failed")
    assert (first["error_code"], first["status"], first["hint"]) == ("mlflow_unavailable", 401, SIGN_IN)
    assert {(line["error_code"], line["level"]) for line in others} == {("batch_postponed", "WARNING")}


@pytest.mark.parametrize(
    ("status", "code"), [(409, "ALREADY_EXISTS"), (400, "RESOURCE_ALREADY_EXISTS"), (500, "INTERNAL_ERROR")]
)
def test_an_id_that_is_taken_may_be_told_by_its_own_name(feedback: Feedback, status: int, code: str) -> None:
    """MLflow answers 500 without a code today."""
    mlflow = feedback.mlflow
    assert mlflow is not None
    feedback.deliver(queued())
    healthy = mlflow.assessments.answer

    def renamed(head: bytes, body: bytes, landed: set[str]) -> tuple[int, dict[str, Any]]:
        answer = healthy(head, body, landed)
        return (status, {"error_code": code}) if answer[0] == 500 else answer

    mlflow.assessments.answer = renamed  # type: ignore[method-assign]  # the fake, as another version answers
    assert feedback.deliver(queued(action="not_helpful", minute=6)) == []
    assert feedback.values == {"helpful": 0.0}


def test_an_unreachable_server_is_named_with_its_cause() -> None:
    """Four causes have four cures."""
    with feedback_before_mlflow() as feedback:
        pass

    assert feedback.deliver(queued()) == ["0"]
    assert feedback.lines("record_failed")[0]["cause"] == "refused"


def test_a_connection_that_was_closed_meanwhile_is_made_anew(feedback: Feedback) -> None:
    """A sandbox sleeps between batches for longer than servers keep connections."""
    feedback.deliver(queued())
    assert feedback.mlflow is not None
    cut: list[Callable[[Connection], None] | None] = [Connection.reset, None]

    def cut_once(connection: Connection) -> None:
        assert feedback.mlflow is not None
        feedback.mlflow.answer = None
        (cut.pop(0) or Connection.reset)(connection)

    feedback.mlflow.answer = cut_once
    assert feedback.deliver(queued(action="done")) == []
    assert feedback.values == {"helpful": 1.0, "done": 1.0}


@pytest.mark.parametrize("ratio", [0.0, 0.04])
def test_feedback_on_a_trace_that_is_not_sampled_asks_nobody(ratio: float, capsys: pytest.CaptureFixture[str]) -> None:
    """Which traces MLflow has is known without asking it: 0bff… lies below a share of 0.05."""
    with feedback_before_mlflow(ratio=ratio) as feedback:
        assert feedback.deliver(queued(), queued(action="done")) == []

        assert feedback.mlflow is not None
        assert (feedback.mlflow.requests, feedback.traces) == (0, [])
    assert counted(capsys.readouterr().out, "FeedbackUnsampled") == 2


def test_feedback_on_a_sampled_trace_is_kept_whatever_the_share() -> None:
    with feedback_before_mlflow(ratio=0.05) as feedback:
        feedback.deliver(queued())

        assert len(feedback.assessments) == 1


def test_without_mlflow_feedback_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    """The log line and the metrics are all there is."""
    feedback = Feedback()

    assert feedback.deliver(queued()) == []
    assert counted(capsys.readouterr().out, "FeedbackUnsampled") == 1


def test_without_the_pseudonyms_key_feedback_waits(feedback: Feedback) -> None:
    """The assessment's id is made of the pseudonym: under another name it would count twice."""
    feedback.pseudonym = lambda _: None

    assert feedback.deliver(queued(), times=900, age=timedelta(days=3)) == ["0"]
    assert verbs(feedback) == []
    assert feedback.lines("record_failed")[0]["setting"] == "PSEUDONYM_KEY_SECRET"


def test_a_record_that_there_is_no_time_for_comes_back(feedback: Feedback) -> None:
    assert feedback.deliver(queued(), remaining_ms=4_000) == ["0"]
    assert verbs(feedback) == []


def test_the_job_is_a_trace_that_links_to_the_tips(feedback: Feedback) -> None:
    """Under the request's own trace id, with neither the user's id nor the comment in it."""
    caller = "4bf92f3577b34da6a3ce929d0e0e4736"
    feedback.deliver(queued(comment=COMMENT, trace_id=caller))

    (trace,) = feedback.traces
    root, assess = trace.spans
    assert (root.name, root.kind, root.parent_id) == ("feedback", SpanKind.CHAIN, None)
    assert (assess.name, assess.kind, assess.parent_id) == ("assess", SpanKind.TOOL, root.span_id)
    assert [link.trace_id for link in root.links] == [SERVED]
    assert (trace.caller_trace_id, trace.user_id, root.error_type) == (caller, USER, None)
    assert assess.outputs == {"kept": "created"}
    assert all(text not in str(trace.spans) for text in (USER, COMMENT))


def test_no_log_line_holds_the_comment_or_the_user(feedback: Feedback, capsys: pytest.CaptureFixture[str]) -> None:
    """Kept, failed, given up and unreadable alike."""
    bodies = [queued(comment=COMMENT), queued(serve_id=OTHER, comment=COMMENT), queued(action=COMMENT)]
    feedback.deliver(*bodies, {"user_id": USER, "comment": COMMENT}, times=5, age=LONG_AGO)
    feedback.deliver(*bodies)

    output = feedback.log.getvalue() + capsys.readouterr().out
    assert len(feedback.lines("record_failed")) == 5
    assert all(text not in output for text in (USER, COMMENT))
