"""The service's own share of a tip, and a caller's wait when the proxy hangs.

The share is measured on the output of `sam build`, under Lambda's runtime interface emulator: a warm response
minus that of a handler that only calls the same proxy, both without the proxy's time. The same endpoint as a Strands
agent and as a LangGraph graph gets the request with one task. Waits are measured over HTTP on the local system with the
default budget.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

from benchmarks._peers import UNTRACED, peers_of
from benchmarks._results import Goal, keep, machine, print_goals, progress
from benchmarks._sandboxes import BESIDE, NO_AWS, Case, Sandboxes, Taken, first_of, sandboxes
from local.system import LocalSystem
from testing.fake_llm import Act, FakeModel, drips_its_body, fails, fake_model, hangs
from testing.sample_events import sample_event

SANDBOXES = 10
WARM_CALLS = 20
TASKS = (1, 10, 100, 1_000)
_GOALS = {"1": 0.75, "1,000": 0.55}
"""The upper limit of the ratio to version 0.1's time, by number of tasks."""

WAITS = 12
"""The number of requests per fault; four run in parallel, the number of sandboxes of the local system."""

_FAULTS: Mapping[str, Act] = {
    "hangs": hangs,
    "drips a byte a second": drips_its_body,
    "429, retry-after 600": fails(429, {"retry-after": "600"}),
}
_PROXY = Case("proxy", "ProxyOnlyFunction", sample_event("recommend"), {}, BESIDE)
_TITLES = ("Send the quarterly report", "Call the dentist", "Water the plants", "Read chapter four", "Book the train")


def main() -> None:
    """Print both tables, and the goals; store the shares."""
    _shares()
    _waits()


def _shares() -> None:
    cases = [Case(f"{size:,}", "RecommendFunction", _event(size), NO_AWS) for size in TASKS]
    firsts = first_of([case for case in cases if case.label in _GOALS])
    untraced = cases[0]._replace(label="1, no tracing", changes={**NO_AWS, "MLFLOW_TRACKING_URI": ""})
    every = (_PROXY, *cases, untraced, *firsts, *peers_of(cases[0].event, UNTRACED))
    before, runs = machine(), list[Mapping[str, Taken]]()
    with sandboxes() as started, progress("recommend", SANDBOXES) as tell:
        for done in range(1, SANDBOXES + 1):
            runs.append({case.label: started.take(case, WARM_CALLS) for case in every})
            tell(done)
    after, shares = machine(), _shares_of(runs)
    print(f"medians of {SANDBOXES} sandboxes, {WARM_CALLS} warm calls a sandbox, traced;")
    print(f"load {before['load']} to {after['load']} on {after['processors']} cores")
    print(f"{'tasks':>6}{'body KB':>9}{'warm ms':>9}{'own share ms':>14}{'x 1 task':>10}{'x reading the JSON':>20}")
    for case in cases:
        taken, share = Taken.middle([run[case.label] for run in runs]), shares[case.label]
        read_ms, growth = _reading_ms(case.event["body"]), share / shares["1"]
        size_kb = len(case.event["body"]) / 1000
        print(f"{case.label:>6}{size_kb:>9.1f}{taken.warm:>9.2f}{share:>14.2f}{growth:>10.1f}{share / read_ms:>20.1f}")
    tracing_ms = shares["1"] - shares["1, no tracing"]
    print(f"tracing takes {tracing_ms:.2f} ms of it")
    for label in UNTRACED:
        print(f"{label}, 1 task, no tracing: {shares[label]:.2f} ms, {shares[label] / shares['1']:.1f} times as long")
    goals = [_goal(shares, label, most) for label, most in _GOALS.items()]
    print_goals(goals)
    keep(
        "recommend",
        {
            "machine": after | {"sandboxes": SANDBOXES, "warm_calls": WARM_CALLS},
            "own_share_ms": {label: round(share, 2) for label, share in shares.items() if label != _PROXY.label},
            "tracing_ms": round(tracing_ms, 2),
            "goals": [goal._asdict() | {"verdict": goal.verdict} for goal in goals],
        },
    )


def ratios_to_first(started: Sandboxes, rounds: int) -> dict[str, float]:
    """The ratios that have goals, by the goal's figure, of as many sandboxes per case."""
    cases = [Case(label, "RecommendFunction", _event(int(label.replace(",", ""))), NO_AWS) for label in _GOALS]
    every = (_PROXY, *cases, *first_of(cases))
    runs = [{case.label: started.take(case, WARM_CALLS) for case in every} for _ in range(rounds)]
    shares = _shares_of(runs)
    return {_figure(label): shares[label] / shares[f"{label} 0.1"] for label in _GOALS}


def _shares_of(runs: Sequence[Mapping[str, Taken]]) -> dict[str, float]:
    """Milliseconds by label."""
    proxies = [run[_PROXY.label] for run in runs]
    return {label: _above([run[label] for run in runs], proxies) for label in runs[0]}


def _goal(shares: Mapping[str, float], label: str, most: float) -> Goal:
    first = shares.get(f"{label} 0.1")
    found = None if first is None else shares[label] / first
    return Goal(_figure(label), "ms", shares[label], first, most, found)


def _figure(label: str) -> str:
    return f"warm, {label} tasks, own share"


def _above(ones: Sequence[Taken], others: Sequence[Taken]) -> float:
    return median(one.own - other.own for one, other in zip(ones, others, strict=True))


def _reading_ms(body: str) -> float:
    taken = []
    for _ in range(50):
        started = time.perf_counter()
        json.loads(body)
        taken.append(time.perf_counter() - started)
    return median(taken) * 1e3


def _event(size: int) -> dict[str, Any]:
    event = sample_event("recommend")
    body = json.loads(event["body"]) | {"tasks": list(_tasks(size))}
    return event | {"body": json.dumps(body)}


def _tasks(size: int) -> Iterator[dict[str, Any]]:
    for number in range(size):
        yield {
            "id": f"t-{number}",
            "title": f"{_TITLES[number % len(_TITLES)]}, part {number}",
            "status": "done" if number % 3 == 2 else "open",
            "priority": number % 4 + 1,
            "estimate_minutes": 10 + number % 5 * 15,
            "created_at": f"2026-02-{number % 27 + 1:02}T09:00:00+01:00",
            "due_at": f"2026-04-{number % 27 + 1:02}T17:00:00+01:00" if number % 2 else None,
        }


def _waits() -> None:
    print(f"\n{WAITS} requests of each kind, over HTTP, budget 25 s")
    print(f"{'the proxy':<24}{'median s':>9}{'longest s':>11}{'status, code'.rjust(26)}")
    with (
        fake_model() as model,
        LocalSystem(environment={"LITELLM_URL": model.url, "LITELLM_API_KEY": "sk-benchmark"}) as system,
    ):
        for name, act in _FAULTS.items():
            with ThreadPoolExecutor(4) as callers:
                answers = list(callers.map(lambda user, act=act: _ask(system, model, user, act), range(WAITS)))
            took = [seconds for seconds, _ in answers]
            outcomes = ", ".join(sorted({outcome for _, outcome in answers}))
            print(f"{name:<24}{median(took):>9.2f}{max(took):>11.2f}{outcomes:>26}", flush=True)


def _ask(system: LocalSystem, model: FakeModel, user: int, act: Act) -> tuple[float, str]:
    model.plan(f"user-{user}", act)
    started = time.perf_counter()
    answer = system.http.post("/recommend", json={"user_id": f"user-{user}", "agent_outputs": []}, timeout=60)
    return time.perf_counter() - started, f"{answer.status_code} {answer.json().get('code')}"
