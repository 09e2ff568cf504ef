"""Failures that the circuit counts, and requests while its table fails."""

import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from mypy_boto3_dynamodb import DynamoDBClient

from oo.bootstrap.settings import Settings
from oo.errors import (
    CircuitOpen,
    ConfigError,
    DeadlineExceeded,
    LLMAuthRejected,
    LLMBadOutput,
    LLMContextLength,
    LLMError,
    LLMOversize,
    LLMParameterRefused,
    LLMPromptLeak,
    LLMRateLimited,
    LLMRefused,
    LLMReplyWithheld,
    LLMTimeout,
    LLMUnreachable,
    LLMUpstreamError,
)
from oo.llm.circuit import PROBE_LEASE_S, RECOVERY_S, REST_S, Circuit, SharedState, tells_of_failure
from testing.for_each import for_each

THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "x"}}, "GetItem")
SILENT = ReadTimeoutError(endpoint_url="http://127.0.0.1")
OPEN = {"id": {"S": "c"}, "state": {"S": "OPEN"}, "opened_at": {"N": "4000000000"}}


@dataclass
class Table:
    """A table in which nothing changes; with a fault it answers nothing else."""

    item: dict[str, Any] | None = None
    fault: Exception | None = None
    requests: int = 0

    def get_item(self, **_: object) -> dict[str, Any]:
        self._answer()
        return {"Item": self.item} if self.item else {}

    def put_item(self, **_: object) -> None:
        self._answer()

    def update_item(self, **_: object) -> None:
        self._answer()

    def _answer(self) -> None:
        self.requests += 1
        if self.fault:
            raise self.fault


class Row(Table):
    """A table that keeps the circuit's row, open for that long, and takes a probe as DynamoDB's condition has it."""

    def __init__(self, seconds_open: float) -> None:
        super().__init__({"state": {"S": "OPEN"}, "opened_at": {"N": str(int(time.time() - seconds_open))}})

    def get_item(self, **given: Any) -> dict[str, Any]:
        return {"Item": {**(self.item or {}), **given["Key"]}}

    def put_item(self, **given: Any) -> None:
        lease = (self.item or {}).get("probe_lease_expiry")
        if lease and float(lease["N"]) > time.time():
            raise ClientError({"Error": {"Code": "ConditionalCheckFailedException"}}, "PutItem")
        self.item = given["Item"]

    def let_pass(self, seconds: float) -> None:
        """Set back each moment of the row."""
        moments = {name: self.item[name] for name in ("opened_at", "probe_lease_expiry")} if self.item else {}
        self.item = {**(self.item or {}), **{n: {"N": str(float(m["N"]) - seconds)} for n, m in moments.items()}}


@dataclass
class Reports:
    told: list[tuple[str, ...]] = field(default_factory=list)

    def changed(self, before: str, after: str) -> None:
        self.told.append((before, after))

    def store_failed(self, reason: str) -> None:
        self.told.append((reason,))


class Rig:
    """A circuit of its own name on a table, and its reports."""

    def __init__(self, table: Table, name: str = "") -> None:
        self.now = 1_000.0
        self.reports = Reports()
        client = cast("DynamoDBClient", table)
        state = SharedState(client, "circuit", self.reports, wall_clock=lambda: self.now)
        self.name = name or secrets.token_hex(4)
        self.circuit = Circuit(state, self.reports, name=self.name, wall_clock=lambda: self.now)
        self.asked = 0

    def ask(self, error: Exception | None = None) -> str:
        def model() -> str:
            self.asked += 1
            if error:
                raise error
            return "tip"

        return self.circuit(model)

    def outcomes(self, *errors: Exception | None) -> list[str]:
        return [self._outcome(error) for error in errors]

    def _outcome(self, error: Exception | None) -> str:
        try:
            return self.ask(error)
        except (LLMError, ConfigError) as raised:
            return type(raised).__name__


@for_each(
    ("error", "counts"),
    [
        (LLMUnreachable(), True),
        (LLMTimeout(), True),
        (LLMRateLimited(429, "c", passes=True), True),
        *((LLMUpstreamError(status, "c", passes=True), True) for status in (200, 408, 500, 522, 529)),
        *((LLMUpstreamError(status, "c"), True) for status in (501, 599)),
        *((LLMUpstreamError(status, "c"), False) for status in (200, 302, 400, 404, 409, 413, 422, 499)),
        (LLMReplyWithheld(400, "c", passes=True), False),
        (LLMParameterRefused(500, "c", parameter="user", was_sent=True), False),
        (LLMAuthRejected(401, "c"), False),
        (LLMAuthRejected(429, "c"), False),
        (LLMAuthRejected(500, "c"), False),
        (LLMContextLength(400, "c"), False),
        (LLMRefused(200, "c"), False),
        (LLMBadOutput("x"), False),
        (LLMOversize("x"), False),
        (LLMPromptLeak("x"), False),
        (DeadlineExceeded(), False),
        (CircuitOpen(), False),
    ],
)
def test_only_a_proxy_that_is_down_or_overloaded_counts(error: LLMError, *, counts: bool) -> None:
    """A wrong key, a long prompt or an unusable reply comes from a proxy that works."""
    assert tells_of_failure(error) is counts


