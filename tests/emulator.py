"""The real runtime interface emulator, running one built function as Lambda would."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import httpx

from local.template import Function
from tests.free_port import free_port

ROOT = Path(__file__).parent.parent
BUILD = ROOT / ".aws-sam" / "build"
RUNTIME_PYTHON = ROOT / ".venv-runtime" / "bin" / "python"
EMULATOR = next(ROOT.glob(".venv-sam/lib/python3.*/site-packages/samcli/local/rapid/aws-lambda-rie-x86_64"), None)
START_TIMEOUT_S = 20


class Emulator:
    """A sandbox of `function`, as built; `environment` is what it sees beside Lambda's own variables.

    `log` has everything that the emulator and the function wrote so far.
    """

    def __init__(self, function: Function, environment: Mapping[str, str], log: Path) -> None:
        self._function = function
        self._environment = environment
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._address = ""

    def __enter__(self) -> Self:
        invoke_port, runtime_port = free_port(), free_port()
        self._address = f"127.0.0.1:{invoke_port}"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    str(EMULATOR),
                    "--runtime-interface-emulator-address",
                    self._address,
                    "--runtime-api-address",
                    f"127.0.0.1:{runtime_port}",
                    str(RUNTIME_PYTHON),
                    "-m",
                    "awslambdaric",
                    self._function.handler,
                ],
                cwd=BUILD / self._function.name,
                env=self._lambda_environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _wait_for(invoke_port, self._process)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            # The emulator leads a process group of its own, so its runtimes end with it.
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    @property
    def log(self) -> str:
        """What has been written so far."""
        return self._log.read_text(errors="replace")

    def log_lines(self, message: str) -> list[dict[str, Any]]:
        """The function's own log lines with that event name."""
        lines = [line for line in self.log.splitlines() if line.startswith("{")]
        return [entry for entry in map(json.loads, lines) if entry.get("message") == message]

    def invoke(self, event: object, timeout_s: float = 30) -> Any:
        """Invoke once; the function's answer, or the emulator's account of its failure."""
        url = f"http://{self._address}/2015-03-31/functions/function/invocations"
        return httpx.post(url, json=event, timeout=timeout_s).json()

    def runtime_pid(self) -> int:
        """The process that runs the function at the moment."""
        assert self._process is not None
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        children = [int(pid) for task in tasks for pid in task.read_text().split()]
        if not children:
            raise LookupError("no runtime is running")
        return max(children)

    def _lambda_environment(self) -> dict[str, str]:
        name = self._function.name
        return {
            **self._environment,
            "PYTHONPATH": str(BUILD / "AgentsLayer" / "python"),
            "PYTHONNOUSERSITE": "1",
            "LAMBDA_TASK_ROOT": str(BUILD / name),
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self._function.memory),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(int(self._function.timeout)),
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        }


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return once the port takes connections."""
    give_up = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise RuntimeError(f"the emulator ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")
