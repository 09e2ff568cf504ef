"""Generated bodies and events, straight to the HTTP functions. `make fuzz` makes 12,000 calls, `make test` 300."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from local.deployment.environment import LAYER, ROOT, host_basics
from testing.fake_llm import fake_model
from testing.fake_queue import fake_queue
from tests.integration.faults.hostile import CANARY, bodies, events, large_bodies
from tests.integration.faults.hostile_calls import MEASURE

FEW = 250
BODIES = int(os.environ.get("FUZZ_REQUESTS", FEW))
EVENTS = BODIES // 5
SEED = 1
KEY = "sk-planted-key"
LARGEST_ANSWER_BYTES, LARGEST_ERROR_BYTES, LONGEST_LINE_BYTES = 1_000_000, 16_000, 16_000
MOST_GROWTH = 1.05
LONGEST_NAME = 32


@dataclass(frozen=True)
class Run:
    """The program's report, and the functions' log."""

    report: dict[str, Any]
    lines: list[bytes]


def calls() -> Iterator[tuple[str, Any]]:
    """Large bodies first, then the drawn bodies and events, evenly mixed."""
    yield from ((route.name, event) for route, event in large_bodies())
    yield MEASURE, None
    sources = [bodies(SEED, BODIES), events(SEED, EVENTS)]
    order = [0] * BODIES + [1] * EVENTS
    Random(SEED).shuffle(order)  # noqa: S311  # for tests
    for source in order:
        route, event = next(sources[source])
        yield route.name, event


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("hostile")
    report, log = folder / "report.json", folder / "log.txt"
    with fake_model() as model, fake_queue() as queue, log.open("wb") as written:
        environment = (
            host_basics(os.environ)
            | queue.variables
            | {
                "PYTHONPATH": f"{LAYER}{os.pathsep}{ROOT}",
                "POWERTOOLS_SERVICE_NAME": "hostile",
                "POWERTOOLS_LOG_LEVEL": "DEBUG",
                "LITELLM_URL": model.url,
                "LITELLM_API_KEY": KEY,
            }
        )
        program = [sys.executable, "-m", "tests.integration.faults.hostile_calls"]
        with subprocess.Popen(
            [*program, str(report)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=written,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdin is not None
            for name, event in calls():
                process.stdin.write(json.dumps([name, event]) + "\n")
            process.stdin.close()
        assert process.returncode == 0, log.read_text(errors="replace")[-2_000:]
    return Run(json.loads(report.read_text()), log.read_bytes().splitlines())


def test_no_call_fails_a_function(run: Run) -> None:
    """No handler raises and no answer is a 5xx, for any event."""
    assert run.report["raised"] == []
    assert run.report["failed"] == []
    assert sum(run.report["statuses"].values()) > BODIES + EVENTS
    assert {"200", "202", "400", "404", "413", "415", "422"} >= set(run.report["statuses"]) - {"405"}


def test_answers_are_bounded(run: Run) -> None:
    assert run.report["largest_answer"] <= LARGEST_ANSWER_BYTES
    assert run.report["largest_error"] <= LARGEST_ERROR_BYTES


def test_errors_repeat_nothing(run: Run) -> None:
    assert run.report["echoed"] == []


def test_log_lines_are_bounded_and_hold_nothing_planted(run: Run) -> None:
    """Each is JSON of at most 16 KB, with no text of a caller's but short names of unread keys, and no key."""
    assert len(run.lines) > BODIES
    assert [line[:300] for line in run.lines if len(line) > LONGEST_LINE_BYTES or not line.startswith(b"{")] == []
    told = [_without_names(line) for line in run.lines]
    assert [line[:300] for line in told if CANARY.encode() in line or KEY.encode() in line] == []


def _without_names(line: bytes) -> bytes:
    """The line without the names of rows' keys that nothing reads, by which an operator finds a caller's mistake."""
    if b'"unread_keys"' not in line:
        return line
    fields = json.loads(line)
    names = [name for each in fields.pop("unread_keys").values() for name in each]
    assert [name for name in names if len(name) > LONGEST_NAME] == []
    return json.dumps(fields).encode()


def test_memory_does_not_grow(run: Run) -> None:
    """The last quarter of the calls finds the process at most a twentieth larger than the first one."""
    assert run.report["growth"] <= MOST_GROWTH
