"""How late dated tasks get done, by the dates that were set first."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oo.snapshot.clock import clock_at
from oo.snapshot.completions import in_order
from oo.snapshot.user_rows import read_user_rows
from oo.statistics.lateness import DatedTask, Lateness, UserDays, dated_tasks, lateness_at, newest_evidence
from testing.agent_snapshots import DAY, HOUR, NOW, iso
from testing.for_each import for_each

LATEST = datetime(2026, 6, 18, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


def read(
    completions: Sequence[object] = (), tasks: Sequence[object] = (), zone: tzinfo | None = UTC, now: datetime = LATEST
) -> list[DatedTask]:
    clock = clock_at(now, zone)
    rows = read_user_rows(tasks, completions, clock)
    return dated_tasks(in_order(rows.completions), rows.task_list, UserDays(clock.zone, clock.zone_known))


def known(dated: list[DatedTask], moment: datetime = LATEST, half_life_d: float | None = None) -> Lateness:
    return lateness_at(dated, moment, newest_evidence(dated, (), moment), half_life_d)


def done(completed_at: datetime | str, due_at: object, **more: Any) -> dict[str, object]:
    return {
        "completed_at": completed_at if isinstance(completed_at, str) else iso(completed_at),
        "due_at": due_at,
        **more,
    }


def opened(due_at: object, **more: Any) -> dict[str, object]:
    return {"title": "A", "due_at": due_at, **more}


@for_each(("late", "days"), [(DAY, 1), (-DAY / 2, -0.5), (timedelta(days=300), 60), (-timedelta(days=300), -30)])
def test_lateness_is_clamped(late: timedelta, days: float) -> None:
    """Lateness is in days, beyond 60 late and 30 early it counts as that."""
    assert known(read([done(NOW, iso(NOW - late))])).days == [days]


@for_each(
    ("history", "due_at", "days"),
    [
        (["2026-06-10"], "2026-06-17", 4),
        (["2026-06-10", "2026-06-12"], "2026-06-17", 4),
        (["2026-06-17"], "2026-06-10", -3),
        (["2026-06-10"], None, 4),
        ([], "2026-06-17", -3),
        (None, "2026-06-17", -3),
        (["soon"], "2026-06-17", -3),
    ],
)
def test_the_first_date_counts(history: object, due_at: object, days: float) -> None:
    """Wherever a date was moved, and also where it was taken away, the first one counts; without it the one known."""
    assert known(read([done("2026-06-14", due_at, due_history=history)])).days == [days]


def test_a_recurring_task_has_a_date_each_time() -> None:
    """The earlier dates of a recurring task, by its row or by two completions, are those of earlier occurrences."""
    moved = {"due_history": ["2026-05-01"], "task_id": "r"}
    twice = [done("2026-06-07", "2026-06-07", **moved), done("2026-06-14", "2026-06-14", **moved)]
    row = opened("2026-06-15", id="r", recurrence="weekly", due_history=["2026-05-01"])

    assert known(read(twice)).days == [0, 0]
    assert known(read(twice[:1], [row])).days == [0, 3]


@for_each(
    ("task", "days"),
    [
        (opened("2026-06-15"), [3]),
        (opened("2026-06-17"), [1]),
        (opened("2026-06-18"), []),
        (opened("2026-06-17T08:00:00Z"), [1]),
        (opened("2026-06-20", due_history=["2026-06-13"]), [5]),
        (opened(None, due_history=["2026-06-13"]), [5]),
        (opened("2026-04-20"), [59]),
        (opened("2026-04-18"), []),
        (opened("12.06.2026"), []),
        (opened("2026-06-15", tags=["waiting"]), [3]),
        (opened("2026-06-15", status="someday"), []),
        (opened("2026-06-15", status="cancelled"), []),
        (opened("2026-06-15", status=7), []),
    ],
)
def test_open_tasks_are_late_from_the_day_after(task: dict[str, object], days: list[float]) -> None:
    """They are late for sixty days, by the days passed so far, if they are open or wait, not if set aside."""
    assert known(read(tasks=[task])).days == days


def test_a_parent_counts_in_its_parts() -> None:
    """A task with an overdue part is not counted beside it."""
    parent, part = opened("2026-06-15", id="p"), opened("2026-06-16", id="c", parent_id="p")

    assert known(read(tasks=[parent, part])).days == [2]


def test_what_was_open_is_late_until_it_is_done() -> None:
    """At each time only the facts known then count."""
    dated = read([done("2026-06-14T10:00:00Z", "2026-06-10")])

    assert [list(known(dated, LATEST - days * DAY).days) for days in (10, 8, 7, 4, 3)] == [[], [], [1], [4], [4]]


def test_evidence_fades_and_sittings_share() -> None:
    """A half-life halves the weight, and four of one sitting weigh as much as two."""
    together = [done(NOW + n * HOUR / 4, iso(NOW + n * DAY)) for n in range(4)]
    dated = read([*together, done(NOW + HOUR * 3 / 4 - 45 * DAY, iso(NOW))])
    found = known(dated, half_life_d=45)

    assert found.total_weight == pytest.approx(2.5, abs=1e-3)
    assert found.effective_n == pytest.approx(2.5**2 / (4 * 0.25 + 0.25), abs=1e-2)


def test_undated_completions_only_set_the_age() -> None:
    """Completions without a date have no lateness, but the newest of all is where ages count from."""
    dated = read([done(NOW, None), done(NOW - 10 * DAY, iso(NOW))])
    found = lateness_at(dated, LATEST, newest_evidence(dated, [NOW], LATEST), 10)

    assert (found.days, found.weights) == ([-10], [0.5])


def test_late_is_after_the_date() -> None:
    """Being done exactly on time is not late."""
    found = Lateness([0, -1, 0.001, 5], [1, 1, 1, 1])

    assert found.late_share() == 0.5
    assert found.quantile(0.5) == pytest.approx(0.0005)


@for_each(
    ("completed_at", "due_at", "zone", "days"),
    [
        ("2026-06-17T12:00:00Z", "2026-06-16T12:00:00Z", UTC, [1]),
        ("2026-06-17T00:00:00Z", "2026-06-17T12:00:00Z", UTC, [-0.5]),
        ("2026-06-17T00:00:00Z", "2026-06-16", UTC, [1]),
        ("2026-06-15", "2026-06-17T12:00:00Z", UTC, [-2]),
        ("2026-06-16T20:00:00Z", "2026-06-16", UTC, [0]),
        ("2026-06-16T20:00:00Z", "2026-06-16", TOKYO, [1]),
        # In no known zone: on time in one and late in another, late everywhere, early everywhere.
        ("2026-06-16T20:00:00Z", "2026-06-16", None, []),
        ("2026-06-17T13:00:00Z", "2026-06-16", None, [1]),
        ("2026-06-15T09:00:00Z", "2026-06-16", None, [-2]),
        ("2026-06-17", "2026-06-16", None, [1]),
        ("2026-06-16T20:00:00Z", "2026-06-16T08:00:00Z", None, [0.5]),
    ],
)
def test_days_are_those_of_the_user(completed_at: str, due_at: str, zone: tzinfo | None, days: list[float]) -> None:
    """Exact between clock times, whole days with a bare date; in an unknown zone all zones must agree on lateness."""
    assert known(read([done(completed_at, due_at)], zone=zone)).days == days


def test_without_a_zone_a_date_passes_last_of_all() -> None:
    """An open task is late once its date has passed everywhere."""
    dated = read(tasks=[opened("2026-06-16")], zone=None)

    assert [bool(known(dated, datetime(2026, 6, 17, hour, tzinfo=UTC)).days) for hour in (11, 12)] == [False, True]
