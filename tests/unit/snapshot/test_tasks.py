"""How task rows are read."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oo.snapshot.clock import clock_at as clock_in
from oo.snapshot.task_fields import read_id
from oo.snapshot.tasks import Task, TaskList, age_days, done_within, is_overdue, overdue_days
from oo.snapshot.user_rows import read_user_rows
from testing.agent_snapshots import DAY, HOUR, MINUTE, NOW, SECOND, clock_at, iso
from testing.for_each import for_each


def read(*rows: object) -> TaskList:
    return read_user_rows(rows, (), clock_at()).task_list


def only(**fields: object) -> Task:
    tasks = read({"id": "a", "title": "A", **fields})
    return (*tasks.open, *tasks.done)[0]


@for_each("status", ["done", "Completed", " COMPLETE ", "closed"])
def test_done_by_status(status: str) -> None:
    """A status for done decides, in any case of its letters."""
    assert [task.id for task in read({"id": "a", "status": status}).done] == ["a"]


@for_each("status", ["cancelled", "canceled", "deleted", "archived"])
def test_cancelled_is_neither_open_nor_done(status: str) -> None:
    """A task that is gone is in neither list."""
    tasks = read({"id": "a", "status": status, "completed_at": iso(NOW - HOUR)})

    assert (tasks.open, tasks.done) == ((), ())


@for_each("status", ["todo", "in progress", "backlog"])
def test_other_status_is_open(status: str) -> None:
    """A word for an open task decides, even with a time of completion."""
    assert read({"id": "a", "status": status, "completed_at": iso(NOW - HOUR)}).open


@for_each("status", [None, "", 7, True])
def test_without_status_a_completion_means_done(status: object) -> None:
    """Without a status a readable time of completion decides."""
    assert read({"id": "a", "status": status, "completed_at": iso(NOW - HOUR)}).done
    assert read({"id": "a", "status": status, "completed_at": "soon"}).done[0].completed is None


@pytest.mark.parametrize(("ahead", "is_done"), [(5 * MINUTE, True), (5 * MINUTE + SECOND, False)])
def test_completion_in_the_future_is_dropped(ahead: timedelta, *, is_done: bool) -> None:
    """A completion more than five minutes ahead does not count yet, and when it will is known."""
    tasks = read({"id": "a", "completed_at": iso(NOW + ahead)})

    assert bool(tasks.done) is is_done
    assert tasks.changes_at == (None if is_done else NOW + ahead - 5 * MINUTE)


def test_last_of_one_id_counts() -> None:
    """Of rows with the same id the last counts, including its future completion."""
    first = {"id": "a", "title": "First", "completed_at": iso(NOW + DAY)}
    tasks = read(first, {"id": "a", "title": "Last"})

    assert [task.title for task in tasks.open] == ["Last"]
    assert tasks.changes_at is None


@for_each(
    ("value", "expected"),
    [("a", "a"), (7, "7"), (12.0, "12"), (10**30, str(10**30)), ({"$oid": "5f"}, "5f")],
)
def test_ids_are_text(value: object, expected: str) -> None:
    """Text and whole numbers of any length are ids, and a text under `$oid`."""
    assert read_id(value) == expected


@for_each("value", [0, "0", "", " ", None, True, 1.5, [], {}, {"id": "5f"}, float("inf")])
def test_what_is_no_id(value: object) -> None:
    """Zero is the id of nothing."""
    assert read_id(value) is None


def test_an_id_has_at_most_256_characters() -> None:
    """A longer one counts as none: ids come back in answers."""
    assert read_id("é" * 256) == "é" * 256
    assert read_id("é" * 257) is None


def test_rows_without_id_have_their_place() -> None:
    """A row without an id is known by its place, and rows that are no objects are dropped."""
    assert [task.label for task in read({}, None, "x", {"id": []}).open] == ["#0", "#3"]


@for_each(
    ("priority", "importance"),
    [
        (4, 1.0),
        (1, 0.25),
        (2.5, None),
        ("4", 1.0),
        ("Urgent", 1.0),
        ("critical", 1.0),
        ("high", 0.75),
        ("normal", 0.5),
        ("low", 0.25),
        (0, None),
        (5, None),
        (True, None),
        ("p1", 1.0),
        (None, None),
        (float("nan"), None),
    ],
)
def test_priority_is_read_on_one_scale(priority: object, importance: float | None) -> None:
    """Numbers from 1 to 4, where 4 is urgent, and known words are importances; the rest is unknown."""
    task = only(priority=priority)

    assert (task.importance if task.priority_known else None) == importance


@pytest.mark.parametrize(
    ("priorities", "says_nothing"),
    [((4, 4), False), ((4, 4, 4), True), ((4, 4, 3), False), ((4, 4, 4, None), False), ((None, None, None), False)],
)
def test_one_priority_on_all_says_nothing(priorities: tuple[object, ...], *, says_nothing: bool) -> None:
    """The same known priority on three open tasks or more counts as medium."""
    tasks = read(*({"id": str(n), "priority": priority} for n, priority in enumerate(priorities)))

    assert tasks.uninformative_priority is says_nothing
    if says_nothing:
        assert {task.importance for task in tasks.open} == {0.5}


@for_each(
    ("fields", "minutes"),
    [
        ({"estimate_minutes": 5}, 5.0),
        ({"estimate": {"amount": "7.5", "unit": "min"}}, 7.5),
        ({"duration_minutes": 1440}, 1440.0),
        ({"estimate_minutes": 0, "duration_minutes": 20}, 20.0),
        ({"estimate_minutes": 10, "duration_minutes": 20}, 10.0),
        ({"estimate": 20}, None),
        ({"estimate_minutes": 1440.5}, None),
        ({"estimate_minutes": "1_0"}, None),
        ({"estimate_minutes": "ten"}, None),
        ({"estimate_minutes": True}, None),
        ({"estimate_minutes": "9" * 100_000}, None),
    ],
)
def test_estimate_is_the_first_plausible_one(fields: dict[str, object], minutes: float | None) -> None:
    """The first of the known keys that holds minutes up to a day is the estimate."""
    assert only(**fields).estimate_min == minutes


@for_each("estimate", [{"points": 3}, {"unit": "min"}, {"value": 5, "unit": "min"}])
def test_an_object_without_an_amount_is_an_unknown_estimate(estimate: dict[str, object]) -> None:
    """The estimate is unreadable, so the task is not one without an estimate."""
    assert only(estimate=estimate).estimate_unknown
    assert not only(estimate=dict.fromkeys(("amount", "unit"))).estimate_unknown


def test_tags_are_text() -> None:
    """Texts are tags, in a list or with commas between them."""
    assert only(tags=["a", 1, None, "b"]).tags == ("a", "b")
    assert only(tags="home, @office").tags == ("home", "@office")


@for_each(("created", "age"), [(NOW - 3 * DAY, 3), (NOW + DAY, 0), (NOW - 11 * HOUR, 1)])
def test_age_is_in_local_days(created: object, age: int) -> None:
    """Age counts local dates, and a date in the future is no age at all."""
    assert age_days(only(created_at=created), clock_at()) == age
    assert age_days(only(), clock_at()) is None


@for_each(
    ("due_at", "overdue"),
    [(NOW, None), (NOW - SECOND, 0), (NOW - DAY, 1), ("2026-06-17", None), ("2026-06-16", 1), (None, None)],
)
def test_overdue_begins_after_the_due_time(due_at: object, overdue: int | None) -> None:
    """A task is overdue after its due second; a bare date lasts until its day ends."""
    assert overdue_days(only(due_at=due_at), clock_at()) == overdue


@for_each("zone", ["America/New_York", "Pacific/Honolulu", "Asia/Tokyo", "Pacific/Auckland", "UTC"])
@for_each(("due_at", "overdue"), [("2026-06-17", None), ("2026-06-16", 1), ("2026-06-10", 7)])
def test_a_bare_date_ends_with_its_own_local_day(zone: str, due_at: str, overdue: int | None) -> None:
    """However far the zone lies from UTC."""
    clock = clock_in(NOW.replace(tzinfo=ZoneInfo(zone)), ZoneInfo(zone))
    task = read_user_rows([{"id": "a", "title": "A", "due_at": due_at}], (), clock).task_list.open[0]

    assert overdue_days(task, clock) == overdue


@pytest.mark.parametrize(("age", "counts"), [(timedelta(0), True), (10 * HOUR, True), (10 * HOUR + SECOND, False)])
def test_done_today_begins_at_midnight(age: timedelta, *, counts: bool) -> None:
    """Done within one day means on this local date."""
    tasks = read({"id": "a", "completed_at": iso(NOW - age)})

    assert bool(done_within(tasks, clock_at(), 1)) is counts


@for_each(
    "tag", ["waiting", "Waiting-For", "@waiting_for", "WAITING FOR", "blocked", "@on hold", "onHold", "delegated "]
)
def test_a_tag_tells_that_a_task_waits(tag: str) -> None:
    """An open task with such a tag is set aside, and waits for another person."""
    tasks = read({"id": "a", "title": "A", "tags": ["home", tag]})

    assert tasks.open == ()
    assert [task.waits for task in tasks.set_aside] == [True]


@for_each("tag", ["wait", "waiter", "not waiting", "unblocked", "hold", "someday", "@", "#"])
def test_other_tags_do_not(tag: str) -> None:
    """A tag that only looks like one of the list changes nothing."""
    assert read({"id": "a", "title": "A", "tags": [tag]}).open


def test_a_finished_task_waits_for_nobody() -> None:
    """A tag that was left on a task that is done or gone does not open it again."""
    tasks = read({"id": "a", "status": "done", "tags": ["waiting"]}, {"id": "b", "status": "gone", "tags": "waiting"})

    assert ([task.id for task in tasks.done], tasks.open) == (["a"], ())


@for_each("status", ["waiting", "Waiting on others", "on-hold", "delegated", "blocked"])
def test_a_status_tells_that_a_task_waits(status: str) -> None:
    """The words of a status say the same as the tags."""
    assert [task.waits for task in read({"id": "a", "status": status}).set_aside] == [True]


@for_each("status", ["someday", "deferred", "paused", "maybe", "recurring"])
def test_what_is_set_aside_for_later_waits_for_nobody(status: str) -> None:
    """Tasks that the user set aside do not wait for another person."""
    assert [task.waits for task in read({"id": "a", "status": status}).set_aside] == [False]


@for_each(
    ("history", "due_at", "moved_n"),
    [
        (["2026-06-01", "2026-06-05", "2026-06-10"], "2026-06-20", 3),
        (["2026-06-01T10:00:00Z", 1_780_700_000], "2026-06-20", 2),
        (["2026-06-01", "2026-06-05", "2026-06-20"], "2026-06-20", 2),
        (["2026-06-01", "2026-06-01"], "2026-06-20", 1),
        (["2026-06-01", None, ""], None, 1),
        ([], "2026-06-20", 0),
        (None, "2026-06-20", 0),
        (["2026-06-01", "soon"], "2026-06-20", 0),
        ("2026-06-01", "2026-06-20", 0),
        ([f"2026-05-{day:02}" for day in range(1, 31)], "2026-06-20", 20),
        (["2026-06-15T10:00:00+02:00"], "2026-06-15T08:00:00Z", 0),
    ],
)
def test_earlier_dates_tell_how_often_a_task_was_moved(history: object, due_at: object, moved_n: int) -> None:
    """Each change of the date counts once, of 20 earlier dates at most; one unreadable date makes all unknown."""
    assert only(due_history=history, due_at=due_at).moved_n == moved_n


def test_a_recurring_task_is_not_moved() -> None:
    """The date of a recurring task moves when it is done."""
    assert only(due_history=["2026-06-01", "2026-06-08"], due_at="2026-06-15", recurrence="weekly").moved_n == 0


@given(
    st.sampled_from([None, ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia")]),
    st.integers(-72, 72).map(lambda hours: NOW + hours * HOUR),
    st.sampled_from([iso, lambda due: due.date().isoformat()]),
)
def test_a_task_is_overdue_if_days_past_are_counted(
    zone: ZoneInfo | None, due: datetime, written: Callable[[datetime], str]
) -> None:
    """In a known zone and in none, for dates and for hours; day 0 counts."""
    clock = clock_in(NOW, zone)
    task = read_user_rows([{"id": "a", "due_at": written(due)}], (), clock)

    [found] = task.task_list.open

    assert found.due is not None
    assert is_overdue(found.due, clock) == (overdue_days(found, clock) is not None)
