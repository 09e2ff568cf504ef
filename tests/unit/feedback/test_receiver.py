"""`POST /feedback`: the parsed fields of a body, the queued message, and the log line."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oo.contract.shown_ids import hashed
from oo.contract.vocabulary import FEEDBACK_WORDS
from testing.feedback_scene import COMMENT, SERVED, USER, Feedback, counted
from testing.for_each import for_each


def queued_of(**fields: Any) -> dict[str, Any]:
    """The message that a body leaves."""
    feedback = Feedback()
    assert feedback.post(**fields) == (202, {"accepted": True})
    (body,) = feedback.queue.bodies
    message: dict[str, Any] = json.loads(body)
    return message


def test_feedback_is_one_message() -> None:
    message = queued_of(
        action="Thumbs up", dwell_ms=4200, comment="gé", created_at="2026-03-12T13:05:00+01:00", candidate_id="tip-1"
    )

    assert len(message.pop("trace_id")) == 32
    assert message == {
        "user_id": USER,
        "serve_id": SERVED,
        "action": "helpful",
        "dwell_ms": 4200.0,
        "comment": "gé",
        "created_at": "2026-03-12T12:05:00Z",
        "candidate_id": "tip-1",
    }


def test_each_word_of_the_table_is_an_action() -> None:
    """The words by which histories are read, and no others."""
    for action, words in FEEDBACK_WORDS.items():
        for word in words:
            assert queued_of(action=word)["action"] == action, word


@for_each("action", ["meh", "", 7, True, None, ["helpful"], {"action": "helpful"}, "x" * 100_000])
def test_an_action_that_cannot_be_read_is_told_with_the_seven_words(action: object) -> None:
    """A caller can mend it, where a history only loses a row."""
    feedback = Feedback()
    status, body = feedback.post(action=action)

    assert (status, body["code"], body["detail"][0]["loc"]) == (422, "invalid_request", ["body", "action"])
    assert all(word in body["detail"][0]["msg"] for word in FEEDBACK_WORDS)
    assert feedback.queue.bodies == []


@for_each(
    ("fields", "place"),
    [
        ({"serve_id": SERVED[1:]}, "serve_id"),
        ({"serve_id": f"{SERVED}0"}, "serve_id"),
        ({"serve_id": SERVED.upper()}, "serve_id"),
        ({"serve_id": f"{SERVED}\n"}, "serve_id"),
        ({"serve_id": f"tr-{SERVED}"}, "serve_id"),
        ({"serve_id": None}, "serve_id"),
        ({"comment": "x" * 501}, "comment"),
        ({"candidate_id": "two words"}, "candidate_id"),
        ({"candidate_id": "x" * 65}, "candidate_id"),
        ({"user_id": ""}, "user_id"),
    ],
)
def test_a_body_out_of_range_is_refused(fields: dict[str, Any], place: str) -> None:
    feedback = Feedback()
    status, body = feedback.post(**fields)

    assert (status, body["detail"][0]["loc"]) == (422, ["body", place])
    assert feedback.queue.bodies == []


def test_a_comment_of_500_characters_is_taken() -> None:
    assert queued_of(comment="é" * 500)["comment"] == "é" * 500


@for_each("comment", [None, 7, ["words"], {"text": "words"}])
def test_a_comment_that_is_no_text_is_none(comment: object) -> None:
    """It refuses no feedback."""
    assert "comment" not in queued_of(comment=comment)


@for_each(
    ("sent", "read"),
    [
        *((0, 0.0), ("4200", 4200.0), (4200.5, 4200.5), (1e300, 1e300), (10**299, 1e299)),
        *((each, None) for each in (-1, None, "a while", "nan", True, [1])),
    ],
)
def test_a_dwell_time_that_cannot_be_read_is_unknown(sent: object, read: float | None) -> None:
    assert queued_of(dwell_ms=sent).get("dwell_ms") == read


@for_each(
    "created_at",
    [None, "", "yesterday", "2026-13-45T00:00:00Z", "2026-03-12", 1773307800, True, {}, "1999-12-31T23:59:59Z"],
)
def test_a_moment_that_cannot_be_read_is_that_of_receipt(created_at: object) -> None:
    """A bare date is none: it tells no order."""
    before = datetime.now(UTC)
    at = datetime.fromisoformat(queued_of(created_at=created_at)["created_at"])

    assert before <= at <= datetime.now(UTC)


@pytest.mark.parametrize(("ahead_s", "is_kept"), [(-86_400, True), (0, True), (290, True), (320, False), (1e8, False)])
def test_a_moment_ahead_of_the_clock_is_that_of_receipt(ahead_s: float, *, is_kept: bool) -> None:
    """More than five minutes ahead, it would beat all later feedback."""
    sent = datetime.now(UTC) + timedelta(seconds=ahead_s)
    at = datetime.fromisoformat(queued_of(created_at=sent.isoformat())["created_at"])

    assert (at == sent) is is_kept
    assert at <= datetime.now(UTC) + timedelta(minutes=5)


def test_a_moment_without_a_zone_is_in_utc() -> None:
    assert queued_of(created_at="2026-03-12T12:05:00.25")["created_at"] == "2026-03-12T12:05:00.250000Z"


def test_a_number_for_a_user_is_its_digits() -> None:
    assert queued_of(user_id=7)["user_id"] == "7"


def test_feedback_is_one_line_and_one_metric(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the comment nor the user's id is in any line."""
    feedback = Feedback()
    feedback.post(action="done", comment=COMMENT, dwell_ms=1, created_at="2026-03-12T12:05:00Z")

    (line,) = feedback.lines("feedback_received")
    named = {"serve_id": SERVED, "user": hashed(USER), "action": "done", "dwell_ms": 1.0}
    assert line | named | {"created_at": "2026-03-12T12:05:00+00:00"} == line
    output = capsys.readouterr().out
    assert (counted(output, "FeedbackReceived"), '"action":"done"' in output) == (1, True)
    for text in (COMMENT, USER):
        assert text not in feedback.log.getvalue() + output


def test_redacted_feedback_has_no_comment() -> None:
    """It is dropped before the message is queued."""
    feedback = Feedback(keeps_comments=False)
    feedback.post(comment=COMMENT)

    assert COMMENT not in "".join(feedback.queue.bodies)


def test_a_queue_that_takes_nothing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The caller may send again; the log names the failure, and nothing counts as received."""
    feedback = Feedback()
    feedback.queue.is_down = True
    status, body = feedback.post()

    assert (status, body["code"], "again" in body["detail"]) == (503, "feedback_unavailable", True)
    assert feedback.lines("request_failed")[0]["store_error"] == "EndpointConnectionError"
    assert counted(capsys.readouterr().out, "FeedbackReceived") == 0


def test_without_the_pseudonyms_key_feedback_is_taken_all_the_same() -> None:
    feedback = Feedback()
    feedback.pseudonym = lambda _: None

    assert feedback.post()[0] == 202
    assert "user" not in feedback.lines("feedback_received")[0]
