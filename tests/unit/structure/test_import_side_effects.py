import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {"PYTHONPATH": str(ROOT / "layers/agents"), "PYTHONDONTWRITEBYTECODE": "1"}
AFTER_INIT = "import json, sys, {entry}; print(json.dumps(sorted(sys.modules)))"


def run(*arguments: str, folder: Path = ROOT) -> Any:
    """What a fresh interpreter with nothing in its environment prints."""
    program = [sys.executable, *arguments]
    done = subprocess.run(program, cwd=folder, env=ENVIRONMENT, capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout.splitlines()[-1])


def test_importing_the_package_opens_nothing() -> None:
    """No module connects, writes, starts a thread or makes a client, and none needs a variable."""
    assert run("tests/unit/structure/import_everything.py") == {"opened": [], "threads": 1, "clients": 0}


@pytest.mark.parametrize("function", ["health", "registry", "compute", "infer"])
def test_functions_without_aws_calls_do_not_load_its_clients(function: str) -> None:
    """A cold start loads what its requests need, and nothing of what others need."""
    loaded = run("-c", AFTER_INIT.format(entry="app"), folder=ROOT / "functions" / function)

    assert set(loaded) & {"boto3", "botocore.session", "mlflow", "datalogic_py", "httpx"} == set()


@pytest.mark.parametrize("function", ["recommend", "generate", "precompute", "compute"])
def test_no_function_loads_mlflow_before_its_first_answer(function: str) -> None:
    """Exporters are imported after the answer."""
    entry = "worker" if (ROOT / "functions" / function / "worker.py").exists() else "app"

    loaded = run("-c", AFTER_INIT.format(entry=entry), folder=ROOT / "functions" / function)

    assert "mlflow" not in loaded
