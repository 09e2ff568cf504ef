"""The small model behind the real LiteLLM proxy, and the service that asks it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.deployment.environment import LAYER, ROOT, host_basics
from local.small_model.running import RunningModel, read_told
from local.system import LocalSystem
from testing.waiting import until

START_TIMEOUT_S = 400
STOP_TIMEOUT_S = 30
INSTALLED = ROOT / ".venv-model" / ".installed"


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningModel]:
    """The program of `make model` on a free port, ended as by Ctrl-C."""
    if not INSTALLED.exists():
        pytest.skip("there is no .venv-model: `make model` builds it, and needs a C++ compiler and some minutes")
    told = tmp_path_factory.mktemp("small-model") / "running.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "local.small_model.run", "--ready-file", str(told)],
        cwd=ROOT,
        env={
            **host_basics(os.environ),
            "PYTHONPATH": f"{LAYER}:{ROOT}",
            "SMALL_MODEL_PORT": "0",
            "SMALL_MODEL_THREADS": os.environ.get("SMALL_MODEL_THREADS", ""),
        },
    )
    try:
        until(lambda: told.exists() or process.poll() is not None, START_TIMEOUT_S)
        running = read_told(told)
        assert running is not None, "the small model did not start"
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_TIMEOUT_S) == 0
    assert not Path(told).exists()


@pytest.fixture(scope="session")
def system(small_model: RunningModel) -> Iterator[LocalSystem]:
    """The service with the small model where its model is asked, and as much time for it as the gateway allows."""
    environment = {
        "LITELLM_URL": small_model.url,
        "LITELLM_API_KEY": small_model.key,
        "LLM_BUDGET_S": "27",
        "TIP_FALLBACK": "template",
    }
    with LocalSystem(environment=environment) as running:
        yield running
