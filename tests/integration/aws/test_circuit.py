"""The circuit breaker on a real table over HTTP, shared by several sandboxes."""

import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from local.deployment.template import load
from oo.bootstrap import aws_clients
from oo.errors import CircuitOpen, LLMBadOutput, LLMError, LLMTimeout
from oo.llm.circuit import RECOVERY_S, Circuit, SharedState
from tests.integration.aws.conftest import TEMPLATE, Table


@dataclass
class Reports:
    told: list[tuple[str, ...]] = field(default_factory=list)

    def changed(self, before: str, after: str) -> None:
        self.told.append((before, after))

    def store_failed(self, reason: str) -> None:
        self.told.append((reason,))


@dataclass
class Fleet:
    """Sandboxes that share one table, and a model with planned answers."""

    table: Table
    name: str = field(default_factory=lambda: secrets.token_hex(4))
    reports: Reports = field(default_factory=Reports)
    error: LLMError | None = None
    asked: int = 0

    def sandbox(self, client: DynamoDBClient | None = None, wall_clock: Callable[[], float] = time.time) -> Circuit:
        state = SharedState(client or self.table.client, self.table.name, self.reports)
        return Circuit(state, self.reports, name=self.name, wall_clock=wall_clock)

    def outcome(self, circuit: Circuit) -> str:
        """The outcome of a request through that sandbox."""
        try:
            return circuit(self._model)
        except LLMError as error:
            return type(error).__name__

    def open(self, *, seconds_ago: float = 0) -> None:
        """Open the circuit, or set back the moment at which it was opened."""
        self.error = LLMTimeout()
        circuit = self.sandbox()
        assert [self.outcome(circuit) for _ in range(3)] == ["LLMTimeout"] * 3
        self.table.client.update_item(
            TableName=self.table.name,
            Key={"id": {"S": self.name}},
            UpdateExpression="SET opened_at = :moment",
            ExpressionAttributeValues={":moment": {"N": str(int(time.time() - seconds_ago))}},
        )
        self.error, self.asked, self.reports.told = None, 0, []

    def row(self) -> dict[str, Any]:
        return self.table.client.get_item(TableName=self.table.name, Key={"id": {"S": self.name}})["Item"]

    def _model(self) -> str:
        self.asked += 1
        if self.error:
            raise self.error
        return "tip"


@pytest.fixture
def fleet(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    template = load(TEMPLATE, aws_endpoint=endpoint, parameters={"LLMCircuitBreaker": "on"})
    # Not the product's client, which gives up early: a busy machine is no table that failed.
    client = boto3.client("dynamodb")
    name = f"circuit-{secrets.token_hex(4)}"
    client.create_table(**(template.tables["CircuitTable"].definition | {"TableName": name}))
    return Fleet(Table(client, name))


@pytest.fixture
def silent_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoDBClient]:
    """A client of a table that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        yield aws_clients.table_of_circuit()


def test_what_one_sandbox_found_out_all_others_know(fleet: Fleet) -> None:
    """A sandbox that has never asked is refused as well."""
    fleet.open()

    assert [fleet.outcome(fleet.sandbox()) for _ in range(3)] == ["CircuitOpen"] * 3
    assert fleet.asked == 0


def test_a_refusal_says_when_to_come_back(fleet: Fleet) -> None:
    """The rest of the 20 s, counted from when it was opened."""
    fleet.open()
    opened_at = float(fleet.row()["opened_at"]["N"])

    with pytest.raises(CircuitOpen) as caught:
        fleet.sandbox(wall_clock=lambda: opened_at + 12)(lambda: "tip")

    assert caught.value.retry_after_s == RECOVERY_S - 12


def test_a_refusal_costs_no_look_at_the_table(fleet: Fleet) -> None:
    """A sandbox that knows asks neither the table nor the model."""
    fleet.open()
    circuit = fleet.sandbox()
    fleet.outcome(circuit)
    asked: list[str] = []
    fleet.table.client.meta.events.register("before-send.dynamodb", lambda request, **_: asked.append(request.url))

    assert fleet.outcome(circuit) == "CircuitOpen"
    assert (asked, fleet.asked) == ([], 0)


def test_after_the_recovery_one_caller_of_ten_tries(fleet: Fleet) -> None:
    """The others are refused until the outcome of the one is known; then all are served."""
    fleet.open(seconds_ago=RECOVERY_S)
    released, asked = threading.Event(), threading.Semaphore(0)

    def model() -> str:
        asked.release()
        released.wait(60)
        return "tip"

    def ask(circuit: Circuit) -> str:
        try:
            return circuit(model)
        except CircuitOpen:
            asked.release()
            return "refused"

    with ThreadPoolExecutor(10) as pool:
        outcomes = [pool.submit(ask, fleet.sandbox()) for _ in range(10)]
        assert all(asked.acquire(timeout=60) for _ in outcomes)
        released.set()

    assert sorted(outcome.result() for outcome in outcomes) == ["refused"] * 9 + ["tip"]
    assert fleet.outcome(fleet.sandbox()) == "tip"
    assert fleet.reports.told == [("OPEN", "HALF_OPEN"), ("HALF_OPEN", "CLOSED")]
    assert fleet.row()["state"] == {"S": "CLOSED"}


def test_a_trial_that_fails_opens_the_circuit_anew(fleet: Fleet) -> None:
    """For another 20 s no request is sent."""
    fleet.open(seconds_ago=RECOVERY_S)
    fleet.error = LLMTimeout()

    assert [fleet.outcome(fleet.sandbox()) for _ in range(3)] == ["LLMTimeout", "CircuitOpen", "CircuitOpen"]
    assert fleet.reports.told == [("OPEN", "HALF_OPEN"), ("HALF_OPEN", "OPEN")]


def test_a_trial_that_ends_in_an_unusable_reply_closes_the_circuit(fleet: Fleet) -> None:
    """The caller gets the error, and the next one is let through: the proxy is back."""
    fleet.open(seconds_ago=RECOVERY_S)
    fleet.error = LLMBadOutput("blank")

    assert [fleet.outcome(fleet.sandbox()) for _ in range(2)] == ["LLMBadOutput"] * 2
    assert fleet.reports.told == [("OPEN", "HALF_OPEN"), ("HALF_OPEN", "CLOSED")]


def test_a_row_ends_by_itself(fleet: Fleet) -> None:
    """Its time to live is under the name that the template tells DynamoDB."""
    fleet.open()
    row = fleet.row()

    assert 0 < int(row["ttl"]["N"]) - int(row["opened_at"]["N"]) < 2 * 3_600


def test_a_table_that_is_not_there_is_a_closed_circuit(fleet: Fleet) -> None:
    """Its code is in the log, once."""
    fleet.table.client.delete_table(TableName=fleet.table.name)
    fleet.error = LLMTimeout()
    circuit = fleet.sandbox()

    assert [fleet.outcome(circuit) for _ in range(5)] == ["LLMTimeout"] * 5
    assert fleet.reports.told == [("ResourceNotFoundException",)]


def test_a_silent_table_costs_its_time_once(fleet: Fleet, silent_table: DynamoDBClient) -> None:
    """It is asked once, however many requests there are, and no answer changes."""
    asked: list[str] = []
    silent_table.meta.events.register("before-send.dynamodb", lambda request, **_: asked.append(request.url))
    circuit = fleet.sandbox(silent_table)
    fleet.error = LLMTimeout()

    outcomes = [fleet.outcome(circuit) for _ in range(5)]

    assert len(asked) == 1
    assert outcomes == ["LLMTimeout"] * 5
    assert fleet.reports.told == [("ReadTimeoutError",)]
