"""The claim that dates are often missed, or can be trusted."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from oo.statistics.dates_record import record_of_dates
from oo.statistics.lateness import DatedTask
from oo.statistics.looks import weekly_looks
from testing.agent_snapshots import DAY, HOUR
from testing.for_each import for_each

MONDAY = datetime(2026, 6, 15, tzinfo=UTC)
HALF_LIFE_D = 45


def finished(age_d: float, *, late: bool) -> DatedTask:
    """A task done that many days before Monday, on its date or two days after it."""
    at = MONDAY - age_d * DAY
    return DatedTask(at + (-2 if late else 1) * DAY, at, 2.0 if late else -0.5, 1)


def left_open(age_d: float) -> DatedTask:
    """A task whose date passed that many days before Monday."""
    return DatedTask(MONDAY - age_d * DAY, None, 0, 1)


def record(tasks: Sequence[DatedTask], moment: datetime = MONDAY) -> str:
    dated = sorted(tasks, key=lambda each: each.passed_at)
    done = [each.done_at for each in dated if each.done_at]
    first = min(each.passed_at for each in dated).date()
    newest = max(at for each in dated for at in (each.passed_at, each.done_at) if at and at <= moment).date()
    return record_of_dates(dated, done, weekly_looks(first, newest, moment.date(), UTC), moment, HALF_LIFE_D)


def mixed(days: int, late_in_ten: int, first_d: int = 1) -> list[DatedTask]:
    """Two tasks a day, so many in ten of them late."""
    return [finished(first_d + n / 2, late=n % 10 < late_in_ten) for n in range(2 * days)]


@for_each(
    ("late_in_ten", "expected"), [(0, "on_time"), (1, "on_time"), (2, "none"), (3, "none"), (5, "late"), (9, "late")]
)
def test_the_record_is_what_the_interval_shows(late_in_ten: int, expected: str) -> None:
    """After eight weeks a clear habit is claimed, and one in between is not."""
    assert record(mixed(56, late_in_ten)) == expected


@for_each(("size", "expected"), [(4, "none"), (5, "none"), (16, "on_time")])
def test_few_tasks_are_no_record(size: int, expected: str) -> None:
    """A few tasks on time are common by chance."""
    assert record([finished(1 + n, late=False) for n in range(size)]) == expected


def test_what_is_left_open_is_late() -> None:
    """Twenty tasks on time and twenty that are open after their date are no record of trust."""
    done = [finished(1 + n * 1.5, late=False) for n in range(20)]

    assert record(done) == "on_time"
    assert record([*done, *(left_open(3 + n) for n in range(20))]) == "late"


def test_nothing_begins_between_two_looks() -> None:
    """Events after Monday begin no record until the next one."""
    tasks = mixed(28, 9, first_d=1)
    saturday = MONDAY + 5 * DAY
    since = [finished(-2.1 - n / 10, late=True) for n in range(25)]

    assert record(since, saturday) == "none"
    assert record([*tasks, *since], saturday) == record(tasks) == "late"


@pytest.mark.parametrize(("days", "expected"), [(4, "late"), (14, "none")])
def test_two_weeks_that_contradict_it_end_a_record_at_once(days: int, expected: str) -> None:
    """A user who is late for weeks and then on time is no longer told so, on any day of the week."""
    tasks = [*mixed(56, 9), *(finished(-n / 2, late=False) for n in range(2 * days))]

    for hours in (0, 30, 70):
        assert record(tasks, MONDAY + days * DAY + hours * HOUR) == expected


def test_two_weeks_of_open_tasks_end_trust() -> None:
    """Dates that pass with nothing done contradict the record, too."""
    tasks = [*mixed(56, 0), *(left_open(-n) for n in range(12))]

    assert record(tasks, MONDAY + 12 * DAY + HOUR) == "none"


def test_being_away_changes_nothing() -> None:
    """Months later the record is that of the first look that saw all of the history."""
    tasks = mixed(56, 9)

    assert record(tasks, MONDAY + 300 * DAY) == record(tasks) == "late"
