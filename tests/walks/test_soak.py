"""Precompute under load and faults, as `make soak` runs it, with fewer users."""

import io
from pathlib import Path

from local.soak.report import as_text
from local.soak.run import run
from oo.agents.registry import all_manifests
from testing.part_of_template import part_of_template

USERS = 20


def test_nothing_is_lost_and_nothing_older_wins(tmp_path: Path) -> None:
    """Workers die in the middle of batches, table and queue refuse, messages come twice and under any time."""
    workers = part_of_template(tmp_path, functions=["PrecomputeFunction", "ComputeWorkerFunction"])
    outcome = run(USERS, seed=7, stream=io.StringIO(), template=workers)

    verdict, found = outcome.verdict, as_text(outcome)
    assert verdict.breaches == [], found
    assert verdict.outputs == {"newest": len(all_manifests()) * USERS}
    assert verdict.jobs["outdated"] >= len(all_manifests()) * 2, found
    assert outcome.remains.faults["rows from the far future"] > 0
    assert sum(verdict.jobs.values()) > sum(verdict.outputs.values())
    assert sum(count for fault, count in outcome.remains.faults.items() if "killed" in fault) > 0, found
    assert {"throttled writes", "failed writes", "jobs refused in a batch"} <= set(outcome.remains.faults)
