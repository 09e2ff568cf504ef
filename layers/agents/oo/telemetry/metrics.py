"""Metrics with a dimension of their own, or outside a call."""

import json
from contextlib import suppress
from functools import cache

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.base import SingleMetric

from oo.telemetry.logs import NAMESPACE


def count(name: str, number: int = 1, **dimensions: str) -> None:
    """Count an event, separately by the dimensions' values, which must come from a small closed set.

    It is written at once as a line of CloudWatch's embedded format; if that fails, it is lost.
    """
    form = embedded_format()
    values = {name: {"Unit": MetricUnit.Count.value, "Value": [float(number)]}}
    service = {"service": form.service} if form.service else {}
    with suppress(OSError, ValueError):
        print(_WRITER.encode(form.serialize_metric_set(values, dimensions | service)))  # noqa: T201  # CloudWatch reads metrics in the output


_WRITER = json.JSONEncoder(separators=(",", ":"))


@cache
def embedded_format() -> SingleMetric:
    """The format, with the service's name. Nothing of an event is stored in it, so every thread may use it."""
    return SingleMetric(namespace=NAMESPACE)
