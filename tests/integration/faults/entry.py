"""A function's own entry in this process: what it answers, and what it writes meanwhile."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from local.deployment.environment import ROOT
from oo.runtime.http_gateway import HttpGateway
from oo.telemetry.spans import Trace
from testing.http_events import http_event
from testing.lambda_context import FakeContext
from tests.integration.faults.conftest import Answered
from tools.documents.openapi import load_gateway


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
    """Starts the function anew with the environment as it is then, under a log of its own."""

    def __init__(self, function: str, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        patch.setenv("POWERTOOLS_SERVICE_NAME", secrets.token_hex(4))
        self._capsys = capsys
        self._written = ""
        self._gateway: HttpGateway = load_gateway(ROOT / "functions" / function / "app.py")
        self._kept = KeptTraces()
        self._gateway.shim.after_response = cast("Any", self._kept)

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
        given = self._gateway.handler(http_event("POST", path, body), cast("LambdaContext", FakeContext()))
        return Answered(given["statusCode"], given["body"], given["headers"])

    def events(self, name: str) -> list[dict[str, Any]]:
        """The lines of the log of that name."""
        lines = [json.loads(line) for line in self.written.splitlines() if line.startswith("{")]
        return [line for line in lines if line.get("message") == name]

    def counted(self, metric: str, **dimensions: str) -> float:
        """The sum of a metric over its dimensions."""
        lines = [json.loads(line) for line in self.written.splitlines() if '"CloudWatchMetrics"' in line]
        return sum(sum(line.get(metric, [])) for line in lines if dimensions.items() <= line.items())
