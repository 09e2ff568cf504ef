"""Calls the HTTP functions, in a process of their own, with hostile bodies and events, and reports how they took it.

    python -m tests.integration.faults.hostile_calls REPORT SEED BODIES EVENTS

The functions' log is this program's standard output.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, cast

from aws_lambda_powertools.utilities.typing import LambdaContext

from local.environment import ROOT
from local.openapi import load_gateway
from oo.contract.routes import ROUTES, Route
from tests.integration.faults.hostile import CANARY, bodies, events
from tests.lambda_context import FakeContext

WARM_UP = 100
"""Calls after which a function has loaded and grown what it needs."""

SAMPLED_EVERY = 10
ECHOED = ("unknown_agent", "unknown_prompt_version")
"""Codes whose answers repeat at most 64 characters, by the contract."""


@dataclass
class Report:
    """What became of the calls; sizes in bytes, `memory` after every tenth call."""

    statuses: dict[str, int] = field(default_factory=dict)
    raised: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    echoed: list[str] = field(default_factory=list)
    largest_answer: int = 0
    largest_error: int = 0
    memory: list[int] = field(default_factory=list)

    def growth(self) -> float:
        """The last quarter's memory in terms of the first one's."""
        quarter = len(self.memory) // 4
        return median(self.memory[-quarter:]) / median(self.memory[:quarter])


class Calls:
    """Each function once, as a sandbox has it."""

    def __init__(self) -> None:
        self._handlers = {
            route.name: load_gateway(ROOT / "functions" / route.name / "app.py").handler for route in ROUTES
        }
        self.report = Report()
        self._number = 0

    def call(self, route: Route, event: Any) -> None:
        """Call the route's function."""
        self._number += 1
        try:
            answer = self._handlers[route.name](event, cast("LambdaContext", FakeContext()))
        except BaseException as error:  # noqa: BLE001  # a function error, which is what is looked for
            self.report.raised.append(f"{route.name}: {type(error).__name__}")
            return
        self._note(route, answer)
        if self._number > WARM_UP and self._number % SAMPLED_EVERY == 0:
            self.report.memory.append(_memory())

    def _note(self, route: Route, answer: dict[str, Any]) -> None:
        report, status, text = self.report, answer["statusCode"], answer["body"]
        size = len(json.dumps(answer).encode())
        report.statuses[str(status)] = report.statuses.get(str(status), 0) + 1
        if status >= 500:
            report.failed.append(f"{route.name}: {text[:300]}")
        if status == 200:
            report.largest_answer = max(report.largest_answer, size)
            return
        report.largest_error = max(report.largest_error, size)
        if CANARY in text and json.loads(text)["code"] not in ECHOED:
            report.echoed.append(text[:300])


def _memory() -> int:
    """Bytes that this process has in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _in_turn(
    sources: list[Iterator[tuple[Route, Any]]], sizes: list[int], seed: int = 1
) -> Iterator[tuple[Route, Any]]:
    """Everything of every source, evenly mixed."""
    order = [place for place, size in enumerate(sizes) for _ in range(size)]
    Random(seed).shuffle(order)  # noqa: S311  # for tests
    return (next(sources[place]) for place in order)


def main(report_file: str, seed: str, body_count: str, event_count: str) -> None:
    """Make all calls, bodies and events in turn, and write the report."""
    calls = Calls()
    all_of_them = [bodies(int(seed), int(body_count)), events(int(seed), int(event_count))]
    for route, event in _in_turn(all_of_them, [int(body_count), int(event_count)]):
        calls.call(route, event)
    Path(report_file).write_text(json.dumps(asdict(calls.report) | {"growth": calls.report.growth()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
