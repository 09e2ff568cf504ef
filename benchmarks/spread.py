"""The spread of the ratios to version 0.1: the measurements that have goals, shortened, in several runs apart in time.

`make bench` runs it only if ONLY names it, as it takes half an hour. Each ratio is one run's median, as in the whole
measurement.
"""

import time
from collections.abc import Mapping
from statistics import median
from typing import Any

from benchmarks import cold_start, recommend, worker
from benchmarks._results import keep, machine, progress
from benchmarks._sandboxes import FIRST, sandboxes
from commands.program import UnusableValue, program, variable
from commands.values import Number

SANDBOXES = 5
"""The number of sandboxes per case in one run."""

Ratios = Mapping[str, float]


@program("bench ONLY=spread")
@variable("RUNS", type=Number(2, 100), default=10, help="the number of runs")
@variable("PAUSE", type=Number(0, 3_600), default=90, help="the seconds between two runs")
def main(runs: int, pause: int) -> None:
    """Measure, print the median and the extremes of each ratio, and store them."""
    if not FIRST.exists():
        raise UnusableValue(
            "Version 0.1 is not built, so there is no ratio: `git fetch --unshallow` brings its commit."
        )
    found, loads = list[Ratios](), list[float]()
    with sandboxes() as started, progress("spread", runs) as tell:
        for done in range(1, runs + 1):
            if found:
                time.sleep(pause)
            loads.append(machine()["load"])
            found.append(
                cold_start.ratios_to_first(started, SANDBOXES)
                | recommend.ratios_to_first(started, SANDBOXES)
                | worker.ratios_to_first()
            )
            tell(done)
    print(f"{runs} runs, {pause} s apart, load {min(loads)} to {max(loads)} before them")
    print(f"{'ratio to version 0.1':<34}{'median':>9}{'least':>9}{'most':>9}")
    spreads = {figure: spread_of([ratios[figure] for ratios in found]) for figure in found[0]}
    for figure, spread in spreads.items():
        print(f"{figure:<34}{spread['median']:>9.3f}{spread['least']:>9.3f}{spread['most']:>9.3f}")
    keep("spread", {"machine": machine() | {"runs": runs, "pause_s": pause, "loads": loads}, "ratios": spreads})


def spread_of(ratios: list[float]) -> dict[str, Any]:
    """The median and the extremes of ratios."""
    return {"median": round(median(ratios), 3), "least": round(min(ratios), 3), "most": round(max(ratios), 3)}
