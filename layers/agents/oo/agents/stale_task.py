"""Proposes a decision about the task that has been open longest."""

from collections.abc import Iterable
from datetime import timedelta
from statistics import median

from oo.agent_kit.decision import Say, Silent
from oo.agent_kit.manifest import Citation, Eligibility, Manifest, Privacy, Requires, Signal, Ttl, snapshot_signals
from oo.agent_kit.moves import FIRST_STEPS, MOVED_FROM_N, known_age_days, smaller_moves
from oo.agent_kit.preferences import preferences_schema, text_list, whole_number
from oo.agent_kit.rotation import Scored, near_best, rotation_index
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.wording import counted
from oo.snapshot.numbers import clamp
from oo.snapshot.tasks import LONGEST_OVERDUE_D, Task, overdue_days, tie_order, told_age_days
from oo.snippets.grammar import SnippetDraft
from oo.statistics.weighted import weighted_quantile

LEAST_AGE_D = 7
_GREATEST_THRESHOLD_D = 60
_LEAST_AGES_N = 8
_BURST_N = 10
_BURST = timedelta(seconds=60)
# A single stale task is named on one day in three, a waiting one on one in seven.
_REST_CYCLE_D = 3
_WAITING_CYCLE_D = 7
_SHORT_STEP_MIN = 10
_WORDINGS_N = 2

MANIFEST = Manifest(
    agent_id="stale-task",
    version="1.2.0",
    title="Old open tasks",
    description="Asks for a decision about the oldest open task: a first step, a date, or letting it go; "
    "now and then about one that waits for somebody else.",
    kinds=("decide", "start"),
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
            "due_history",
        ),
        completions=True,
    ),
    eligibility=Eligibility(
        rule={
            ">=": [
                {
                    "+": [
                        {"var": ["task_old_open_n", 0]},
                        {"var": ["task_moved_open_n", 0]},
                        {"var": ["task_waiting_old_n", 0]},
                    ]
                },
                1,
            ]
        },
        facts=("task_old_open_n", "task_moved_open_n", "task_waiting_old_n"),
        reason="Needs an open or waiting task that is at least 7 days old, or one that was moved 3 times.",
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
        stale_n=Signal(
            "integer",
            "tasks",
            "Stale tasks or moved 3 times, an import in one go counted once.",
            nullable=False,
        ),
        top_task_id=Signal("string", "id", "The named task."),
        top_age_d=Signal("integer", "days", "Local calendar days since it was made."),
        top_moved_n=Signal("integer", "moves", "How often its date was moved."),
        waiting_n=Signal("integer", "tasks", "Old tasks that wait for somebody else.", nullable=False),
        threshold_d=Signal("number", "days", "From which age a task is stale.", nullable=False),
        open_median_age_d=Signal("number", "days", "Median age of the open tasks."),
    ),
    ttl=Ttl(max_s=24 * 3600),
    privacy=Privacy(reads=("tasks", "completions")),
    evidence=(
        Citation("41% of to-do items are never done; age says that one needs reshaping.", "iDoneThis"),
        Citation("Aversive tasks are put off.", "Steel 2007"),
        Citation("People finish more with action plans that others wrote for them.", "Kokkalis et al. 2013"),
        Citation("A specific plan relieves open loops as well as finishing.", "Masicampo & Baumeister 2011"),
    ),
)


