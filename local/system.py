"""The whole service as a process for other programs: tests, the demo, a soak run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from local.aws.resources import Clients
from local.deployment.environment import LAYER, ROOT, host_basics

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 15.0
_POLL_S = 0.02


class NotStarted(Exception):
    """The service ended, or was not ready in time; the text is its last output."""


@dataclass(frozen=True)
class Process:
    """A process below the service's own."""

    pid: int
    parent: int
    command: str


class LocalSystem:
    """A context manager around `python -m local.run` on free ports.

    `environment` is added to the few variables that every program needs; the rest of this program's environment is not
    passed on. The service's output is in `output` and `log`, which has the functions' log lines. With `for_a_person`
    it runs as with `make run`, and its log lines are in a file.
    """

    def __init__(
        self,
        *,
        environment: Mapping[str, str] | None = None,
        template: Path | None = None,
        for_a_person: bool = False,
    ) -> None:
        self._environment = ({} if for_a_person else {"LOGS": "json"}) | dict(environment or {})
        self._arguments = [] if for_a_person else ["--plain"]
        if template:
            self._arguments += ["--template", str(template)]
        self._folder = tempfile.TemporaryDirectory(prefix="tip-service-")
        self._process: subprocess.Popen[bytes] | None = None
        self._ready: dict[str, Any] = {}
        self.output = Path(self._folder.name, "output.txt")
        self.log = Path(self._folder.name, "log.txt")

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            # A signal during the start as well must leave no process behind.
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._folder.cleanup()

    def start(self) -> None:
        """Start and wait until everything listens. Raises NotStarted."""
        ready_file = Path(self._folder.name, "ready.json")
        arguments = [sys.executable, "-m", "commands", "local.run", "--ready-file", str(ready_file), *self._arguments]
        with self.output.open("wb") as output, self.log.open("wb") as log:
            self._process = subprocess.Popen(
                arguments, cwd=ROOT, env=self._variables(), stdin=subprocess.DEVNULL, stdout=output, stderr=log
            )
        end = time.monotonic() + START_TIMEOUT_S
        while not ready_file.exists():
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                last_words = self.log.read_text(errors="replace")[-2000:].strip()
                self._folder.cleanup()
                raise NotStarted(last_words)
            time.sleep(_POLL_S)
        self._ready = json.loads(ready_file.read_text())
        self.http = httpx.Client(base_url=self.base_url, timeout=40, trust_env=False)
        self.aws = Clients(self.aws_endpoint)

    def stop(self) -> int:
        """End it as Ctrl-C would; returns the exit code."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.terminate()
        try:
            return self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
        finally:
            with suppress(AttributeError):
                self.http.close()

    @property
    def pid(self) -> int:
        """The service's own process."""
        return int(self._ready["pid"])

    @property
    def base_url(self) -> str:
        """The address of the API."""
        return str(self._ready["base_url"])

    @property
    def aws_endpoint(self) -> str:
        """The address of SQS and DynamoDB."""
        return str(self._ready["aws_endpoint"])

    @property
    def model_url(self) -> str:
        """The address at which the functions call the model."""
        return str(self._ready["model_url"])

    def queue_url(self, name: str) -> str:
        """A queue's URL by its name in the template."""
        return str(self._ready["queues"][name])

    def processes(self, containing: str = "") -> list[Process]:
        """Every running process below the service whose command contains a text."""
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,stat=,command="],  # noqa: S607  # ps is where the host keeps it
            capture_output=True,
            text=True,
            check=True,
        )
        rows = [line.split(None, 3) for line in listed.stdout.splitlines()]
        living = [Process(int(row[0]), int(row[1]), row[3]) for row in rows if not row[2].startswith("Z")]
        below = {self.pid}
        while added := {one.pid for one in living if one.parent in below} - below:
            below |= added
        return [one for one in living if one.pid in below - {self.pid} and containing in one.command]

    def _variables(self) -> dict[str, str]:
        path = os.pathsep.join([str(LAYER), str(ROOT)])
        return {
            **host_basics(os.environ),
            "PORT": "0",
            "AWS_PORT": "0",
            "MODEL_PORT": "0",
            "PYTHONPATH": path,
            **self._environment,
        }
