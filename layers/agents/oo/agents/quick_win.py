"""Offers a small task, sparingly."""

from oo.agent_kit.decision import Say, Silent
from oo.agent_kit.manifest import Citation, Eligibility, Manifest, Privacy, Requires, Signal, Ttl, snapshot_signals
from oo.agent_kit.preferences import decimal, preferences_schema, whole_number
from oo.agent_kit.rotation import Scored, choose
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.windows import daily_window
from oo.agent_kit.wording import counted, minutes_phrase
from oo.snapshot.tasks import Task, age_days, done_within
from oo.snippets.grammar import SnippetDraft

_IMPORTANT = 0.75
_AGE_CAP_D = 14
# Finishing easy things first feels good and costs throughput: after such a run the agent keeps quiet.
_RUN_N = 3
_EASY_SHARE = 0.75

MANIFEST = Manifest(
    agent_id="quick-win",
    version="1.1.0",
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
            "recurrence",
        )
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
        top_age_d=Signal("integer", "days", "Local calendar days since it was made."),
        quick_done_today_n=Signal("integer", "tasks", "Quick tasks done today.", nullable=False),
        easy_share_today_p=Signal("number", "share", "Quick ones among the tasks done today."),
        important_waiting=Signal("boolean", "flag", "Whether an important task is open.", nullable=False),
    ),
    ttl=Ttl(max_s=4 * 3600, breaks=("midnight", "window_edge")),
    privacy=Privacy(reads=("tasks",)),
    evidence=(
        Citation("Easy tasks first under load lowers throughput and learning.", "KC et al., Management Science"),
        Citation("A short step that is named gets started.", "Gollwitzer & Sheeran 2006"),
    ),
)


def decide(view: UserView) -> Say | Silent:
    """Today's small task, or why none is offered."""
    longest_min = view.preferences.number("quick_max_min")
    quick = [task for task in view.tasks.open if task.estimate_min and task.estimate_min <= longest_min]
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
    quotable = [task for task in quick if task.title]
    if not quotable:
        return Silent("nothing_small", signals)
    if _enough(view, easy_n, len(done)):
        return Silent("enough_for_today", signals)
    return _unless_best_hours(view, quotable, signals)


def _enough(view: UserView, easy_n: int, done_n: int) -> bool:
    run = done_n >= _RUN_N and easy_n / done_n >= _EASY_SHARE
    return run or easy_n >= view.preferences.number("max_per_day")


def _unless_best_hours(view: UserView, quotable: list[Task], signals: dict[str, object]) -> Say | Silent:
    peak_h = view.preferences.optional_number("peak_hour_local")
    window = None
    if peak_h is not None:
        window = daily_window(view.clock, peak_h, view.preferences.number("window_h"))
    if window and window.holds(view.clock.now):
        return Silent("best_hours", signals, valid_until_candidates=[window.end])
    scored = [Scored(task, _score(task, view)) for task in quotable]
    top = choose(scored, view.snapshot.user_id, MANIFEST.agent_id, view.clock.today)
    age_d = age_days(top, view.clock)
    signals |= {"top_task_id": top.id, "top_est_min": top.estimate_min, "top_age_d": age_d}
    return Say(_line(top, age_d), signals, valid_until_candidates=[window.start if window else None])


def _score(task: Task, view: UserView) -> float:
    age_d = age_days(task, view.clock) or 0
    return (0.5 + 0.5 * task.importance) * (1 + min(age_d, _AGE_CAP_D) / _AGE_CAP_D)


def _line(top: Task, age_d: int | None) -> SnippetDraft:
    waited = f" and has waited {counted(age_d, 'day')}" if age_d else ""
    return SnippetDraft(
        kind="start",
        strength=3,
        fact=f"{{0}} is marked {minutes_phrase(top.estimate_min or 0)}{waited}.",
        move="do it before the next longer block.",
        care="then go to something that matters.",
        titles=[top.title],
    )


AGENT = RuleAgent(MANIFEST, decide)
