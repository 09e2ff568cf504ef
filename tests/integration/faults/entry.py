"""A function's HTTP handler in this process, composed by bootstrap: its answers and its log lines."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from oo.bootstrap import compute, recommend, telemetry
from oo.bootstrap.settings import Config
from oo.telemetry.spans import Trace
from testing.entries import invoke
from testing.http_events import http_event
from tests.integration.faults.conftest import Answered


@dataclass
class KeptTraces:
    """Stands where exports begin."""

    traces: list[Trace] = field(default_factory=list)

    @contextmanager
    def invocation(self, _: str) -> Iterator[None]:
        yield

    def hand_over(self, trace: Trace) -> None:
        self.traces.append(trace)


class Entry:
    """Starts the function with the current environment, under a log of its own."""

    def __init__(self, function: str, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        patch.setenv("POWERTOOLS_SERVICE_NAME", secrets.token_hex(4))
        self._capsys = capsys
        self._written = ""
        self._kept = KeptTraces()
        config = Config.read(os.environ)
        shim = telemetry.make_shim(os.environ, config)
        shim.after_response = self._kept
        self._gateway = (
            compute.compose(config, shim) if function == "compute" else recommend.compose(config, shim, os.environ)
        )

    @property
    def traces(self) -> list[Trace]:
        """One a request, as an exporter gets it."""
        return self._kept.traces

    @property
    def written(self) -> str:
        """All that the function has written to its log, metrics among it."""
        self._written += self._capsys.readouterr().out
        return self._written

    def post(self, path: str, body: object) -> Answered:
        """Send a body as JSON."""
        given = invoke(self._gateway.handler, http_event("POST", path, body))
        return Answered(given["statusCode"], given["body"], given["headers"])

    def events(self, name: str) -> list[dict[str, Any]]:
        """The lines of the log of that name."""
        lines = [json.loads(line) for line in self.written.splitlines() if line.startswith("{")]
        return [line for line in lines if line.get("message") == name]

    def counted(self, metric: str, **dimensions: str) -> float:
        """The sum of a metric over its dimensions."""
        lines = [json.loads(line) for line in self.written.splitlines() if '"CloudWatchMetrics"' in line]
        return sum(sum(line.get(metric, [])) for line in lines if dimensions.items() <= line.items())
