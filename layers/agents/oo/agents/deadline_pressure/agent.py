"""Names the one dated task that needs a move now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from oo.agent_kit.decision import Say, Silent
from oo.agent_kit.manifest import (
    Citation,
    Eligibility,
    InferredParam,
    Manifest,
    Privacy,
    Requires,
    Signal,
    Ttl,
    snapshot_signals,
)
from oo.agent_kit.preferences import decimal, flag, preferences_schema, whole_number
from oo.agent_kit.rotation import NEAR_SHARE, Scored, near_best, rotation_index
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.wording import Phrase, counted, when_phrase
from oo.agents.deadline_pressure.pressure import Pressure, first_change
from oo.snapshot.clock import DAY, Moment
from oo.snapshot.subtasks import without_parents
from oo.snapshot.tasks import LONGEST_OVERDUE_D, Task, overdue_days
from oo.snippets.grammar import SnippetDraft

_LEAST_PRESSURE = 0.35
_WORK_H_PER_DAY = 4
_BLOCKS_MIN = (5, 10, 15, 20, 25)
_DAY_S = 86_400
_COUNTED_OVERDUE_D = 3

MANIFEST = Manifest(
    agent_id="deadline-pressure",
    version="1.1.0",
    title="Deadlines",
    description="Names the one dated task that needs a move now, weighing its date, its importance and the work left.",
    kinds=("start", "decide"),
    requires=Requires(
        tasks=(
            "id",
            "title",
            "status",
            "due_at",
            "created_at",
            "completed_at",
            "priority",
            "estimate_minutes",
            "recurrence",
            "parent_id",
        ),
        completions=True,
    ),
    eligibility=Eligibility(
        rule={">=": [{"+": [{"var": ["task_overdue_n", 0]}, {"var": ["task_due_14d_n", 0]}]}, 1]},
        facts=("task_overdue_n", "task_due_14d_n"),
        reason="Needs an open task that is overdue or due within 14 days.",
    ),
    prefs_schema=preferences_schema(
        {
            "horizon_days": whole_number(
                "Look ahead (days)", "Dates further away are not mentioned.", 1, 14, default=7
            ),
            "lead_days": decimal(
                "Head start (days)",
                "How long before a date you like to be done; learned until you set it.",
                0,
                14,
                default=1,
            ),
            "mention_overdue": flag(
                "Count days past a date", "Say how many days a task is past its date.", default=True
            ),
        }
    ),
    ui={
        "ui:order": ["enabled", "horizon_days", "lead_days", "mention_overdue", "timezone"],
        "horizon_days": {"ui:widget": "range"},
    },
    signals_schema=snapshot_signals(
        ("no_due", "no_title", "due_unread", "long_overdue", "not_pressing", "no_zone"),
        overdue_n=Signal("integer", "tasks", "Open tasks past their due date.", nullable=False),
        due_24h_n=Signal("integer", "tasks", "Open tasks due within 24 hours.", nullable=False),
        due_7d_n=Signal("integer", "tasks", "Open tasks due within 7 days.", nullable=False),
        top_task_id=Signal("string", "id", "The named task."),
        top_slack_h=Signal("number", "hours", "Hours until it is due, negative when past."),
        top_pressure_ratio=Signal("number", "ratio", "Its pressure; 1 is an important task with no time to spare."),
    ),
    ttl=Ttl(max_s=6 * 3600, breaks=("midnight", "due", "time_words", "overtaking")),
    privacy=Privacy(reads=("tasks", "completions")),
    evidence=(
        Citation("Motivation rises as value over delay: weight / (1 + slack).", "Steel 2007; Steel et al. 2018"),
        Citation("A deadline rush is normal pacing, not failure.", "Physics Today 69(2) 11"),
    ),
    inferred_params=(
        InferredParam(
            key="lead_days",
            source="completions",
            estimator="wq",
            args={"measure": "days_early", "p": 0.5, "shrink_k": 4},
            prior=1,
            half_life_d=45,
            min_n=8,
            min_n_eff=6,
            clamp=(0, 14),
            round=0.1,
            describe="You usually finish {value} days before the date.",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A dated open task that could be named; `enters_s` is when it comes inside the horizon, 0 if it is."""

    task: Task
    due: Moment
    pressure: Pressure
    enters_s: float


