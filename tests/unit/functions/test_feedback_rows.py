"""Feedback as apps export it, sent to the entries of compute and infer."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from oo.telemetry.instrumentation import Handler
from testing.entries import invoke, load_handler
from testing.for_each import for_each
from testing.http_events import http_event

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)


@cache
def handler_of(function: str) -> Handler:
    return load_handler(function)


def answer(function: str, rows: list[dict[str, object]]) -> dict[str, Any]:
    body = {"user_id": "user-1", "now_iso": NOW.isoformat(), "timezone": "Europe/Berlin", "feedback_history": rows}
    given = invoke(handler_of(function), http_event("POST", f"/agents/tip-receptivity/{function}", body))
    assert given["statusCode"] == 200, given["body"]
    found: dict[str, Any] = json.loads(given["body"])
    return found


def computed(*rows: dict[str, object]) -> dict[str, Any]:
    return answer("compute", list(rows))


def learned(*rows: dict[str, object]) -> dict[str, Any]:
    found: dict[str, Any] = answer("infer", list(rows))["inferred_prefs"]
    return found


def often(action: object, times: int, **others: object) -> list[dict[str, object]]:
    """Tips two hours apart, each with that action."""
    stamps = [(NOW - timedelta(hours=2 * number)).isoformat() for number in range(times)]
    return [{"action": action, "created_at": stamp} | others for stamp in stamps]


@for_each("word", ["dismiss", "Swiped Away", "reject", "skip", "CLOSED", "dislike", "thumbsDown", "👎🏽"])
def test_words_of_refusal_turn_tips_down(word: str) -> None:
    """Three tips turned down in any words are said to be so."""
    assert "the last 3 tips with a verdict were turned down" in computed(*often(word, 3))["prompt_text"]


@for_each("word", ["like", "accept", "upvote", "Did it", "thumbs-up", "👍\ufe0f"])
def test_words_of_consent_teach_acceptance(word: str) -> None:
    """Twenty tips taken up in any words are nearly all."""
    assert learned(*often(word, 20))["accept_p"] > 0.9


def test_rows_of_the_future_are_dropped_and_counted() -> None:
    """From five minutes ahead on, also those that begin to count later today; a repeat of an earlier row, too."""
    ahead = (timedelta(minutes=5), timedelta(minutes=6), timedelta(hours=10), timedelta(days=2))
    rows: list[dict[str, object]] = [
        {"action": "dismiss", "created_at": (NOW + each).isoformat(), "tip_id": "t"} for each in ahead
    ]

    assert computed(*rows)["reading"] == {"dropped": {"feedback_history.future": 3}}
    assert computed(rows[0])["reading"] is None


def test_a_row_of_the_future_changes_nothing_today() -> None:
    """Five dwell times in seconds stay unread, for any later row."""
    rows = often("opened", 5, dwell_ms=9)
    later = {"action": "opened", "created_at": (NOW + timedelta(hours=2)).isoformat(), "dwell_ms": 9000}
    given = computed(*rows, later)

    assert given["reading"]["unreadable"] == {"feedback_history.dwell_ms": 5}
    assert given["signals_snapshot"] == computed(*rows)["signals_snapshot"]


@for_each("word", ["meh", "hearted", "", None, 1, ["like"]])
def test_other_words_say_nothing(word: object) -> None:
    """An action that is not listed neither speaks for a tip nor against it."""
    assert learned(*often(word, 20)) == {}
    assert computed(*often(word, 3))["prompt_text"] == ""


def test_tips_within_minutes_are_told_apart_by_their_ids() -> None:
    """Three tips are three with ids, and one without; one that is delivered again and again is one."""
    rows: list[dict[str, object]] = [
        {"action": "dismissed", "createdAt": f"2026-03-12T08:0{minute}:00Z", "tip_id": f"t{minute}"}
        for minute in (1, 3, 5)
    ]
    nameless = [{key: value for key, value in row.items() if key != "tip_id"} for row in rows]
    again = [row | {"action": "shown", "tip_id": "t1"} for row in rows]

    tips_n = [computed(*given)["signals_snapshot"]["episodes_28d_n"] for given in (rows, nameless, again)]

    assert tips_n == [3, 1, 1]
    assert "the last 3 tips" in computed(*rows)["prompt_text"]


def test_seconds_are_no_milliseconds() -> None:
    """Twenty tips left after six seconds teach a length where that is sent as 6000, also in text, and none as 6."""
    sent: tuple[dict[str, object], ...] = ({"dwell_ms": "6000"}, {"dwellMs": 6000}, {"dwell_ms": 6})

    assert ["max_words" in learned(*often("opened", 20, words_n=60, **dwell)) for dwell in sent] == [True, True, False]
