"""Workers that die, run out of time or are never called: their messages come again, and do nothing twice."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.lambda_emulation.runtime import Failure, FunctionAnswer
from local.soak.workload import JOBS, SNAPSHOTS
from oo.telemetry.instrumentation import Handler
from testing.lambda_context import FakeContext
from tests.integration.aws.in_process_precompute import AGENTS, House, counted, invoke, killed
from tests.integration.aws.snapshots import snapshot

BATCH = min(10, len(AGENTS))
"""Jobs that a worker takes, or a dispatcher sends, at once."""


def test_a_worker_killed_after_its_writes_has_written_once(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """The second delivery finds everything stored: it is done without an effect, and nothing is left over."""
    house.send(SNAPSHOTS, snapshot())
    house.deliver(SNAPSHOTS)
    assert len(house.deliver(JOBS, killed) or []) == BATCH
    first = house.rows()
    capsys.readouterr()

    house.drain()

    assert first.items() <= house.rows().items()
    assert counted(capsys.readouterr().out, "RecordsStale") == BATCH
    assert house.judge(snapshot()).breaches == []


def test_a_worker_killed_before_its_writes_loses_nothing(house: House) -> None:
    """The process is gone in the middle of a batch; the rest of it is done by another one."""
    deaths = iter([False, False, False, True])

    def die(**_: object) -> None:
        if next(deaths, False):
            raise SystemExit

    def dies_once(worker: Handler, event: dict[str, Any]) -> FunctionAnswer:
        try:
            return invoke(worker, event)
        except SystemExit:
            return FunctionAnswer(b"", Failure.CRASHED)

    house.on("after-call.dynamodb.PutItem", die)
    house.send(SNAPSHOTS, snapshot())

    house.drain(dies_once)

    assert house.judge(snapshot()).breaches == []


@pytest.mark.parametrize("event", ["before-send", "after-call"])
def test_a_dispatcher_killed_while_it_sends_is_run_again(house: House, event: str) -> None:
    """With its jobs sent or not: every pair has its job in the end, and the table is that of a clean run."""
    deaths = iter([True])

    def die(**_: object) -> None:
        if next(deaths, False):
            raise SystemExit

    def dies_once(worker: Handler, records: dict[str, Any]) -> FunctionAnswer:
        try:
            return invoke(worker, records)
        except SystemExit:
            return FunctionAnswer(b"", Failure.CRASHED)

    house.on(f"{event}.sqs.SendMessageBatch", die)
    house.send(SNAPSHOTS, snapshot())

    house.drain(dies_once)

    assert len(house.jobs) == len(AGENTS) + (0 if event == "before-send" else BATCH)
    assert house.judge(snapshot()).breaches == []


class Hurried(FakeContext):
    """A context that has time for three records, and then for none."""

    def __init__(self) -> None:
        super().__init__()
        self.readings: Iterator[int] = iter([20_000] * 6)

    def get_remaining_time_in_millis(self) -> int:
        """The remaining time."""
        return next(self.readings, 4_999)


def test_what_a_slow_table_leaves_no_time_for_is_handed_back(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Three jobs are done, the others are reported instead of being cut off, and done the next time."""
    house.send(SNAPSHOTS, snapshot())
    house.deliver(SNAPSHOTS)

    failed = house.deliver(JOBS, lambda worker, event: invoke(worker, event, Hurried()))

    assert (len(failed or []), len(house.rows())) == (BATCH - 3, 3)
    codes = {vars(line)["error_code"] for line in caplog.records if line.getMessage() == "record_failed"}
    assert codes == {"no_time_left"}
    house.drain()
    assert house.judge(snapshot()).breaches == []


def test_messages_that_were_received_and_never_worked_on_are_not_given_up(house: House) -> None:
    """Four deliveries find no worker; the fifth is processed."""
    house.send(SNAPSHOTS, snapshot())
    house.deliver(SNAPSHOTS)
    for _ in range(4):
        house.give_back(JOBS, house.receive(JOBS))

    house.drain()

    assert house.dead(JOBS) == []
    assert house.judge(snapshot()).breaches == []
