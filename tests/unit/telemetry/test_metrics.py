import io
import json
import sys

import pytest

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
