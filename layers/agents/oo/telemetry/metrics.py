"""Metrics with a dimension of their own, or outside a call."""

from contextlib import suppress

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from oo.telemetry.logs import NAMESPACE


def count(name: str, number: int = 1, **dimensions: str) -> None:
    """Count an event, separately by the dimensions' values, which must come from a small closed set.

    It is written at once as a line of CloudWatch's embedded format; if that fails, it is lost.
    """
    with (
        suppress(OSError, ValueError),
        single_metric(
            name=name, unit=MetricUnit.Count, value=number, namespace=NAMESPACE, default_dimensions=dimensions
        ),
    ):
        pass
