"""How the tips of the last four weeks were received: how many turned down in a row, and how tired of them a user is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2
from statistics import median

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


@dataclass(frozen=True, slots=True)
class TipResponses:
    """Episodes of the last 28 local days, oldest first, out of `rows_n` feedback rows of these days; and all."""

    episodes: Sequence[Episode]
    all_episodes: Sequence[Episode]
    rows_n: int
    clock: Clock

    def negative_run(self) -> int:
        """How many of the latest tips with a verdict were turned down in a row."""
        run_n = 0
        for episode in reversed(self.episodes):
            if episode.outcome in _NEGATIVE:
                run_n += 1
            elif episode.outcome not in _WITHOUT_VERDICT:
                break
        return run_n

    def fatigue(self) -> float:
        """Turned down tips over one and all tips, each fading with a half-life of three days; below 1."""
        negative, shown = self._faded()
        return negative / (1 + shown)

    def is_tired(self) -> bool:
        """Whether the fatigue is one half or more."""
        return self.fatigue() >= TIRED_RATIO

    def rested_at(self) -> datetime | None:
        """When fatigue falls below one half; None where it is below already.

        Of N negative and A shown ones, faded until now, N x / (1 + A x) is one half at x = 1 / (2 N - A), and x is
        the rest after 3 log2(2 N - A) days with a half-life of three days.
        """
        negative, shown = self._faded()
        if not self.is_tired():
            return None
        return self.clock.now + timedelta(days=_TIRING_HALF_LIFE_D * log2(max(1.0, 2 * negative - shown)))

    def snoozed_share(self) -> float | None:
        """How many of the tips were put off; None without any."""
        snoozed_n = sum(episode.outcome == "snoozed" for episode in self.episodes)
        return snoozed_n / len(self.episodes) if self.episodes else None

    def median_dwell_ms(self) -> float | None:
        """How long a tip is looked at; None where that was never measured."""
        known = [episode.dwell_ms for episode in self.episodes if episode.dwell_ms is not None]
        return median(known) if known else None

    def takes_often(self) -> bool:
        """Whether tips are taken up more often than not, beyond doubt."""
        return is_taken_more_often_than_not(self.all_episodes, LASTING_HALF_LIFE_D)

    def takes_often_until(self) -> datetime | None:
        """When tips that were only shown so far end that, by counting as not taken up; None where they do not."""
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
    """The reception by feedback rows in order of time; an episode belongs to the day on which it begins."""
    found = read_episodes(rows, clock.now)
    recent = [episode for episode in found if _days_ago(episode.at, clock) < WINDOW_D]
    return TipResponses(recent, found, sum(_days_ago(row.at, clock) < WINDOW_D for row in rows), clock)


def _days_ago(moment: datetime, clock: Clock) -> int:
    return (clock.today - clock.local(moment).date()).days