def decide(view: UserView) -> Say | Silent:
    """Today's old task, or the reason for none; one day in seven a waiting task."""
    ages = [age for task in view.tasks.open if (age := known_age_days(task, view.clock)) is not None]
    threshold_d = _threshold_d(view)
    stale = _one_per_burst(_stale(view, threshold_d), _bursts(view.tasks.open))
    waiting = [task for task in view.tasks.set_aside if _is_old_and_waits(task, view)]
    signals: dict[str, object] = {
        "stale_n": len(stale),
        "waiting_n": len(waiting),
        "threshold_d": threshold_d,
        "open_median_age_d": float(median(ages)) if ages else None,
    }
    if waiting and not _turn(view, _WAITING_CYCLE_D):
        return _waiting_one(view, waiting, signals)
    if not stale:
        return Silent("nothing_stale", signals)
    if len(stale) == 1 and _turn(view, _REST_CYCLE_D):
        return Silent("resting_today", signals)
    near = near_best([Scored(task, known_age_days(task, view.clock) or 0) for task in stale])
    # Each task has both wordings before it returns in the first one, also with days of rest in between.
    cycle = len(near) if len(stale) > 1 else _REST_CYCLE_D
    turn = _turn(view, _WORDINGS_N * cycle)
    top = near[turn % cycle % len(near)].task
    return Say(_line(view, top, turn // cycle), _naming(view, top, signals))


def _turn(view: UserView, size: int) -> int:
    return rotation_index(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, size)


def _naming(view: UserView, top: Task, signals: dict[str, object]) -> dict[str, object]:
    age_d = known_age_days(top, view.clock)
    return signals | {"top_task_id": top.id, "top_age_d": age_d, "top_moved_n": top.moved_n}


def _is_old_and_waits(task: Task, view: UserView) -> bool:
    old = (known_age_days(task, view.clock) or 0) >= LEAST_AGE_D
    return task.waits and old and bool(task.title) and _may_speak_of(task, view)


def _waiting_one(view: UserView, waiting: Iterable[Task], signals: dict[str, object]) -> Say:
    """The waiting task for the current week; the start of its wait is unknown."""
    ordered = sorted(waiting, key=tie_order)
    top = ordered[_turn(view, _WAITING_CYCLE_D * len(ordered)) // _WAITING_CYCLE_D]
    age_d = known_age_days(top, view.clock) or 0
    line = SnippetDraft(
        kind="decide",
        strength=3,
        fact=f"{{0}} waits for somebody else; it has been open {counted(age_d, 'day')}.",
        move="ask once, or set the day on which to ask.",
        titles=[top.title],
    )
    return Say(line, _naming(view, top, signals))


def _threshold_d(view: UserView) -> float:
    """The preference, or twice the age that 80% of the user's tasks do not exceed when they are done."""
    ages = [
        max(0.0, (task.completed.day(view.clock.zone) - task.created.day(view.clock.zone)).days)
        for task in view.tasks.done
        if task.completed and task.created and not task.recurs
    ]
    threshold_d = view.preferences.number("stale_after_d")
    if len(ages) >= _LEAST_AGES_N:
        threshold_d = max(threshold_d, 2 * weighted_quantile(ages, [1.0] * len(ages), 0.8))
    return float(clamp(threshold_d, LEAST_AGE_D, _GREATEST_THRESHOLD_D))


def _stale(view: UserView, threshold_d: float) -> list[Task]:
    """Quotable tasks that are old or were moved repeatedly, and that no date and no tag covers."""
    return [
        task
        for task in view.tasks.open
        if task.title
        and (_is_old(task, view, threshold_d) or task.moved_n >= MOVED_FROM_N)
        and not task.due_unknown
        and _may_speak_of(task, view)
        and _is_left_alone(task, view)
    ]


def _is_old(task: Task, view: UserView, threshold_d: float) -> bool:
    """Whether the task has been open that long; False for an unknown status."""
    return task.status_known and (known_age_days(task, view.clock) or 0) >= threshold_d


def _may_speak_of(task: Task, view: UserView) -> bool:
    """Whether no tag of the task marks it as waiting or set aside, and it does not recur."""
    excluded = {tag.casefold() for tag in view.preferences.texts("exclude_tags")}
    return not task.recurs and excluded.isdisjoint(tag.casefold() for tag in task.tags)


def _is_left_alone(task: Task, view: UserView) -> bool:
    """Whether a task is undated, or overdue so long that deadline-pressure no longer names it."""
    return task.due is None or (overdue_days(task, view.clock) or 0) > LONGEST_OVERDUE_D


def _bursts(tasks: Iterable[Task]) -> dict[str, int]:
    """The number of its bulk import for each task of one: at least ten tasks that were created within a minute."""
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


def _line(view: UserView, top: Task, wording: int) -> SnippetDraft:
    kind, move = _moves(top)[wording]
    return SnippetDraft(
        kind=kind,
        strength=3,
        fact=f"{{0}} {_age_and_moves(view, top)}.",
        move=move,
        care="letting go is a fine answer." if "let it go" in move else "",
        titles=[top.title],
    )


def _age_and_moves(view: UserView, top: Task) -> str:
    age_d = told_age_days(top, view.clock)
    parts = [f"has been open {counted(age_d, 'day')}"] if age_d and top.status_known else []
    if top.moved_n >= MOVED_FROM_N:
        parts.insert(0, f"has been moved {top.moved_n} times")
    return " and ".join(parts)


def _moves(top: Task) -> tuple[tuple[str, str], tuple[str, str]]:
    """Two alternating moves; dropping is not offered for an important task."""
    if top.moved_n >= MOVED_FROM_N:
        one, other = smaller_moves(top)
        return ("decide", one), ("decide", other)
    is_short = top.estimate_min is not None and top.estimate_min < _SHORT_STEP_MIN
    step = "doing it now" if is_short else "a 10-minute first step"
    choice = f"choose one: {step}, a date, or let it go." if top.may_be_let_go else f"choose one: {step}, or a date."
    if is_short:
        return ("decide", choice), ("start", "do it today: it is short.")
    return ("decide", choice), ("start", FIRST_STEPS[0])


AGENT = RuleAgent(MANIFEST, decide)
