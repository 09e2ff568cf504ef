"""The facts of eligibility rules, derived by the same rules as the agents' tasks.

All are whole numbers except preferences, which are null if unset.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from oo.agent_kit.manifest import Manifest
from oo.agent_kit.moves import MOVED_FROM_N, known_age_days
from oo.agent_kit.preferences import Preferences
from oo.agent_kit.projects import projects
from oo.agent_kit.user_view import UserView
from oo.snapshot.clock import DAY, Clock
from oo.snapshot.tasks import NEUTRAL_IMPORTANCE, Task, overdue_days

_OLD_FROM_D = 7
_RECENT_D = 28
_QUARTER_D = 90

SHARED_FACTS = (
    "task_open_n",
    "task_overdue_n",
    "task_due_today_n",
    "task_due_7d_n",
    "task_due_14d_n",
    "task_estimated_open_n",
    "task_important_open_n",
    "task_old_open_n",
    "task_moved_open_n",
    "task_waiting_old_n",
    "project_open_n",
    "completions_28d_n",
    "completions_90d_n",
    "completions_with_due_90d_n",
    "active_days_28d_n",
    "feedback_28d_n",
    "has_profile",
    "hour_local",
    "dow_local",
)


def eligibility_facts(view: UserView, names: Iterable[str] = SHARED_FACTS) -> dict[str, object]:
    """The facts for the agent that the view is bound to: shared ones by name, and its preferences as `prefs.<key>`."""
    return shared_facts(view, names) | _preference_facts(view.preferences)


def views_by_agent(
    manifests: Iterable[Manifest], view: UserView, agent_prefs: Mapping[str, object]
) -> dict[str, UserView]:
    """The view for each agent, by its id; views in the same zone share the parsed rows.

    `agent_prefs` holds one object per agent.
    """
    by_zone: dict[object, UserView] = {view.zone: view}
    found = {}
    for manifest in manifests:
        own = view.for_agent(manifest, agent_prefs.get(manifest.agent_id))
        shared = by_zone.setdefault(own.zone, own)
        found[manifest.agent_id] = shared.with_preferences(own.preferences)
    return found


def facts_by_agent(views: Mapping[str, UserView]) -> dict[str, dict[str, object]]:
    """The facts for each agent's view, by its id.

    The shared facts depend on no preference but the time zone, so they are computed once per zone.
    """
    shared: dict[object, dict[str, object]] = {}
    found = {}
    for agent_id, view in views.items():
        if view.zone not in shared:
            shared[view.zone] = shared_facts(view)
        found[agent_id] = shared[view.zone] | _preference_facts(view.preferences)
    return found


def shared_facts(view: UserView, names: Iterable[str] = SHARED_FACTS) -> dict[str, object]:
    """The facts that are the same for every agent in the view's time zone.

    Facts are computed in groups. Groups without any of the names are skipped: a job has one agent, and needs only the
    facts of its rule.
    """
    readers = dict.fromkeys(_reader_of(name) for name in names if name in SHARED_FACTS)
    return {name: value for read in readers for name, value in read(view).items()}


def _reader_of(name: str) -> "_Reader":
    return next(read for prefix, read in _READERS if name.startswith(prefix))


def _preference_facts(preferences: Preferences) -> dict[str, object]:
    """Values that were set or learned, even if equal to their defaults, and switches; null for all others."""
    return {
        f"prefs.{key}": value if key in preferences.given or isinstance(value, bool) else None
        for key, value in preferences.values.items()
    }


def _task_facts(view: UserView) -> dict[str, int]:
    """Counts of the open tasks that may be named; each dated one is either overdue or upcoming."""
    tasks, clock = view.tasks, view.clock
    opened = tasks.open
    overdue_n = sum(overdue_days(task, clock) is not None for task in opened)
    ahead = [task.due for task in opened if task.due and overdue_days(task, clock) is None]
    return {
        "task_open_n": len(opened),
        "task_overdue_n": overdue_n,
        "task_due_today_n": sum(clock.days_since(due) == 0 for due in ahead) if clock.zone_known else 0,
        "task_due_7d_n": sum(due.at < clock.now + 7 * DAY for due in ahead),
        "task_due_14d_n": sum(due.at < clock.now + 14 * DAY for due in ahead),
        "task_estimated_open_n": sum(task.estimate_min is not None for task in opened),
        "task_important_open_n": sum(task.priority_known and task.importance >= NEUTRAL_IMPORTANCE for task in opened),
        "task_old_open_n": _old_n(opened, clock),
        "task_moved_open_n": sum(task.moved_n >= MOVED_FROM_N for task in opened),
        "task_waiting_old_n": _old_n((task for task in tasks.set_aside if task.waits), clock),
    }


def _old_n(tasks: Iterable[Task], clock: Clock) -> int:
    """The number of tasks open for a week; recurring ones do not count."""
    return sum((known_age_days(task, clock) or 0) >= _OLD_FROM_D for task in tasks)


def _project_facts(view: UserView) -> dict[str, int]:
    return {"project_open_n": len(projects(view))}


def _completion_facts(view: UserView) -> dict[str, int]:
    completions, clock = view.completions, view.clock
    ages = [(clock.days_since(each.completed), each.due is not None) for each in completions]
    return {
        "completions_28d_n": sum(age < _RECENT_D for age, _ in ages),
        "completions_90d_n": sum(age < _QUARTER_D for age, _ in ages),
        "completions_with_due_90d_n": sum(age < _QUARTER_D and has_due for age, has_due in ages),
        "active_days_28d_n": len({max(age, 0) for age, _ in ages if age < _RECENT_D}),
    }


def _feedback_facts(view: UserView) -> dict[str, int]:
    days = (view.clock.local(row.at).date() for row in view.feedback)
    return {"feedback_28d_n": sum((view.clock.today - day).days < _RECENT_D for day in days)}


def _other_facts(view: UserView) -> dict[str, int]:
    clock = view.clock
    return {
        "has_profile": int(bool(view.profile)),
        "hour_local": clock.local(clock.now).hour,
        "dow_local": clock.today.weekday(),
    }


_Reader = Callable[[UserView], dict[str, int]]
_READERS: Sequence[tuple[str, _Reader]] = (
    ("task_", _task_facts),
    ("project_", _project_facts),
    ("completions_", _completion_facts),
    ("active_days_", _completion_facts),
    ("feedback_", _feedback_facts),
    ("", _other_facts),
)
