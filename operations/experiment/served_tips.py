"""The tips that an experiment served, and the feedback on them, from any source."""

import math
from collections.abc import Mapping
from typing import NamedTuple


class ServedTip(NamedTuple):
    """One served tip.

    `user` is a pseudonym; `arm` and `propensity` are None for a user outside the arms. `scores` are the quality scores
    by name, if the tip was scored. `control` is the reference arm.
    """

    serve_id: str
    user: str | None
    experiment: str
    arm: str | None
    propensity: float | None
    is_degraded: bool
    attempts: float | None
    cost_usd: float | None
    latency_ms: float | None
    scores: Mapping[str, float] = {}
    control: str | None = None


class TipFeedback(NamedTuple):
    """One action of a user on a tip."""

    serve_id: str
    user: str
    outcome: str
    dwell_ms: float | None


Record = ServedTip | TipFeedback


def number(value: object) -> float | None:
    """A finite number, or its decimal text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def share(value: object) -> float | None:
    """A number from 0 to 1."""
    found = number(value)
    return found if found is not None and 0 <= found <= 1 else None


def text(value: object) -> str | None:
    """A text that is not empty."""
    return value if isinstance(value, str) and value else None
