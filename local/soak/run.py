"""`make soak`: the local system under load and faults, then an audit of every message (USERS, SEED)."""

import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from commands.program import program, variable
from commands.values import Number
from local.soak import faults, system, workload
from local.soak.audit import AuditResult, Key, Remains, audit
from local.soak.expected import Expectation
from local.soak.faults import Plan
from local.soak.report import as_text
from local.soak.workload import JOBS, SNAPSHOTS, Message, Workload, in_tens
from local.system import LocalSystem, NotStarted
from oo.agents.registry import all_manifests
from operations.progress import Progress

USERS = 2_000
SEED = 1
# moto looks through a whole queue for each message that is deleted: a longer one would measure moto.
_MOST_JOBS_WAITING = 600
_POLL_S = 0.25
_STUCK_S = 120.0


class Stuck(Exception):
    """The queues stopped making progress; the text names the place."""


@dataclass(frozen=True)
class Outcome:
    """A run's findings, and the duration of the load in seconds."""

    verdict: AuditResult
    remains: Remains
    seconds: float


def plan_for(users: int, seed: int) -> Plan:
    """Faults for a run of that size: rates per call for faults of a call, a few for those of a run.

    Each fault is nearly certain to happen, even in a small run: it is expected a dozen times, or a death three times as
    often as its limit.
    """
    deaths = max(1, users // 200)
    writes, sendings = 16.0 * users, 1.6 * users
    often = 12 / writes
    dies_at_write, dies_at_sending = 3 * deaths / writes, 3 * deaths / sendings
    return Plan(
        seed=seed,
        throttled=max(0.02, often),
        failed=max(0.005, often),
        refused=max(0.02, often),
        killed_before_write=dies_at_write,
        killed_after_write=dies_at_write,
        killed_before_send=dies_at_sending,
        killed_after_send=dies_at_sending,
        most_deaths=deaths,
        storm_every_s=15.0,
        storm_s=1.5,
    )


def run(users: int, seed: int, stream: TextIO, *, template: Path | None = None) -> Outcome:
    """Start the system, load it, wait until it is idle, and audit it. Raises NotStarted and Stuck.

    `template` replaces the project's own.
    """
    load = workload.make(users, seed)
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        shutil.copy(faults.__file__, folder / "sitecustomize.py")
        plan_for(users, seed).save(folder)
        environment = {"FUNCTION_PYTHONPATH": name, "POWERTOOLS_LOG_LEVEL": "WARNING"}
        with LocalSystem(environment=environment, template=template) as running:
            planted = system.plant(running, load.blocked)
            started = time.monotonic()
            sent = _load(running, load, stream)
            seconds = time.monotonic() - started
            remains = _look(running, sent, folder, planted)
    expected = _expected(load, stream)
    agents = [manifest.agent_id for manifest in all_manifests()]
    return Outcome(audit(remains, expected, agents), remains, seconds)


def _load(running: LocalSystem, load: Workload, stream: TextIO) -> dict[str, Message]:
    """Send everything, never more than the job queue's limit at a time, and wait until both queues are empty."""
    agents = len(all_manifests())
    snapshots = sum(not message.is_poison for message in load.messages)
    progress = Progress("jobs", snapshots * agents, stream)
    sent: dict[str, Message] = {}
    batches = in_tens(load.messages)
    moved_at, seen = time.monotonic(), -1
    while True:
        waiting = {queue: system.waiting(running, queue) for queue in (SNAPSHOTS, JOBS)}
        open_jobs = waiting[SNAPSHOTS] * agents + waiting[JOBS]
        done = max(0, len(sent) * agents - open_jobs)
        progress.reach(min(done, snapshots * agents))
        if done != seen:
            moved_at, seen = time.monotonic(), done
        if len(sent) == len(load.messages) and not open_jobs:
            progress.end()
            return sent
        room = _MOST_JOBS_WAITING - open_jobs
        for queue, batch in islice(batches, room // (10 * agents) + 1 if room > 0 else 0):
            sent |= system.send(running, queue, batch)
        if time.monotonic() - moved_at > _STUCK_S:
            raise Stuck(f"Nothing has moved for {_STUCK_S:g} s: {waiting}")
        time.sleep(_POLL_S)


def _look(running: LocalSystem, sent: dict[str, Message], folder: Path, planted: int) -> Remains:
    jobs, counts = system.noted(folder)
    return Remains(
        sent=sent,
        jobs=jobs,
        rows=system.rows(running),
        dead=system.dead_letters(running),
        waiting={queue: system.waiting(running, queue) for queue in (SNAPSHOTS, JOBS)},
        faults=counts | {"rows from the far future": planted},
        timeouts=running.log.read_text(encoding="utf-8", errors="replace").count("Task timed out"),
    )


def _expected(load: Workload, stream: TextIO) -> dict[Key, dict[str, object]]:
    expectation = Expectation()
    progress = Progress("users worked out again", len(load.newest), stream)
    rows: dict[Key, dict[str, object]] = {}
    for count, (user, body) in enumerate(load.newest.items(), start=1):
        rows.update({(user, agent): row for agent, row in expectation.rows(body).items()})
        progress.reach(count)
    progress.end()
    expectation.close()
    return rows


@program("soak")
@variable("USERS", type=Number(1, 1_000_000), default=USERS, help="users with snapshots")
@variable("SEED", type=Number(0, 2**32 - 1), default=SEED, help="of the workload and the faults")
def main(users: int, seed: int) -> None:
    """Precompute under load and faults, and print the findings; exit code 1 if anything was lost."""
    try:
        outcome = run(users, seed, sys.stderr)
    except (NotStarted, Stuck) as problem:
        sys.exit(str(problem))
    print(as_text(outcome))
    if outcome.verdict.breaches:
        sys.exit(1)


if __name__ == "__main__":
    main()
