"""Proposes one decision about all overdue tasks."""

from collections.abc import Sequence
from typing import TypeVar

from oo.agent_kit.decision import Say, Silent
from oo.agent_kit.due_counts import PILE_FROM_N, DueCounts, at_least, due_counts
from oo.agent_kit.manifest import Citation, Eligibility, Manifest, Privacy, Requires, Signal, Ttl, snapshot_signals
from oo.agent_kit.preferences import preferences_schema, whole_number
from oo.agent_kit.rotation import in_turn, rotation_index
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.snapshot.tasks import Task, overdue_days, tie_order
from oo.snippets.grammar import SnippetDraft

LEAST_FROM_N = 3
_LONG_D = 14
# The decision is proposed on seven of ten days: every day it would be a reproach.
_CYCLE_D, _SPEAKS_D = 10, 7
_MOST_NAMED_N = 3
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven")

_Option = TypeVar("_Option")

MANIFEST = Manifest(
    agent_id="overdue-pile",
    title="Overdue tasks",
    description="Asks for one decision about many overdue tasks: which few to keep, and to move or drop the rest.",
    kinds=("decide",),
    requires=Requires(
        tasks=(
            "id",
            "title",
            "status",
            "due_at",
            "created_at",
            "completed_at",
            "priority",
            "tags",
            "recurrence",
            "parent_id",
        ),
        completions=True,
    ),
    eligibility=Eligibility(
        rule={">=": [{"var": ["task_overdue_n", 0]}, LEAST_FROM_N]},
        facts=("task_overdue_n",),
        reason="Needs at least 3 open tasks that are overdue.",
    ),
    prefs_schema=preferences_schema(
        {
            "from_n": whole_number(
                "From (tasks)", "Fewer overdue tasks are no pile.", LEAST_FROM_N, 50, default=PILE_FROM_N
            ),
            "keep_n": whole_number("Keep (tasks)", "How many to keep for this week.", 1, 7, default=3),
        }
    ),
    ui={"ui:order": ["enabled", "from_n", "keep_n", "timezone"]},
    signals_schema=snapshot_signals(
        ("few_overdue", "no_title", "resting_today"),
        overdue_n=Signal("integer", "tasks", "Open tasks past their date, recurring ones left out.", nullable=False),
        overdue_14d_n=Signal("integer", "tasks", "Those of them for at least 14 days.", nullable=False),
        oldest_d=Signal("integer", "days", "Local calendar days since the earliest date."),
        top_task_id=Signal("string", "id", "The named task."),
    ),
    ttl=Ttl(max_s=24 * 3600),
    privacy=Privacy(reads=("tasks", "completions")),
    evidence=(
        Citation("A specific plan relieves open loops as well as finishing.", "Masicampo & Baumeister 2011"),
        Citation("41% of to-do items are never done.", "iDoneThis"),
    ),
)


def decide(view: UserView) -> Say | Silent:
    """The pile with one of its tasks, or the reason for none."""
    counts = due_counts(view)
    pile = counts.pile
    days = [overdue_days(task, view.clock) or 0 for task in pile]
    signals: dict[str, object] = {
        "overdue_n": len(pile),
        "overdue_14d_n": sum(each >= _LONG_D for each in days),
        "oldest_d": max(days, default=None),
    }
    if len(pile) < view.preferences.number("from_n"):
        return Silent("few_overdue", signals, [counts.changes_at])
    named = _named(pile, view)
    if not named:
        return Silent("no_title", signals, [counts.changes_at])
    if rotation_index(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, _CYCLE_D) >= _SPEAKS_D:
        return Silent("resting_today", signals, [counts.changes_at])
    top = _turn(view, named)
    return Say(_line(view, top, counts), signals | {"top_task_id": top.id}, [counts.changes_at])


def _named(pile: Sequence[Task], view: UserView) -> list[Task]:
    """Up to three of the most important tasks, those overdue for the shortest time first; one is named per day."""
    titled = [task for task in pile if task.title]
    most = max((task.importance for task in titled), default=0)
    weighty = [task for task in titled if task.importance == most]
    return sorted(weighty, key=lambda task: (overdue_days(task, view.clock) or 0, *tie_order(task)))[:_MOST_NAMED_N]


def _turn(view: UserView, options: Sequence[_Option]) -> _Option:
    return in_turn(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, options)


def _line(view: UserView, top: Task, counts: DueCounts) -> SnippetDraft:
    number = at_least(len(counts.pile), may_be_more=counts.more_overdue)
    return SnippetDraft(
        kind="decide",
        strength=3,
        fact=f"{number} tasks are past their date, {{0}} among them.",
        move=_turn(view, _moves(view, counts.pile)),
        care="moving is planning, not failing.",
        titles=[top.title],
    )


def _moves(view: UserView, pile: Sequence[Task]) -> tuple[str, str]:
    """One decision in two wordings; if the pile has a task of high priority, dropping is not offered."""
    keep = _NUMBERS[min(int(view.preferences.number("keep_n")), len(pile) - 1)]
    if all(task.may_be_let_go for task in pile):
        return (
            f"keep {keep} for this week, and move or drop the rest in one go.",
            f"choose {keep} to keep for this week; move or drop all others in one go.",
        )
    return (
        f"keep {keep} for this week, and give the rest new dates in one go.",
        f"choose {keep} to keep for this week; give all others new dates in one go.",
    )


AGENT = RuleAgent(MANIFEST, decide)
