"""Calls the HTTP functions, in a process of their own, with hostile bodies and events, and reports how they took it.

    python -m tests.integration.faults.hostile_calls REPORT

Standard input has a line of JSON per call, an operation's name and an event. They are drawn elsewhere, so that
all memory here is the functions'. Their log is this program's standard output.
"""

import json
import os
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from oo.contract.routes import ROUTES
from testing.entries import invoke, load_handler
from testing.patience import wait_for_aws, wait_for_exports
from tests.integration.faults.hostile import CANARY

MEASURE = "measure"
"""Stands for an operation's name where the calls begin between which memory may not grow."""

SAMPLED_EVERY = 10
ECHOED = ("unknown_agent", "unknown_prompt_version")
"""Codes whose answers repeat at most 64 characters, by the contract."""


@dataclass
class Report:
    """The outcome of the calls; sizes in bytes, `memory` after every tenth call."""

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
        self._handlers = {route.name: load_handler(route.name) for route in ROUTES}
        self.report = Report()
        self._number = 0

    def call(self, name: str, event: Any) -> None:
        """Call that operation's function."""
        self._number += 1
        try:
            answer = invoke(self._handlers[name], event)
        except BaseException as error:  # noqa: BLE001  # a function error, which is what is looked for
            self.report.raised.append(f"{name}: {type(error).__name__}")
            return
        self._note(name, answer)
        if self._number % SAMPLED_EVERY == 0:
            self.report.memory.append(_memory())

    def _note(self, name: str, answer: dict[str, Any]) -> None:
        report, status, text = self.report, answer["statusCode"], answer["body"]
        size = len(json.dumps(answer).encode())
        report.statuses[str(status)] = report.statuses.get(str(status), 0) + 1
        if status >= 500:
            report.failed.append(f"{name}: {text[:300]}")
        if status == 200:
            report.largest_answer = max(report.largest_answer, size)
            return
        report.largest_error = max(report.largest_error, size)
        if CANARY in text and json.loads(text)["code"] not in ECHOED:
            report.echoed.append(text[:300])


def _memory() -> int:
    """Bytes that this process has in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main(report_file: str) -> None:
    """Make every call that standard input lists, and write the report."""
    wait_for_aws(setattr)
    wait_for_exports(setattr)
    calls = Calls()
    for line in sys.stdin:
        name, event = json.loads(line)
        if name == MEASURE:
            calls.report.memory.clear()
        else:
            calls.call(name, event)
    Path(report_file).write_text(json.dumps(asdict(calls.report) | {"growth": calls.report.growth()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
