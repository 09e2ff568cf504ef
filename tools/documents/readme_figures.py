"""README with the figures of docs/bench.json, which `make bench` writes: text and picture are of one run."""

import json
import re
from typing import Any

from tools.documents.openapi import ROOT

DOCUMENT = ROOT / "README.md"
RESULTS = ROOT / "docs" / "bench.json"
_FIGURES = re.compile(r"^- \*\*Cold start:\*\*.*?(?=\n\n)", re.MULTILINE | re.DOTALL)
"""The list under the picture."""

_NOISE_MS = 0.2
"""A difference of two medians that is smaller, or below zero, says nothing."""


def render() -> str:
    """The page with its list of figures as they were measured."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    lines = "\n".join(_lines(results["cold_start"], results["recommend"]))
    return _FIGURES.sub(lambda _: lines, DOCUMENT.read_text(encoding="utf-8"))


def _lines(cold: dict[str, Any], warm: dict[str, Any]) -> list[str]:
    times, own_ms = cold["times_bare"], warm["own_share_ms"]
    beside, tracing_ms = cold["fastapi_times_recommend"], warm["tracing_ms"]
    return [
        (
            f"- **Cold start:** `/recommend` takes {times['/recommend']:.1f} times as long as an empty handler, "
            f"{times['/recommend, table + secret']:.1f} times with a table and a secret to read."
        ),
        (
            "- **Beside it:** the same endpoint in FastAPI with MLflow imported at module level takes "
            f"{beside:.1f} times as long as `/recommend`."
        ),
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
