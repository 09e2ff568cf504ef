"""The cost of an MLflow that is down for a sandbox: at its start, and in the long run."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from testing.emulator import Emulator
from testing.fake_mlflow import FakeMlflow, fake_mlflow
from testing.free_port import free_port
from testing.http_events import http_event
from testing.moved_clock import MovedClock

Sandbox = Callable[..., Emulator]

EVENT = http_event("POST", "/recommend", {"user_id": "user", "agent_outputs": []})
LEAST_STARTS, MOST_STARTS = 2, 15
CALLS = 200
CALLS_A_MINUTE = 100


@pytest.fixture
def hanging() -> Iterator[FakeMlflow]:
    """A server that takes requests and never answers."""
    with fake_mlflow(lambda connection: connection.hang(60)) as server:
        yield server


def test_a_sandbox_starts_as_fast_with_a_server_that_is_down(sandbox: Sandbox, hanging: FakeMlflow) -> None:
    """Nothing is asked of it before the first answer. The best start counts: a busy machine only ever adds time."""
    addresses = {"off": "", "refuses": f"http://127.0.0.1:{free_port()}", "hangs": hanging.url}
    best = dict.fromkeys(addresses, math.inf)
    for number in range(MOST_STARTS):
        if number >= LEAST_STARTS and max(best.values()) < best["off"] + 0.1:
            break
        for name, address in addresses.items():
            emulator = sandbox("RecommendFunction", {"MLFLOW_TRACKING_URI": address})
            # What is refused leaves no trace, so that nothing is waited for after it.
            assert emulator.invoke(http_event("POST", "/recommend", {}))["statusCode"] == 422
            best[name] = min(best[name], emulator.start_s)

    assert max(best.values()) < best["off"] + 0.1


def test_200_calls_beside_a_hanging_server_leave_nothing_behind(
    sandbox: Sandbox, hanging: FakeMlflow, tmp_path: Path
) -> None:
    """Threads, memory and files are unchanged, although the server is tried again each minute."""
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
