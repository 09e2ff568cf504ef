"""Compares what is lined up for today with what the rest of the day holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

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
from oo.agent_kit.preferences import preferences_schema, whole_number
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.wording import about_hours, half_hours, minutes_phrase
from oo.agents.workload_balance.working_day import WorkingDay, working_day
from oo.snapshot.tasks import Task
from oo.snippets.grammar import SnippetDraft

_OVERDUE_D = 3
_DEFAULT_ESTIMATE_MIN = 30.0
_LEAST_KNOWN_N = 3
_OVERLOAD_RATIO = 1.25
_ROOM_RATIO = 0.5
_ROOM_ENDS = timedelta(hours=2)
_COUNT_SLACK_N = 2
_MOSTLY_KNOWN_P = 0.5
_WINDOW_D = 28
_LEAST_THROUGHPUT_D = 0.5

MANIFEST = Manifest(
    agent_id="workload-balance",
    version="1.1.0",
    title="Today's load",
    description="Compares the time that today's tasks take with what is left of the day, and offers a way out.",
    kinds=("defer", "plan"),
    requires=Requires(
        tasks=(
            "id",
            "title",
            "status",
            "due_at",
            "created_at",
            "completed_at",
            "priority",
            "project_id",
            "estimate_minutes",
            "recurrence",
            "parent_id",
        ),
        completions=True,
    ),
    eligibility=Eligibility(
        rule={">=": [{"+": [{"var": ["task_due_today_n", 0]}, {"var": ["task_overdue_n", 0]}]}, 1]},
        facts=("task_due_today_n", "task_overdue_n"),
        reason="Needs an open task that is due today or overdue.",
    ),
    prefs_schema=preferences_schema(
        {
            "capacity_min": whole_number(
                "Time for tasks (minutes a day)", "What a working day holds.", 30, 960, default=240
            ),
            "work_start_h": whole_number("Working day starts", "Full hour.", 0, 23, default=9),
            "work_end_h": whole_number("Working day ends", "Full hour.", 1, 24, default=18),
            "daily_capacity_n": whole_number("Tasks a day", "What a good day holds; learned until you set it.", 1, 50),
        }
    ),
    ui={
        "ui:order": ["enabled", "capacity_min", "work_start_h", "work_end_h", "daily_capacity_n", "timezone"],
        "capacity_min": {"ui:widget": "range"},
    },
    signals_schema=snapshot_signals(
        ("nothing_due", "in_balance"),
        today_n=Signal("integer", "tasks", "Due today, overdue up to 3 days, or in progress.", nullable=False),
        load_min=Signal("number", "minutes", "Their estimates, missing ones filled in.", nullable=False),
        known_est_p=Signal("number", "share", "How many of them have an estimate."),
        capacity_left_min=Signal("number", "minutes", "What is left of the day's capacity.", nullable=False),
        load_ratio=Signal("number", "ratio", "Load over capacity left, null when none is left."),
        wip_n=Signal("integer", "tasks", "Open tasks in progress.", nullable=False),
        throughput_d=Signal("number", "tasks a day", "Completions a day over 28 days.", nullable=False),
        clear_days=Signal("number", "days", "Open tasks over throughput, from half a task a day on."),
        defer_task_id=Signal("string", "id", "The task that could move."),
    ),
    ttl=Ttl(max_s=3 * 3600, breaks=("midnight", "work_end", "load_ratio", "rounding")),
    privacy=Privacy(reads=("tasks", "completions")),
    evidence=(
        Citation("People plan for the best case: predicted 34 days, took 56.", "Buehler, Griffin & Ross 1994"),
        Citation("Time to clear a queue is its length over throughput.", "Little's law"),
    ),
    inferred_params=(
        InferredParam(
            key="daily_capacity_n",
            source="completions",
            estimator="wq",
            args={"measure": "done_per_active_day", "p": 0.75},
            prior=None,
            half_life_d=30,
            min_n=14,
            min_n_eff=6,
            clamp=(1, 50),
            round=1,
            describe="On a good day you finish about {value} tasks.",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Load:
    """Today's tasks and their minutes; those without an estimate count `fill_min` each."""

    tasks: Sequence[Task]
    minutes: float
    known_p: float
    fill_min: float


def decide(view: UserView) -> Say | Silent:
    """Overload with a task that could move, room, or silence in between."""
    load = _load(view)
    number = view.preferences.number
    day = working_day(view.clock, number("work_start_h"), number("work_end_h"), number("capacity_min"))
    left_min = day.left_min(view.clock.now)
    signals = _signals(view, load, left_min)
    if not load.tasks:
        return Silent("nothing_due", signals)
    if _is_too_many(view, load):
        return _overload(view, load, _count_fact(view, load), signals, valid_until_candidates=[_end_ahead(view, day)])
    if load.minutes >= _OVERLOAD_RATIO * left_min:
        valid_until_candidates = [_end_ahead(view, day), _rounding_edge(day, left_min)]
        return _overload(view, load, _hours_fact(load, left_min), signals, valid_until_candidates)
    if load.minutes <= _ROOM_RATIO * left_min and view.clock.now < day.end - _ROOM_ENDS:
        return _room(view, load, day, signals)
    return Silent("in_balance", signals, valid_until_candidates=[day.falls_to(load.minutes / _OVERLOAD_RATIO)])


