"""Between two calls a sandbox stands still for as long as Lambda likes; the world does not."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from testing.emulator import Emulator
from testing.fake_llm import BOTH, Asked, says
from testing.fake_mlflow import FakeMlflow, fake_mlflow
from testing.http_events import http_event
from testing.moved_clock import MovedClock
from testing.raw_server import Connection, Script, serving

Sandbox = Callable[..., Emulator]

HOUR_S = 3_600
EVENT = http_event("POST", "/recommend", {"user_id": "user", "agent_outputs": []})


@pytest.fixture
def clock(tmp_path: Path) -> MovedClock:
    return MovedClock(tmp_path)


@pytest.fixture
def mlflow() -> Iterator[FakeMlflow]:
    with fake_mlflow() as server:
        yield server


def answer_one(connection: Connection) -> None:
    """Answer a request with a tip; the connection stays."""
    connection.request()
    says(BOTH)(connection, Asked({}, {}))


def answer_all(connection: Connection) -> None:
    while connection.request():
        says(BOTH)(connection, Asked({}, {}))


def read_one_and_close(connection: Connection) -> None:
    answer_one(connection)
    connection.request()


def go_silent(connection: Connection) -> None:
    """Answer a request and then nothing any more, as behind a NAT that has forgotten the connection."""
    answer_one(connection)
    connection.request()
    connection.hang(60)


@pytest.mark.parametrize("asleep_s", [0, 10])
def test_a_model_that_closed_the_kept_connection_is_asked_on_another(
    sandbox: Sandbox, clock: MovedClock, asleep_s: int
) -> None:
    """The server's goodbye arrives while the sandbox is frozen; that costs the caller nothing, not even an attempt."""
    goodbye = threading.Event()

    def say_goodbye(connection: Connection) -> None:
        answer_one(connection)
        goodbye.wait(30)

    with serving(say_goodbye, answer_all) as model:
        emulator = sandbox("RecommendFunction", {"LITELLM_URL": model.url, **clock.settings}, hooked=True)
        emulator.invoke(EVENT)
        with emulator.frozen():
            goodbye.set()
            clock.move(asleep_s)

        assert outcome(emulator.invoke(EVENT)) == (200, 1)
        assert model.connections == 2


@pytest.mark.parametrize(("kept", "asleep_s"), [(read_one_and_close, 0), (go_silent, 10)])
def test_a_kept_connection_that_died_unheard_is_replaced(
    sandbox: Sandbox, clock: MovedClock, kept: Script, asleep_s: int
) -> None:
    """One that breaks under the request is replaced by another; one that is too old is not even tried."""
    with serving(kept, answer_all) as model:
        emulator = sandbox("RecommendFunction", {"LITELLM_URL": model.url, **clock.settings}, hooked=True)
        emulator.invoke(EVENT)
        with emulator.frozen():
            clock.move(asleep_s)
        call = emulator.timed(EVENT)

        assert (outcome(call.answer), model.connections) == ((200, 1), 2)
        assert call.took_s < 1


@pytest.mark.parametrize(("late", "lost"), [(None, 0), (Connection.reset, 1)], ids=["answers", "breaks"])
def test_an_export_that_is_frozen_ends_with_its_own_call(
    sandbox: Sandbox, mlflow: FakeMlflow, clock: MovedClock, late: Callable[[Connection], None] | None, lost: int
) -> None:
    """The server's change in the meantime is found after the thaw; no line of either call has the other's ids."""
    spoken = threading.Event()

    def speak_late(connection: Connection) -> None:
        spoken.wait(30)
        mlflow.answer = late
        mlflow.reply(connection)

    mlflow.answer = speak_late
    settings = {"MLFLOW_TRACKING_URI": mlflow.url, **clock.settings}
    emulator = sandbox("RecommendFunction", settings, hooked=True, timeout=900)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(emulator.invoke, EVENT)
        assert mlflow.asked.wait(20)
        with emulator.frozen():
            spoken.set()
        answers = [first.result()]
    mlflow.answer = None
    clock.move(61)
    answers.append(emulator.invoke(EVENT))

    assert mlflow.trace_ids == [trace_id(answer) for answer in answers[lost:]]
    assert emulator.counted("TraceDropped") == lost
    assert_ids_belong_together(emulator, answers)


def test_an_export_that_was_given_up_leaves_nothing_to_the_next_call(
    sandbox: Sandbox, mlflow: FakeMlflow, clock: MovedClock
) -> None:
    """An export that timed out is logged with its own call's ids, and the next call's trace arrives."""
    mlflow.answer = lambda connection: connection.hang(60)
    settings = {"MLFLOW_TRACKING_URI": mlflow.url, **clock.settings}
    emulator = sandbox("RecommendFunction", settings, hooked=True, timeout=900)
    answers = [emulator.invoke(EVENT)]
    with emulator.frozen():
        mlflow.answer = None
        clock.move(61)
    answers.append(emulator.invoke(EVENT))

    assert mlflow.trace_ids == [trace_id(answers[1])]
    assert [line["trace_id"] for line in emulator.log_lines("trace_export_failed")] == [trace_id(answers[0])]
    assert_ids_belong_together(emulator, answers)


def test_a_clock_that_jumps_disturbs_no_call(sandbox: Sandbox, mlflow: FakeMlflow, clock: MovedClock) -> None:
    """An hour forth or back: tips come at the first attempt, and a server that failed just before is asked again."""
    settings = {"MLFLOW_TRACKING_URI": mlflow.url, **clock.settings}
    emulator = sandbox("RecommendFunction", settings, hooked=True, timeout=3 * HOUR_S)
    exported = []
    for seconds in (HOUR_S, 0, -HOUR_S):
        mlflow.answer = Connection.reset
        failed = emulator.invoke(EVENT)
        mlflow.answer = None
        clock.move(seconds)
        exported.append(emulator.invoke(EVENT))

        assert outcome(failed) == outcome(exported[-1]) == (200, 1)

    assert mlflow.trace_ids == [trace_id(answer) for answer in exported]
    assert emulator.counted("TraceDropped") == 3


def outcome(answer: dict[str, Any]) -> tuple[int, int]:
    """Status and attempts at the model."""
    return answer["statusCode"], json.loads(answer["body"])["receipt"]["attempts"]


def trace_id(answer: dict[str, Any]) -> str:
    found: str = answer["headers"]["x-trace-id"]
    return found


def assert_ids_belong_together(emulator: Emulator, answers: list[dict[str, Any]]) -> None:
    """Each answer's trace id stands in the lines of one request, and each request's lines have one trace id."""
    lines = [line for line in emulator.log_lines() if "function_request_id" in line]
    pairs = {(line["function_request_id"], line["trace_id"]) for line in lines}
    assert len(pairs) == len(answers)
    assert {found for _, found in pairs} == {trace_id(answer) for answer in answers}
