"""The order of usable snippets, and which of them contradict each other."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from oo.contract.kinds import Kind
from oo.snapshot.tasks import Task
from oo.snippets.open_tasks import OpenTasks
from oo.snippets.verdict import JudgedSnippet

DELIVERY_AGENT = "tip-receptivity"
"""Its line says how to deliver a tip, not what about: a constraint, outside of the ranking."""

RANKING = (
    "deadline-pressure",
    "lateness-buffer",
    "important-first",
    "project-focus",
    "peak-hours",
    "stale-task",
    "momentum",
    "quick-win",
    "workload-balance",
    "overdue-pile",
    "weekly-review",
)
"""Order among equally strong snippets, with every agent but the one for delivery. An overloaded day comes before all of
them, an agent that is not registered after."""

_DO_NOW = (Kind.START, Kind.FINISH)


class RankedSnippets(NamedTuple):
    """The usable snippets: `lines` best first, `deliveries` in the caller's order."""

    lines: tuple[JudgedSnippet, ...]
    deliveries: tuple[JudgedSnippet, ...]

    @property
    def delivery(self) -> JudgedSnippet | None:
        """The one that counts."""
        return next(iter(self.deliveries), None)


def rank(judged: Iterable[JudgedSnippet]) -> RankedSnippets:
    """The usable ones among the snippets, in their order of use."""
    usable = [snippet for snippet in judged if snippet.is_used]
    lines = sorted((snippet for snippet in usable if snippet.agent_id != DELIVERY_AGENT), key=_rank)
    return RankedSnippets(tuple(lines), tuple(snippet for snippet in usable if snippet.agent_id == DELIVERY_AGENT))


def contradicted(ranked: Sequence[JudgedSnippet], tasks: OpenTasks) -> frozenset[int]:
    """The places of the snippets that give way to another one."""
    return frozenset(snippet.place for snippet in _losers(ranked, tasks))


def _rank(snippet: JudgedSnippet) -> tuple[int, int, int]:
    if snippet.agent_id == "workload-balance" and snippet.kind == Kind.DEFER:
        order = -1
    else:
        order = RANKING.index(snippet.agent_id) if snippet.agent_id in RANKING else len(RANKING)
    return -snippet.strength, order, snippet.place


def _losers(ranked: Sequence[JudgedSnippet], tasks: OpenTasks) -> Iterator[JudgedSnippet]:
    if any(snippet.agent_id == "important-first" and snippet.strength > 1 for snippet in ranked):
        yield from (snippet for snippet in ranked if snippet.agent_id == "quick-win")
    sooner = [(snippet, _by_id(snippet)) for snippet in ranked if snippet.kind in _DO_NOW]
    later = [(snippet, _by_id(snippet)) for snippet in ranked if snippet.kind == Kind.DEFER]
    for (do_now, first), (put_off, second) in product(sooner, later):
        shared = first.keys() & second.keys()
        if shared:
            yield put_off if any(_due_today_at_an_hour(first[task_id], tasks) for task_id in shared) else do_now


def _by_id(snippet: JudgedSnippet) -> dict[str, Task]:
    return {task.key: task for task in snippet.tasks}


def _due_today_at_an_hour(task: Task, tasks: OpenTasks) -> bool:
    if task.due is None or task.due.date_only or tasks.clock is None or not tasks.clock.zone_known:
        return False
    return task.due.day(tasks.clock.zone) == tasks.clock.today
