"""The status of a task, open, done, set aside or gone: by a word, by flags, by the time of its completion."""

from collections.abc import Iterable, Mapping
from datetime import UTC

from oo.contract.vocabulary import COMPLETED
from oo.snapshot.clock import Moment
from oo.snapshot.report import ListReport
from oo.snapshot.rows import UNREADABLE, Row, RowPlan, Unreadable, first_readable
from oo.snapshot.stamps import read_stamp
from oo.snapshot.task_fields import flag_state, is_flag_word, is_word
from oo.snapshot.tasks import CODE, DONE, GONE, OPEN


def status_of(
    word: str | None,
    completed: Moment | None,
    unknown: Mapping[str, Unreadable],
    row: Row,
    plan: RowPlan,
    report: ListReport,
) -> str | None:
    """The group of the task's status; None if the status is a word of no group.

    A word for done takes precedence, then flags for gone, then the other words, then flags for done, then the time of
    completion.
    """
    gone = _gone(row, plan.flags) if plan.flags and word != DONE else None
    flag = _done_flag(row, plan, completed) if word is None else None
    if flag is True:
        return DONE
    if gone is True or word is not None:
        return GONE if gone is True else word
    if flag is not False and (completed is not None or "completed_at" in unknown):
        return DONE
    if UNREADABLE in (gone, flag):
        report.unreadable("status")
        return CODE
    if "status" not in unknown:
        return OPEN
    return None if flag is False or any(is_word(row[key]) for key in plan.fields["status"].keys) else CODE


def _gone(row: Row, flags: Mapping[str, Iterable[str]]) -> bool | Unreadable | None:
    """Whether a flag or a date marks the task as gone."""
    states = [flag_state(row[key]) for key in flags.get("gone", ())]
    states += [_gone_at(row[key]) for key in flags.get("gone_at", ())]
    return True if True in states else first_readable(states)


def _gone_at(value: object) -> bool | Unreadable | None:
    if isinstance(value, bool):
        return value
    found = read_stamp(value, UTC)
    return True if isinstance(found, Moment) else found


def _done_flag(row: Row, plan: RowPlan, completed: Moment | None) -> bool | Unreadable | None:
    """The state of the flags for done. A key for a time contains a flag only if its value is one."""
    keys: Iterable[str] = plan.flags.get("done", ())
    if completed is None and "completed_at" in plan.fields:
        keys = (*keys, *plan.fields["completed_at"].keys)
    return first_readable(_flag(key, row[key]) for key in keys) if keys else None


def _flag(key: str, value: object) -> bool | Unreadable | None:
    state = flag_state(value)
    is_time = state is UNREADABLE and key in COMPLETED.keys and not is_flag_word(value)
    return None if is_time else state
