"""Times of a sandbox to start and to answer, as `sam build` ships it, under Lambda's own runtime interface emulator.

A cold start is the emulator's init plus the first call, up to the answer, without the extension's work after it. In
each round every function gets a sandbox of its own, so that a busy moment of the machine hits all of them alike. Beside
them, in the same run: a handler that does nothing, one that only asks the proxy, and the same endpoint as FastAPI
behind Mangum with MLflow imported at its top, which sends its traces before it answers: a thread of its own would be
frozen with the sandbox.
"""

import platform
from collections.abc import Mapping, Sequence
from statistics import median

from benchmarks._bar_chart import Bar, chart
from benchmarks._sandboxes import BESIDE, NO_AWS, SECRET, Case, Taken, sandboxes
from local.deployment.environment import ROOT
from testing.sample_events import sample_event

ROUNDS = 12
WARM_CALLS = 20
PICTURE = ROOT / "docs" / "cold-start.svg"

_BARE, _PROXY_ONLY = "bare handler", "proxy only"
_FASTAPI, _BY_THREAD = "FastAPI + Mangum", "the same, traced by thread"
_RECOMMEND, _WITH_AWS, _UNTRACED = "/recommend", "/recommend, table + secret", "/recommend, no tracing"
_TIP = sample_event("recommend")

_CASES = (
    Case(_BARE, "BareFunction", sample_event("health"), {}, BESIDE),
    Case("/health", "HealthFunction", sample_event("health"), {}),
    Case("/agents/registry", "RegistryFunction", sample_event("registry"), {}),
    Case("/agents/…/compute", "ComputeFunction", sample_event("compute"), {}),
    Case("/agents/…/infer", "InferFunction", sample_event("infer"), {}),
    Case(_RECOMMEND, "RecommendFunction", _TIP, NO_AWS),
    Case(_UNTRACED, "RecommendFunction", _TIP, {**NO_AWS, "MLFLOW_TRACKING_URI": ""}),
    Case("/generate", "GenerateFunction", sample_event("generate"), NO_AWS),
    Case(_WITH_AWS, "RecommendFunction", _TIP, {"LITELLM_API_KEY_SECRET": SECRET, "LITELLM_API_KEY": ""}),
    Case("PrecomputeQueue", "PrecomputeFunction", sample_event("precompute"), {}),
    Case("ComputeQueue", "ComputeWorkerFunction", sample_event("compute-worker"), {}),
    Case(_PROXY_ONLY, "ProxyOnlyFunction", _TIP, {}, BESIDE),
    Case(_FASTAPI, "FastApiMangumFunction", _TIP, {}, BESIDE),
    Case(_BY_THREAD, "FastApiMangumFunction", _TIP, {"MLFLOW_ENABLE_ASYNC_TRACE_LOGGING": "true"}, BESIDE),
)


def main() -> None:
    """Measure, print the table and the ratios, draw the picture."""
    with sandboxes() as started:
        runs = [{case.label: started.take(case, WARM_CALLS) for case in _CASES} for _ in range(ROUNDS)]
    taken = {case.label: Taken.middle([run[case.label] for run in runs]) for case in _CASES}
    print(f"{platform.machine()}, medians of {ROUNDS} sandboxes each, {WARM_CALLS} warm calls a sandbox")
    print(f"{'':<30}{'cold ms':>9}{'x bare':>8}{'warm ms':>9}{'of it the model':>17}")
    ratios = {label: median(run[label].cold / run[_BARE].cold for run in runs) for label in taken}
    for label, one in taken.items():
        print(f"{label:<30}{one.cold:>9.0f}{ratios[label]:>8.1f}{one.warm:>9.2f}{one.model:>17.2f}")
    _compare(runs)
    PICTURE.write_text(_picture(taken, ratios))
    print(f"wrote {PICTURE.relative_to(ROOT)}")


def _compare(runs: Sequence[Mapping[str, Taken]]) -> None:
    """Ratios and differences are taken within a round, then their median."""

    def cold(one: str, other: str) -> float:
        return median(run[one].cold / run[other].cold for run in runs)

    above = median(run[_RECOMMEND].own - run[_PROXY_ONLY].own for run in runs)
    tracing = median(run[_RECOMMEND].own - run[_UNTRACED].own for run in runs)
    print(f"cold: {_RECOMMEND} takes {cold(_RECOMMEND, _BARE):.1f} times the bare handler's (at most 6)")
    print(f"cold: with table and secret {cold(_WITH_AWS, _BARE):.1f} times (at most 11)")
    print(f"cold: {_FASTAPI} takes {cold(_FASTAPI, _RECOMMEND):.1f} times as long as {_RECOMMEND} (at least 10)")
    print(f"cold: where a thread sends its traces, or loses them, {cold(_BY_THREAD, _RECOMMEND):.1f} times")
    print(f"warm, traced: {above:.2f} ms above a handler that only asks the proxy, its time apart (at most 2.5)")
    print(f"warm: tracing takes {tracing:.2f} ms of it (at most 0.2)")


def _picture(taken: Mapping[str, Taken], ratios: Mapping[str, float]) -> str:
    chosen = (_BARE, "/health", "/agents/…/compute", _RECOMMEND, _WITH_AWS, "PrecomputeQueue", "ComputeQueue", _FASTAPI)
    bars = [Bar(label, taken[label].cold, f"{ratios[label]:.1f} x") for label in chosen]
    return chart("Cold start: init and the first answer, in milliseconds", bars)
