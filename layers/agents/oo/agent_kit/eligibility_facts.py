"""The facts of eligibility rules, derived by the same rules as the agents' tasks.

All are whole numbers except preferences, which are null if unset.
"""

from collections.abc import Callable, Iterable, Mapping

from oo.agent_kit.manifest import Manifest
from oo.agent_kit.moves import MOVED_FROM_N
from oo.agent_kit.preferences import Preferences
from oo.agent_kit.projects import projects
from oo.agent_kit.user_view import UserView
from oo.snapshot.clock import DAY, Clock, Moment
from oo.snapshot.tasks import NEUTRAL_IMPORTANCE, Task, is_overdue

_OLD_FROM_D = 7
_RECENT_D = 28
_QUARTER_D = 90


def eligibility_facts(view: UserView, names: Iterable[str] | None = None) -> dict[str, object]:
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


def shared_facts(view: UserView, names: Iterable[str] | None = None) -> dict[str, object]:
    """The facts that are the same for every agent in the view's time zone: those among the names, else all.

    A job has one agent, and needs only the facts of its rule.
    """
    return {name: _FACTS[name](view) for name in (SHARED_FACTS if names is None else names) if name in _FACTS}


def _preference_facts(preferences: Preferences) -> dict[str, object]:
    """Values that were set or learned, even if equal to their defaults, and switches; null for all others."""
    return {
        f"prefs.{key}": value if key in preferences.given or isinstance(value, bool) else None
        for key, value in preferences.values.items()
    }


def _open_n(is_counted: Callable[[Task], bool]) -> "_Fact":
    """The number of open tasks that may be named and fulfil a condition."""
    return lambda view: sum(map(is_counted, view.tasks.open))


def _is_important(task: Task) -> bool:
    return task.priority_known and task.importance >= NEUTRAL_IMPORTANCE


def _dues_ahead(view: UserView) -> list[Moment]:
    """The dates of open tasks that are not overdue."""
    return view.once(_read_dues_ahead)


def _read_dues_ahead(view: UserView) -> list[Moment]:
    clock = view.clock
    return [task.due for task in view.tasks.open if task.due and not is_overdue(task.due, clock)]


def _overdue_n(view: UserView) -> int:
    """Each dated task is either overdue or ahead."""
    return sum(task.due is not None for task in view.tasks.open) - len(_dues_ahead(view))


def _due_today_n(view: UserView) -> int:
    clock = view.clock
    return sum(clock.days_since(due) == 0 for due in _dues_ahead(view)) if clock.zone_known else 0


def _due_within_n(days: int) -> "_Fact":
    return lambda view: sum(due.at < view.clock.now + days * DAY for due in _dues_ahead(view))


def _old_n(tasks: Iterable[Task], clock: Clock) -> int:
    """The number of tasks open for a week; recurring ones do not count."""
    created = [task.created for task in tasks if task.created and not task.recurs]
    return sum(clock.is_days_ago(each, _OLD_FROM_D) for each in created)


def _completions_n(days: int) -> "_Fact":
    return lambda view: len(view.completions_within(days))


def _completions_with_due_n(view: UserView) -> int:
    return sum(each.due is not None for each in view.completions_within(_QUARTER_D))


def _active_days_n(view: UserView) -> int:
    clock = view.clock
    return len({max(clock.days_since(each.completed), 0) for each in view.completions_within(_RECENT_D)})


def _feedback_n(view: UserView) -> int:
    days = (view.clock.local(row.at).date() for row in view.feedback)
    return sum((view.clock.today - day).days < _RECENT_D for day in days)


_Fact = Callable[[UserView], int]
_FACTS: Mapping[str, _Fact] = {
    "task_open_n": lambda view: len(view.tasks.open),
    "task_overdue_n": _overdue_n,
    "task_due_today_n": _due_today_n,
    "task_due_7d_n": _due_within_n(7),
    "task_due_14d_n": _due_within_n(14),
    "task_estimated_open_n": _open_n(lambda task: task.estimate_min is not None),
    "task_important_open_n": _open_n(_is_important),
    "task_old_open_n": lambda view: _old_n(view.tasks.open, view.clock),
    "task_moved_open_n": _open_n(lambda task: task.moved_n >= MOVED_FROM_N),
    "task_waiting_old_n": lambda view: _old_n([task for task in view.tasks.set_aside if task.waits], view.clock),
    "project_open_n": lambda view: len(view.once(projects)),
    "completions_28d_n": _completions_n(_RECENT_D),
    "completions_90d_n": _completions_n(_QUARTER_D),
    "completions_with_due_90d_n": _completions_with_due_n,
    "active_days_28d_n": _active_days_n,
    "feedback_28d_n": _feedback_n,
    "has_profile": lambda view: int(bool(view.profile)),
    "hour_local": lambda view: view.clock.local(view.clock.now).hour,
    "dow_local": lambda view: view.clock.today.weekday(),
}

SHARED_FACTS = tuple(_FACTS)
