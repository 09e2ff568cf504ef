"""What an MLflow that is down costs a sandbox: when it starts, and in the long run."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.emulator import Emulator
from tests.fake_mlflow import FakeMlflow, fake_mlflow
from tests.free_port import free_port
from tests.http_events import http_event
from tests.moved_clock import MovedClock

Sandbox = Callable[..., Emulator]

EVENT = http_event("POST", "/recommend", {"user_id": "user", "agent_outputs": []})
STARTS = 3
CALLS = 200
CALLS_A_MINUTE = 100


@pytest.fixture
def hanging() -> Iterator[FakeMlflow]:
    """A server that takes requests and never answers."""
    with fake_mlflow(lambda connection: connection.hang(60)) as server:
        yield server


def test_a_sandbox_starts_as_fast_with_a_server_that_is_down(sandbox: Sandbox, hanging: FakeMlflow) -> None:
    """Nothing is asked of it before the first answer. The best of some starts counts, taken in turns."""
    addresses = {"off": "", "refuses": f"http://127.0.0.1:{free_port()}", "hangs": hanging.url}
    starts: dict[str, list[float]] = {name: [] for name in addresses}
    for _ in range(STARTS):
        for name, address in addresses.items():
            emulator = sandbox("RecommendFunction", {"MLFLOW_TRACKING_URI": address})
            # What is refused leaves no trace, so that nothing is waited for after it.
            assert emulator.invoke(http_event("POST", "/recommend", {}))["statusCode"] == 422
            starts[name].append(emulator.start_s)

    best = {name: min(times) for name, times in starts.items()}
    assert best["refuses"] < best["off"] + 0.1
    assert best["hangs"] < best["off"] + 0.1


def test_200_calls_beside_a_hanging_server_leave_nothing_behind(
    sandbox: Sandbox, hanging: FakeMlflow, tmp_path: Path
) -> None:
    """Threads, memory and files are what they were, although the server is tried anew each minute."""
    plain = sandbox("RecommendFunction")
    plain.invoke(EVENT)
    clock = MovedClock(tmp_path)
    settings = {"MLFLOW_TRACKING_URI": hanging.url, **clock.settings}
    emulator = sandbox("RecommendFunction", settings, hooked=True, timeout=900)
    assert emulator.invoke(EVENT)["statusCode"] == 200
    before = emulator.resources()

    for number in range(1, CALLS):
        clock.move(number // CALLS_A_MINUTE * 60)
        assert emulator.invoke(EVENT)["statusCode"] == 200

    after = emulator.resources()
    assert after.threads <= plain.resources().threads + 3
    assert after.memory_kb <= before.memory_kb + 20_000
    assert after.files <= before.files
    assert emulator.counted("TraceDropped") == CALLS
    assert len(emulator.log_lines("trace_export_failed")) == hanging.requests == 2
