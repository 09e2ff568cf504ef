"""Compares the tasks lined up for today with the capacity of the rest of the day."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from oo.agent_kit.decision import Say, Silent
from oo.agent_kit.due_counts import PILE_FROM_N, at_least, due_counts
from oo.agent_kit.learned import REST_DAYS
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
from oo.agent_kit.preferences import preferences_schema, whole_number, whole_number_list
from oo.agent_kit.rotation import in_turn
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.wording import about_hours, half_hours
from oo.agents.workload_balance.load import Load, Today, lined_up_tasks, read_load
from oo.agents.workload_balance.load_wording import (
    PLAIN_MOVES,
    ROOM_MOVES,
    counting,
    lined_up,
    load_hours,
    movable,
    tasks_due_today,
    ways_out,
)
from oo.agents.workload_balance.working_day import Capacity, WorkingDay, working_day
from oo.snapshot.subtasks import without_parents
from oo.snippets.grammar import SnippetDraft

_OVERLOAD_RATIO = 1.25
_ROOM_RATIO = 0.5
_ROOM_ENDS = timedelta(hours=2)
_COUNT_SLACK_N = 2
_MOSTLY_KNOWN_P = 0.5
_WINDOW_D = 28
_LEAST_THROUGHPUT_D = 0.5
_LEAST_PLAIN_N = 3

MANIFEST = Manifest(
    agent_id="workload-balance",
    version="2.0.0",
    title="Today's load",
    description="Says how much is due today and, where a capacity is set, whether the day holds it; offers a way out.",
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
            "tags",
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
                "Time for tasks (minutes a day)", "What a working day holds; without it no capacity is told.", 30, 960
            ),
            "work_start_h": whole_number("Working day starts", "Full hour.", 0, 23),
            "work_end_h": whole_number("Working day ends", "Full hour; before the start, on the next day.", 1, 24),
            "rest_days": whole_number_list(
                "Rest days", "0 is Monday; a day without capacity; learned until you set it.", 0, 6
            ),
            "daily_capacity_n": whole_number("Tasks a day", "What a good day holds; learned until you set it.", 1, 50),
        }
    ),
    ui={
        "ui:order": [
            "enabled",
            "capacity_min",
            "work_start_h",
            "work_end_h",
            "rest_days",
            "daily_capacity_n",
            "timezone",
        ],
        "capacity_min": {"ui:widget": "range"},
        "rest_days": {"ui:widget": "checkboxes"},
    },
    signals_schema=snapshot_signals(
        ("nothing_due", "few_due", "in_balance", "no_zone"),
        today_n=Signal("integer", "tasks", "Due today, their hour still to come.", nullable=False),
        overdue_n=Signal("integer", "tasks", "Open tasks whose date or hour has passed.", nullable=False),
        load_min=Signal(
            "number",
            "minutes",
            "Estimates of what is due today or in progress, missing ones filled in.",
            nullable=False,
        ),
        known_est_p=Signal("number", "share", "How many of them have a known time."),
        capacity_left_min=Signal("number", "minutes", "What is left of the capacity that the user set."),
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
        REST_DAYS,
    ),
)


def decide(view: UserView) -> Say | Silent:
    """Overload with a task that could move, or room; if the capacity is unknown, the tasks due today."""
    counts = due_counts(view)
    today_n = len(without_parents(counts.today))
    capacity = _capacity(view)
    load = read_load(view, lined_up_tasks(view, counts), is_least=counts.more_today)
    signals = _signals(view, load, capacity) | {"today_n": today_n, "overdue_n": counts.passed_n}
    if not view.clock.zone_known:
        return Silent("no_zone", signals)
    if not load.tasks:
        return Silent("nothing_due", signals)
    today = Today(view, counts, today_n, load, capacity)
    ends = [counts.changes_at, _end_ahead(view)]
    return (
        _too_many(today, signals, ends)
        or _overload(today, signals, ends)
        or _room(today, signals, ends)
        or _plain(today, signals, ends)
        or _silence(today, signals, ends)
    )


def _silence(today: Today, signals: dict[str, object], ends: Sequence[datetime | None]) -> Silent:
    if today.capacity is None:
        return Silent("few_due", signals, ends)
    return Silent("in_balance", signals, [*ends, today.capacity.falls_to(today.load.minutes / _OVERLOAD_RATIO)])


def _is_rest_day(view: UserView) -> bool:
    return view.clock.today.weekday() in view.preferences.whole_numbers("rest_days")


def _working_day(view: UserView) -> WorkingDay | None:
    number = view.preferences.optional_number
    return None if _is_rest_day(view) else working_day(view.clock, number("work_start_h"), number("work_end_h"))


def _capacity(view: UserView) -> Capacity | None:
    """The capacity that the user set; None if unset, and on a day of rest."""
    minutes = view.preferences.optional_number("capacity_min")
    return None if minutes is None or _is_rest_day(view) else Capacity(minutes, _working_day(view))


def _signals(view: UserView, load: Load, capacity: Capacity | None) -> dict[str, object]:
    clock = view.clock
    throughput_d = len(view.completions_within(_WINDOW_D)) / _WINDOW_D
    left_min = capacity.left_min(clock.now) if capacity else None
    return {
        "load_min": load.minutes,
        "known_est_p": load.known_p if load.tasks else None,
        "capacity_left_min": None if left_min is None else float(left_min),
        "load_ratio": load.minutes / left_min if left_min else None,
        "wip_n": sum(task.in_progress for task in view.tasks.open),
        "throughput_d": throughput_d,
        "clear_days": len(view.tasks.open) / throughput_d if throughput_d >= _LEAST_THROUGHPUT_D else None,
    }


def _end_ahead(view: UserView) -> datetime | None:
    """The end of the current or coming working hours."""
    day = _working_day(view)
    return day.end if day and view.clock.now < day.end else None


def _rounding_edge(capacity: Capacity, now: datetime) -> datetime | None:
    """The time at which the displayed hours of capacity change."""
    halves = half_hours(capacity.left_min(now))
    return capacity.falls_to(30 * (halves - 0.5)) if halves else None


def _too_many(today: Today, signals: dict[str, object], ends: Sequence[datetime | None]) -> Say | None:
    """Overload by number of tasks, if most of the minutes would be guesses."""
    capacity_n = today.view.preferences.optional_number("daily_capacity_n")
    if capacity_n is None or today.load.known_p >= _MOSTLY_KNOWN_P or today.today_n <= capacity_n + _COUNT_SLACK_N:
        return None
    return _deferring(today, f"{tasks_due_today(today)} against a daily capacity of {capacity_n}.", signals, ends)


def _overload(today: Today, signals: dict[str, object], ends: Sequence[datetime | None]) -> Say | None:
    """More minutes than the remaining capacity, or any task after the working hours."""
    now, load, capacity = today.view.clock.now, today.load, today.capacity
    day = _working_day(today.view)
    if day is not None and now >= day.end:
        fact = f"{lined_up(load)} and the working hours are over{counting(load)}."
        return _deferring(today, fact, signals, ends, is_over=True)
    if capacity is None or load.minutes < _OVERLOAD_RATIO * capacity.left_min(now):
        return None
    left = about_hours(capacity.left_min(now))
    against = f"with {left} of capacity left" if capacity.day else f"against a capacity of {left} a day"
    ends = [*ends, _rounding_edge(capacity, now)]
    return _deferring(today, f"{lined_up(load)} {against}{counting(load)}.", signals, ends)


def _room(today: Today, signals: dict[str, object], ends: Sequence[datetime | None]) -> Say | None:
    """Room for an important task; not with a pile of overdue tasks, nor if more tasks may be due today than known."""
    now, load, capacity = today.view.clock.now, today.load, today.capacity
    if capacity is None or capacity.day is None or load.is_least or today.counts.passed_n >= PILE_FROM_N:
        return None
    if load.minutes > _ROOM_RATIO * capacity.left_min(now) or now >= capacity.day.end - _ROOM_ENDS:
        return None
    line = SnippetDraft(
        kind="plan",
        strength=_strength(load),
        fact=f"{lined_up(load)} with {about_hours(capacity.left_min(now))} of capacity left{counting(load)}.",
        move=_turn(today.view, ROOM_MOVES),
        care="leaving it open is fine, too.",
    )
    begins_to_fill = capacity.falls_to(load.minutes / _ROOM_RATIO)
    ends = [*ends, capacity.day.end - _ROOM_ENDS, begins_to_fill, _rounding_edge(capacity, now)]
    return Say(line, signals, ends)


def _plain(today: Today, signals: dict[str, object], ends: Sequence[datetime | None]) -> Say | None:
    """The number of tasks due today and overdue, if the capacity is unknown."""
    if today.capacity is not None or today.today_n < _LEAST_PLAIN_N:
        return None
    load = read_load(today.view, today.counts.today, is_least=today.load.is_least)
    hours = ""
    if load.known_p >= _MOSTLY_KNOWN_P:
        hours = f", {load_hours(load)}{counting(load) if load.known_p < 1 else ' by their estimates'}"
    overdue_n = len(without_parents(today.counts.overdue))
    overdue = at_least(overdue_n, may_be_more=today.counts.more_overdue)
    past = f", {overdue} {'is past its' if overdue_n == 1 else 'are past their'} date" if overdue_n else ""
    line = SnippetDraft("plan", 2, f"{tasks_due_today(today)}{hours}{past}.", _turn(today.view, PLAIN_MOVES))
    return Say(line, signals, ends)


def _deferring(
    today: Today, fact: str, signals: dict[str, object], ends: Sequence[datetime | None], *, is_over: bool = False
) -> Say:
    put_off = movable(today)
    line = SnippetDraft(
        kind="defer",
        strength=_strength(today.load),
        fact=fact,
        move=_turn(today.view, ways_out(today, put_off, is_over=is_over)),
        care="moving is planning, not failing.",
        titles=[put_off.title] if put_off else [],
    )
    return Say(line, signals | {"defer_task_id": put_off.id if put_off else None}, ends)


def _turn(view: UserView, moves: Sequence[str]) -> str:
    return in_turn(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, moves)


def _strength(load: Load) -> int:
    """The strength: lower if most estimates are missing."""
    return 2 if load.known_p >= _MOSTLY_KNOWN_P else 1


AGENT = RuleAgent(MANIFEST, decide)
