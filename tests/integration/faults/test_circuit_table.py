"""The circuit breaker's table as it fails: callers are served as if there were no breaker."""

import pytest

from testing.fake_llm import BOTH, FakeModel, fails, says
from tests.integration.faults.aws_outages import Outage, black_holed, down, throttled
from tests.integration.faults.entry import Entry

BODY = {"user_id": "u", "agent_outputs": []}
ONCE = {"connection": "close"}
"""A function's client keeps its connections for as long as its sandbox lives; this one is to leave none behind."""


@pytest.mark.parametrize(
    ("outage", "reason"),
    [
        pytest.param(down, "EndpointConnectionError", id="down"),
        pytest.param(black_holed, "ReadTimeoutError", id="black-holed"),
        pytest.param(throttled, "ThrottlingException", id="throttled"),
    ],
)
def test_a_table_that_fails_costs_callers_nothing(
    outage: Outage,
    reason: str,
    model: FakeModel,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """All are let through to the model, also after it has failed three times, and one line says why."""
    with outage() as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("LLM_CIRCUIT_TABLE", "CircuitTable")
        monkeypatch.setenv("LITELLM_URL", model.url)
        monkeypatch.setenv("LITELLM_API_KEY", "sk-planted")
        entry = Entry("recommend", monkeypatch, capsys)
        model.plan("u", says(BOTH, ONCE))
        served = entry.post("/recommend", BODY)
        model.plan("u", fails(503, ONCE))
        failed = [entry.post("/recommend", BODY) for _ in range(4)]

    assert served.status == 200
    assert [answered.outcome for answered in failed] == [(502, "llm_upstream_error")] * 4
    assert [line["reason"] for line in entry.events("circuit_store_unavailable")] == [reason]
    assert entry.counted("CircuitStoreUnavailable") == 1
