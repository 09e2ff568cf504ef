"""The profile values that may be used; every other name is ignored and never echoed."""

from collections.abc import Mapping

from oo.snapshot.numbers import clamp, finite_number

_RANGES = {
    "completion_rate_28d": (0.0, 1.0),
    "on_time_rate_28d": (0.0, 1.0),
    "mean_daily_done_28d": (0.0, 100.0),
    "tip_accept_rate_28d": (0.0, 1.0),
    "energy_now": (0.0, 1.0),
    "stress_now": (0.0, 1.0),
    "tenure_d": (0.0, 36_500.0),
}


def read_profile(given: object) -> dict[str, float]:
    """The known values moved into their ranges; empty when all are null or no number."""
    raw = given if isinstance(given, Mapping) else {}
    numbers = {name: finite_number(raw.get(name)) for name in _RANGES}
    return {name: clamp(number, *_RANGES[name]) for name, number in numbers.items() if number is not None}
