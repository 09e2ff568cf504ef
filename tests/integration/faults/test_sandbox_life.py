"""Processes that are frozen between calls or only just started: callers notice nothing of it, and wait no longer."""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.system import LocalSystem
from oo.llm.transport import KEPT_S
from testing.fake_llm import BOTH, Act, Asked, FakeModel, drips_its_body, fails, hangs, says
from testing.raw_server import Connection
from tests.integration.faults.conftest import BUDGET_S, KEY, Answered, Service
from tests.integration.faults.test_model_faults import pids_of


@pytest.fixture(scope="module")
def young(model: FakeModel, recommend_alone: Path) -> Iterator[Service]:
    """A service of its own, with one process per function without concurrent requests."""
    environment = {"LITELLM_URL": model.url, "LITELLM_API_KEY": KEY, "LLM_BUDGET_S": str(BUDGET_S)}
    with LocalSystem(environment=environment, template=recommend_alone) as system:
        yield Service(system)


@contextmanager
def frozen(service: Service) -> Iterator[None]:
    """The one process that makes tips stands still meanwhile."""
    (pid,) = pids_of("recommend", service)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_connection_that_was_closed_during_a_freeze_is_replaced(young: Service, model: FakeModel) -> None:
    """The next call is made on a new one, and is one attempt."""
    freezing, closed = threading.Event(), threading.Event()

    def answers_then_closes(connection: Connection, asked: Asked) -> None:
        says(BOTH)(connection, asked)
        freezing.wait(30)
        connection.reset()
        closed.set()

    model.plan("before", answers_then_closes)
    model.plan("after", says(BOTH))
    assert young.recommend("before").status == 200
    with frozen(young):
        freezing.set()
        assert closed.wait(30)

    after = young.recommend("after")

    assert (after.status, after.body["receipt"]["attempts"]) == (200, 1)
    assert len(model.calls("after")) == 1


def test_a_connection_that_died_in_silence_is_not_used_again(young: Service, model: FakeModel) -> None:
    """After a pause that a freeze hid from the process' own clock it is closed unasked."""
    unheard: list[bytes] = []

    def answers_then_is_deaf(connection: Connection, asked: Asked) -> None:
        says(BOTH)(connection, asked)
        while connection.request():
            unheard.append(connection.head)

    model.plan("before", answers_then_is_deaf)
    model.plan("after", says(BOTH))
    assert young.recommend("before").status == 200
    with frozen(young):
        threading.Event().wait(KEPT_S + 0.3)

    after = young.recommend("after")

    assert (after.status, after.body["receipt"]["attempts"], unheard) == (200, 1, [])


SLOW: dict[str, tuple[Act, tuple[int, str]]] = {
    "hangs": (hangs, (503, "llm_timeout")),
    "drips": (drips_its_body, (503, "llm_timeout")),
    "hangs too": (hangs, (503, "llm_timeout")),
    "is busy": (fails(429, {"retry-after": "600"}), (502, "llm_rate_limited")),
}


def test_a_process_that_has_to_start_costs_no_more_time(young: Service, model: FakeModel) -> None:
    """The seconds that a caller is promised are counted from the request's arrival, so a start is one of them."""
    (warm,) = pids_of("recommend", young)
    for name, (act, _) in SLOW.items():
        model.plan(name, act)

    with ThreadPoolExecutor(len(SLOW)) as pool:
        answers: dict[str, Answered] = dict(zip(SLOW, pool.map(young.recommend, SLOW), strict=True))

    assert {name: answered.outcome for name, answered in answers.items()} == {
        name: outcome for name, (_, outcome) in SLOW.items()
    }
    assert len(set(pids_of("recommend", young)) - {warm}) >= 2
