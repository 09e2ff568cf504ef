"""Responses to the tips of the last four weeks: consecutive rejections and fatigue."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import log2
from statistics import median

from oo.frozen import frozen
from oo.snapshot.clock import DAY, Clock
from oo.snapshot.feedback import Episode, FeedbackRow, read_episodes
from oo.statistics.acceptance import is_taken_more_often_than_not
from oo.statistics.weighted import decay_weight

WINDOW_D = 28
LASTING_HALF_LIFE_D = 30
TIRED_RATIO = 0.5
_TIRING_HALF_LIFE_D = 3
_NEGATIVE = ("dismissed", "not_helpful")
# Neither a yes nor a no: the wrong time, or not noticed.
_WITHOUT_VERDICT = ("snoozed", "shown")


@frozen
class TipResponses:
    """Episodes of the last 28 local days, oldest first, from `rows_n` feedback rows of these days; and all."""

    episodes: Sequence[Episode]
    all_episodes: Sequence[Episode]
    rows_n: int
    clock: Clock

    def negative_run(self) -> int:
        """The number of latest tips with a verdict that were turned down consecutively."""
        run_n = 0
        for episode in reversed(self.episodes):
            if episode.outcome in _NEGATIVE:
                run_n += 1
            elif episode.outcome not in _WITHOUT_VERDICT:
                break
        return run_n

    def fatigue(self) -> float:
        """Rejected tips divided by one plus all tips, each decaying with a half-life of three days; below 1."""
        negative, shown = self._faded()
        return negative / (1 + shown)

    def is_tired(self) -> bool:
        """Whether the fatigue is at least one half."""
        return self.fatigue() >= TIRED_RATIO

    def rested_at(self) -> datetime | None:
        """The time at which fatigue falls below one half; None if it already is.

        For N negative and A shown tips, both decayed to now, N x / (1 + A x) is one half at x = 1 / (2 N - A). With a
        half-life of three days, that decay takes 3 log2(2 N - A) days.
        """
        negative, shown = self._faded()
        if not self.is_tired():
            return None
        return self.clock.now + timedelta(days=_TIRING_HALF_LIFE_D * log2(max(1.0, 2 * negative - shown)))

    def snoozed_share(self) -> float | None:
        """The share of tips that were postponed; None without tips."""
        snoozed_n = sum(episode.outcome == "snoozed" for episode in self.episodes)
        return snoozed_n / len(self.episodes) if self.episodes else None

    def median_dwell_ms(self) -> float | None:
        """The time for which a tip is visible; None if it was never measured."""
        known = [episode.dwell_ms for episode in self.episodes if episode.dwell_ms is not None]
        return median(known) if known else None

    def takes_often(self) -> bool:
        """Whether tips are accepted more often than not, beyond doubt."""
        return is_taken_more_often_than_not(self.all_episodes, LASTING_HALF_LIFE_D)

    def takes_often_until(self) -> datetime | None:
        """The time at which `takes_often` ends, as tips that were only shown count as rejected; None if never."""
        times = sorted({each.counts_from for each in self.all_episodes if each.counts_from > self.clock.now})
        later = ((at, [each.counted_at(at) for each in self.all_episodes]) for at in times)
        often = (at for at, episodes in later if not is_taken_more_often_than_not(episodes, LASTING_HALF_LIFE_D))
        return next(often, None) if self.takes_often() else None

    def today_n(self) -> int:
        """Tips of the local day so far."""
        return sum(_days_ago(episode.at, self.clock) <= 0 for episode in self.episodes)

    def _faded(self) -> tuple[float, float]:
        weights = [decay_weight((self.clock.now - episode.at) / DAY, _TIRING_HALF_LIFE_D) for episode in self.episodes]
        negative = sum(
            weight for weight, episode in zip(weights, self.episodes, strict=True) if episode.outcome in _NEGATIVE
        )
        return negative, sum(weights)


def read_tip_responses(rows: Sequence[FeedbackRow], clock: Clock) -> TipResponses:
    """The responses, from feedback rows in order of time; an episode belongs to the day on which it begins."""
    found = read_episodes(rows, clock.now)
    recent = [episode for episode in found if _days_ago(episode.at, clock) < WINDOW_D]
    return TipResponses(recent, found, sum(_days_ago(row.at, clock) < WINDOW_D for row in rows), clock)


def _days_ago(moment: datetime, clock: Clock) -> int:
    return (clock.today - clock.local(moment).date()).days