def decide(view: UserView) -> Say | Silent:
    """The most pressing task with its date, or why no date presses."""
    signals = _counts(view)
    dated = [task for task in view.tasks.open if task.due and task.title]
    if not dated:
        return Silent(_undated_reason(view), signals)
    candidates = list(_candidates(view, dated))
    if not candidates:
        return Silent(_unless_unread(view, "long_overdue"), signals)
    inside = [each for each in candidates if each.enters_s <= 0]
    if not any(each.pressure.at() >= _LEAST_PRESSURE for each in inside):
        starts_s = min(max(each.enters_s, each.pressure.reaches_at(_LEAST_PRESSURE)) for each in candidates)
        reason = _unless_unread(view, "not_pressing")
        return Silent(reason, signals, valid_until_candidates=[view.clock.now + timedelta(seconds=starts_s)])
    return _statement(view, candidates, inside, signals)


def _undated_reason(view: UserView) -> str:
    """Why no task with a date can be named: a date or a title that is there was not read, or there is no date."""
    if any(task.due for task in view.tasks.open):
        return "no_title"
    return _unless_unread(view, "no_due")


def _unless_unread(view: UserView, reason: str) -> str:
    """The reason, unless a due date is there that could not be read: it may be one that presses."""
    return "due_unread" if any(task.due_unknown for task in view.tasks.open) else reason


def _counts(view: UserView) -> dict[str, object]:
    now = view.clock.now
    dues = [task.due.at for task in view.tasks.open if task.due]
    return {
        "overdue_n": sum(due < now for due in dues),
        "due_24h_n": sum(now <= due < now + DAY for due in dues),
        "due_7d_n": sum(now <= due < now + 7 * DAY for due in dues),
    }


def _candidates(view: UserView, dated: Sequence[Task]) -> Iterator[Dated]:
    """Dated tasks that are not long overdue; those beyond the horizon wait to enter it."""
    lead_s = view.preferences.number("lead_days") * _DAY_S
    horizon_s = view.preferences.number("horizon_days") * _DAY_S
    for task in dated:
        overdue_d = overdue_days(task, view.clock)
        if task.due is None or (overdue_d or 0) > LONGEST_OVERDUE_D:
            continue
        weight = 0.4 + 0.6 * task.importance
        if overdue_d is not None:
            yield Dated(task, task.due, Pressure(weight * (1 + 0.25 * min(1, overdue_d / 7)), 0), 0)
            continue
        slack_s = (task.due.at - view.clock.now).total_seconds()
        needed_s = round((task.estimate_min or 0) * 60 * 24 / _WORK_H_PER_DAY + lead_s)
        # The horizon itself lies outside: eligibility counts tasks strictly before 14 days.
        enters_s = slack_s - horizon_s + 1 if slack_s >= horizon_s else 0
        yield Dated(task, task.due, Pressure(weight, max(0, slack_s - needed_s)), enters_s)


def _statement(
    view: UserView, candidates: Sequence[Dated], inside: Sequence[Dated], signals: dict[str, object]
) -> Say | Silent:
    by_key = {each.task.key: each for each in candidates}
    near = [by_key[each.task.key] for each in near_best([Scored(one.task, one.pressure.at()) for one in inside])]
    top = near[rotation_index(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, len(near))]
    when = when_phrase(top.due, view.clock)
    if when is None:
        return Silent("no_zone", signals)
    signals |= {
        "top_task_id": top.task.id,
        "top_slack_h": (top.due.at - view.clock.now).total_seconds() / 3600,
        "top_pressure_ratio": top.pressure.at(),
    }
    change_s = _order_change(candidates, near)
    changes_at = None if change_s is None else view.clock.now + timedelta(seconds=change_s)
    return Say(_line(view, top.task, when), signals, valid_until_candidates=[when.holds_until, changes_at])


