"""How late dated tasks get done: read the same way for what is learned and for what is computed on the spot.

A due date that was moved afterwards can not be told from one that was met: what counts is the date as it is now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from oo.snapshot.completions import TaskCompletion, ages_d, bulk_shares
from oo.snapshot.numbers import clamp
from oo.statistics.weighted import decay_weight, effective_size, weighted_quantile

# Beyond these a difference in days says that a date was wrong, not how the user works.
_LEAST_D, _MOST_D = -30.0, 60.0


@dataclass(frozen=True, slots=True)
class Lateness:
    """Days from due to done, one entry for each dated completion, negative when early, and how heavily each counts."""

    days: Sequence[float]
    weights: Sequence[float]

    @property
    def total_weight(self) -> float:
        """The evidence behind a share."""
        return sum(self.weights)

    @property
    def effective_n(self) -> float:
        """The evidence behind a quantile."""
        return effective_size(self.weights)

    def quantile(self, share: float) -> float:
        """The lateness that `share` of the completions stay below; there must be some."""
        return weighted_quantile(self.days, self.weights, share)

    def late_share(self) -> float:
        """The share of completions after the due date, between bare dates on a later day; there must be some."""
        late = sum(weight for days, weight in zip(self.days, self.weights, strict=True) if days > 0)
        return late / self.total_weight


def read_lateness(completions: Sequence[TaskCompletion], zone: tzinfo, half_life_d: float | None) -> Lateness:
    """The lateness of the dated ones, fading with their age; what was ticked off in bulk shares its weight."""
    ages = ages_d([each.completed.at for each in completions])
    dated = [
        (clamp(each.days_late(zone), _LEAST_D, _MOST_D), share * decay_weight(age_d, half_life_d))
        for each, age_d, share in zip(completions, ages, bulk_shares(completions), strict=True)
        if each.due is not None
    ]
    return Lateness([days for days, _ in dated], [weight for _, weight in dated])
