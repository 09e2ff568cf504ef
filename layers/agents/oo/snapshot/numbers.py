"""Reading of single untrusted values."""

import math
import re

# Longer digit strings are not plausible, and converting them takes quadratic time.
_NUMERAL = re.compile(r"\s*[+-]?[0-9]{1,15}(\.[0-9]{1,15})?\s*")


def finite_number(value: object) -> float | None:
    """The value as a float; None for anything but a finite int or float (a bool is not a number)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def numeric(value: object) -> float | None:
    """Like `finite_number`, and also reads plain decimal strings such as "25", "7.5" or "-1"."""
    if isinstance(value, str):
        return float(value) if len(value) < 40 and _NUMERAL.fullmatch(value) else None
    return finite_number(value)


def clamp(value: float, low: float, high: float) -> float:
    """The value limited to [low, high]."""
    return min(max(value, low), high)
