"""Metrics that need a dimension of their own, or no call to belong to."""

from contextlib import suppress

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from oo.telemetry.logs import NAMESPACE


def count(name: str, number: int = 1, **dimensions: str) -> None:
    """Count something, apart by the dimensions' values; those must come from a small closed set.

    It is a line of CloudWatch's embedded format at once; where that cannot be written, it is lost.
    """
    with (
        suppress(OSError, ValueError),
        single_metric(
            name=name, unit=MetricUnit.Count, value=number, namespace=NAMESPACE, default_dimensions=dimensions
        ),
    ):
        pass
