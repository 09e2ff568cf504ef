"""The log line and the metrics about unreadable values of a user's data."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

_NO_ZONE = "timezone=UTC"
_DATES = ("_at", ".due_history")
"""The ends of the names of fields that hold dates."""


def report_reading(reading: Mapping[str, Any] | None, logger: Logger, metrics: Metrics) -> None:
    """Report one user's data once: counts and names of keys, never values.

    Keys that no field uses, and assumptions, are common: alone they write no line.
    """
    if reading is None:
        return
    tasks: Mapping[str, int] = reading.get("tasks", {})
    unreadable: Mapping[str, int] = reading.get("unreadable", {})
    if unreadable or reading.get("dropped") or tasks.get("untitled") or tasks.get("unreadable_due"):
        logger.info("data_not_read", **reading)
    counts = {
        "UnreadableDates": sum(number for field, number in unreadable.items() if field.endswith(_DATES)),
        "UntitledTasks": tasks.get("untitled", 0),
        "ZoneAssumed": int(_NO_ZONE in reading.get("assumed", ())),
    }
    for name, number in counts.items():
        if number:
            metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)