def _load(view: UserView) -> Load:
    """Due today or overdue for up to 3 days, and then whatever is in progress, too."""
    waiting = [task for task in view.tasks.open if task.due and 0 <= view.clock.days_since(task.due) <= _OVERDUE_D]
    if not waiting:
        return Load((), 0.0, 0.0, _DEFAULT_ESTIMATE_MIN)
    keys = {task.key for task in waiting}
    tasks = [*waiting, *(task for task in view.tasks.open if task.in_progress and task.key not in keys)]
    fill_min = _usual_estimate_min(view)
    known_n = sum(task.estimate_min is not None for task in tasks)
    # Sorted, so that the sum does not depend on the order in which tasks come.
    minutes = sum(sorted(task.estimate_min or fill_min for task in tasks))
    return Load(tasks, minutes, known_n / len(tasks), fill_min)


def _usual_estimate_min(view: UserView) -> float:
    known = [task.estimate_min for task in (*view.tasks.open, *view.tasks.done) if task.estimate_min]
    return median(known) if len(known) >= _LEAST_KNOWN_N else _DEFAULT_ESTIMATE_MIN


def _signals(view: UserView, load: Load, left_min: float) -> dict[str, object]:
    clock = view.clock
    done_n = sum(clock.days_since(each.completed) < _WINDOW_D for each in view.completions)
    throughput_d = done_n / _WINDOW_D
    return {
        "today_n": len(load.tasks),
        "load_min": load.minutes,
        "known_est_p": load.known_p if load.tasks else None,
        "capacity_left_min": float(left_min),
        "load_ratio": load.minutes / left_min if left_min else None,
        "wip_n": sum(task.in_progress for task in view.tasks.open),
        "throughput_d": throughput_d,
        "clear_days": len(view.tasks.open) / throughput_d if throughput_d >= _LEAST_THROUGHPUT_D else None,
    }


def _is_too_many(view: UserView, load: Load) -> bool:
    """Overload by count, where most of the minutes would be guesses."""
    capacity_n = view.preferences.optional_number("daily_capacity_n")
    if capacity_n is None or load.known_p >= _MOSTLY_KNOWN_P:
        return False
    return len(load.tasks) > capacity_n + _COUNT_SLACK_N


def _end_ahead(view: UserView, day: WorkingDay) -> datetime | None:
    return day.end if view.clock.now < day.end else None


def _rounding_edge(day: WorkingDay, left_min: float) -> datetime | None:
    """When the printed hours that are left change."""
    halves = half_hours(left_min)
    return day.falls_to(30 * (halves - 0.5)) if halves else None


def _overload(
    view: UserView, load: Load, fact: str, signals: dict[str, object], valid_until_candidates: Sequence[datetime | None]
) -> Say:
    movable = _movable(view, load)
    line = SnippetDraft(
        kind="defer",
        strength=_strength(load),
        fact=fact,
        move=_way_out(load, movable, over=not signals["capacity_left_min"]),
        care="moving is planning, not failing.",
        titles=[movable.title] if movable else [],
    )
    return Say(line, signals | {"defer_task_id": movable.id if movable else None}, valid_until_candidates)


def _room(view: UserView, load: Load, day: WorkingDay, signals: dict[str, object]) -> Say:
    left_min = day.left_min(view.clock.now)
    line = SnippetDraft(
        kind="plan",
        strength=_strength(load),
        fact=_hours_fact(load, left_min),
        move="give part of the open time to one thing that matters, at a fixed hour.",
        care="leaving it open is fine, too.",
    )
    valid_until_candidates = [
        day.end - _ROOM_ENDS,
        day.falls_to(load.minutes / _ROOM_RATIO),
        _rounding_edge(day, left_min),
    ]
    return Say(line, signals, valid_until_candidates)


def _strength(load: Load) -> int:
    """Hours rest on a capacity that is mostly the default, and on less still where estimates are missing."""
    return 2 if load.known_p >= _MOSTLY_KNOWN_P else 1


def _hours_fact(load: Load, left_min: float) -> str:
    lined_up = f"{about_hours(load.minutes)} is lined up for today"
    counting = ""
    if load.known_p < 1:
        counting = f", counting {minutes_phrase(load.fill_min)} where a task has no estimate"
    if not left_min:
        return f"{lined_up} and the working hours are over{counting}."
    return f"{lined_up} with {about_hours(left_min)} of capacity left{counting}."


def _count_fact(view: UserView, load: Load) -> str:
    capacity_n = view.preferences.number("daily_capacity_n")
    return f"{len(load.tasks)} tasks are lined up for today against a daily capacity of {capacity_n}."


def _movable(view: UserView, load: Load) -> Task | None:
    """The least important task, of these the one due last; never one with a clock time today."""
    today, zone = view.clock.today, view.clock.zone
    movable = [
        task
        for task in load.tasks
        if task.title and not (task.due and not task.due.date_only and task.due.day(zone) == today)
    ]
    return min(
        movable,
        key=lambda task: (
            task.importance,
            -(task.due.at.timestamp() if task.due else float("inf")),
            task.title,
            task.key,
        ),
        default=None,
    )


def _way_out(load: Load, movable: Task | None, *, over: bool) -> str:
    if movable is None:
        return "keep what matters most and agree on another day for the rest."
    if over:
        return "give {0} another day."
    if len(load.tasks) == 1:
        return "do a first part of {0} and give the rest another day."
    return "keep what matters most and give {0} another day."


AGENT = RuleAgent(MANIFEST, decide)
