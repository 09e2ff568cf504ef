"""A real MLflow server, and the whole service sending its traces there by each protocol."""

import os
import signal
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from local.environment import ROOT
from local.system import LocalSystem
from tests.fake_llm import FakeModel, fake_model
from tests.free_port import free_port

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Trace

PYTHON = ROOT / ".venv-mlflow" / "bin" / "python"
START_TIMEOUT_S = 90.0
ARRIVAL_TIMEOUT_S = 30.0
EXPERIMENT = "oO/serving"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an MLflow server with an empty store."""
    folder = tmp_path_factory.mktemp("mlflow")
    with running(folder, f"sqlite:///{folder}/store.db") as address:
        yield address


class running:  # noqa: N801  # reads as `with running(…)`
    """One server process of its own group, which ends with the block."""

    def __init__(self, folder: Path, store: str) -> None:
        self._folder = folder
        self._store = store
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> str:
        port = free_port()
        arguments = ["--backend-store-uri", self._store, "--artifacts-destination", str(self._folder / "artifacts")]
        with (self._folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [PYTHON, "-m", "mlflow", "server", "--port", str(port), "--workers", "1", *arguments],
                cwd=self._folder,
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(self._folder),
                    # Without this, the start waits minutes for job runners that nobody here needs.
                    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
                    "MLFLOW_DISABLE_TELEMETRY": "true",
                    "MLFLOW_ALLOW_FILE_STORE": "true",
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        address = f"http://127.0.0.1:{port}"
        eventually(lambda: self._is_up(address), START_TIMEOUT_S)
        return address

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _is_up(self, address: str) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._folder / "server.log").read_text()[-2000:]
        try:
            return httpx.get(f"{address}/health", timeout=5).is_success
        except httpx.TransportError:
            return False


def eventually(holds: Callable[[], object], seconds: float = ARRIVAL_TIMEOUT_S) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to hold in time"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def model() -> Iterator[FakeModel]:
    """The language model behind the services."""
    with fake_model() as running_model:
        yield running_model


@dataclass(frozen=True)
class Service:
    """The service as it runs with one protocol, and the server's traces of it."""

    system: LocalSystem
    server: str
    protocol: str

    def traces(self, caller_trace_id: str, number: int) -> "list[Trace]":
        """The traces of one caller's trace id, once there are that many and each is complete, the oldest first."""
        found: list[Trace] = []

        def arrived() -> bool:
            found[:] = self._search(caller_trace_id)
            return len(found) >= number

        eventually(arrived)
        return sorted(found, key=lambda trace: trace.data.spans[0].start_time_ns)

    def _search(self, caller_trace_id: str) -> "list[Trace]":
        client = mlflow_client(self.server)
        experiment = client.get_experiment_by_name(f"{EXPERIMENT}/{self.protocol}")
        if experiment is None:
            return []
        found: list[Trace] = client.search_traces(
            locations=[experiment.experiment_id], filter_string=f"tags.`caller.trace_id` = '{caller_trace_id}'"
        )
        return found


def mlflow_client(server: str) -> "MlflowClient":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mlflow import MlflowClient  # noqa: PLC0415  # its import warns about others' packages

    return MlflowClient(tracking_uri=server)


@pytest.fixture(scope="session", params=["otlp", "client"])
def service(request: pytest.FixtureRequest, server: str, model: FakeModel) -> Iterator[Service]:
    """The whole service, each protocol with an experiment of its own."""
    environment = {
        "MLFLOW_TRACKING_URI": server,
        "MLFLOW_EXPERIMENT_NAME": f"{EXPERIMENT}/{request.param}",
        "MLFLOW_TRACE_PROTOCOL": request.param,
        "LITELLM_URL": model.url,
        "LITELLM_API_KEY": "sk-local",
    }
    with LocalSystem(environment=environment) as system:
        yield Service(system, server, request.param)
