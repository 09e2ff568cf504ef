"""Wording of lateness and margins."""

from datetime import timedelta

from oo.agent_kit.wording import counted
from oo.agents.lateness_buffer.lateness_record import LATE_P, P50_D, LatenessRecord
from oo.snapshot.clock import DAY, Clock, Moment

# Up to this share of late tasks, nearly all dates were met.
_NEARLY_NONE_P = 0.12
_HALF_A_DAY_D = 0.75


def late_fact(record: LatenessRecord) -> str:
    """The lateness of the median task, or the number of late tasks if the median task is on time."""
    date = "their first date" if record.by_first_dates else "their date"
    if record.median_is_late:
        return (
            f"dated tasks here usually land {_about_days(record.values[P50_D] or 0)} after {date}{_of(record, P50_D)}."
        )
    tenths = int((record.values[LATE_P] or 0) * 10 + 0.5)
    share = f"about {tenths} in 10" if tenths < 10 else "nearly all"
    return f"{share} dated tasks here land after {date}{_of(record, LATE_P)}."


def on_time_fact(record: LatenessRecord) -> str:
    """The number of tasks on time."""
    late_p = record.values[LATE_P]
    most = "nearly all" if late_p is not None and late_p <= _NEARLY_NONE_P else "most"
    return f"{most} dated tasks here land on time{_of(record, LATE_P)}."


def _of(record: LatenessRecord, key: str) -> str:
    return f" (counted from {record.counted_n})" if key in record.measured else ""


def _about_days(days: float) -> str:
    return "about half a day" if days < _HALF_A_DAY_D else f"about {counted(int(days + 0.5), 'day')}"


def early_words(clock: Clock, due: Moment, aim: Moment) -> str:
    """The distance of an aim before the date: in calendar days, if at least one midnight lies between.

    The number of midnights depends on the time zone; in an unknown zone the duration is given.
    """
    apart = due.at - aim.at
    if clock.zone_known:
        days, about = (due.day(clock.zone) - aim.day(clock.zone)).days, ""
    else:
        days, about = int(apart / DAY + 0.5), "about "
    if days:
        return f"{about}{counted(days, 'day')} early"
    hours = int(apart / timedelta(hours=1) + 0.5)
    return "before the day is over" if due.date_only else f"about {hours} h early"
