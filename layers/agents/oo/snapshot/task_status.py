"""Whether a task is open, done, set aside or gone: by a word, by flags, by the time of its completion."""

from collections.abc import Mapping
from datetime import UTC

from oo.contract.vocabulary import COMPLETED
from oo.snapshot.clock import Moment
from oo.snapshot.report import ListReport
from oo.snapshot.rows import NO_KEYS, UNREADABLE, RowPlan, Unreadable, read_field
from oo.snapshot.stamps import read_stamp
from oo.snapshot.task_fields import flag_state, is_flag_word, is_word, status_state
from oo.snapshot.tasks import CODE, DONE, GONE, OPEN


def status_of(
    row: Mapping[str, object], plan: RowPlan, completed: Moment | Unreadable | None, report: ListReport
) -> str | None:
    """The group of the task's status; None where the status is a word of no group, or there is none at all.

    A word for done comes first, then flags for done and gone, then the other words, then the time of completion.
    """
    group = read_field(row, plan, "status", status_state, report) if "status" in plan else None
    flag = _done_flag(row, plan) if "done" in plan or "completed_at" in plan else None
    if group == DONE or (flag is True and not isinstance(group, str)):
        return DONE
    gone = _gone(row, plan) if "gone" in plan or "gone_at" in plan else None
    if gone is True:
        group = GONE
    if isinstance(group, str):
        return group
    if completed is not None and flag is not False:
        return DONE
    if UNREADABLE in (gone, flag):
        report.unreadable("status")
        return CODE
    is_word_of_no_group = group is UNREADABLE and (flag is False or _has_word(row, plan))
    return None if is_word_of_no_group else OPEN if group is None else CODE


def _gone(row: Mapping[str, object], plan: RowPlan) -> bool | Unreadable | None:
    """Whether a flag or a date says that the task is gone."""
    found = read_field(row, plan, "gone", flag_state)
    when = read_field(row, plan, "gone_at", _gone_at) if "gone_at" in plan else None
    return True if found is True or when is True else found if isinstance(found, Unreadable) else when


def _gone_at(value: object) -> bool | Unreadable | None:
    if isinstance(value, bool):
        return value
    found = read_stamp(value, UTC)
    return True if isinstance(found, Moment) else found


def _done_flag(row: Mapping[str, object], plan: RowPlan) -> bool | Unreadable | None:
    """What flags say. Keys that may hold a time hold a flag only where it is one."""
    flag = read_field(row, plan, "done", flag_state) if "done" in plan else None
    # `completed` is a flag in some apps and a time in others, and a time is no faulty flag.
    times = [row[key] for key in plan.get("completed_at", NO_KEYS).keys]
    if isinstance(flag, Unreadable) and not any(map(is_flag_word, times)):
        faulty = [key for key in plan["done"].keys if key not in COMPLETED.keys and flag_state(row[key]) is UNREADABLE]
        flag = UNREADABLE if faulty else None
    return next((value for value in times if isinstance(value, bool)), flag) if flag is None else flag


def _has_word(row: Mapping[str, object], plan: RowPlan) -> bool:
    return any(is_word(row[key]) for key in plan["status"].keys)
