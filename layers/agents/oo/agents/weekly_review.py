"""Reports once a week how much was done, and proposes to choose the important tasks of the next week."""

from datetime import date, datetime

from oo.agent_kit.decision import Say, Silent
from oo.agent_kit.due_counts import at_least
from oo.agent_kit.manifest import Citation, Eligibility, Manifest, Privacy, Requires, Signal, Ttl, snapshot_signals
from oo.agent_kit.preferences import preferences_schema, whole_number
from oo.agent_kit.rotation import Scored, choose, in_turn
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.windows import Window
from oo.snapshot.clock import DAY, Clock, wall_clock
from oo.snapshot.completions import TaskCompletion
from oo.snapshot.tasks import Task
from oo.snippets.grammar import SnippetDraft

_LEAST_DONE_N = 3
_WEEK_D = 7
_BEGINS_H, _ENDS_NEXT_DAY_H = 16, 12
_HIGH = 0.75
_CHOSEN_N = 3

MANIFEST = Manifest(
    agent_id="weekly-review",
    title="Weekly review",
    description="Tells once a week how much was done in the last 7 days, and asks what would make the next ones good.",
    kinds=("plan",),
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
            "tags",
            "recurrence",
            "parent_id",
        ),
        completions=True,
    ),
    eligibility=Eligibility(
        rule={">=": [{"var": ["completions_28d_n", 0]}, _LEAST_DONE_N]},
        facts=("completions_28d_n",),
        reason="Needs at least 3 tasks done.",
    ),
    prefs_schema=preferences_schema(
        {
            "review_weekday": whole_number(
                "Day of the review", "0 is Monday; from 16:00 until noon of the next day.", 0, 6, default=6
            )
        }
    ),
    ui={"ui:order": ["enabled", "review_weekday", "timezone"]},
    signals_schema=snapshot_signals(
        ("no_zone", "not_now", "too_few_done", "unclear"),
        done_7d_n=Signal("integer", "tasks", "Tasks done today and on the six days before.", nullable=False),
        done_prev_7d_n=Signal("integer", "tasks", "Tasks done in the seven days before those.", nullable=False),
        important_done_7d_n=Signal(
            "integer", "tasks", "Those of the last 7 days with a high priority, null where one is not known."
        ),
        top_task_id=Signal("string", "id", "The named task."),
    ),
    ttl=Ttl(max_s=24 * 3600, breaks=("midnight", "noon")),
    privacy=Privacy(reads=("tasks", "completions")),
    evidence=(
        Citation("Being asked to monitor progress helps to reach goals: d = .40, 138 studies.", "Harkin et al. 2016"),
    ),
)


def decide(view: UserView) -> Say | Silent:
    """The past week, during the one window of a week that is meant for it."""
    done = _done_this_week(view)
    important_n = _important_n(view, done)
    signals: dict[str, object] = {
        "done_7d_n": len(done),
        "done_prev_7d_n": len(view.completions_within(2 * _WEEK_D)) - len(view.completions_within(_WEEK_D)),
        "important_done_7d_n": important_n,
    }
    if not view.clock.zone_known:
        return Silent("no_zone", signals)
    window = review_window(view.clock, int(view.preferences.number("review_weekday")))
    ends: list[datetime | None] = [view.completions_change_at]
    if not window.holds(view.clock.now):
        return Silent("not_now", signals, [*ends, window.start])
    if len(done) < _LEAST_DONE_N:
        return Silent("too_few_done", signals, [*ends, window.end])
    if _is_unclear(view):
        return Silent("unclear", signals, [*ends, window.end])
    top = _top(view)
    return Say(
        _line(view, top, len(done), important_n),
        signals | {"top_task_id": top.id if top else None},
        [*ends, window.end],
    )


def _done_this_week(view: UserView) -> list[TaskCompletion]:
    """Completions of the last seven local days; a parent task is not counted in addition to its parts."""
    done = view.completions_within(_WEEK_D)
    ids = {each.task_id for each in done}
    parents = {task.parent for task in view.tasks.done if task.parent and task.id in ids}
    return [each for each in done if each.task_id not in parents]


def review_window(clock: Clock, weekday: int) -> Window:
    """The current window from 16:00 of the weekday to 12:00 of the next day, else the next one."""
    last = clock.today - (clock.today.weekday() - weekday) % _WEEK_D * DAY
    windows = (_window(day, clock) for day in (last, last + _WEEK_D * DAY))
    return next(window for window in windows if clock.now < window.end)


def _window(day: date, clock: Clock) -> Window:
    return Window(wall_clock(day, _BEGINS_H, clock.zone), wall_clock(day + DAY, _ENDS_NEXT_DAY_H, clock.zone))


def _important_n(view: UserView, done: list[TaskCompletion]) -> int | None:
    """The number of the week's tasks of high priority; None if one is unknown."""
    tasks = {task.id: task for task in (*view.tasks.done, *view.tasks.open, *view.tasks.set_aside) if task.id}
    found = [tasks.get(each.task_id or "") for each in done]
    if any(task is None or task.priority_unknown for task in found):
        return None
    return sum((task.stated_importance or 0) >= _HIGH for task in found if task)


def _top(view: UserView) -> Task | None:
    """An open task to start the choice with: one of the most important; None if there is nothing to choose."""
    titled = [Scored(task, task.importance) for task in view.tasks.open if task.title]
    if not titled or len(view.tasks.open) < _CHOSEN_N:
        return None
    return choose(titled, view.snapshot.user_id, MANIFEST.agent_id, view.clock.today)


def _is_unclear(view: UserView) -> bool:
    """Whether an open task was done this week: either it was reopened, or it recurs and one more was done."""
    once = {task.id for task in (*view.tasks.open, *view.tasks.set_aside) if task.id and not task.recurs}
    sent = (each for each in view.rows.completions if each.task_id in once)
    return any(0 <= view.clock.days_since(each.completed) < _WEEK_D for each in sent)


def _line(view: UserView, top: Task | None, done_n: int, important_n: int | None) -> SnippetDraft:
    # A task that was done at an unknown time may or may not be from this week.
    is_least = any(task.completed is None for task in view.tasks.done)
    important = f", {important_n} of them high priority" if important_n and not is_least else ""
    first = ", {0} first" if top else ""
    moves = (
        f"choose the three that would make the next week good{first}.",
        f"name the three that matter most for the next week{first}.",
    )
    return SnippetDraft(
        kind="plan",
        strength=2,
        fact=f"{at_least(done_n, may_be_more=is_least)} tasks were done in the last 7 days{important}.",
        move=in_turn(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, moves),
        titles=[top.title] if top else [],
    )


AGENT = RuleAgent(MANIFEST, decide)
