"""The profile values that may be used; every other name is ignored and never echoed."""

from collections.abc import Mapping

from oo.contract.vocabulary import PROFILE_RANGES
from oo.snapshot.numbers import clamp, finite_number


def read_profile(given: object) -> dict[str, float]:
    """The known values, each limited to its range; empty if all are null or not numbers."""
    raw = given if isinstance(given, Mapping) else {}
    numbers = {name: finite_number(raw.get(name)) for name in PROFILE_RANGES}
    return {name: clamp(number, *PROFILE_RANGES[name]) for name, number in numbers.items() if number is not None}
