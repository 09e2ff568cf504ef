"""The planted habits of a user: hours are local, days count from the first simulated one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, NamedTuple

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Sydney",
    "America/Sao_Paulo",
    "Africa/Nairobi",
    "America/Los_Angeles",
    "Asia/Kathmandu",
    "Pacific/Auckland",
)


class Rhythm(NamedTuple):
    """The times at which tasks get done: around hours (hour, standard deviation, share), the rest evenly spread."""

    around: Sequence[tuple[float, float, float]] = ()
    first_h: float = 7.0
    last_h: float = 23.0
    in_sittings: float = 0.2
    """The share of tasks that follow the previous one within half an hour."""

    @property
    def clear_h(self) -> float | None:
        """The hour around which at least half of the tasks get done, within two hours."""
        clear = [hour for hour, spread, share in self.around if share >= 0.5 and spread <= 2]
        return clear[0] if clear else None

    def holds(self, hour: float) -> bool:
        """Whether an hour is one around which tasks get done."""
        return any(share >= 0.3 and abs((hour - each + 12) % 24 - 12) <= 1.5 for each, _, share in self.around)


EVEN = Rhythm()


@dataclass(frozen=True, slots=True)
class Habits:
    """One kind of user.

    `rate` is tasks done per day, negative binomial with `overdispersion` k (None is Poisson). `lateness_d` is the
    median of days from the first date to done. Of overdue mornings, `redates` move the date. `changes` are other habits
    from a day on. `prefs` are the user's own preferences, by agent.
    """

    kind: str
    zone: str = ZONES[0]
    first_day: int = 0
    rate: float = 3.5
    overdispersion: float | None = 3.0
    rest_weekdays: frozenset[int] = frozenset()
    away: Sequence[tuple[int, int]] = ()
    travels: tuple[int, int, str] | None = None
    """The first and last day in another time zone, and that zone; the zone in the profile is unchanged."""
    tells_zone: bool = True
    rhythm: Rhythm = EVEN
    works: tuple[int, int] = (9, 18)
    dated: float = 0.55
    due_hours: Sequence[float | None] = (None, None, 17.0, 12.0)
    lateness_d: float = -0.5
    lateness_scale_d: float = 1.0
    never_done: float = 0.2
    redates: float = 0.1
    redates_to_d: tuple[int, int] = (1, 7)
    moves_ahead: float = 0.1
    waits: float = 0.1
    recurring: int = 2
    lists: int = 4
    stays: float = 0.25
    projects: float = 0.0
    backlog: int = 6
    backlog_a_week: float = 2.0
    with_estimate: float = 0.6
    with_priority: float = 0.7
    accepts: float = 0.35
    ignores: float = 0.4
    reads_words: int | None = None
    """The words after which a tip is closed; None for a reader of whole tips."""
    done_kept_d: int = 60
    writes: str = "en"
    stamps_with_offset: bool = False
    changes: Sequence[tuple[int, Mapping[str, Any]]] = ()
    prefs: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def on(self, day: int) -> "Habits":
        """The habits of a day."""
        found = self
        for first, other in self.changes:
            if day >= first:
                found = replace(found, **other)
        return found

    def zone_on(self, day: int) -> str:
        """The user's time zone on a day."""
        return self.travels[2] if self.travels and self.travels[0] <= day <= self.travels[1] else self.zone

    def rate_on(self, day: int, weekday: int) -> float:
        """Tasks done on a day on average: none while away and on days of rest."""
        now = self.on(day)
        if weekday in now.rest_weekdays or any(first <= day <= last for first, last in now.away):
            return 0.0
        return now.rate


def varied(habits: Habits, number: int, random: Random) -> Habits:
    """Another user of the same kind: another zone and pace, other hours by up to an hour."""
    moved_h = random.uniform(-1, 1)
    rhythm = habits.rhythm._replace(
        around=tuple(((hour + moved_h) % 24, spread, share) for hour, spread, share in habits.rhythm.around)
    )
    changes = tuple(
        (day, {**other, "rhythm": _moved(other["rhythm"], moved_h)} if "rhythm" in other else other)
        for day, other in habits.changes
    )
    return replace(
        habits,
        zone=ZONES[number % len(ZONES)],
        rate=habits.rate * random.uniform(0.8, 1.25),
        rhythm=rhythm,
        changes=changes,
        accepts=min(0.9, habits.accepts * random.uniform(0.85, 1.15)),
        done_kept_d=random.choice((14, 30, 60)),
        stamps_with_offset=habits.travels is not None or random.random() < 0.3,
    )


def _moved(rhythm: Rhythm, by_h: float) -> Rhythm:
    return rhythm._replace(around=tuple(((hour + by_h) % 24, sd, share) for hour, sd, share in rhythm.around))
