"""Offers a small task, but not after a run of easy ones, nor in the user's best hours."""

from collections.abc import Mapping

from oo.agent_kit.decision import Say, Silent
from oo.agent_kit.manifest import Citation, Eligibility, Manifest, Privacy, Requires, Signal, Ttl, snapshot_signals
from oo.agent_kit.moves import known_age_days
from oo.agent_kit.preferences import decimal, preferences_schema, whole_number
from oo.agent_kit.rotation import Scored, choose, in_turn
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.windows import daily_window
from oo.agent_kit.wording import counted, minutes_phrase
from oo.snapshot.clock import Clock, Moment
from oo.snapshot.completions import last_done
from oo.snapshot.tasks import Task, done_within, told_age_days
from oo.snippets.grammar import SnippetDraft

_IMPORTANT = 0.75
_AGE_CAP_D = 14
# Finishing easy tasks first feels good and costs throughput, so the agent is silent after such a run.
_RUN_N = 3
_EASY_SHARE = 0.75
_MOVES = ("do it before the next longer block.", "do it between two other things, in one go.")

MANIFEST = Manifest(
    agent_id="quick-win",
    version="1.2.0",
    title="Quick wins",
    description="Offers a task of a few minutes now and then, and stops after a run of easy ones.",
    kinds=("start",),
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
            "tags",
            "recurrence",
            "parent_id",
        ),
        completions=True,
    ),
    eligibility=Eligibility(
        rule={">=": [{"var": ["task_estimated_open_n", 0]}, 1]},
        facts=("task_estimated_open_n",),
        reason="Needs an open task with an estimate in minutes.",
    ),
    prefs_schema=preferences_schema(
        {
            "quick_max_min": whole_number("Quick means (minutes)", "The longest estimate.", 2, 30, default=10),
            "max_per_day": whole_number("At most a day", "No more after so many small ones.", 0, 10, default=3),
            "peak_hour_local": decimal(
                "My best hour", "Around it no small tasks are offered; empty: no such window.", 0, 23.5
            ),
            "window_h": decimal("Length of that window (hours)", "Its middle is the best hour.", 1, 6, default=3),
        }
    ),
    ui={
        "ui:order": ["enabled", "quick_max_min", "max_per_day", "peak_hour_local", "window_h", "timezone"],
        "quick_max_min": {"ui:widget": "range"},
    },
    signals_schema=snapshot_signals(
        ("no_estimate", "nothing_small", "enough_for_today", "best_hours"),
        quick_n=Signal("integer", "tasks", "Open tasks within the quick limit.", nullable=False),
        top_task_id=Signal("string", "id", "The named task."),
        top_est_min=Signal("number", "minutes", "Its estimate."),
        top_age_d=Signal("integer", "days", "Local calendar days since it was made, null for one that recurs."),
        quick_done_today_n=Signal("integer", "tasks", "Quick tasks done today.", nullable=False),
        easy_share_today_p=Signal("number", "share", "Quick ones among the tasks done today."),
        important_waiting=Signal("boolean", "flag", "Whether an important task is open.", nullable=False),
    ),
    ttl=Ttl(max_s=4 * 3600, breaks=("midnight", "window_edge")),
    privacy=Privacy(reads=("tasks", "completions")),
    evidence=(
        Citation("Easy tasks first under load lowers throughput and learning.", "KC et al., Management Science"),
        Citation("A short step that is named gets started.", "Gollwitzer & Sheeran 2006"),
    ),
)


def decide(view: UserView) -> Say | Silent:
    """Today's small task, or the reason for none."""
    longest_min = view.preferences.number("quick_max_min")
    quick = [task for task in view.tasks.open if task.estimate_min and task.estimate_min <= longest_min]
    last = last_done(view.completions)
    done = done_within(view.tasks, view.clock, 1)
    easy_n = sum(task.estimate_min is not None and task.estimate_min <= longest_min for task in done)
    signals: dict[str, object] = {
        "quick_n": len(quick),
        "quick_done_today_n": easy_n,
        "easy_share_today_p": easy_n / len(done) if done else None,
        "important_waiting": any(task.importance >= _IMPORTANT for task in view.tasks.open),
    }
    if not any(task.estimate_min for task in view.tasks.open):
        return Silent("no_estimate", signals)
    quotable = [task for task in _whole(view, quick) if task.title and not _is_done_for_today(task, last, view.clock)]
    if not quotable:
        return Silent("nothing_small", signals)
    if _enough(view, easy_n, len(done)):
        return Silent("enough_for_today", signals)
    return _unless_best_hours(view, quotable, last, signals)


def _whole(view: UserView, quick: list[Task]) -> list[Task]:
    """Tasks without open subtasks: a task with some takes as long as these."""
    parents = {task.parent for task in (*view.tasks.open, *view.tasks.set_aside)}
    return [task for task in quick if task.key not in parents]


def _is_done_for_today(task: Task, last: Mapping[str, Moment], clock: Clock) -> bool:
    """Whether a recurring task was done today."""
    done = last.get(task.id or "")
    return task.recurs and done is not None and clock.days_since(done) <= 0


def _enough(view: UserView, easy_n: int, done_n: int) -> bool:
    run = done_n >= _RUN_N and easy_n / done_n >= _EASY_SHARE
    return run or easy_n >= view.preferences.number("max_per_day")


def _unless_best_hours(
    view: UserView, quotable: list[Task], last: Mapping[str, Moment], signals: dict[str, object]
) -> Say | Silent:
    peak_h = view.preferences.optional_number("peak_hour_local")
    window = None
    # Without a zone the hour is unknown.
    if peak_h is not None and view.clock.zone_known:
        window = daily_window(view.clock, peak_h, view.preferences.number("window_h"))
    if window and window.holds(view.clock.now):
        return Silent("best_hours", signals, valid_until_candidates=[window.end])
    scored = [Scored(task, _score(task, view)) for task in quotable]
    top = choose(scored, view.snapshot.user_id, MANIFEST.agent_id, view.clock.today)
    signals |= {"top_task_id": top.id, "top_est_min": top.estimate_min, "top_age_d": known_age_days(top, view.clock)}
    ends = [window.start if window else None, view.completions_change_at]
    return Say(_line(view, top, last), signals, valid_until_candidates=ends)


def _score(task: Task, view: UserView) -> float:
    age_d = known_age_days(task, view.clock) or 0
    return (0.5 + 0.5 * task.importance) * (1 + min(age_d, _AGE_CAP_D) / _AGE_CAP_D)


def _line(view: UserView, top: Task, last: Mapping[str, Moment]) -> SnippetDraft:
    return SnippetDraft(
        kind="start",
        strength=3,
        fact=f"{{0}} is marked {minutes_phrase(top.estimate_min or 0)}{_waited(view.clock, top, last)}.",
        move=in_turn(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, _MOVES),
        care="then go to something that matters.",
        titles=[top.title],
    )


def _waited(clock: Clock, top: Task, last: Mapping[str, Moment]) -> str:
    """The time for which the task has been open; for a recurring task the time since it was last done."""
    if top.recurs:
        done = last.get(top.id or "")
        done_d = clock.days_told_since(done) if done else None
        return f" and was last done {counted(done_d, 'day')} ago" if done_d else ""
    age_d = told_age_days(top, clock)
    return f" and has waited {counted(age_d, 'day')}" if age_d and top.status_known else ""


AGENT = RuleAgent(MANIFEST, decide)
