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
from oo.snapshot.tasks import ESTIMATE_KEYS, LONGEST_OVERDUE_D, Task, overdue_days
from oo.snippets.grammar import SnippetDraft

_LEAST_PRESSURE = 0.35
_WORK_H_PER_DAY = 4
_BLOCKS_MIN = (5, 10, 15, 20, 25)
_DAY_S = 86_400

MANIFEST = Manifest(
    agent_id="deadline-pressure",
    title="Deadlines",
    description="Names the one dated task that needs a move now, weighing its date, its importance and the work left.",
    kinds=("start", "decide"),
    requires=Requires(
        tasks=("id", "title", "status", "due_at", "created_at", "completed_at", "priority", *ESTIMATE_KEYS),
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
        ("no_due", "long_overdue", "not_pressing"),
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
        return Silent("no_due", signals)
    candidates = list(_candidates(view, dated))
    if not candidates:
        return Silent("long_overdue", signals)
    inside = [each for each in candidates if each.enters_s <= 0]
    if not any(each.pressure.at() >= _LEAST_PRESSURE for each in inside):
        starts_s = min(max(each.enters_s, each.pressure.reaches_at(_LEAST_PRESSURE)) for each in candidates)
        return Silent("not_pressing", signals, valid_until_candidates=[view.clock.now + timedelta(seconds=starts_s)])
    return _statement(view, candidates, inside, signals)


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


def _statement(view: UserView, candidates: Sequence[Dated], inside: Sequence[Dated], signals: dict[str, object]) -> Say:
    by_id = {each.task.id: each for each in candidates}
    near = [by_id[each.task.id] for each in near_best([Scored(one.task, one.pressure.at()) for one in inside])]
    top = near[rotation_index(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, len(near))]
    when = when_phrase(top.due, view.clock)
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
    others = _others_due_today(view, top)
    if overdue_d is None:
        return SnippetDraft(
            kind="start",
            strength=3,
            fact=f"{{0}} is due {when.text}; {others}.",
            move=f"start with a {_block_min(top)}-min block.",
            care="no remark on lateness.",
            titles=[top.title],
        )
    return SnippetDraft(
        kind="decide",
        strength=3,
        fact=f"{{0}} is {_past(view, overdue_d)}its date; {others}.",
        move="finish it, renegotiate it, or give it a new date.",
        care="no remark on lateness.",
        titles=[top.title],
    )


def _past(view: UserView, overdue_d: int) -> str:
    if not overdue_d or not view.preferences.flag("mention_overdue"):
        return "past "
    return f"{counted(overdue_d, 'day')} past " if overdue_d <= 3 else "several days past "


def _others_due_today(view: UserView, top: Task) -> str:
    """How many other tasks carry today's date; this counts dates, so it holds until midnight."""
    zone, today = view.clock.zone, view.clock.today
    due_today = [task for task in view.tasks.open if task.due and task.due.day(zone) == today]
    is_one = any(task.id == top.id for task in due_today)
    others = len(due_today) - is_one
    other = "other " if is_one else ""
    if not others:
        return "nothing else is due today" if is_one else "nothing is due today"
    return f"{counted(others, f'{other}task')} {'is' if others == 1 else 'are'} due today"


def _block_min(task: Task) -> int:
    """The shortest usual block that holds the task's estimate, the longest without one."""
    estimate = task.estimate_min or _BLOCKS_MIN[-1]
    return next((block for block in _BLOCKS_MIN if block >= estimate), _BLOCKS_MIN[-1])


AGENT = RuleAgent(MANIFEST, decide)
