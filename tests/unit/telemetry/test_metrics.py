import io
import json
import re
import sys

import pytest
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from oo.telemetry.logs import NAMESPACE, make_metrics
from oo.telemetry.metrics import count


def test_a_count_is_a_line_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    """In CloudWatch's embedded format, apart by its dimensions."""
    count("AgentFailed", 3, agent="quick-win")

    blob = json.loads(capsys.readouterr().out)
    (metrics,) = blob["_aws"]["CloudWatchMetrics"]
    assert (blob["AgentFailed"], blob["agent"]) == ([3.0], "quick-win")
    assert (metrics["Namespace"], metrics["Dimensions"]) == (NAMESPACE, [["agent"]])


def test_a_count_is_no_part_of_a_calls_metrics(capsys: pytest.CaptureFixture[str]) -> None:
    """Threads that work after the answer count as well."""
    metrics = make_metrics()
    metrics.clear_metrics()

    count("TraceDropped")

    assert metrics.metric_set == {}
    assert "TraceDropped" in capsys.readouterr().out


def test_a_count_that_nobody_listens_to_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """And does no other harm."""
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stdout", closed)

    count("TraceDropped")


@pytest.mark.parametrize("service", ["", "tips"])
def test_a_count_is_the_line_that_powertools_writes(
    service: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Apart from its time in milliseconds, and with the dimensions in the same order."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", service)
    for _ in range(2):
        count("SnippetDropped", 3, reason="stale", agent="é")
    with single_metric(
        "SnippetDropped", MetricUnit.Count, 3, namespace=NAMESPACE, default_dimensions={"reason": "stale", "agent": "é"}
    ):
        pass

    *counted, expected = re.sub(r'"Timestamp":\d+', "", capsys.readouterr().out).splitlines()
    assert [expected, expected] == counted
