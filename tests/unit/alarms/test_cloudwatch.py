"""The evaluator beside CloudWatch's documentation of alarms, metric math and missing data."""

from typing import Any

import pytest

from testing.for_each import for_each
from tests.unit.alarms.cloudwatch import Figures, Metric, evaluated, goes_off

METRIC = Metric("N", "m")


def alarm(periods: int = 1, wanted: int = 1, period_s: int = 60, **others: Any) -> dict[str, Any]:
    return {
        "Namespace": "N",
        "MetricName": "m",
        "Statistic": "Sum",
        "Period": period_s,
        "EvaluationPeriods": periods,
        "DatapointsToAlarm": wanted,
        "Threshold": 2,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
    } | others


def is_on(described: dict[str, Any], *figures: float | None) -> bool:
    """With one figure a minute, None where there is none."""
    kept = Figures()
    for minute, figure in enumerate(figures):
        if figure is not None:
            kept.put(minute, METRIC, figure)
    return goes_off(described, kept, len(figures))


@for_each(
    ("expression", "figure"),
    [
        ("100 * a / b", 50),
        ("a - b + 3", 2),
        ("a + gone", None),
        ("FILL(gone, 0) + a", 1),
        ("a / FILL(gone, 0)", None),
        ("IF(a >= 1, b, 7)", 2),
        ("IF(a > 1, b / FILL(gone, 0), 7)", 7),
        ("IF(gone >= 0, 1, 2)", None),
    ],
)
def test_metric_math(expression: str, figure: float | None) -> None:
    """Missing data makes a result missing, and so does a division by zero."""
    assert evaluated(expression, {"a": 1, "b": 2, "gone": None}) == figure


def test_an_expression_that_is_not_known_is_an_error() -> None:
    """It would be no evidence otherwise."""
    with pytest.raises(NotImplementedError, match="RATE"):
        evaluated("RATE(a)", {"a": 1})


@for_each(
    ("figures", "on"),
    [
        ((2, 2, 2), False),
        ((3, 2, 2), False),
        ((3, 2, 3), True),
        ((3, None, 3), True),
        ((3, None, None, 3), True),
        ((3, None, None, None, None, 3), False),
        ((None, None, None), False),
    ],
)
def test_two_of_three_periods(figures: tuple[float | None, ...], *, on: bool) -> None:
    """Five periods are evaluated, and gaps among them are skipped as long as there are figures."""
    assert is_on(alarm(periods=3, wanted=2), *figures) is on


def test_missing_data_may_breach() -> None:
    assert is_on(alarm(periods=2, wanted=2, TreatMissingData="breaching"), None, None)


def test_a_longer_period_slides_by_the_minute() -> None:
    """Three figures of one hour are combined, at any time of the clock."""
    apart = [1.0 if minute in (45, 60, 75) else None for minute in range(120)]

    assert is_on(alarm(period_s=3600), *apart)
    assert not is_on(alarm(period_s=1800), *apart)


def test_a_percentile() -> None:
    """The second largest of a hundred."""
    figures = Figures()
    figures.put(0, METRIC, 1, 98)
    figures.put(0, METRIC, 5, 1)
    figures.put(0, METRIC, 9, 1)

    assert figures.statistic(METRIC, "p99", 1, 1) == 5
