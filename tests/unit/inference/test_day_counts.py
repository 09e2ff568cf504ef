"""Parameters learned from the spread of completions over days."""

from datetime import datetime, timedelta

import pytest

from oo.agents.registry import get_agent
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import changed, learn
from testing.for_each import for_each
from testing.seeds import SLACK
from tests.unit.inference.planted_habits import completion, share
from tests.unit.inference.planted_pace import WEEKEND, at_a_pace
from tests.unit.inference.planted_users import NEWEST, history

MANIFEST = get_agent("momentum").manifest
HOUR = timedelta(hours=1)


def rate(given: ComputeRequest) -> float:
    return float(str(learn(MANIFEST, given)["daily_rate"]))


def rest_days(given: ComputeRequest) -> object:
    return learn(MANIFEST, given).get("rest_days")


@pytest.mark.all_seeds
@pytest.mark.parametrize(("planted", "days", "least"), [(3, 28, 0.97), (1, 56, 0.85)])
def test_daily_rate_is_found(planted: float, days: int, least: float) -> None:
    """Three a day for four weeks is found within 25% for 97% of users, one a day for eight weeks for 85%."""
    assert share(lambda random: abs(rate(at_a_pace(random, planted, days)) - planted) <= planted / 4) >= least - SLACK


def every_day(days: int, per_day: int = 1, weekend: int = 1) -> ComputeRequest:
    """The same number each day, 20 minutes apart."""
    found = []
    for age in range(days):
        at = NEWEST - timedelta(days=age)
        number = weekend if at.weekday() in WEEKEND else per_day
        found += [completion(at - timedelta(minutes=20 * n)) for n in range(number)]
    return history(found)


@pytest.mark.parametrize(("days", "keys"), [(13, set()), (14, {"daily_rate"})])
def test_rate_needs_two_weeks(days: int, keys: set[str]) -> None:
    """Below 14 days from the first to the newest completion no rate is learned."""
    assert learn(MANIFEST, every_day(days)).keys() == keys


@for_each(("days", "per_day", "expected"), [(47, 4, None), (48, 4, [5, 6]), (77, 2, [5, 6]), (63, 2, None)])
def test_rest_days_need_eight_weeks_and_a_hundred_tasks(days: int, per_day: int, expected: object) -> None:
    """A history that reaches into the eighth week, with a hundred completions, is the least for rest days."""
    assert rest_days(every_day(days, per_day, weekend=0)) == expected


def test_rest_days_follow_a_new_rhythm_after_twelve_weeks() -> None:
    """Completions of more than twelve weeks ago do not count."""
    before = [completion(NEWEST - timedelta(days=84 + n, minutes=m * 20)) for n in range(200) for m in range(5)]
    newer = every_day(84, 3, weekend=0).task_completions

    assert rest_days(history([*before, *newer])) == [5, 6]


def test_days_without_completions_count() -> None:
    """Three tasks every third day are one a day, drawn a little toward the prior of three."""
    thirds = [completion(NEWEST - timedelta(days=3 * n, minutes=20 * m)) for n in range(40) for m in range(3)]

    assert rate(history(thirds)) == pytest.approx(1.1, abs=0.1)


def test_rate_rests_on_the_last_weeks() -> None:
    """After four half-lives a new pace has taken over."""
    newer = every_day(112, 2, weekend=2).task_completions
    older = [completion(NEWEST - timedelta(days=112 + n, minutes=20 * m)) for n in range(60) for m in range(10)]

    assert 2 < rate(history([*newer, *older])) < 2.5


def test_day_of_import_hardly_matters() -> None:
    """Two hundred tasks ticked off on one day count as a long day's work."""
    usual = every_day(56, 4, weekend=4)
    imported = [completion(NEWEST - timedelta(days=5, seconds=n), f"i{n}") for n in range(200)]

    assert rate(history([*usual.task_completions, *imported])) < rate(usual) + 1


def test_days_are_those_of_the_zone() -> None:
    """Evenings in UTC are the next mornings in Tokyo, so a free weekend there is Sunday and Monday."""
    midday = every_day(70, 3, weekend=0).task_completions
    evenings = history([completion(datetime.fromisoformat(str(each["completed_at"])) + 8 * HOUR) for each in midday])

    assert learn(MANIFEST, changed(evenings, timezone="Asia/Tokyo"))["rest_days"] == [0, 6]


def test_steady_evidence_moves_away_from_the_prior() -> None:
    """The longer nine a day last, the less the prior of three counts."""
    found = [rate(every_day(days, 9, weekend=9)) for days in (14, 28, 56)]

    assert found == sorted(found)
    assert 3 < found[0] < found[-1] <= 9
