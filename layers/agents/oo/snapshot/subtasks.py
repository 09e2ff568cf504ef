"""Tasks with subtasks, counted once: a parent represents its open children."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from oo.snapshot.tasks import Task


def without_parents(tasks: Sequence[Task]) -> list[Task]:
    """The tasks for a count, without parents of other tasks in the list."""
    parents = {task.parent for task in tasks if task.parent is not None}
    return [task for task in tasks if task.key not in parents] if parents else list(tasks)


def total_minutes(tasks: Sequence[Task], minutes_of: Callable[[Task], float]) -> float:
    """Minutes of all tasks together; a parent and its children take as long as the longer of both.

    Linear in the number of tasks: children precede their parents, and `Task.parent` contains no cycle.
    """
    own = {task.key: minutes_of(task) for task in tasks}
    parents = {task.key: task.parent for task in tasks if task.parent in own}
    if not parents:
        # Sorted, so that the sum does not depend on the order in which tasks come.
        return sum(sorted(own.values()))
    below: dict[str, list[float]] = {}
    totals: dict[str, float] = {}
    for key in _children_first(own, parents):
        totals[key] = max(own[key], sum(sorted(below.get(key, ()))))
        if key in parents:
            below.setdefault(parents[key] or "", []).append(totals[key])
    return sum(sorted(total for key, total in totals.items() if key not in parents))


def _children_first(keys: Iterable[str], parents: Mapping[str, str | None]) -> list[str]:
    waiting: dict[str, int] = dict.fromkeys(keys, 0)
    for parent in parents.values():
        if parent is not None:
            waiting[parent] += 1
    ordered = [key for key, children in waiting.items() if not children]
    for key in ordered:
        parent = parents.get(key)
        if parent is not None:
            waiting[parent] -= 1
            if not waiting[parent]:
                ordered.append(parent)
    return ordered


_IN_A_CIRCLE = -1
_WALKED = 0


def own_parents(wanted: Mapping[str, str], keys: Mapping[str, str]) -> dict[str, str]:
    """The key of each task's parent, by the task's key; a parent outside of the list, or in a cycle, is none.

    `wanted` contains the parents' ids by the task's key, `keys` the tasks' keys by id. Linear: each task is visited
    once.
    """
    found = {key: keys[parent] for key, parent in wanted.items() if parent in keys}
    walked: dict[str, int] = {}
    for start in found:
        path: list[str] = []
        key: str | None = start
        while key is not None and key not in walked:
            path.append(key)
            walked[key] = len(path)
            key = found.get(key)
        begins = walked[key] if key is not None else _WALKED
        walked |= dict.fromkeys(path, _WALKED)
        if begins > _WALKED:
            walked |= dict.fromkeys(path[begins - 1 :], _IN_A_CIRCLE)
    return {key: parent for key, parent in found.items() if walked[parent] != _IN_A_CIRCLE}
