"""Hours of traffic in CloudWatch: the metrics of functions, of API Gateway, and of the access log."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.unit.alarms.answers import Sample
from tests.unit.alarms.cloudwatch import Figures, Metric, goes_off
from tests.unit.alarms.deployed import ALARMS, filtered

HOURS = 4
MINUTES = HOURS * 60


@dataclass(frozen=True)
class Flow:
    """The same answer `number` times in every `minutes`-th minute, from the minute `first` on."""

    sample: Sample
    number: int = 1
    minutes: int = 1
    first: int = 0


@dataclass(frozen=True)
class Reading:
    """A figure of AWS' own in every minute."""

    metric: Metric
    figure: float


def api(name: str) -> Metric:
    """One of the HTTP API's metrics."""
    return Metric("AWS/ApiGateway", name, frozenset({("ApiId", "HttpApi")}))


def of_queue(name: str, queue: str) -> Metric:
    """One of a queue's metrics."""
    return Metric("AWS/SQS", name, frozenset({("QueueName", f"{queue}.QueueName")}))


def of_function(name: str, function: str) -> Metric:
    """One of a function's metrics."""
    return Metric("AWS/Lambda", name, frozenset({("FunctionName", function)}))


def counted(sample: Sample) -> Iterable[tuple[Metric, float]]:
    """Everything that one answer leaves behind."""
    yield from sample.metrics
    if sample.status is None:
        return
    yield from filtered(sample.status).items()
    yield api("Count"), 1
    yield api("4xx"), float(400 <= sample.status < 500)
    yield api("5xx"), float(sample.status >= 500)
    yield api("Latency"), sample.latency_s * 1000
    if sample.integrated:
        yield api("IntegrationLatency"), sample.latency_s * 1000


def alarmed(*traffic: Flow | Reading, minutes: int = MINUTES) -> set[str]:
    """The alarms of the template that go off within so many minutes of that traffic, after none at all."""
    figures = Figures()
    for part in traffic:
        if isinstance(part, Reading):
            for minute in range(minutes):
                figures.put(minute, part.metric, part.figure)
            continue
        for metric, figure in counted(part.sample):
            for minute in range(part.first, minutes, part.minutes):
                figures.put(minute, metric, figure, part.number)
    return {name for name, alarm in ALARMS.items() if goes_off(alarm, figures, minutes)}
