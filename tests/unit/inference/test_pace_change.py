"""Statements of momentum on weeks planted busier, lighter or no different, and its learned rest days."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from oo.agents.registry import get_agent
from testing.agent_snapshots import ask, changed, learn, snapshot
from testing.for_each import for_each
from testing.seeds import SLACK, seeds
from tests.unit.inference.planted_habits import completion
from tests.unit.inference.planted_users import Row, history, overdispersed, poisson, seeded

MANIFEST = get_agent("momentum").manifest
MONDAY = datetime(2026, 6, 15, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)
WEEKS = 12
# Tasks a day, and how much days differ by the shape of their distribution; the smaller the more.
STEADY = [(4.0, 3.0), (2.0, 2.0), (4.0, 1.0)]

Rate = Callable[[int], float]


def lived(random: Random, rate: Rate, k: float | None = 3) -> list[datetime]:
    """Completions over twelve weeks up to a Monday; `rate` says how many a day on average, by the number of the day."""
    found = []
    for day in range(7 * WEEKS):
        begins = MONDAY - timedelta(days=7 * WEEKS - day)
        number = (overdispersed(random, rate(day), k) if k else poisson(random, rate(day))) if rate(day) else 0
        found += [begins + timedelta(hours=random.uniform(0, 9)) for _ in range(number)]
    return found


def told(done: Iterable[datetime], weeks: Iterable[int]) -> set[str]:
    """The kinds of lines on Mondays, counted from the first week."""
    kinds = set()
    rows = [completion(each) for each in done]
    for week in weeks:
        now = MONDAY - (WEEKS - week) * WEEK
        past = [row for row in rows if str(row["completed_at"]) <= now.isoformat()]
        text = ask("momentum", changed(snapshot(completions=past, now=now), timezone="UTC")).prompt_text
        kinds.add(text[1:].partition("|")[0])
    return kinds


def share(holds: Callable[[Random], bool], users: int = 200) -> float:
    found = [holds(seeded(seed)) for seed in seeds(users)]
    return sum(found) / len(found)


@pytest.mark.all_seeds
def test_a_steady_pace_is_left_alone() -> None:
    """For at most 12% of users with a steady pace a change is reported in seven weeks, for any spread of days."""

    def is_told(seed: int) -> bool:
        rate, k = STEADY[seed % len(STEADY)]
        return bool(told(lived(seeded(seed), lambda _: rate, k), range(WEEKS - 6, WEEKS + 1)) & {"rest", "shrink"})

    found = [is_told(seed) for seed in seeds(300, few=15)]

    assert sum(found) / len(found) <= 0.12 + SLACK


@pytest.mark.all_seeds
@pytest.mark.parametrize(("times", "kind", "least"), [(2.0, "rest", 0.7), (0.4, "shrink", 0.58)])
def test_a_changed_pace_is_told_within_three_weeks(times: float, kind: str, least: float) -> None:
    """Twice the pace is reported to 70% of users, two fifths of it to 58%, and the opposite to 2% at most."""
    after = [
        told(lived(seeded(seed), lambda day: 4 * (times if day >= 56 else 1)), range(9, 12)) for seed in seeds(200)
    ]
    other = ({"rest", "shrink"} - {kind}).pop()

    assert sum(kind in kinds for kinds in after) / len(after) >= least - SLACK
    assert sum(other in kinds for kinds in after) / len(after) <= 0.02


@pytest.mark.all_seeds
def test_weeks_away_are_no_change_of_pace() -> None:
    """Few users who are away for two weeks get a report of a lighter week then, or of a busier one afterwards."""

    def is_told(random: Random) -> bool:
        done = lived(random, lambda day: 0 if 49 <= day < 63 else 4)
        return bool(told(done, range(8, WEEKS)) & {"rest", "shrink"})

    assert share(is_told, 100) <= 0.08 + SLACK


def rest_days(done: Iterable[datetime], week: int = WEEKS) -> object:
    now = MONDAY - (WEEKS - week) * WEEK
    rows: list[Row] = [completion(each) for each in done if each <= now]
    return learn(MANIFEST, changed(history(rows), now_iso=now)).get("rest_days")


@pytest.mark.all_seeds
@pytest.mark.parametrize(("rate", "k"), STEADY)
def test_no_rhythm_is_no_rest_day(rate: float, k: float) -> None:
    """Of users without a weekly rhythm at most 10% are ascribed a rest day in the weeks from the eighth on."""

    def is_told(random: Random) -> bool:
        done = lived(random, lambda _: rate, k)
        return any(rest_days(done, week) for week in range(8, WEEKS + 1))

    assert share(is_told) <= 0.1 + SLACK


@pytest.mark.all_seeds
@pytest.mark.parametrize(("k", "week", "least"), [(None, 8, 0.88), (3.0, 12, 0.85)])
def test_a_free_weekend_is_found(k: float | None, week: int, least: float) -> None:
    """A weekend with a fifth of the usual tasks is found after eight weeks, where days differ widely after twelve."""

    def found(random: Random) -> bool:
        return rest_days(lived(random, lambda day: 0.8 if day % 7 > 4 else 4, k), week) == [5, 6]

    assert share(found) >= least - SLACK


@for_each("days", range(0, 7, 2))
def test_a_free_weekend_is_kept_between_two_looks(days: int) -> None:
    """On each weekday the rest days are those of its Monday."""
    done = lived(seeded(2), lambda day: 0 if day % 7 > 4 else 4)
    rows = [completion(each) for each in done if each <= MONDAY]
    later = [completion(MONDAY + timedelta(days=day, hours=hour)) for day in range(days + 1) for hour in range(1, 4)]
    given = changed(history([*rows, *later]), now_iso=MONDAY + timedelta(days=days, hours=12))

    assert learn(MANIFEST, given)["rest_days"] == [5, 6]


def test_a_rest_day_ends_when_it_is_worked_on() -> None:
    """Two Saturdays of work in a row leave Sunday alone a day of rest."""

    def rate(day: int) -> float:
        return 0 if day % 7 == 6 or (day % 7 == 5 and day < 70) else 4

    done = lived(seeded(1), rate, None)

    assert rest_days(done, 10) == [5, 6]
    assert rest_days(done, 12) == [6]
