"""Dates that apps send as midnight: whole days, not the first instant of one.

Google Tasks and Microsoft To Do send a date as midnight in UTC, Apple and JavaScript as midnight in the user's zone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from oo.snapshot.clock import Clock, Moment, end_of_day, start_of_day
from oo.snapshot.tasks import Task

_ALL_FROM_N = 3
_MOST_FROM_N = 10
_ONE_OTHER_IN = 10
"""Of at least 10 timestamps, one in this many may be another time."""

Midnight = Literal["utc", "zone"]
"""Whose midnights are dates: UTC's, or those of the user's zone."""


def whose_midnight(moments: Sequence[Moment], clock: Clock) -> Midnight | None:
    """The zone whose midnights are dates among one field's timestamps; None if all are instants.

    All of at least 3 timestamps with a time, or 90% of at least 10, must be midnights. In an unknown zone, one midnight
    in UTC is enough.
    """
    if not clock.zone_known:
        return "utc" if any(_is_midnight(moment.at) for moment in moments if not moment.date_only) else None
    of_utc = _other_times_n(moments, _is_midnight)
    if of_utc == 0:
        return "utc"
    of_zone = _other_times_n(moments, lambda at: _is_midnight(clock.local(at)))
    if of_zone is not None and (of_utc is None or of_zone < of_utc):
        return "zone"
    return None if of_utc is None else "utc"


def rows_of_dates(
    columns: Mapping[str, Iterable[Moment | None]], dates: Mapping[str, Midnight | None], clock: Clock
) -> set[int]:
    """The places of rows with such a midnight in one of their columns, by field; `dates` gives the zone.

    Hardly any timestamp is one, and `as_date` on each of thousands takes three times as long.
    """
    found = set[int]()
    for field, moments in columns.items():
        match dates.get(field):
            case "utc":
                found.update([place for place, each in enumerate(moments) if each and _is_midnight(each.at)])
            case "zone":
                local = clock.local
                found.update([place for place, each in enumerate(moments) if each and _is_midnight(local(each.at))])
    return found


def as_date(moment: Moment, whose: Midnight | None, clock: Clock, *, end_of_date: bool = False) -> Moment:
    """The moment as a day of the user if it is such a midnight, else unchanged."""
    if whose is None or moment.date_only:
        return moment
    local = moment.at if whose == "utc" else clock.local(moment.at)
    if not _is_midnight(local):
        return moment
    day = local.date()
    return Moment(end_of_day(day, clock.zone) if end_of_date else start_of_day(day, clock.zone), date_only=True)


def tasks_with_dates(tasks: Mapping[str, Task], dates: Mapping[str, Midnight | None], clock: Clock) -> dict[str, Task]:
    """The tasks, by key, that may have such a midnight, with its day; `dates` gives the zone by field."""
    columns = {
        "due_at": [task.due for task in tasks.values()],
        "created_at": [task.created for task in tasks.values()],
        "completed_at": [task.completed for task in tasks.values()],
    }
    places = rows_of_dates(columns, dates, clock)
    return {
        key: _with_dates(task, dates, clock)
        for place, (key, task) in enumerate(tasks.items())
        if task.earlier_dues or place in places
    }


def _with_dates(task: Task, dates: Mapping[str, Midnight | None], clock: Clock) -> Task:
    whose_due = dates.get("due_at")
    return task._replace(
        due=task.due and as_date(task.due, whose_due, clock, end_of_date=True),
        earlier_dues=tuple(as_date(each, whose_due, clock, end_of_date=True) for each in task.earlier_dues),
        created=task.created and as_date(task.created, dates.get("created_at"), clock),
        completed=task.completed and as_date(task.completed, dates.get("completed_at"), clock),
    )


def _other_times_n(moments: Sequence[Moment], is_midnight: Callable[[datetime], bool]) -> int | None:
    """The number of timestamps with a time that are not midnights; None if there are too many for dates."""
    timed_n = others_n = 0
    # Most users' timestamps are instants, which the first few show.
    most = len(moments) // _ONE_OTHER_IN if len(moments) >= _MOST_FROM_N else 0
    for moment in moments:
        if not moment.date_only:
            timed_n += 1
            if not is_midnight(moment.at):
                others_n += 1
                if others_n > most:
                    return None
    if timed_n < _MOST_FROM_N:
        return others_n if timed_n >= _ALL_FROM_N and not others_n else None
    return others_n if others_n * _ONE_OTHER_IN <= timed_n else None


def _is_midnight(at: datetime) -> bool:
    return not (at.hour or at.minute or at.second)
