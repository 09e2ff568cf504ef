"""The share of accepted tips, and its certainty."""

from collections.abc import Sequence

from oo.snapshot.completions import ages_d
from oo.snapshot.feedback import Episode
from oo.statistics.beta import beta_below
from oo.statistics.weighted import decay_weight

# An unknown user accepts two of five tips.
PRIOR_TAKEN, PRIOR_LEFT = 1.0, 1.5
_MORE_OFTEN_THAN_NOT = 0.5
_TAIL = 0.05


def taken_up(episodes: Sequence[Episode], half_life_d: float | None) -> tuple[list[float], list[float]]:
    """Whether each tip that counts so far was accepted (1) or not (0), and its weight, which decays with age."""
    ages = ages_d([each.at for each in episodes])
    counting = [(each, age_d) for each, age_d in zip(episodes, ages, strict=True) if each.weight]
    return (
        [each.value for each, _ in counting],
        [each.weight * decay_weight(age_d, half_life_d) for each, age_d in counting],
    )


def is_taken_more_often_than_not(episodes: Sequence[Episode], half_life_d: float | None) -> bool:
    """Whether a 90% interval of the share is above one half."""
    values, weights = taken_up(episodes, half_life_d)
    taken = sum(value * weight for value, weight in zip(values, weights, strict=True))
    left = max(0.0, sum(weights) - taken)
    return beta_below(_MORE_OFTEN_THAN_NOT, PRIOR_TAKEN + taken, PRIOR_LEFT + left) <= _TAIL
