"""Times of a sandbox to start and to respond, as built by `sam build`, under Lambda's own runtime interface emulator.

A cold start is the emulator's init plus the first call, up to the response, without the extension's work after it. In
each round every function gets a sandbox of its own, so that a busy moment of the machine affects all of them equally.
For comparison, the run includes version 0.1, a handler that does nothing, and the same endpoint with other tools: a
Strands agent, a LangGraph graph, and FastAPI behind Mangum. FastAPI's imports MLflow at the top and sends its traces
before it responds: a thread of its own would be frozen with the sandbox. These three start as `sam build` ships them,
and once more with bytecode.
"""

import json
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks._peers import FASTAPI, PEERS, compiled, compiled_peers_of, peers_of, unzipped
from benchmarks._results import Goal, keep, machine, print_goals, progress
from benchmarks._sandboxes import BESIDE, NO_AWS, SECRET, Case, Sandboxes, Taken, first_of, sandboxes
from testing.sample_events import sample_event

ROUNDS = 12
WARM_CALLS = 1

_BARE, _BY_THREAD = "bare handler", "FastAPI, traced by thread"
_RECOMMEND, _WITH_AWS = "/recommend", "/recommend, table + secret"


def _without_outputs() -> Mapping[str, Any]:
    """A request without outputs, so that the table is read."""
    event = sample_event("recommend")
    body = json.loads(event["body"])
    del body["agent_outputs"]
    return event | {"body": json.dumps(body)}


_TIP = sample_event("recommend")
_BEFORE = (
    Case("/health", "HealthFunction", sample_event("health"), {}),
    Case("/agents/registry", "RegistryFunction", sample_event("registry"), {}),
    Case("/agents/…/compute", "ComputeFunction", sample_event("compute"), {}),
    Case("/agents/…/infer", "InferFunction", sample_event("infer"), {}),
    Case(_RECOMMEND, "RecommendFunction", _TIP, NO_AWS),
    Case("/generate", "GenerateFunction", sample_event("generate"), NO_AWS),
    Case(_WITH_AWS, "RecommendFunction", _without_outputs(), {"LITELLM_API_KEY_SECRET": SECRET, "LITELLM_API_KEY": ""}),
)
"""The cases that version 0.1 has as well."""

_CASES = (
    Case(_BARE, "BareFunction", sample_event("health"), {}, BESIDE),
    *_BEFORE,
    Case("PrecomputeQueue", "PrecomputeFunction", sample_event("precompute"), {}),
    Case("ComputeQueue", "ComputeWorkerFunction", sample_event("compute-worker"), {}),
    *peers_of(_TIP),
    *compiled_peers_of(_TIP),
    Case(_BY_THREAD, PEERS[FASTAPI], _TIP, {"MLFLOW_ENABLE_ASYNC_TRACE_LOGGING": "true"}, BESIDE),
)
_RATIOS = {_RECOMMEND: 0.70} | {case.label: 0.65 for case in _BEFORE if case.label != _RECOMMEND}
"""The upper limit of each case's ratio to version 0.1's time."""

Runs = Sequence[Mapping[str, Taken]]


def main() -> None:
    """Measure, print the table and the goals, and store the figures."""
    cases = (*_CASES, *first_of(_BEFORE))
    before, runs = machine(), list[Mapping[str, Taken]]()
    with sandboxes() as started, progress("cold_start", ROUNDS) as tell:
        for done in range(1, ROUNDS + 1):
            runs.append({case.label: started.take(case, WARM_CALLS) for case in cases})
            tell(done)
    cold_ms = {case.label: median(run[case.label].cold for run in runs) for case in cases}
    ratios = {label: _ratio(runs, label, _BARE) for label in cold_ms}
    after = machine()
    print(
        f"medians of {ROUNDS} sandboxes each; load {before['load']} to {after['load']} on {after['processors']} cores,"
    )
    print(f"a handler that does nothing starts in {cold_ms[_BARE]:.0f} ms (37 ms on a quiet machine)")
    print(f"{'':<34}{'cold ms':>9}{'x bare':>8}")
    for label, milliseconds in cold_ms.items():
        print(f"{label:<34}{milliseconds:>9.0f}{ratios[label]:>8.1f}")
    times_recommend = {label: _ratio(runs, label, _RECOMMEND) for peer in PEERS for label in (peer, compiled(peer))}
    for label, function in PEERS.items():
        print(
            f"{label}, {unzipped(BESIDE / function)}, takes {times_recommend[label]:.1f} times as long as "
            f"{_RECOMMEND}, {times_recommend[compiled(label)]:.1f} times with bytecode"
        )
    goals = [_goal(runs, label, cold_ms, most) for label, most in _RATIOS.items()]
    print_goals(goals)
    keep(
        "cold_start",
        {
            "machine": after | {"rounds": ROUNDS, "bare_ms": round(cold_ms[_BARE], 1)},
            "cold_ms": {label: round(milliseconds, 1) for label, milliseconds in cold_ms.items()},
            "times_bare": {label: round(ratio, 2) for label, ratio in ratios.items()},
            "peers_times_recommend": {label: round(ratio, 2) for label, ratio in times_recommend.items()},
            "goals": [goal._asdict() | {"verdict": goal.verdict} for goal in goals],
            "chart": _chart(ratios),
        },
    )


def ratios_to_first(started: Sandboxes, rounds: int) -> dict[str, float]:
    """The ratios that have goals, by the goal's figure, of as many sandboxes per case."""
    cases = (*_BEFORE, *first_of(_BEFORE))
    runs = [{case.label: started.take(case, WARM_CALLS) for case in cases} for _ in range(rounds)]
    return {_figure(label): _ratio(runs, label, _first(label)) for label in _RATIOS}


def _chart(ratios: Mapping[str, float]) -> dict[str, Any]:
    own = (_BARE, "/health", "/agents/…/compute", _RECOMMEND, _WITH_AWS, "PrecomputeQueue", "ComputeQueue")
    notes = dict.fromkeys(own, "") | {label: f"{ratios[compiled(label)]:.1f} compiled" for label in PEERS}
    return {
        "file": "cold-start.svg",
        "title": "Cold start: init and the first answer, relative to a handler that does nothing",
        "unit": f"times its start, medians of {ROUNDS} ratios",
        "decimals": 1,
        "rows": [[label, round(ratios[label], 2), note] for label, note in notes.items()],
    }


def _ratio(runs: Runs, one: str, other: str) -> float:
    """The median of the ratios within each round."""
    return median(run[one].cold / run[other].cold for run in runs)


def _goal(runs: Runs, label: str, cold_ms: Mapping[str, float], most: float) -> Goal:
    first = _first(label)
    found = _ratio(runs, label, first) if first in cold_ms else None
    return Goal(_figure(label), "ms", cold_ms[label], cold_ms.get(first), most, found)


def _figure(label: str) -> str:
    return f"cold {label}"


def _first(label: str) -> str:
    """The label of a case with version 0.1."""
    return f"{label} 0.1"
