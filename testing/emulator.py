"""The real runtime interface emulator, running one built function as Lambda would."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import httpx

from local.deployment.template import Function
from testing.free_port import free_port
from testing.waiting import until

ROOT = Path(__file__).parent.parent
BUILD = ROOT / ".aws-sam" / "build"
RUNTIME_PYTHON = ROOT / ".venv-runtime" / "bin" / "python"
EMULATOR = next(ROOT.glob(".venv-sam/lib/python3.*/site-packages/samcli/local/rapid/aws-lambda-rie-x86_64"), None)
START_TIMEOUT_S = 20

_LINE = r"(?P<at>\d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2},\d{3}) \[INFO\] \(rapid\) "
_BEGUN = re.compile(_LINE + r"INVOKE START\(")
_ANSWERED = re.compile(_LINE + r"INVOKE RTDONE\(.* duration: (?P<took_ms>[\d.]+)ms\)")
_STARTED = re.compile(_LINE + r"INIT REPORT\(durationMs: (?P<took_ms>[\d.]+)\)")


@dataclass(frozen=True)
class Invoked:
    """One call: the runtime's response time, and the time for which the sandbox stayed awake afterwards."""

    answer: Any
    took_s: float
    held_s: float


@dataclass(frozen=True)
class Resources:
    """The resources of a process at one time."""

    threads: int
    memory_kb: int
    files: int


class Emulator:
    """A sandbox of `function`, as built; `environment` is added to Lambda's own variables.

    `log` has everything that the emulator and the function wrote so far. Modules in `hooks` come before all others.
    `build` is the output of `sam build` for the function's template.
    """

    def __init__(
        self,
        function: Function,
        environment: Mapping[str, str],
        log: Path,
        hooks: Path | None = None,
        build: Path = BUILD,
    ) -> None:
        self._function = function
        self._build = build
        self._folder = build / function.name
        self._environment = environment
        self._log = log
        self._hooks = hooks
        self._process: subprocess.Popen[bytes] | None = None
        self._address = ""
        # One for all calls, and without certificates: making them would take as long as a whole cold start.
        self._caller = httpx.Client(verify=False)  # noqa: S501  # loopback, no TLS

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
                cwd=self._folder,
                env=self._lambda_environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _wait_for(invoke_port, self._process)
        return self

    def __exit__(self, *_: object) -> None:
        self._caller.close()
        if self._process is not None:
            runtimes = self._runtime_pids()
            # The emulator leads a process group of its own, so its runtimes end with it.
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            # The next measurement must not share the machine with a large process that is ending.
            until(lambda: not any(map(_has_memory, runtimes)))

    @property
    def log(self) -> str:
        """The output so far."""
        return self._log.read_text(errors="replace")

    def log_lines(self, message: str | None = None) -> list[dict[str, Any]]:
        """The function's own log lines, all of them or those with that event name."""
        lines = [entry for entry in _objects(self.log) if "level" in entry]
        return [line for line in lines if message in {None, line["message"]}]

    def counted(self, metric: str) -> int:
        """The current sum of a metric."""
        return int(sum(sum(entry.get(metric, [])) for entry in _objects(self.log) if "_aws" in entry))

    def invoke(self, event: object, timeout_s: float = 30) -> Any:
        """Invoke once; returns the function's response, or the emulator's report of its failure."""
        url = f"http://{self._address}/2015-03-31/functions/function/invocations"
        return self._caller.post(url, json=event, timeout=timeout_s).json()

    def timed(self, event: object) -> Invoked:
        """Invoke once, and read the times in the emulator's log. Returns when the sandbox is idle."""
        before = len(self.answered_at)
        answer = self.invoke(event)
        at_rest = time.time()
        until(lambda: len(self.answered_at) > before)
        return Invoked(answer, self.took_s[-1], at_rest - self.answered_at[-1])

    @property
    def took_s(self) -> list[float]:
        """The runtime's response times of all calls so far."""
        return [float(line["took_ms"]) / 1000 for line in _ANSWERED.finditer(self.log)]

    @property
    def begun_at(self) -> list[float]:
        """The times at which the runtime received each call so far, in seconds since 1970."""
        return [_moment(line["at"]) for line in _BEGUN.finditer(self.log)]

    @property
    def answered_at(self) -> list[float]:
        """The times at which each response was posted, in seconds since 1970 and whole milliseconds."""
        return [_moment(line["at"]) for line in _ANSWERED.finditer(self.log)]

    @property
    def start_s(self) -> float:
        """The start time of the latest runtime, in seconds."""
        return [float(line["took_ms"]) for line in _STARTED.finditer(self.log)][-1] / 1000

    def runtime_pid(self) -> int:
        """The process that currently runs the function."""
        children = self._runtime_pids()
        if not children:
            raise LookupError("no runtime is running")
        return max(children)

    def resources(self) -> Resources:
        """The present resources of the process that runs the function."""
        process = Path(f"/proc/{self.runtime_pid()}")
        status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines())
        memory_kb = int(status["VmRSS"].split()[0])
        return Resources(int(status["Threads"]), memory_kb, len(list((process / "fd").iterdir())))

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """A block during which the function's process is stopped."""
        pid = self.runtime_pid()
        os.kill(pid, signal.SIGSTOP)
        until(lambda: _stands_still(pid))
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def _runtime_pids(self) -> list[int]:
        assert self._process is not None
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]

    def _lambda_environment(self) -> dict[str, str]:
        name = self._function.name
        # Lambda unpacks all layers into one folder.
        layers = [str(self._build / layer / "python") for layer in self._function.layers]
        return {
            **self._environment,
            "PYTHONPATH": os.pathsep.join([*([str(self._hooks)] if self._hooks else []), *layers]),
            "PYTHONNOUSERSITE": "1",
            # In Lambda the code is on a read-only disk.
            "PYTHONDONTWRITEBYTECODE": "1",
            "LAMBDA_TASK_ROOT": str(self._folder),
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self._function.memory),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(int(self._function.timeout)),
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "TZ": ":UTC",
        }


def _objects(log: str) -> Iterator[dict[str, Any]]:
    """The objects at the start of the log's lines. Several may share a line: its end is written separately."""
    decoder = json.JSONDecoder()
    for line in log.splitlines():
        place = 0
        while line.startswith('{"', place):
            entry, place = decoder.raw_decode(line, place)
            yield entry


def _moment(written: str) -> float:
    return datetime.strptime(written, "%d %b %Y %H:%M:%S,%f").replace(tzinfo=UTC).timestamp()


def _has_memory(pid: int) -> bool:
    """Whether a process is running; a zombie, which has released its memory, is not."""
    try:
        return "VmRSS" in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _stands_still(pid: int) -> bool:
    """Whether each of a process's threads is stopped: the state follows the name in parentheses."""
    states = [task.read_text().rpartition(")")[2].split()[0] for task in Path(f"/proc/{pid}/task").glob("*/stat")]
    return set(states) == {"T"}


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return once the port accepts connections."""
    give_up = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise RuntimeError(f"the emulator ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")
