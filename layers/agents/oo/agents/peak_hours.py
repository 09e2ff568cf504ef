"""Reserves the hours in which tasks usually get finished for the most important task."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

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
from oo.agent_kit.preferences import decimal, preferences_schema
from oo.agent_kit.rotation import Scored, in_turn, near_best, rotation_index
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.windows import Window, daily_window
from oo.agent_kit.wording import hour_phrase
from oo.snapshot.clock import offset_change
from oo.snapshot.tasks import Task, tie_order
from oo.snippets.grammar import SnippetDraft

_HOUR = timedelta(hours=1)
_DEFAULT_ESTIMATE_MIN = 30.0
# A longer task fills the window anyway.
_LONGEST_COUNTED_MIN = 180.0

MANIFEST = Manifest(
    agent_id="peak-hours",
    version="1.3.0",
    title="Finishing hours",
    description="Learns when you usually finish things and saves that window for what weighs most.",
    kinds=("start", "plan"),
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
        ),
        completions=True,
    ),
    eligibility=Eligibility(
        rule={
            "and": [
                {">=": [{"var": ["task_open_n", 0]}, 1]},
                {
                    "or": [
                        {"!==": [{"var": ["prefs.peak_hour_local", None]}, None]},
                        {"!==": [{"var": ["prefs.peak_hour_utc", None]}, None]},
                        {">=": [{"var": ["completions_90d_n", 0]}, 12]},
                    ]
                },
            ]
        },
        facts=("task_open_n", "prefs.peak_hour_local", "prefs.peak_hour_utc", "completions_90d_n"),
        reason="Needs an open task, and your best hour or about 12 completions with a clear time pattern.",
    ),
    prefs_schema=preferences_schema(
        {
            "peak_hour_local": {
                **decimal("My best hour", "Leave it empty to have it learned.", 0, 23.5),
                "multipleOf": 0.5,
            },
            "window_h": decimal("Window length (hours)", "Its middle is the best hour.", 1, 6, default=3),
            "peak_hour_utc": decimal(
                "Learned hour (UTC)",
                "Learned from when you finish things; your own hour goes first.",
                0,
                23.5,
                learned=True,
            ),
        }
    ),
    ui={
        "ui:order": ["enabled", "peak_hour_local", "window_h", "peak_hour_utc", "timezone"],
        "window_h": {"ui:widget": "range"},
    },
    signals_schema=snapshot_signals(
        ("no_open_task", "set_aside", "no_zone", "no_peak_hour"),
        peak_hour_local_h=Signal("number", "hour of the day", "The hour around which things get finished."),
        in_window=Signal("boolean", "flag", "Whether the window around it is open."),
        window_start_at=Signal("string", "ISO 8601", "When the open or the next window starts."),
        window_end_at=Signal("string", "ISO 8601", "When it ends."),
        to_window_h=Signal("number", "hours", "Hours until it opens, 0 inside."),
        deep_task_id=Signal(
            "string", "id", "The weightiest task that can wait for the end of it: importance times estimate."
        ),
        light_task_id=Signal("string", "id", "Another open task, the one with the shortest estimate."),
    ),
    ttl=Ttl(max_s=24 * 3600, breaks=("midnight", "window_edge", "clock_change")),
    privacy=Privacy(reads=("tasks", "completions")),
    evidence=(
        Citation(
            "Being a morning or an evening person has no robust general effect on how well a task goes (N = 446), so "
            "only the observed habit is stated.",
            "Collabra: Psychology 9(1) 88337, 2023",
        ),
        Citation(
            "A plan with a date and a time was followed more often (+4.2 points), with a date only it was not.",
            "Milkman et al. 2011",
        ),
    ),
    inferred_params=(
        InferredParam(
            key="peak_hour_utc",
            source="completions",
            estimator="circ_mode",
            args={
                "kernel_h": 1.5,
                "window_h": 3,
                "z_begin": 2.9,
                "z_begin_few": 2.5,
                "few_n": 35,
                "z_begin_recent": 3.25,
                "z_move": 1.8,
                "z_stay": 1.2,
                "ratio_begin": 1.35,
                "ratio_stay": 1.2,
                "modulo": 24,
            },
            prior=None,
            half_life_d=21,
            min_n=12,
            min_n_eff=8,
            # Midnight rounds up to 24, which is 0.
            clamp=None,
            round=0.5,
            describe="You usually finish things around {value_local}.",
        ),
    ),
)


def decide(view: UserView) -> Say | Silent:
    """The use of the current or next window, or the reason for none."""
    if not view.tasks.open:
        return Silent("set_aside" if view.tasks.has_open_row else "no_open_task", {})
    if not view.clock.zone_known:
        return Silent("no_zone", {})
    peak_h, flip = _peak_hour(view)
    if peak_h is None:
        return Silent("no_peak_hour", {})
    window = daily_window(view.clock, peak_h, view.preferences.number("window_h"))
    near = _weightiest(task for task in view.tasks.open if task.title and _can_wait(task, window))
    deep = near[rotation_index(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, len(near))] if near else None
    light = _lightest(view.tasks.open, deep)
    is_open = window.holds(view.clock.now)
    signals: dict[str, object] = {
        "peak_hour_local_h": peak_h,
        "in_window": is_open,
        "window_start_at": window.start.isoformat(timespec="seconds"),
        "window_end_at": window.end.isoformat(timespec="seconds"),
        "to_window_h": max(0.0, (window.start - view.clock.now).total_seconds() / 3600),
        "deep_task_id": deep.id if deep else None,
        "light_task_id": light.id if light else None,
    }
    if is_open:
        return Say(_open_line(view, peak_h, window, near, deep), signals, valid_until_candidates=[window.end, flip])
    return Say(_closed_line(view, window, deep, light), signals, valid_until_candidates=[window.start, flip])


def _peak_hour(view: UserView) -> tuple[float | None, datetime | None]:
    """The user's own hour, else the learned one on the local clock, and the time at which a clock change moves it."""
    own_h = view.preferences.optional_number("peak_hour_local")
    learned_h = view.preferences.optional_number("peak_hour_utc")
    if own_h is not None or learned_h is None:
        return own_h, None
    ahead = view.clock.local(view.clock.now).utcoffset() or timedelta(0)
    return (learned_h + ahead / _HOUR) % 24, offset_change(view.clock)


