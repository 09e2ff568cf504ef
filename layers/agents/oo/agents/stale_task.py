"""Asks for a decision about the task that has been open longest."""

from collections.abc import Iterable
from datetime import timedelta
from statistics import median

from oo.agent_kit.decision import Say, Silent
from oo.agent_kit.manifest import Citation, Eligibility, Manifest, Privacy, Requires, Signal, Ttl, snapshot_signals
from oo.agent_kit.preferences import preferences_schema, text_list, whole_number
from oo.agent_kit.rotation import Scored, choose, rotation_index
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.wording import counted
from oo.snapshot.numbers import clamp
from oo.snapshot.tasks import LONGEST_OVERDUE_D, Task, age_days, overdue_days, tie_order
from oo.snippets.grammar import SnippetDraft
from oo.statistics.weighted import weighted_quantile

LEAST_AGE_D = 7
_GREATEST_THRESHOLD_D = 60
_LEAST_AGES_N = 8
_BURST_N = 10
_BURST = timedelta(seconds=60)
# A single stale task is named on one day in three.
_REST_CYCLE_D = 3

MANIFEST = Manifest(
    agent_id="stale-task",
    version="1.1.0",
    title="Old open tasks",
    description="Asks for a decision about the oldest open task: a first step, a date, or letting it go.",
    kinds=("decide",),
    requires=Requires(tasks=("id", "title", "status", "due_at", "created_at", "completed_at", "tags", "recurrence")),
    eligibility=Eligibility(
        rule={">=": [{"var": ["task_old_open_n", 0]}, 1]},
        facts=("task_old_open_n",),
        reason="Needs an open task that is at least 7 days old.",
    ),
    prefs_schema=preferences_schema(
        {
            "stale_after_d": whole_number("Old after (days)", "Younger tasks are left alone.", 3, 90, default=14),
            "exclude_tags": text_list("Leave out tags", "Tasks with such a tag may rest.", default=["someday"]),
        }
    ),
    ui={"ui:order": ["enabled", "stale_after_d", "exclude_tags", "timezone"]},
    signals_schema=snapshot_signals(
        ("nothing_stale", "resting_today"),
        stale_n=Signal("integer", "tasks", "Stale tasks, an import in one go counted once.", nullable=False),
        top_task_id=Signal("string", "id", "The named task."),
        top_age_d=Signal("integer", "days", "Local calendar days since it was made."),
        threshold_d=Signal("number", "days", "From which age a task is stale.", nullable=False),
        open_median_age_d=Signal("number", "days", "Median age of the open tasks."),
    ),
    ttl=Ttl(max_s=24 * 3600),
    privacy=Privacy(reads=("tasks",)),
    evidence=(
        Citation("41% of to-do items are never done; age says that one needs reshaping.", "iDoneThis"),
        Citation("A specific plan relieves open loops as well as finishing.", "Masicampo & Baumeister 2011"),
    ),
)


def decide(view: UserView) -> Say | Silent:
    """Today's old task, or why there is none."""
    ages = [age for task in view.tasks.open if (age := age_days(task, view.clock)) is not None]
    threshold_d = _threshold_d(view)
    stale = _one_per_burst(_stale(view, threshold_d), _bursts(view.tasks.open))
    signals: dict[str, object] = {
        "stale_n": len(stale),
        "threshold_d": threshold_d,
        "open_median_age_d": float(median(ages)) if ages else None,
    }
    if not stale:
        return Silent("nothing_stale", signals)
    if len(stale) == 1 and rotation_index(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, _REST_CYCLE_D):
        return Silent("resting_today", signals)
    scored = [Scored(task, age_days(task, view.clock) or 0) for task in stale]
    top = choose(scored, view.snapshot.user_id, MANIFEST.agent_id, view.clock.today)
    age_d = age_days(top, view.clock) or 0
    return Say(_line(top, age_d), signals | {"top_task_id": top.id, "top_age_d": age_d})


def _threshold_d(view: UserView) -> float:
    """The preference, or twice the age that 80% of the user's own tasks have at most when they get done."""
    ages = [
        max(0.0, (task.completed.day(view.clock.zone) - task.created.day(view.clock.zone)).days)
        for task in view.tasks.done
        if task.completed and task.created
    ]
    threshold_d = view.preferences.number("stale_after_d")
    if len(ages) >= _LEAST_AGES_N:
        threshold_d = max(threshold_d, 2 * weighted_quantile(ages, [1.0] * len(ages), 0.8))
    return float(clamp(threshold_d, LEAST_AGE_D, _GREATEST_THRESHOLD_D))


def _stale(view: UserView, threshold_d: float) -> list[Task]:
    """Old quotable tasks that no date and no tag takes care of."""
    excluded = {tag.casefold() for tag in view.preferences.texts("exclude_tags")}
    return [
        task
        for task in view.tasks.open
        if task.title
        and (age_days(task, view.clock) or 0) >= threshold_d
        and excluded.isdisjoint(tag.casefold() for tag in task.tags)
        and _is_left_alone(task, view)
    ]


def _is_left_alone(task: Task, view: UserView) -> bool:
    """Undated, or overdue for so long that deadline-pressure no longer names it."""
    return task.due is None or (overdue_days(task, view.clock) or 0) > LONGEST_OVERDUE_D


def _bursts(tasks: Iterable[Task]) -> dict[str, int]:
    """The number of its import for each task that was made together with at least nine others in a minute."""
    timed = sorted((task.created.at, task.key) for task in tasks if task.created and not task.created.date_only)
    found: dict[str, int] = {}
    first, last_member, number = 0, -1, 0
    for index, (at, _) in enumerate(timed):
        while at - timed[first][0] > _BURST:
            first += 1
        if index - first + 1 >= _BURST_N:
            number += first > last_member
            for member in range(max(first, last_member + 1), index + 1):
                found[timed[member][1]] = number
            last_member = index
    return found


def _one_per_burst(stale: Iterable[Task], bursts: dict[str, int]) -> list[Task]:
    kept: dict[str | int, Task] = {}
    for task in sorted(stale, key=tie_order):
        kept.setdefault(bursts.get(task.key, task.key), task)
    return list(kept.values())


def _line(top: Task, age_d: int) -> SnippetDraft:
    return SnippetDraft(
        kind="decide",
        strength=3,
        fact=f"{{0}} has been open {counted(age_d, 'day')}.",
        move="choose one: a 10-minute first step, a date, or let it go.",
        care="letting go is a fine answer.",
        titles=[top.title],
    )


AGENT = RuleAgent(MANIFEST, decide)
