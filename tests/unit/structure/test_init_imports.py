"""The modules that each function loads at its start, from the source tree; tests/lambda tests the built ones."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from local.deployment.environment import Surroundings
from local.deployment.template import Function, load
from testing.start_imports import AWS, BREAKER, EXPERIMENT, LOADS, NEVER, dear, settings

ROOT = Path(__file__).parents[3]
NOWHERE = "http://127.0.0.1:9"
FUNCTIONS = load(ROOT / "template.yaml", aws_endpoint=NOWHERE).functions
PROGRAM = "import json, sys, {entry}; print(json.dumps(sorted(sys.modules)))"


def loaded(function: Function, **variables: str) -> frozenset[str]:
    """The expensive modules that a fresh interpreter loads with the function's entry."""
    surroundings = Surroundings({"PATH": "/usr/bin:/bin"}, NOWHERE, NOWHERE, "key")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(entry=function.handler.partition(".")[0])],
        cwd=function.folder,
        env={**surroundings.environment(function), **settings(function), **variables, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=True,
        timeout=60,
    )
    return dear(json.loads(done.stdout.splitlines()[-1]))


def test_every_function_has_its_row() -> None:
    assert set(LOADS) == set(FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_starts_with_what_its_requests_need(function: Function) -> None:
    """Nothing dear beside that, although its traces are exported."""
    assert loaded(function, MLFLOW_TRACKING_URI=NOWHERE) == LOADS[function.name]


def test_a_table_brings_aws_into_the_start_of_recommend() -> None:
    """Only where it is configured."""
    assert loaded(FUNCTIONS["RecommendFunction"], AGENT_OUTPUTS_TABLE="table") == LOADS["RecommendFunction"] | AWS


def test_an_experiment_brings_its_arms_into_the_start_of_recommend() -> None:
    """Only where it is configured."""
    setting = "tone-2:orchestrator-1=50,orchestrator-2=50"

    assert loaded(FUNCTIONS["RecommendFunction"], EXPERIMENT=setting) == LOADS["RecommendFunction"] | EXPERIMENT


@pytest.mark.parametrize("name", ["RecommendFunction", "GenerateFunction"])
def test_a_table_of_the_circuit_brings_the_breaker_into_the_start(name: str) -> None:
    """Only where it is configured."""
    assert loaded(FUNCTIONS[name], LLM_CIRCUIT_TABLE="circuit") == LOADS[name] | AWS | BREAKER


def test_what_is_looked_for_can_be_found() -> None:
    """Everything that no function may load is there to be loaded, under that name."""
    program = (
        f"import json, sys; [__import__(name) for name in {sorted(NEVER)}]; print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, check=True, timeout=60)

    assert dear(json.loads(done.stdout.splitlines()[-1])) >= NEVER
