"""README with the figures of docs/bench.json, which `make bench` writes: text and picture are of one run."""

import json
import re
from typing import Any

from tools.documents.openapi import ROOT

DOCUMENT = ROOT / "README.md"
RESULTS = ROOT / "docs" / "bench.json"
_FIGURES = re.compile(r"^- \*\*Cold start:\*\*.*?(?=\n\n)", re.MULTILINE | re.DOTALL)
"""The list under the picture."""

_PEERS = {
    "FastAPI + Mangum + MLflow": "in FastAPI with MLflow",
    "Strands agent": "as a Strands agent",
    "LangGraph graph": "as a LangGraph graph",
}
"""The parts of a sentence, by the label of the measurement; a run may lack some."""

_NOISE_MS = 0.2
"""A difference of two medians that is smaller, or below zero, says nothing."""


def render() -> str:
    """The page with its list of figures as they were measured."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    lines = "\n".join(_lines(results["cold_start"], results["recommend"])) + _spread(results.get("spread"))
    return _FIGURES.sub(lambda _: lines, DOCUMENT.read_text(encoding="utf-8"))


def _lines(cold: dict[str, Any], warm: dict[str, Any]) -> list[str]:
    times, own_ms = cold["times_bare"], warm["own_share_ms"]
    tracing_ms = warm["tracing_ms"]
    return [
        (
            f"- **Cold start:** `/recommend` takes {times['/recommend']:.1f} times as long as an empty handler, "
            f"{times['/recommend, table + secret']:.1f} times with a table and a secret to read."
        ),
        f"- **Beside it:** the same endpoint takes {_beside(cold['peers_times_recommend'])}.",
        (
            f"- **Warm:** {own_ms['1']:.1f} ms more than a handler that only calls the proxy; "
            + (
                f"{tracing_ms:.1f} ms of it for tracing."
                if tracing_ms > _NOISE_MS
                else "tracing costs less than the noise."
            )
        ),
        (
            f"- **By tasks:** {own_ms['1']:.1f} ms with one task, {own_ms['100']:.1f} ms with 100, "
            f"{own_ms['1,000']:.0f} ms with 1,000, without the model's time."
        ),
        (
            f"- **Measured** by `make bench`: medians of {cold['machine']['rounds']} sandboxes on "
            f"{cold['machine']['processors']} cores under load {cold['machine']['load']}, ratios within each round."
        ),
    ]


def _spread(spread: dict[str, Any] | None) -> str:
    """The end of the list: the ratio to version 0.1 in several runs, if they were made."""
    if spread is None:
        return ""
    cold, runs = spread["ratios"]["cold /recommend"], spread["machine"]["runs"]
    return f" In {runs} runs `/recommend` started in {cold['least']:.2f} to {cold['most']:.2f} of version 0.1's time."


def _beside(ratios: dict[str, float]) -> str:
    """The ratios as the peers are shipped; then, if they were measured, those with bytecode."""
    first, *others = [(ratios[label], how) for label, how in _PEERS.items() if label in ratios]
    shipped = [f"{first[0]:.1f} times `/recommend`'s time {first[1]}", *(f"{ratio:.1f} {how}" for ratio, how in others)]
    compiled = [f"{ratios[label]:.1f}" for label in (f"{peer} (.pyc)" for peer in _PEERS) if label in ratios]
    with_bytecode = f"; with bytecode {', '.join(compiled)}" if compiled else ""
    return ", ".join(shipped) + with_bytecode
