"""The request in a trace, by which it can be asked again."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oo.bootstrap.settings import TraceSettings
from oo.contract.tips import AgentOutputSnippet, RecommendRequest
from oo.deadline import Deadline
from oo.request_context import RequestContext
from oo.telemetry.spans import Span, SpanKind, Trace
from oo.tips.recorded_request import MOST_BYTES, RequestRecorder

NOW = datetime(2026, 7, 14, 9, 0, 1, 250_000, tzinfo=UTC)
EVERYTHING: dict[str, Any] = {"TRACE_REQUEST": "on", "MLFLOW_TRACKING_URI": "http://127.0.0.1:9"}


def recorded(
    body: dict[str, Any],
    snippets: Sequence[AgentOutputSnippet] = (),
    zone: str = "",
    *,
    is_kept: bool = True,
) -> dict[str, Any]:
    """The attributes of the root."""
    root, trace = Span("recommend", SpanKind.CHAIN, None, 1), Trace.begin()
    context = RequestContext(NOW, Deadline.after(1), trace, ZoneInfo(zone) if zone else None)
    request = RecommendRequest.model_validate({"user_id": "canary-of-a-user"} | body)
    RequestRecorder(lambda _: is_kept).record(root, request, snippets, "orchestrator-2", context)
    assert trace.faults == []
    return root.attributes


def test_a_request_is_recorded_as_it_was_resolved() -> None:
    """After defaults, with the snippets that were read, the version that was used, and no id of the user."""
    stored = AgentOutputSnippet(agent_id="mine", prompt_text="Mornings suit you.", computed_at=NOW)
    request = recorded({"tasks": [{"title": "Call Ana", "colour": 3}]}, [stored], "Asia/Kathmandu")["request"]

    assert request == {
        "agent_outputs": [
            {
                "agent_id": "mine",
                "prompt_text": "Mornings suit you.",
                "computed_at": "2026-07-14T09:00:01.250000+00:00",
                "expires_at": None,
                "agent_version": None,
                "trace_id": None,
            }
        ],
        "tasks": [{"title": "Call Ana", "colour": 3}],
        "hour_of_day": None,
        "day_of_week": None,
        "science_destiny": 50,
        "recent_tips": [],
        "now_iso": "2026-07-14T09:00:01.250000+00:00",
        "timezone": "Asia/Kathmandu",
        "priority_scale": "larger_is_higher",
        "locale": None,
        "prompt_version": "orchestrator-2",
        "assumed": ["now_iso", "timezone"],
    }


@pytest.mark.parametrize(
    ("body", "assumed"),
    [
        ({}, ["now_iso", "timezone"]),
        ({"now_iso": "2026-07-14T09:00:00Z"}, ["timezone"]),
        ({"now_iso": "2026-07-14T11:00:00+02:00"}, []),
        ({"timezone": "Europe/Berlin"}, ["now_iso"]),
        ({"timezone": "Mars/Base"}, ["now_iso"]),
    ],
    ids=str,
)
def test_what_the_service_filled_in_is_named(body: dict[str, Any], assumed: list[str]) -> None:
    """The rest is as the caller gave it; a zone that cannot be read, too, because no default stands in for it."""
    request = recorded(body, zone="Asia/Kathmandu")["request"]

    assert request["assumed"] == assumed
    assert {name: request[name] for name in body} == {
        name: value.replace("Z", "+00:00") for name, value in body.items()
    }


def test_numbers_that_no_store_takes_become_recipes() -> None:
    """All other numbers stay as they are."""
    row = {"id": 2**63, "priority": 3, "estimate_minutes": 5.0, "n": [-(2**63), -(2**63) - 1]}

    assert recorded({"tasks": [row]})["request"]["tasks"] == [
        {
            "id": {"$number": "9223372036854775808"},
            "priority": 3,
            "estimate_minutes": 5.0,
            "n": [-(2**63), {"$number": "-9223372036854775809"}],
        }
    ]


@pytest.mark.parametrize("more", [0, 1])
def test_a_request_over_the_limit_is_left_out(more: int) -> None:
    """By the bytes of its JSON, in UTF-8."""
    empty = recorded({"tasks": [{"title": ""}]})["request"]
    size = len(json.dumps(empty, separators=(",", ":")).encode())
    spare = MOST_BYTES - size + more
    title = "ä" * (spare // 2) + "a" * (spare % 2)

    assert ("request" in recorded({"tasks": [{"title": title}]})) is (more == 0)
    assert recorded({"tasks": [{"title": title}]}).get("request_dropped") == (True if more else None)


def test_a_request_that_cannot_be_written_costs_no_tip() -> None:
    """The trace says that something is missing from it."""

    class Broken(AgentOutputSnippet):
        def model_dump(self, **_: Any) -> dict[str, Any]:
            raise ZeroDivisionError

    root, trace = Span("recommend", SpanKind.CHAIN, None, 1), Trace.begin()
    context = RequestContext(NOW, Deadline.after(1), trace)
    request = RecommendRequest.model_validate({"user_id": "user-7"})
    RequestRecorder(lambda _: True).record(root, request, [Broken(agent_id="mine")], "orchestrator-2", context)

    assert (root.attributes, trace.faults) == ({}, ["ZeroDivisionError"])


def test_a_trace_that_is_not_sent_records_nothing() -> None:
    """The record would never be read."""
    assert recorded({}, is_kept=False) == {}


@pytest.mark.parametrize(
    ("variables", "records"),
    [
        ({}, True),
        ({"TRACE_CONTENT": "redacted"}, False),
        ({"TRACE_REQUEST": "off"}, False),
        ({"TRACE_REQUEST": ""}, False),
        ({"MLFLOW_TRACKING_URI": ""}, False),
        ({"MLFLOW_TRACE_SAMPLING_RATIO": "0"}, False),
    ],
    ids=str,
)
def test_requests_are_recorded_only_with_full_content(variables: dict[str, str], records: bool) -> None:  # noqa: FBT001  # one fact of the case
    """And only where traces are sent."""
    assert TraceSettings.from_environment(EVERYTHING | variables).records_requests is records
