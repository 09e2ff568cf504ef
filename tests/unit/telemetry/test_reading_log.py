"""The line and the metrics about data that could not be read."""

import json
from typing import Any

import pytest

from oo.telemetry.logs import make_metrics
from oo.telemetry.reading_log import report_reading
from tests.unit.telemetry.fixtures import Log

NAMES = ("UnreadableDates", "UntitledTasks", "ZoneAssumed")


def reported(reading: dict[str, Any] | None, capsys: pytest.CaptureFixture[str]) -> tuple[list[Any], dict[str, int]]:
    """The lines of a report, and its metrics."""
    log, metrics = Log(), make_metrics()
    report_reading(reading, log.logger, metrics)
    if metrics.metric_set:
        metrics.flush_metrics()
    blobs = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return log.lines, {name: sum(blob[name]) for blob in blobs for name in NAMES if name in blob}


@pytest.mark.parametrize(
    "reading",
    [
        None,
        {"unread_keys": {"tasks": {"notes": 12}}},
        {"assumed": ["feedback_history=[]", "user_id=text"]},
        {"tasks": {"given": 3, "open": 3}, "unread_keys": {"tasks": {"notes": 3}}},
    ],
    ids=str,
)
def test_what_is_ordinary_is_neither_a_line_nor_a_metric(
    reading: dict[str, Any] | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything read; keys that no field uses; assumptions."""
    assert reported(reading, capsys) == ([], {})


def test_a_missing_zone_is_counted_without_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Once for a request; a zone of the service's own setting is none that is missing."""
    assert reported({"assumed": ["due_at=dates", "timezone=UTC"]}, capsys) == ([], {"ZoneAssumed": 1})
    assert reported({"assumed": ["timezone=Europe/Berlin"]}, capsys) == ([], {})


@pytest.mark.parametrize(
    ("reading", "metrics"),
    [
        ({"unreadable": {"timezone": 1}}, {}),
        ({"unreadable": {"tasks.priority": 2}, "assumed": ["timezone=UTC"]}, {"ZoneAssumed": 1}),
        ({"dropped": {"tasks.duplicate_id": 4}}, {}),
        ({"tasks": {"given": 2, "untitled": 2}}, {"UntitledTasks": 2}),
        ({"tasks": {"given": 2, "unreadable_due": 1}}, {}),
        (
            {
                "tasks": {"given": 9, "open": 9, "untitled": 3, "unreadable_due": 2},
                "unreadable": {
                    "feedback_history.created_at": 1,
                    "profile.created_at_h": 32,
                    "task_completions.completed_at": 2,
                    "tasks.due_at": 4,
                    "tasks.due_history": 8,
                    "tasks.status": 16,
                },
            },
            {"UnreadableDates": 15, "UntitledTasks": 3},
        ),
    ],
    ids=str,
)
def test_data_that_count_for_less_are_a_line_of_their_own(
    reading: dict[str, Any], metrics: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    """The line holds the report's parts; dates and titles are counted besides."""
    (line,), counted = reported(reading, capsys)

    assert (line["message"], line["level"]) == ("data_not_read", "INFO")
    assert {name: line.get(name) for name in reading} == reading
    assert counted == metrics
