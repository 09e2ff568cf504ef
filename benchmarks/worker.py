"""Throughput of a worker per core: the fan-out's and the compute worker's own handlers, with AWS responding at once.

The figures include all of an invocation but the network: reading and checking the record, learning, computing,
writing the row in DynamoDB's format and signing the request, logs and metrics. They are processor time of the built
layer under the functions' own Python, so that a busy machine hardly changes them. For comparison, each run includes the
time of reading the same bodies as JSON only, and version 0.1 alternates with this one.

The goals are of one user's jobs in batches of ten, as the fan-out sends them. The column "mixed" has the same jobs in
batches of ten users, which have no list in common.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from benchmarks import _worker_round
from benchmarks._results import Goal, keep, machine, print_goals, progress
from benchmarks._sandboxes import FIRST
from local.deployment.environment import ROOT
from testing.emulator import BUILD, RUNTIME_PYTHON

ROUNDS = 3
_GOALS = {"100": 2.0, "2000": 3.0}
"""The lower limit of the ratio to version 0.1's jobs per second, by number of tasks."""

Figures = Mapping[str, Mapping[str, float]]


def main() -> None:
    """Print the cost of snapshots by number of tasks on one core as a table, and the goals."""
    builds = [BUILD, FIRST] if FIRST.exists() else [BUILD]
    before, rounds = machine(), list[list[Figures]]()
    with progress("worker", ROUNDS) as tell:
        for done in range(1, ROUNDS + 1):
            rounds.append([_figures(build) for build in builds])
            tell(done)
    after, (ours, *others) = machine(), [_middle(list(of_build)) for of_build in zip(*rounds, strict=True)]
    print(f"{_worker_round.EVENTS} completions and feedback rows each; medians of {ROUNDS} processes and of")
    print(f"{_worker_round.RUNS} runs in each, processor time; load {before['load']} to {after['load']}")
    print(
        f"{'tasks':>6}{'fan-out ms':>12}{'x JSON':>8}{'job ms':>9}{'x JSON':>8}{'jobs/s':>8}{'mixed':>8}{'users/s':>9}"
    )
    for size, row in ours.items():
        print(
            f"{int(size):>6,}{row['fan_out_ms']:>12.2f}{row['fan_out_ms'] / row['fan_out_json_ms']:>8.1f}"
            f"{row['jobs_ms'] / row['jobs']:>9.2f}{row['jobs_ms'] / row['jobs_json_ms']:>8.1f}"
            f"{_jobs_per_s(row):>8.0f}{_jobs_per_s(row, 'mixed_ms'):>8.0f}"
            f"{1000 / (row['fan_out_ms'] + row['jobs_ms']):>9.1f}"
        )
    goals = [_goal(size, least, ours, others) for size, least in _GOALS.items()]
    print_goals(goals)
    keep(
        "worker",
        {
            "machine": after | {"rounds": ROUNDS},
            "jobs_per_s": {size: round(_jobs_per_s(row), 1) for size, row in ours.items()},
            "mixed_jobs_per_s": {size: round(_jobs_per_s(row, "mixed_ms"), 1) for size, row in ours.items()},
            "fan_out_ms": {size: round(row["fan_out_ms"], 2) for size, row in ours.items()},
            "goals": [goal._asdict() | {"verdict": goal.verdict} for goal in goals],
        },
    )


def ratios_to_first() -> dict[str, float]:
    """The ratios that have goals, by the goal's figure, of one process per version."""
    ours, first = _figures(BUILD), _figures(FIRST)
    return {_figure(size): _jobs_per_s(ours[size]) / _jobs_per_s(first[size]) for size in _GOALS}


def _figures(build: Path) -> Figures:
    """The figures of one process with the layer of this build."""
    done = subprocess.run(
        [
            str(RUNTIME_PYTHON),
            str(ROOT / "benchmarks" / "_worker_round.py"),
            str(build / "PrecomputeFunction" / "worker.py"),
            str(build / "ComputeWorkerFunction" / "worker.py"),
        ],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(build / "AgentsLayer" / "python"), "PYTHONNOUSERSITE": "1"},
        stdout=subprocess.PIPE,
        check=True,
    )
    figures: Figures = json.loads(done.stdout)
    return figures


def _middle(several: list[Figures]) -> Figures:
    """The median of each figure."""
    return {
        size: {name: median(one[size][name] for one in several) for name in several[0][size]} for size in several[0]
    }


def _jobs_per_s(row: Mapping[str, float], time: str = "jobs_ms") -> float:
    return 1000 * row["jobs"] / row[time]


def _goal(size: str, least: float, ours: Figures, others: list[Figures]) -> Goal:
    now = _jobs_per_s(ours[size])
    first = _jobs_per_s(others[0][size]) if others else None
    found = None if first is None else now / first
    return Goal(_figure(size), "jobs/s", now, first, least, found, is_least=True)


def _figure(size: str) -> str:
    return f"worker, {int(size):,} tasks"
