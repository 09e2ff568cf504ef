"""The circuit breaker as the parameter deploys it: several processes, one table, a model that hangs."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from local.system import LocalSystem
from oo.llm.circuit import RECOVERY_S
from testing.fake_llm import BOTH, Act, FakeModel, hangs, says
from testing.part_of_template import part_of_template
from tests.integration.faults.conftest import KEY, Service

Eventually = Callable[[Callable[[], object]], None]

BUDGET_S = 2
USERS = [f"caller-{number}" for number in range(10)]


@pytest.fixture(scope="module")
def guarded(model: FakeModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service from the template with the breaker's parameter on."""
    folder = tmp_path_factory.mktemp("guarded")
    template = part_of_template(folder, functions=["RecommendFunction"], parameters={"LLMCircuitBreaker": "on"})
    environment = {"LITELLM_URL": model.url, "LITELLM_API_KEY": KEY, "LLM_BUDGET_S": str(BUDGET_S)}
    with LocalSystem(environment=environment, template=template) as system:
        yield Service(system)


def plan_for_all(model: FakeModel, act: Act) -> None:
    for user in USERS:
        model.plan(user, act)


def calls(model: FakeModel) -> int:
    return sum(len(model.calls(user)) for user in USERS)


def let_recovery_pass(service: Service) -> None:
    """Set back the moment at which the circuit was opened."""
    service.system.aws.dynamodb.update_item(
        TableName="CircuitTable",
        Key={"id": {"S": "litellm"}},
        UpdateExpression="SET opened_at = :moment",
        ExpressionAttributeValues={":moment": {"N": str(int(time.time()) - RECOVERY_S)}},
    )


def test_a_circuit_opens_is_tried_and_closes(guarded: Service, model: FakeModel, eventually: Eventually) -> None:
    """Three requests use up their time, then none asks; once the model is back, a trial closes the circuit."""
    plan_for_all(model, hangs)
    burnt = [guarded.recommend(user) for user in USERS[:3]]
    refused = [guarded.recommend(USERS[3]) for _ in range(5)]

    assert [one.outcome for one in burnt] == [(503, "llm_timeout")] * 3
    assert {one.outcome for one in refused} == {(503, "circuit_open")}
    assert all(1 <= int(one.headers["retry-after"]) <= RECOVERY_S for one in refused)
    assert calls(model) == 3

    plan_for_all(model, says(BOTH))
    let_recovery_pass(guarded)
    # Each process may go by what it knows for two more seconds.
    while not calls(model):
        with ThreadPoolExecutor(len(USERS)) as pool:
            answers = list(pool.map(guarded.recommend, USERS))

    assert {one.outcome for one in answers} <= {(200, None), (503, "circuit_open")}
    eventually(lambda: guarded.recommend(USERS[0]).status == 200)


def test_transitions_are_logged_and_counted(guarded: Service) -> None:
    """Each is one warning and one metric."""
    log = guarded.system.log.read_text(errors="replace")

    changes = re.findall(r'"message":"circuit_changed".*?"before":"(\w+)","after":"(\w+)"', log)
    assert changes == [("CLOSED", "OPEN"), ("OPEN", "HALF_OPEN"), ("HALF_OPEN", "CLOSED")]
    assert log.count('"CircuitChanged":[1.0]') == 3


def test_without_the_table_callers_are_served_as_ever(
    guarded: Service, model: FakeModel, eventually: Eventually
) -> None:
    """The breaker costs its requests nothing but a line in the log, once a process no longer knows better."""
    plan_for_all(model, says(BOTH))
    guarded.system.aws.dynamodb.delete_table(TableName="CircuitTable")

    eventually(
        lambda: (
            {guarded.recommend(user).status for user in USERS} == {200}
            and '"circuit_store_unavailable"' in guarded.system.log.read_text(errors="replace")
        )
    )
