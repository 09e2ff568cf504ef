"""Output of figures: with their goals on the terminal, and in docs/bench.json for pages and charts."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from local.deployment.environment import ROOT

RESULTS = ROOT / "docs" / "bench.json"


class Goal(NamedTuple):
    """A figure of this version and of version 0.1 in the same run, and the upper limit of their ratio.

    `first` and `found` are None if version 0.1 was not measured. With `is_least`, `ratio` is the lower limit.
    """

    figure: str
    unit: str
    now: float
    first: float | None
    ratio: float
    found: float | None
    is_least: bool = False

    @property
    def verdict(self) -> str:
        """A word on whether the goal is met."""
        if self.found is None:
            return "not compared"
        is_met = self.found >= self.ratio if self.is_least else self.found <= self.ratio
        return "met" if is_met else "MISSED"


def print_goals(goals: list[Goal]) -> None:
    """Print a table with one line per goal."""
    print(f"\n{'':<34}{'now':>10}{'version 0.1':>13}{'ratio':>8}{'goal':>9}  verdict")
    for goal in goals:
        first = "-" if goal.first is None else f"{goal.first:.1f}"
        found = "-" if goal.found is None else f"{goal.found:.2f}"
        sign = ">=" if goal.is_least else "<="
        bound = f"{sign} {goal.ratio:.2f}"
        print(f"{f'{goal.figure}, {goal.unit}':<34}{goal.now:>10.1f}{first:>13}{found:>8}{bound:>9}  {goal.verdict}")


def machine() -> dict[str, Any]:
    """The machine's processors and load: on a busy machine, times are longer and vary more."""
    processors = os.cpu_count() or 1
    return {"processors": processors, "load": round(os.getloadavg()[0], 1)}


def keep(name: str, figures: dict[str, Any]) -> None:
    """Replace the figures of one measurement in RESULTS, and draw the charts of all."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    kept[name] = figures
    lines = [f"{json.dumps(key)}: {json.dumps(kept[key], ensure_ascii=False)}" for key in sorted(kept)]
    RESULTS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    subprocess.run(["make", "--no-print-directory", "bench-charts"], cwd=ROOT, check=True)  # noqa: S607  # on the path
    print(f"wrote {RESULTS.relative_to(ROOT)} and its charts")


@contextmanager
def progress(name: str, rounds: int) -> Iterator[Any]:
    """A function to call after each round, which prints the time so far and an estimate of the rest."""
    started = time.monotonic()

    def tell(done: int) -> None:
        took_s = time.monotonic() - started
        left_s = took_s / done * (rounds - done)
        print(f"{name}: {done} of {rounds} rounds in {took_s:.0f} s, {left_s:.0f} s left", file=sys.stderr, flush=True)

    yield tell
