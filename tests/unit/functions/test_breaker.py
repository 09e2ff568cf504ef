"""Whether the functions that ask the model load the circuit breaker."""

import json
import subprocess
import sys

import pytest

from local.deployment.environment import LAYER, ROOT

LOADED = "import json, sys, app; print(json.dumps([name for name in sys.modules if 'circuit_breaker' in name]))"
PROXY = {"LITELLM_URL": "http://127.0.0.1:9", "LITELLM_API_KEY": "sk-planted", "AWS_DEFAULT_REGION": "us-east-1"}


def loaded(function: str, **settings: str) -> list[str]:
    """The breaker's modules that a function has loaded when its sandbox has started."""
    environment = {"PYTHONPATH": str(LAYER), "PYTHONDONTWRITEBYTECODE": "1"} | PROXY | settings
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT / "functions" / function,
        env=environment,
        capture_output=True,
        check=True,
        timeout=60,
    )
    modules: list[str] = json.loads(done.stdout.splitlines()[-1])
    return modules


@pytest.mark.parametrize("function", ["recommend", "generate"])
def test_a_breaker_that_is_off_costs_no_import(function: str) -> None:
    """The variable that names its table switches it on."""
    assert loaded(function) == []
    assert loaded(function, LLM_CIRCUIT_TABLE="circuit")
