"""Pressure of a due date, and the time at which one task's pressure exceeds another's.

Pressure is weight / (1 + gap), with the gap in days between the due date and the remaining work: the hyperbolic form of
temporal motivation theory (Steel 2007). A gap only shrinks with time, down to 0. So the comparison `a >= share * b` is
a piecewise linear function of time, and its crossings are solved exactly.
"""

from itertools import pairwise

from oo.agent_kit.rotation import TOLERANCE
from oo.frozen import frozen

_DAY_S = 86_400


@frozen
class Pressure:
    """`weight / (1 + gap_s in days)`; the gap counts from now, in seconds."""

    weight: float
    gap_s: float

    def at(self, elapsed_s: float = 0) -> float:
        """The pressure a number of seconds from now."""
        return self.weight * _DAY_S / (_DAY_S + max(0.0, self.gap_s - elapsed_s))

    def reaches_at(self, level: float) -> float:
        """Seconds until the pressure is `level`, which is at most the weight; 0 or less if it already is."""
        return self.gap_s + _DAY_S * (1 - self.weight / level)


def first_change(one: Pressure, other: Pressure, share: float, *, start_s: float = 0, end_s: float) -> float | None:
    """Seconds at which the truth of `one >= share * other` at `start_s` first changes; None if not before `end_s`."""
    corners = sorted({start_s, end_s, *(gap for gap in (one.gap_s, other.gap_s) if start_s < gap < end_s)})
    margins = [_margin(one, other, share, corner) for corner in corners]
    holds = margins[0] >= -TOLERANCE
    for (left, right), (before, after) in zip(pairwise(corners), pairwise(margins), strict=True):
        if (after >= -TOLERANCE) != holds:
            return left + (right - left) * _crossing(before, after)
    return None


def _margin(one: Pressure, other: Pressure, share: float, elapsed_s: float) -> float:
    """Positive where `one` exceeds `share * other`: the comparison with both fractions multiplied out."""
    one_days = 1 + max(0.0, one.gap_s - elapsed_s) / _DAY_S
    other_days = 1 + max(0.0, other.gap_s - elapsed_s) / _DAY_S
    return one.weight * other_days - share * other.weight * one_days


def _crossing(before: float, after: float) -> float:
    """Where between 0 and 1 a straight line from `before` to `after` passes zero."""
    return min(max(before / (before - after), 0.0), 1.0) if before != after else 0.0
