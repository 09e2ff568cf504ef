"""A real MLflow server for tests, from its package in .venv-mlflow."""

import os
import signal
import subprocess
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from local.deployment.environment import ROOT
from testing.free_port import free_port

if TYPE_CHECKING:
    from mlflow import MlflowClient

PYTHON = ROOT / ".venv-mlflow" / "bin" / "python"
START_TIMEOUT_S = 90.0
ARRIVAL_TIMEOUT_S = 30.0


class running:  # noqa: N801  # reads as `with running(…)`
    """One server process of its own group, which ends with the block."""

    def __init__(self, folder: Path, store: str) -> None:
        self._folder = folder
        self._store = store
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> str:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> str:
        """Start it and wait until it answers; its address, which is the same after a stop."""
        arguments = ["--backend-store-uri", self._store, "--artifacts-destination", str(self._folder / "artifacts")]
        with (self._folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [PYTHON, "-m", "mlflow", "server", "--port", str(self._port), "--workers", "1", *arguments],
                cwd=self._folder,
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(self._folder),
                    # Without this, the start waits minutes for job runners that are not needed here.
                    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
                    "MLFLOW_DISABLE_TELEMETRY": "true",
                    "MLFLOW_ALLOW_FILE_STORE": "true",
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        address = f"http://127.0.0.1:{self._port}"
        eventually(lambda: self._is_up(address), START_TIMEOUT_S)
        return address

    def stop(self) -> None:
        """End it at once."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

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


def mlflow_client(server: str) -> "MlflowClient":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mlflow import MlflowClient  # noqa: PLC0415  # its import warns about others' packages

    return MlflowClient(tracking_uri=server)