def _order_change(candidates: Sequence[Dated], near: Sequence[Dated]) -> float | None:
    """Seconds until the near equals change: two of them swap places, one drops out, or another task joins."""
    end_s = float(MANIFEST.ttl.max_s)
    best = near[0].pressure
    swaps = [first_change(one.pressure, other.pressure, 1, end_s=end_s) for one, other in pairwise(near)]
    moves = [_membership_change(each, best, end_s) for each in candidates if each.enters_s < end_s]
    return min((change for change in swaps + moves if change is not None), default=None)


def _membership_change(each: Dated, best: Pressure, end_s: float) -> float | None:
    if each.enters_s > 0 and each.pressure.at(each.enters_s) >= NEAR_SHARE * best.at(each.enters_s):
        return each.enters_s
    return first_change(each.pressure, best, NEAR_SHARE, start_s=each.enters_s, end_s=end_s)


def _line(view: UserView, top: Task, when: Phrase) -> SnippetDraft:
    overdue_d = overdue_days(top, view.clock)
    if overdue_d is None:
        block = f"a {_block_min(top)}-min block" if _block_min(top) else "it now: it is short"
        return SnippetDraft(
            kind="start",
            strength=3,
            fact=f"{{0}} is due {when.text}{_others_due_today(view, top)}.",
            move=f"start with {block}.",
            care="no remark on lateness.",
            titles=[top.title],
        )
    return SnippetDraft(
        kind="decide",
        strength=3,
        fact=f"{{0}} {_past(view, top, when, overdue_d)}{_others_due_today(view, top)}.",
        move="finish it, renegotiate it, or give it a new date.",
        care="no remark on lateness.",
        titles=[top.title],
    )


def _past(view: UserView, top: Task, when: Phrase, overdue_d: int) -> str:
    """How far a task is past its date, or on its own day past its time; without a zone only what holds everywhere."""
    clock = view.clock
    if clock.zone_known and overdue_d == 0 and top.due and not top.due.date_only:
        return f"was due today at {clock.local(top.due.at):%H:%M}"
    counts = clock.zone_known and overdue_d > 0 and view.preferences.flag("mention_overdue")
    if counts and overdue_d <= _COUNTED_OVERDUE_D:
        return f"is {counted(overdue_d, 'day')} past its date"
    several = overdue_d > _COUNTED_OVERDUE_D and view.preferences.flag("mention_overdue")
    return "is several days past its date" if several else f"is {when.text}"


def _others_due_today(view: UserView, top: Task) -> str:
    """A clause with how many other tasks carry today's date; this counts dates, so it holds until midnight.

    Where an open task's date is unknown the count is a least one, and nothing is said of none.
    """
    clock, tasks = view.clock, view.tasks
    if not clock.zone_known:
        return ""
    due_today = [task for task in tasks.open if task.due and task.due.day(clock.zone) == clock.today]
    is_one = any(task.key == top.key for task in due_today)
    others = len(without_parents([task for task in due_today if task.key not in (top.key, top.parent)]))
    other = "other " if is_one else ""
    is_sure = not tasks.may_be_due_on(clock.today, clock.zone)
    if others:
        are = "is" if others == 1 else "are"
        return f"; {'' if is_sure else 'at least '}{counted(others, f'{other}task')} {are} due today"
    if not is_sure:
        return ""
    return "; nothing else is due today" if is_one else "; nothing is due today"


def _block_min(task: Task) -> int:
    """The longest usual block that a task's estimate holds, the longest of all without one."""
    estimate = _BLOCKS_MIN[-1] if task.estimate_min is None else task.estimate_min
    return max((block for block in _BLOCKS_MIN if block <= estimate), default=int(estimate))


AGENT = RuleAgent(MANIFEST, decide)
