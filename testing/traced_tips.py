"""Traces of an experiment with assessments: their requests to MLflow, and the reader's result.

The reader's tests are the same on a fake server and on a real one.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from operations.experiment.served_tips import Record, ServedTip, TipFeedback

EXPERIMENT = "tone-2"
ALICE, BOB = "alice", "bob"


class PlantedTrace(NamedTuple):
    """One trace. `user` is an id; `assessments` are name, source, its id, value and metadata."""

    serve_id: str
    user: str | None
    tags: Mapping[str, str]
    has_failed: bool = False
    cost_usd: float | None = None
    assessments: tuple[tuple[str, str, str, object, Mapping[str, str]], ...] = ()


def arm(name: str, **others: str) -> dict[str, str]:
    """The tags of a tip that an arm served."""
    return {"experiment": EXPERIMENT, "arm": name, "propensity": "0.5", "attempts": "1"} | others


SERVED = PlantedTrace(
    "1" * 32,
    ALICE,
    arm("orchestrator-1"),
    cost_usd=0.004,
    assessments=(
        ("helpful", "HUMAN", ALICE, 0.0, {"action": "not_helpful"}),
        ("opened", "HUMAN", ALICE, 1.0, {"action": "opened", "dwell_ms": "1500.5"}),
        ("done", "HUMAN", ALICE, 1.0, {}),
        ("Q1", "CODE", "scorers", True, {}),
        ("Q2", "CODE", "scorers", 0.25, {}),
        ("reviewed", "HUMAN", "a reviewer", "fine", {}),
        ("judged", "LLM_JUDGE", "a judge", 0.5, {}),
    ),
)
DEGRADED = PlantedTrace(
    "2" * 32,
    BOB,
    arm("orchestrator-2", degraded="llm_timeout", attempts="3"),
    assessments=(("helpful", "HUMAN", BOB, 1.0, {}), ("done", "HUMAN", ALICE, 1.0, {})),
)
OUTSIDE = PlantedTrace("3" * 32, BOB, {"experiment": EXPERIMENT})
NAMELESS = PlantedTrace("4" * 32, None, arm("orchestrator-2", propensity="", attempts=""))
FAILED = PlantedTrace("5" * 32, ALICE, arm("orchestrator-1"), has_failed=True)
OTHER = PlantedTrace("6" * 32, ALICE, {"experiment": "tone-1", "arm": "orchestrator-1"})
PLAIN = PlantedTrace("7" * 32, ALICE, {})

PLANTED = (SERVED, DEGRADED, OUTSIDE, NAMELESS, FAILED, OTHER, PLAIN)


def expected(hashed: Mapping[str, str]) -> list[Record]:
    """The records of the planted traces, without latencies, ordered as `ordered` does it."""
    alice, bob = hashed[ALICE], hashed[BOB]
    one, two, three, four = (trace.serve_id for trace in (SERVED, DEGRADED, OUTSIDE, NAMELESS))
    return [
        ServedTip(
            one,
            alice,
            EXPERIMENT,
            "orchestrator-1",
            propensity=0.5,
            is_degraded=False,
            attempts=1,
            cost_usd=0.004,
            latency_ms=None,
            scores={"Q1": 1.0, "Q2": 0.25},
        ),
        TipFeedback(one, alice, "done", None),
        TipFeedback(one, alice, "not_helpful", None),
        TipFeedback(one, alice, "opened", 1500.5),
        ServedTip(
            two,
            bob,
            EXPERIMENT,
            "orchestrator-2",
            propensity=0.5,
            is_degraded=True,
            attempts=3,
            cost_usd=None,
            latency_ms=None,
        ),
        TipFeedback(two, alice, "done", None),
        TipFeedback(two, bob, "helpful", None),
        *(
            ServedTip(
                serve_id,
                user,
                EXPERIMENT,
                name,
                propensity=None,
                is_degraded=False,
                attempts=None,
                cost_usd=None,
                latency_ms=None,
            )
            for serve_id, user, name in ((three, bob, None), (four, None, "orchestrator-2"))
        ),
    ]


def ordered(records: list[Record]) -> list[Record]:
    """Records by tip, the tip itself first, without latencies: those are a machine's."""
    without = [each._replace(latency_ms=None) if isinstance(each, ServedTip) else each for each in records]
    return sorted(without, key=_place)


def _place(record: Record) -> tuple[Any, ...]:
    if isinstance(record, ServedTip):
        return record.serve_id, 0
    return record.serve_id, 1, record.outcome, record.user
