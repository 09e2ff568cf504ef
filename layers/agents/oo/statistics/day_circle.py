"""Weighted hours of the day on a circle, and their density.

The plain mean of hours is unsuitable: between two habits it falls into the hours of neither, and noise over the waking
day shifts it. So hours are smoothed with a kernel, and the densest one is taken.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import atan2, cos, exp, pi, sin

DAY_H = 24.0
_HALF_DAY_H = DAY_H / 2
_QUARTERS = 96
# Hours are compared on a grid of half hours.
_MARK_STEP = 2
_REFINEMENTS = 3
_REFINED_WITHIN_H = 3.0


class HoursOfDay:
    """Hours with their weights, in quarters of an hour; each quarter stores the mean of its hours.

    Most of the work is done when a density is requested, so weights can be added week by week.
    """

    def __init__(self, kernel_h: float) -> None:
        self.n = 0
        self.total = 0.0
        self._squares = 0.0
        self._weights = [0.0] * _QUARTERS
        self._hours = [0.0] * _QUARTERS
        self._kernel = _kernel(kernel_h)
        self._density = [0.0] * (_QUARTERS // _MARK_STEP)
        self._to_smooth: dict[int, float] = {}

    def add(self, hour: float, weight: float) -> None:
        """Count an hour in [0, 24)."""
        quarter = int(hour * 4) % _QUARTERS
        self.n += 1
        self.total += weight
        self._squares += weight * weight
        self._weights[quarter] += weight
        self._hours[quarter] += weight * hour
        self._to_smooth[quarter] = self._to_smooth.get(quarter, 0.0) + weight

    @property
    def n_eff(self) -> float:
        """The effective number of hours (Kish 1965)."""
        return self.total**2 / self._squares if self._squares else 0.0

    def density(self) -> Sequence[float]:
        """The weight around each half hour, by a von Mises kernel of height 1."""
        for quarter, weight in self._to_smooth.items():
            near = self._kernel[quarter + _QUARTERS : quarter : -_MARK_STEP]
            self._density = [before + weight * share for before, share in zip(self._density, near, strict=True)]
        self._to_smooth = {}
        return self._density

    def densest(self) -> float:
        """The hour with the most weight around it. Requires at least one weight."""
        density = self.density()
        hour = half_hour(density.index(max(density)))
        for _ in range(_REFINEMENTS):
            hour = self._mean_near(hour)
        return hour

    def share_within(self, hour: float, half_h: float) -> float:
        """The share of the weight within `half_h` of an hour."""
        return sum(weight for apart, weight in self._near(hour, half_h) if abs(apart) <= half_h) / self.total

    def fullest_share(self, hour: float, half_h: float, steps_h: Sequence[float]) -> float:
        """The largest such share around one of the hours at these offsets (`steps_h`) from an hour."""
        near = self._near(hour, half_h + max(map(abs, steps_h)))
        return (
            max(sum(weight for apart, weight in near if abs(apart - step) <= half_h) for step in steps_h) / self.total
        )

    def shortest_arc_h(self, share: float) -> float:
        """The shortest arc of the day, in hours, with this share of the weight."""
        marks = [(hours / weight, weight) for hours, weight in zip(self._hours, self._weights, strict=True) if weight]
        around = [*marks, *((hour + DAY_H, weight) for hour, weight in marks)]
        wanted, shortest, held, end = share * self.total, DAY_H, 0.0, 0
        for start, (hour, weight) in enumerate(marks):
            while held < wanted and end < start + len(marks):
                held += around[end][1]
                end += 1
            if held < wanted:  # all of it, but for the rounding of sums
                return DAY_H
            shortest = min(shortest, around[end - 1][0] - hour)
            held -= weight
        return shortest

    def _mean_near(self, centre_h: float) -> float:
        """The weighted mean of the hours near one, along the circle."""
        near = [(radians(apart), weight) for apart, weight in self._near(centre_h, _REFINED_WITHIN_H)]
        east = sum(weight * sin(angle) for angle, weight in near)
        north = sum(weight * cos(angle) for angle, weight in near)
        return (centre_h + atan2(east, north) * DAY_H / (2 * pi)) % DAY_H

    def _near(self, hour: float, half_h: float) -> list[tuple[float, float]]:
        """The distances of the quarters around an hour, with their weights; a few are further away than `half_h`."""
        first, last = int((hour - half_h + DAY_H) * 4), int((hour + half_h + DAY_H) * 4)
        return [
            ((self._hours[quarter] / weight - hour + _HALF_DAY_H) % DAY_H - _HALF_DAY_H, weight)
            for place in range(first, last + 1)
            if (weight := self._weights[quarter := place % _QUARTERS])
        ]


@lru_cache(maxsize=4)
def _kernel(kernel_h: float) -> Sequence[float]:
    """The kernel by quarters of an hour, twice around the circle, so that indices need no modulo."""
    concentration = 1 / radians(kernel_h) ** 2
    return [exp(concentration * (cos(2 * pi * quarters / _QUARTERS) - 1)) for quarters in range(_QUARTERS)] * 2


def half_hour(mark: int) -> float:
    """The hour of an index of a density."""
    return mark * _MARK_STEP * DAY_H / _QUARTERS


def hours_between(one_h: float, other_h: float) -> float:
    """The signed distance from the other hour to this one, in [-12, 12) hours."""
    return (one_h - other_h + _HALF_DAY_H) % DAY_H - _HALF_DAY_H


def radians(hours: float) -> float:
    """Hours as an angle."""
    return hours * 2 * pi / DAY_H
