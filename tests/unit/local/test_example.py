"""The invented user of the demo and of the printed request."""

from datetime import UTC, datetime

from local import example
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import ask


def test_the_same_task_presses_at_every_hour() -> None:
    """So that the demo tells the same story in the morning and at night."""
    for hour in range(24):
        now = datetime(2026, 11, 26, hour, 37, tzinfo=UTC)
        fields = {name: value for name, value in example.snapshot(now).items() if name != "snapshot_version"}
        output = ask("deadline-pressure", ComputeRequest(**fields, now_iso=now))

        assert "Fact: «Send the invoice to Marlow» is due in about 5 h;" in output.prompt_text, hour
