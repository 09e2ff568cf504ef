"""A real MLflow server for tests, from its package in .venv-mlflow."""

import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from local.mlflow_server import LocalMlflow
from local.system import NotStarted
from testing.free_port import free_port

if TYPE_CHECKING:
    from mlflow import MlflowClient

ARRIVAL_TIMEOUT_S = 30.0


class running:  # noqa: N801  # reads as `with running(…)`
    """One server on a free port, which ends with the block."""

    def __init__(self, folder: Path, store: str) -> None:
        self._server = LocalMlflow(folder, store, free_port())

    def __enter__(self) -> str:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> str:
        """Start it and wait until it responds; returns its address, which is the same after a stop."""
        self._server.start()
        try:
            self._server.wait()
        except NotStarted:
            self.stop()
            raise
        return self._server.address

    def stop(self) -> None:
        """Kill it."""
        self._server.stop()


def eventually(holds: Callable[[], object], seconds: float = ARRIVAL_TIMEOUT_S) -> None:
    """Wait until a condition is true."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to hold in time"
        time.sleep(0.05)


def mlflow_client(server: str) -> "MlflowClient":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mlflow import MlflowClient  # noqa: PLC0415  # its import warns about others' packages

    return MlflowClient(tracking_uri=server)