def test_three_failures_one_after_the_other_open_the_circuit() -> None:
    """The fourth request is refused without the model being asked, with how long it will be so."""
    rig = Rig(Table())
    rig.outcomes(LLMTimeout(), LLMUnreachable(), LLMRateLimited(429, "c", passes=True))

    with pytest.raises(CircuitOpen) as caught:
        rig.ask()
    assert rig.asked == 3
    assert caught.value.retry_after_s is not None
    assert 1 <= caught.value.retry_after_s <= 20
    assert rig.reports.told == [("CLOSED", "OPEN")]


@for_each("between", [None, LLMBadOutput("x"), LLMAuthRejected(401, "c"), LLMContextLength(400, "c")])
def test_any_answer_of_the_proxy_is_a_sign_of_life(between: Exception | None) -> None:
    """It resets the count."""
    rig = Rig(Table())

    rig.outcomes(LLMTimeout(), LLMTimeout(), between, LLMTimeout(), LLMTimeout())

    assert rig.asked == 5
    assert rig.reports.told == []


@pytest.mark.parametrize("between", [DeadlineExceeded(), ConfigError("no key")])
def test_what_was_never_asked_says_nothing(between: Exception) -> None:
    """It neither counts nor resets the count."""
    rig = Rig(Table())

    names = rig.outcomes(LLMTimeout(), between, LLMTimeout(), LLMTimeout(), None)

    assert names == ["LLMTimeout", type(between).__name__, "LLMTimeout", "LLMTimeout", "CircuitOpen"]


@pytest.mark.parametrize("fault", [THROTTLED, SILENT], ids=["throttled", "silent"])
def test_a_table_that_fails_changes_no_answer(fault: Exception) -> None:
    """The circuit counts as closed, however often the model fails, and one line says why."""
    rig = Rig(Table(fault=fault))

    names = rig.outcomes(*[LLMTimeout()] * 5, None)

    assert names == ["LLMTimeout"] * 5 + ["tip"]
    assert rig.asked == 6
    assert rig.reports.told == [("ThrottlingException",) if fault is THROTTLED else ("ReadTimeoutError",)]


@for_each(("after_s", "requests"), [(0, 1), (REST_S - 0.1, 1), (REST_S, 2), (86_400, 2), (-1, 2)])
def test_a_table_that_failed_is_left_alone_for_a_while(after_s: float, requests: int) -> None:
    """Not every request pays for it; a clock that was set back ends the rest as well."""
    table = Table(fault=SILENT)
    rig = Rig(table)

    rig.ask()
    rig.now += after_s
    rig.ask()

    assert table.requests == requests


def test_an_open_circuit_whose_table_is_lost_counts_as_closed() -> None:
    """Also where the table fails between being read and being written."""
    table = Table(item=OPEN | {"opened_at": {"N": "0"}})
    rig = Rig(table)
    table.put_item = raising(SILENT)  # type: ignore[method-assign]  # it fails only there

    assert rig.ask() == "tip"
    assert rig.reports.told == [("ReadTimeoutError",)]


@for_each("item", [{"id": {"S": "c"}}, OPEN | {"state": {"S": "AJAR"}}, OPEN | {"opened_at": {"S": "x"}}])
def test_a_row_that_makes_no_sense_is_no_open_circuit(item: dict[str, Any]) -> None:
    """By any writer."""
    assert Rig(Table(item=item)).ask() == "tip"


@for_each(("after_s", "outcome"), [(21.5, "CircuitOpen"), (25, "CircuitOpen"), (PROBE_LEASE_S + 1, "tip")])
def test_one_probe_keeps_all_others_out_for_as_long_as_it_may_take(after_s: float, outcome: str) -> None:
    """Another sandbox that asks meanwhile is refused; a probe that was lost with its sandbox ends with its lease."""
    table = Row(seconds_open=RECOVERY_S + 1)
    first = Rig(table)
    second = Rig(table, first.name)
    met: list[str] = []

    def probe() -> str:
        table.let_pass(after_s)
        with ThreadPoolExecutor(1) as other_sandbox:
            met.extend(other_sandbox.submit(second.outcomes, None).result())
        return "tip"

    assert first.circuit(probe) == "tip"
    assert met == [outcome]


def test_a_probes_lease_outlasts_every_budget() -> None:
    """The largest budget that the settings take, and a second for clocks that are read in whole seconds."""
    with pytest.raises(ConfigError):
        Settings.from_environment({"LLM_BUDGET_S": str(PROBE_LEASE_S - 1)})


def test_the_wait_is_never_longer_than_the_recovery() -> None:
    """A clock that differs from the one that opened the circuit makes no caller wait for ever."""
    rig = Rig(Table(item=OPEN))

    with pytest.raises(CircuitOpen) as caught:
        rig.ask()
    assert caught.value.retry_after_s == 20


def raising(error: Exception) -> Callable[..., NoReturn]:
    def fail(**_: object) -> NoReturn:
        raise error

    return fail