def _is_own(view: UserView) -> bool:
    return view.preferences.optional_number("peak_hour_local") is not None


def _can_wait(task: Task, window: Window) -> bool:
    """Whether the window may be reserved for the task: not after its date, nor while its date is unknown."""
    return not task.due_unknown and (task.due is None or task.due.at >= window.end)


def _weightiest(tasks: Iterable[Task]) -> list[Task]:
    """The task with the highest product of importance and minutes, and its near equals."""
    scored = [Scored(task, _weight(task)) for task in tasks]
    return [each.task for each in near_best(scored)] if scored else []


def _weight(task: Task) -> float:
    return task.importance * min(task.estimate_min or _DEFAULT_ESTIMATE_MIN, _LONGEST_COUNTED_MIN)


def _lightest(tasks: Iterable[Task], deep: Task | None) -> Task | None:
    others = [(task.estimate_min, tie_order(task), task) for task in tasks if task.estimate_min and task != deep]
    return min(others, default=(0, 0, None))[2]


def _open_line(view: UserView, peak_h: float, window: Window, near: Sequence[Task], deep: Task | None) -> SnippetDraft:
    cluster = "the best hour here is set to" if _is_own(view) else "completions here cluster around"
    ends = f"that window runs until {view.clock.local(window.end):%H:%M}"
    named = f"{{0}}{_standing(view, near)}" if deep else "one task that matters"
    return SnippetDraft(
        kind="start",
        strength=2,
        fact=f"{cluster} {hour_phrase(peak_h)}, and {ends}.",
        move=_in_turn(view, f"give it to {named}.", f"use it for {named}."),
        titles=[deep.title] if deep else [],
    )


def _standing(view: UserView, near: Sequence[Task]) -> str:
    """A clause on the weight of the named task, if all compared values are known."""
    tells_nothing = near[0].estimate_min is None and not near[0].priority_known
    if tells_nothing or any(task.priority_unknown or task.estimate_unknown for task in view.tasks.open):
        return ""
    if {task.key for task in _weightiest(view.tasks.open)} != {task.key for task in near}:
        return ""
    return ", the weightiest open task" if len(near) == 1 else ", one of the weightiest open tasks"


def _closed_line(view: UserView, window: Window, deep: Task | None, light: Task | None) -> SnippetDraft:
    opens = view.clock.local(window.start)
    name = "the window set for the best hour" if _is_own(view) else "the usual finishing window"
    day = "" if opens.date() == view.clock.today else " tomorrow"
    named = "{0}" if deep else "one task that matters"
    now, until_then = ("; take something light now", ", and do something light until then") if light else ("", "")
    return SnippetDraft(
        kind="plan",
        strength=2,
        fact=f"{name} opens at {opens:%H:%M}{day}.",
        move=_in_turn(view, f"keep {named} for it{now}.", f"leave {named} to it{until_then}."),
        titles=[deep.title] if deep else [],
    )


def _in_turn(view: UserView, *wordings: str) -> str:
    return in_turn(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, wordings)


AGENT = RuleAgent(MANIFEST, decide)
