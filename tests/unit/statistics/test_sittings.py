"""Tasks that were ticked off in one go."""

from datetime import UTC, datetime, timedelta

import pytest

from oo.snapshot.clock import Moment
from oo.snapshot.completions import TaskCompletion
from oo.statistics.sittings import in_sittings, is_ticked_off, sitting_weight
from testing.for_each import for_each

NINE = datetime(2026, 6, 17, 9, tzinfo=UTC)


def done_at(*minutes: float, date_only: bool = False) -> list[TaskCompletion]:
    return [TaskCompletion(None, Moment(NINE + timedelta(minutes=each), date_only), None) for each in minutes]


@for_each(
    ("minutes", "sizes"),
    [
        ((), []),
        ((0,), [1]),
        ((0, 10, 40), [3]),
        ((0, 89, 178), [3]),
        ((0, 90), [1, 1]),
        ((0, 60, 120, 180, 181, 240), [4, 2]),
        ((0, 80, 160, 1440), [3, 1]),
    ],
)
def test_less_than_ninety_minutes_lie_within_a_sitting(minutes: tuple[float, ...], sizes: list[int]) -> None:
    """A sitting lasts three hours at most: a longer chain is a day's work."""
    assert [len(sitting) for sitting in in_sittings(done_at(*minutes))] == sizes


def test_a_bare_date_is_a_sitting_of_its_own() -> None:
    """Two tasks of one date may not have been done together, and a date between two hours parts nothing."""
    day = done_at(0, 0, date_only=True)
    hours = done_at(5, 20)

    assert [len(sitting) for sitting in in_sittings(day)] == [1, 1]
    assert [len(sitting) for sitting in in_sittings([hours[0], day[0], hours[1]])] == [2, 1]


@pytest.mark.parametrize(
    ("minutes", "is_one"),
    [((0, 1), False), ((0, 1, 2), True), ((0, 5, 15), True), ((0, 10, 16), False), ((0, 10, 16, 20), True)],
)
def test_three_tasks_in_as_many_minutes_were_ticked_off(minutes: tuple[float, ...], *, is_one: bool) -> None:
    """Three and more within five minutes each are bookkeeping."""
    assert is_ticked_off(done_at(*minutes)) is is_one


def test_a_sitting_weighs_the_root_of_its_size() -> None:
    """All four of one sitting weigh twice as much as one alone."""
    assert 4 * sitting_weight(4) == 2 * sitting_weight(1)
