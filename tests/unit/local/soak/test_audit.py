"""The audit itself: missing, old, changed and misplaced messages are found."""

from dataclasses import replace
from typing import Any

from local.soak.audit import AuditResult, DeadLetter, Job, Remains, audit
from local.soak.workload import JOBS, SNAPSHOTS, Message
from testing.for_each import for_each

KEY = ("user-1", "quick-win")
GONE = ("gone-1", "quick-win")
ROW: dict[str, Any] = {"snapshot_version": 7, "prompt_text": "Do it.", "signals_snapshot": {"share": 1.0}}
POISON = DeadLetter("m3", JOBS, "{", 5)
WHOLE = Remains(
    sent={
        "m1": Message(SNAPSHOTS, "newest", "{}", "user-1", 7),
        "m2": Message(SNAPSHOTS, "older", "{}", "user-1", 6),
        "m4": Message(SNAPSHOTS, "redriven after 13 days", "{}", "user-1", 2, is_outdated=True),
        "m5": Message(SNAPSHOTS, "redriven after 13 days", "{}", "gone-1", 2, is_outdated=True),
        "m3": Message(JOBS, "no JSON", "{"),
    },
    jobs=[Job("j1", KEY, 7), Job("j2", KEY, 6), Job("j3", KEY, 7), Job("j4", KEY, 2), Job("j5", GONE, 2)],
    rows={KEY: ROW},
    dead=[POISON],
    waiting={SNAPSHOTS: 0, JOBS: 0},
)


def audited(**changes: Any) -> AuditResult:
    """The verdict on the remains of a run, which should be `ROW` of one user and one agent."""
    return audit(replace(WHOLE, **changes), {KEY: ROW}, ["quick-win"])


def test_a_run_that_lost_nothing_has_no_breach() -> None:
    """Every message has its place, and the places add up to the sent messages."""
    verdict = audited()

    assert verdict.breaches == []
    assert verdict.snapshots == {"fanned out": 4}
    assert verdict.jobs == {"stored": 1, "superseded": 1, "repeated": 1, "outdated": 2}
    assert verdict.poison == {"dead letter after 5 deliveries": 1}
    assert verdict.outputs == {"newest": 1}


@for_each(
    ("changes", "breach"),
    [
        ({"rows": {}}, "1 outputs: missing"),
        ({"rows": {KEY: ROW | {"snapshot_version": 6}}}, "1 outputs: older over newer"),
        ({"rows": {KEY: ROW | {"snapshot_version": 8}}}, "1 outputs: blocked by a version that nobody sent"),
        ({"rows": {KEY: ROW | {"prompt_text": "Other."}}}, "1 outputs: different"),
        ({"rows": {KEY: ROW | {"signals_snapshot": {"share": 1}}}}, "1 outputs: different"),
        ({"rows": {KEY: ROW, ("poison", "x"): ROW}}, "1 outputs: of nobody"),
        ({"rows": {}}, "3 jobs: lost"),
        ({"rows": {}, "dead": [POISON, DeadLetter("j1", JOBS, "", 5)]}, "1 jobs: dead letter"),
        ({"jobs": [Job("j1", KEY, 7)]}, "3 snapshots: lost"),
        (
            {"jobs": [Job("j1", KEY, 7)], "dead": [POISON, DeadLetter("m2", SNAPSHOTS, "", 5)]},
            "1 snapshots: dead letter",
        ),
        ({"rows": {KEY: ROW, GONE: ROW | {"snapshot_version": 2}}}, "1 jobs: stored though outdated"),
        ({"rows": {KEY: ROW, GONE: ROW | {"snapshot_version": 2}}}, "1 outputs: of nobody"),
        ({"dead": [POISON, DeadLetter("j5", JOBS, "", 5)]}, "1 jobs: dead letter"),
        ({"dead": []}, "1 poison: lost"),
        ({"dead": [POISON, POISON]}, "1 poison: there more than once"),
        ({"dead": [replace(POISON, queue=SNAPSHOTS)]}, "1 poison: changed or in the wrong queue"),
        ({"dead": [replace(POISON, body="{ ")]}, "1 poison: changed or in the wrong queue"),
        ({"dead": [replace(POISON, deliveries=4)]}, "1 poison: dead letter after 4 deliveries"),
        ({"waiting": {JOBS: 3}}, "3 messages are left in ComputeQueue"),
        ({"timeouts": 2}, "2 invocations were cut off"),
        ({"dead": [POISON, DeadLetter("stranger", JOBS, "", 5)]}, "1 dead letters that nobody sent as poison"),
    ],
)
def test_every_loss_is_a_breach(changes: dict[str, Any], breach: str) -> None:
    """Each by its own sentence."""
    assert breach in audited(**changes).breaches
