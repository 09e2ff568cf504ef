"""CloudWatch as far as the template's alarms need it: figures by the minute, metric math, missing data.

An alarm is evaluated every minute on periods that end then. It looks two periods further back than it evaluates:
existing figures are used first, and only the rest counts by the alarm's treatment of missing data.
"""

import ast
import math
import operator
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any, NamedTuple

MINUTE_S = 60
_LOOK_BACK = 2

Figure = float | None
"""None is missing data."""


class Metric(NamedTuple):
    """The key of CloudWatch's figures."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]] = frozenset()


class Figures:
    """Every figure by metric and minute, with how often it was there."""

    def __init__(self) -> None:
        self._kept: dict[Metric, dict[int, Counter[float]]] = {}

    def put(self, minute: int, metric: Metric, figure: float, times: int = 1) -> None:
        """Take a figure in."""
        self._kept.setdefault(metric, {}).setdefault(minute, Counter())[figure] += times

    def has(self, metric: Metric) -> bool:
        """Whether a figure of it was ever there."""
        return metric in self._kept

    def statistic(self, metric: Metric, statistic: str, end: int, minutes: int) -> Figure:
        """Of the minutes before `end`."""
        kept = self._kept.get(metric, {})
        found: Counter[float] = Counter()
        for minute in range(max(0, end - minutes), end):
            if minute in kept:
                found.update(kept[minute])
        return _STATISTICS[statistic](found) if found else None


def _sum(found: Counter[float]) -> float:
    return sum(figure * times for figure, times in found.items())


def _p99(found: Counter[float]) -> float:
    return sorted(found.elements())[math.ceil(0.99 * found.total()) - 1]


_STATISTICS: Mapping[str, Callable[[Counter[float]], float]] = {"Sum": _sum, "Maximum": max, "p99": _p99}


def metric_of(description: Mapping[str, Any]) -> Metric:
    """The metric that a part of an alarm names."""
    dimensions = frozenset((one["Name"], one["Value"]) for one in description.get("Dimensions", []))
    return Metric(description["Namespace"], description["MetricName"], dimensions)


def goes_off(alarm: Mapping[str, Any], figures: Figures, minutes: int) -> bool:
    """Whether the alarm is on at the end of any minute."""
    sources = _sources(alarm)
    # Without any figure, every minute is like the first.
    last = minutes if any(figures.has(metric) for _, metric, _ in sources) else 1
    figure = cache(partial(_figure, alarm, sources, figures))
    return any(_is_on(alarm, figure, end) for end in range(1, last + 1))


def _sources(alarm: Mapping[str, Any]) -> list[tuple[str, Metric, str]]:
    """Name, metric and statistic of each part of an alarm that is no expression."""
    if "MetricName" in alarm:
        return [("", metric_of(alarm), alarm.get("Statistic") or alarm["ExtendedStatistic"])]
    return [
        (one["Id"], metric_of(one["MetricStat"]["Metric"]), one["MetricStat"]["Stat"])
        for one in alarm["Metrics"]
        if "MetricStat" in one
    ]


def _is_on(alarm: Mapping[str, Any], figure: Callable[[int], Figure], end: int) -> bool:
    periods, length = alarm["EvaluationPeriods"], _period_s(alarm) // MINUTE_S
    looked_at = [figure(end - back * length) for back in range(periods + _LOOK_BACK)]
    there = [one for one in looked_at if one is not None][:periods]
    exceeds = _COMPARISONS[alarm["ComparisonOperator"]]
    breaching = [one for one in there if exceeds(one, float(alarm["Threshold"]))]
    missing = periods - len(there) if alarm["TreatMissingData"] == "breaching" else 0
    return len(breaching) + missing >= int(alarm.get("DatapointsToAlarm", periods))


_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
}


def _period_s(alarm: Mapping[str, Any]) -> int:
    """CloudWatch takes one period for all metrics of an alarm."""
    [period] = {*_periods(alarm)}
    return period


def _periods(alarm: Mapping[str, Any]) -> Iterator[int]:
    if "Period" in alarm:
        yield alarm["Period"]
    yield from (one["MetricStat"]["Period"] for one in alarm.get("Metrics", []) if "MetricStat" in one)


def _figure(alarm: Mapping[str, Any], sources: list[tuple[str, Metric, str]], figures: Figures, end: int) -> Figure:
    """The alarm's figure of the period that ends then."""
    length = _period_s(alarm) // MINUTE_S
    known = {name: figures.statistic(metric, statistic, end, length) for name, metric, statistic in sources}
    if "MetricName" in alarm:
        return known[""]
    [expression] = [one["Expression"] for one in alarm["Metrics"] if "Expression" in one]
    return evaluated(expression, known)


def evaluated(expression: str, known: Mapping[str, Figure]) -> Figure:
    """A figure by metric math, whose notation is Python's as far as it is used here."""
    return _Math(known).value(_parsed(expression))


@cache
def _parsed(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


class _Math:
    """Any operation on missing data is missing, and so is a division by zero; FILL alone mends it."""

    def __init__(self, known: Mapping[str, Figure]) -> None:
        self._known = known

    def value(self, node: ast.AST) -> Figure:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name):
                return self._known[name]
            case ast.BinOp(left=left, op=sign, right=right):
                return self._both(_SIGNS[type(sign)], left, right)
            case ast.Compare(left=left, ops=[sign], comparators=[right]):
                return self._both(_SIGNS[type(sign)], left, right)
            case ast.Call(func=ast.Name(id="FILL"), args=[filled, otherwise]):
                found = self.value(filled)
                return self.value(otherwise) if found is None else found
            case ast.Call(func=ast.Name(id="IF"), args=[condition, then, otherwise]):
                holds = self.value(condition)
                return None if holds is None else self.value(then if holds else otherwise)
        raise NotImplementedError(ast.unparse(node))

    def _both(self, sign: Callable[[float, float], float], left: ast.AST, right: ast.AST) -> Figure:
        first, second = self.value(left), self.value(right)
        if first is None or second is None:
            return None
        try:
            return float(sign(first, second))
        except ZeroDivisionError:
            return None


_SIGNS: Mapping[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
}
