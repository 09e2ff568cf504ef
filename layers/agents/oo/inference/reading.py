"""Estimator of the number of words of a tip that a user reads before closing it."""

from typing import NamedTuple, cast

from oo.agent_kit.manifest import InferredParam
from oo.inference.estimate import Estimate
from oo.inference.history import History
from oo.snapshot.feedback import reading_ms
from oo.snapshot.numbers import clamp
from oo.statistics.weighted import decay_weight, effective_size, weighted_quantile

# A tip open for more than ten minutes was not being read.
_DWELL_MS = (300, 600_000)
_LEFT_BEFORE = 0.5
# The length of older tips followed an older limit.
_HALF_LIVES = 2


class _Reading(NamedTuple):
    words_n: int
    read_n: float
    weight: float

    @property
    def is_left(self) -> bool:
        return self.read_n < _LEFT_BEFORE * self.words_n


def words_until_left(evidence: History, param: InferredParam) -> Estimate | None:
    """The number of words read of tips that are closed before their middle; None if hardly any are.

    The read part is relative to the tip's own length: a tip read to its end shows "at least this long", never "this
    long". So it contradicts a limit only if it is longer. Of such tips and those closed early together, at least a
    share of `least_left` (`args`) must be closed early. `n` is the number of tips with known length and time.
    """
    known = _readings(evidence, param.half_life_d)
    left = [each for each in known if each.is_left]
    if not left:
        return None
    limit = weighted_quantile([each.read_n for each in left], [each.weight for each in left], 0.5)
    allowed = clamp(limit, *param.clamp) if param.clamp else limit
    longer = [each for each in known if not each.is_left and each.words_n > allowed]
    if len(left) < cast("float", param.args["least_left"]) * (len(left) + len(longer)):
        return None
    return Estimate(limit, len(known), effective_size([each.weight for each in known]))


def _readings(evidence: History, half_life_d: float | None) -> list[_Reading]:
    word_ms = reading_ms(1)
    return [
        _Reading(each.words_n, clamp(each.dwell_ms, *_DWELL_MS) / word_ms, decay_weight(age_d, half_life_d))
        for each, age_d in zip(evidence.episodes, evidence.episode_ages_d(), strict=True)
        if each.dwell_ms is not None and each.words_n is not None
        if half_life_d is None or age_d <= _HALF_LIVES * half_life_d
    ]
