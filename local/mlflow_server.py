"""A real MLflow server on this machine, from its package in an environment of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Self

import httpx

from local.deployment.environment import ROOT
from local.lambda_emulation.listener import LOOPBACK
from local.system import NotStarted

PYTHON = ROOT / ".venv-mlflow" / "bin" / "python"
START_TIMEOUT_S = 90.0
_POLL_S = 0.05
_LAST_WORDS = 2000


def server_arguments(folder: Path, store: str, port: int) -> list[str]:
    """The arguments of MLflow's Python for a server whose artifacts are in `folder`."""
    places = ["--backend-store-uri", store, "--artifacts-destination", str(folder / "artifacts")]
    return ["-m", "mlflow", "server", "--port", str(port), "--workers", "1", *places]


def server_environment(folder: Path) -> dict[str, str]:
    """All variables of a server whose home is `folder`."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        # Without this, the start waits minutes for job runners that are not needed here.
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_ALLOW_FILE_STORE": "true",
    }


class LocalMlflow:
    """A context manager around one server in a process group of its own, which ends with the block.

    `folder` is for its log and its artifacts; `store` is the URI of a database, or a folder. Entering the block starts
    the server without waiting for it.
    """

    def __init__(self, folder: Path, store: str, port: int) -> None:
        self._folder = folder.resolve()
        self._store = store
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"http://{LOOPBACK}:{port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it. Raises NotStarted if its environment is not installed."""
        if not PYTHON.exists():
            raise NotStarted("MLflow is not installed: run make .venv-mlflow/.installed")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [PYTHON, *server_arguments(self._folder, self._store, self.port)],
                cwd=self._folder,
                env=server_environment(self._folder),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Wait until it responds. Raises NotStarted with the end of its log."""
        end = time.monotonic() + START_TIMEOUT_S
        while self._process is not None and self._process.poll() is None and time.monotonic() < end:
            if self._is_up():
                return
            time.sleep(_POLL_S)
        raise NotStarted(self._log.read_text(errors="replace")[-_LAST_WORDS:].strip())

    def stop(self) -> None:
        """Kill it."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    @property
    def _log(self) -> Path:
        return self._folder / "server.log"

    def _is_up(self) -> bool:
        try:
            return httpx.get(f"{self.address}/health", timeout=5, trust_env=False).is_success
        except httpx.TransportError:
            return False
