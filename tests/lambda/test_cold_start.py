"""The modules and the requests of each function before its first answer and after it: as built, under the runtime."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from local.deployment.environment import ROOT
from local.deployment.template import Function, load
from testing.emulator import Emulator
from testing.fake_mlflow import FakeMlflow, fake_mlflow
from testing.free_port import free_port
from testing.http_events import http_event
from testing.sample_events import sample_event
from testing.start_imports import AWS, BREAKER, LOADS, WITHOUT_AWS, dear, settings

Sandbox = Callable[..., Emulator]

FUNCTIONS = load(ROOT / "template.yaml", aws_endpoint="").functions
EVENTS = {
    "HealthFunction": "health",
    "RegistryFunction": "registry",
    "ComputeFunction": "compute",
    "ComputeWorkerFunction": "compute-worker",
    "InferFunction": "infer",
    "RecommendFunction": "recommend",
    "GenerateFunction": "generate",
    "PrecomputeFunction": "precompute",
    "FeedbackFunction": "feedback",
    "FeedbackWorkerFunction": "feedback-worker",
}
EXPORTERS = frozenset({"google.protobuf", "opentelemetry"})
REFUSED = http_event("POST", "/nowhere", {})


@pytest.fixture
def mlflow() -> Iterator[FakeMlflow]:
    with fake_mlflow() as server:
        yield server


def watched(sandbox: Sandbox, function: Function, environment: Mapping[str, str]) -> Emulator:
    """A sandbox that returns the modules that it has loaded."""
    entry = function.handler.partition(".")[0]
    variables = {**settings(function), **environment, "WATCHED_ENTRY": entry}
    return sandbox(function.name, variables, hooked=True, handler="watched.handler")


def exporting(mlflow: FakeMlflow) -> dict[str, str]:
    """Both exporters are at work."""
    return {"MLFLOW_TRACKING_URI": mlflow.url, "AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{free_port()}"}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_starts_with_what_its_requests_need(
    sandbox: Sandbox, mlflow: FakeMlflow, function: Function
) -> None:
    """No expensive import besides those, although its traces are exported; Lambda is the only server called."""
    told = watched(sandbox, function, exporting(mlflow)).invoke(sample_event(EVENTS[function.name]))

    assert dear(told["started"]["loaded"]) == LOADS[function.name]
    assert told["started"]["connections"] == [told["runtime_api"]]


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_first_answer_loads_nothing_dear(sandbox: Sandbox, function: Function) -> None:
    """Expensive modules are loaded before it or never; without exports not even Lambda's extension is needed.

    Models come compiled, so that pydantic itself is not loaded.
    """
    told = watched(sandbox, function, {}).invoke(sample_event(EVENTS[function.name]))

    assert succeeded(told["answer"])
    assert dear(told["after"]) == LOADS[function.name]
    assert "pydantic" not in told["after"]
    assert told["started"]["connections"] == []


@pytest.mark.parametrize(
    ("name", "loaded"),
    [("RecommendFunction", EXPORTERS), ("ComputeWorkerFunction", EXPORTERS), ("HealthFunction", frozenset[str]())],
)
def test_exporters_are_loaded_after_the_first_answer(
    sandbox: Sandbox, mlflow: FakeMlflow, name: str, loaded: frozenset[str]
) -> None:
    """Where there was something to export."""
    emulator = watched(sandbox, FUNCTIONS[name], exporting(mlflow))

    first, second = (emulator.invoke(sample_event(EVENTS[name])) for _ in range(2))

    assert dear(first["before"]) == LOADS[name]
    assert dear(second["before"]) == LOADS[name] | loaded
    assert bool(mlflow.exports) is bool(loaded)


@pytest.mark.parametrize("variable", WITHOUT_AWS)
@pytest.mark.parametrize("name", ["RecommendFunction", "GenerateFunction"])
def test_clients_of_aws_are_loaded_for_what_is_configured(sandbox: Sandbox, name: str, variable: str) -> None:
    """A table, a secret, a circuit: any one of them, where the function uses it."""
    told = watched(sandbox, FUNCTIONS[name], {variable: "anything"}).invoke(REFUSED)

    is_used = (name, variable) != ("GenerateFunction", "AGENT_OUTPUTS_TABLE")
    circuit = BREAKER if variable == "LLM_CIRCUIT_TABLE" else frozenset[str]()
    assert dear(told["started"]["loaded"]) == LOADS[name] | circuit | (AWS if is_used else frozenset())
    assert told["started"]["connections"] == []


def succeeded(answer: dict[str, Any]) -> bool:
    """Whether it is a good answer, or that of a worker that has done all."""
    return answer.get("statusCode") in (200, 202) or answer == {"batchItemFailures": []}
