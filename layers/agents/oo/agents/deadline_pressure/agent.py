"""Names the one dated task that needs a move now."""

from collections.abc import Sequence
from datetime import timedelta

from oo.agent_kit.decision import Say, Silent
from oo.agent_kit.due_counts import DueCounts, at_least, due_counts
from oo.agent_kit.manifest import (
    Citation,
    Eligibility,
    InferredParam,
    Manifest,
    Privacy,
    Requires,
    Signal,
    Ttl,
    snapshot_signals,
)
from oo.agent_kit.moves import FIRST_STEPS, MOVED_FROM_N, needs_first_step, smaller_moves
from oo.agent_kit.preferences import decimal, flag, preferences_schema, whole_number
from oo.agent_kit.rotation import in_turn, rotation_index
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.wording import Phrase, counted, when_phrase
from oo.agents.deadline_pressure.order import Dated, candidates, first_ones, near_equals, order_change
from oo.snapshot.clock import DAY, Clock
from oo.snapshot.subtasks import without_parents
from oo.snapshot.tasks import Task, overdue_days
from oo.snippets.grammar import SnippetDraft

_BLOCKS_MIN = (5, 10, 15, 20, 25)
_COUNTED_OVERDUE_D = 3
_OVERDUE_MOVES = (
    "finish it, renegotiate it, or give it a new date.",
    "do the first two minutes of it now, renegotiate it, or give it a new date.",
)
_SHORT_MOVES = ("start with it now: it is short.", "do it now, in one go.")

MANIFEST = Manifest(
    agent_id="deadline-pressure",
    version="1.2.0",
    title="Deadlines",
    description="Names the one dated task that needs a move now, weighing its date, its importance and the work left.",
    kinds=("start", "decide"),
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
            "due_history",
        ),
        completions=True,
    ),
    eligibility=Eligibility(
        rule={">=": [{"+": [{"var": ["task_overdue_n", 0]}, {"var": ["task_due_14d_n", 0]}]}, 1]},
        facts=("task_overdue_n", "task_due_14d_n"),
        reason="Needs an open task that is overdue or due within 14 days.",
    ),
    prefs_schema=preferences_schema(
        {
            "horizon_days": whole_number(
                "Look ahead (days)", "Dates further away are not mentioned.", 1, 14, default=7
            ),
            "lead_days": decimal(
                "Head start (days)",
                "How long before a date you like to be done; learned until you set it.",
                0,
                14,
                default=1,
            ),
            "mention_overdue": flag(
                "Count days past a date", "Say how many days a task is past its date.", default=True
            ),
        }
    ),
    ui={
        "ui:order": ["enabled", "horizon_days", "lead_days", "mention_overdue", "timezone"],
        "horizon_days": {"ui:widget": "range"},
    },
    signals_schema=snapshot_signals(
        ("no_due", "no_title", "due_unread", "long_overdue", "not_pressing", "no_zone"),
        overdue_n=Signal("integer", "tasks", "Open tasks whose date or hour has passed.", nullable=False),
        due_24h_n=Signal("integer", "tasks", "Open tasks due within 24 hours.", nullable=False),
        due_7d_n=Signal("integer", "tasks", "Open tasks due within 7 days.", nullable=False),
        top_task_id=Signal("string", "id", "The named task."),
        top_slack_h=Signal("number", "hours", "Hours until it is due, negative when past."),
        top_pressure_ratio=Signal("number", "ratio", "Its pressure; 1 is an important task with no time to spare."),
    ),
    ttl=Ttl(max_s=6 * 3600, breaks=("midnight", "due", "time_words", "overtaking")),
    privacy=Privacy(reads=("tasks", "completions")),
    evidence=(
        Citation("Motivation rises as value over delay: weight / (1 + slack).", "Steel 2007; Steel et al. 2018"),
        Citation("People finish more with action plans that others wrote for them.", "Kokkalis et al. 2013"),
        Citation("A deadline rush is normal pacing, not failure.", "Physics Today 69(2) 11"),
    ),
    inferred_params=(
        InferredParam(
            key="lead_days",
            source="completions",
            estimator="wq",
            args={"measure": "days_early", "p": 0.5, "shrink_k": 4},
            prior=1,
            half_life_d=45,
            min_n=8,
            min_n_eff=6,
            clamp=(0, 14),
            round=0.1,
            describe="You usually finish {value} days before the date.",
        ),
    ),
)


def decide(view: UserView) -> Say | Silent:
    """The most pressing task and its date, or the reason for none."""
    counts = due_counts(view)
    signals = _signals(view, counts)
    titled = [task for task in view.tasks.open if task.due and task.title]
    if not titled:
        return Silent(_undated_reason(view), signals)
    dated = list(candidates(view, titled if view.clock.zone_known else _sayable(titled, view.clock)))
    if not dated:
        are_old = any(overdue_days(task, view.clock) for task in titled)
        return Silent(_unless_unread(view, "long_overdue" if are_old else "no_zone"), signals)
    if not any(each.presses for each in dated):
        starts_s = min(each.presses_from_s for each in dated)
        reason = _unless_unread(view, "not_pressing")
        return Silent(reason, signals, valid_until_candidates=[view.clock.now + timedelta(seconds=starts_s)])
    return _statement(view, dated, counts, signals)


def _sayable(dated: Sequence[Task], clock: Clock) -> list[Task]:
    """The dated tasks whose date has the same wording in every time zone."""
    return [task for task in dated if task.due and when_phrase(task.due, clock)]


def _undated_reason(view: UserView) -> str:
    """The reason for naming no dated task: a date or a title could not be read, or there is no date."""
    if any(task.due for task in view.tasks.open):
        return "no_title"
    return _unless_unread(view, "no_due")


def _unless_unread(view: UserView, reason: str) -> str:
    """The given reason, or `due_unread` if a due date could not be read, because it may be a pressing one."""
    return "due_unread" if any(task.due_unknown for task in view.tasks.open) else reason


def _signals(view: UserView, counts: DueCounts) -> dict[str, object]:
    now = view.clock.now
    dues = [task.due.at for task in view.tasks.open if task.due]
    return {
        "overdue_n": counts.passed_n,
        "due_24h_n": sum(now <= due < now + DAY for due in dues),
        "due_7d_n": sum(now <= due < now + 7 * DAY for due in dues),
    }


def _statement(view: UserView, dated: Sequence[Dated], counts: DueCounts, signals: dict[str, object]) -> Say | Silent:
    kept, others_in_s = first_ones(dated, is_pile=counts.is_pile)
    near = near_equals(kept)
    top = near[rotation_index(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, len(near))]
    when = when_phrase(top.due, view.clock)
    if when is None:
        return Silent("no_zone", signals)
    signals |= {
        "top_task_id": top.task.id,
        "top_slack_h": (top.due.at - view.clock.now).total_seconds() / 3600,
        "top_pressure_ratio": top.pressure.at(),
    }
    waiting = [each for each in dated if each.enters_s > 0]
    order_s = order_change(near, [*kept, *waiting], float(MANIFEST.ttl.max_s))
    changes_s = [change for change in (others_in_s, order_s) if change is not None]
    ends = [view.clock.now + timedelta(seconds=change) for change in changes_s]
    line = _line(view, top.task, when, counts)
    # Without a zone no count is mentioned.
    counts_end = counts.changes_at if view.clock.zone_known else None
    return Say(line, signals, valid_until_candidates=[when.holds_until, counts_end, *ends])


def _line(view: UserView, top: Task, when: Phrase, counts: DueCounts) -> SnippetDraft:
    overdue_d = overdue_days(top, view.clock)
    said = f"is due {when.text}" if overdue_d is None else _past(view, top, when, overdue_d)
    moved = f" and has been moved {top.moved_n} times" if top.moved_n >= MOVED_FROM_N else ""
    kind, moves = _moves(view, top, is_overdue=overdue_d is not None)
    return SnippetDraft(
        kind=kind,
        strength=3,
        fact=f"{{0}} {said}{moved}{_others(view, top, counts)}.",
        move=in_turn(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, moves),
        care="no remark on lateness.",
        titles=[top.title],
    )


def _moves(view: UserView, top: Task, *, is_overdue: bool) -> tuple[str, Sequence[str]]:
    """The kind of step, and two wordings of it that alternate by day."""
    if top.moved_n >= MOVED_FROM_N:
        return "decide", smaller_moves(top)
    if is_overdue:
        return "decide", _OVERDUE_MOVES
    if needs_first_step(top, view.clock):
        return "start", FIRST_STEPS
    block_min = _block_min(top)
    if not block_min:
        return "start", _SHORT_MOVES
    return "start", (
        f"start with a {block_min}-min block.",
        f"start with a {block_min}-min block, and see then what is left.",
    )


def _past(view: UserView, top: Task, when: Phrase, overdue_d: int) -> str:
    """The time by which a task is overdue, or past its hour on its own day.

    Without a time zone, only a certain distance is given.
    """
    clock = view.clock
    if clock.zone_known and overdue_d == 0 and top.due and not top.due.date_only:
        return f"was due today at {clock.local(top.due.at):%H:%M}"
    counts = clock.zone_known and overdue_d > 0 and view.preferences.flag("mention_overdue")
    if counts and overdue_d <= _COUNTED_OVERDUE_D:
        return f"is {counted(overdue_d, 'day')} past its date"
    several = overdue_d > _COUNTED_OVERDUE_D and view.preferences.flag("mention_overdue")
    return "is several days past its date" if several else f"is {when.text}"


def _others(view: UserView, top: Task, counts: DueCounts) -> str:
    """A clause that counts the other tasks due today and overdue.

    If a date is unknown, the count is a minimum, and a count of zero is not mentioned.
    """
    if not view.clock.zone_known:
        return ""
    today_n, overdue_n = _others_n(counts.today, top), _others_n(counts.overdue, top)
    parts = []
    if today_n:
        are = "task is" if today_n == 1 else "tasks are"
        parts.append(f"{at_least(today_n, may_be_more=counts.more_today)} other {are} due today")
    if overdue_n:
        are = "other is past its date" if overdue_n == 1 else "others are past their date"
        parts.append(f"{at_least(overdue_n, may_be_more=counts.more_overdue)} {are}")
    if parts:
        return f"; {', '.join(parts)}"
    if counts.passed_n or counts.more_today or counts.more_overdue:
        return ""
    return "; nothing else is due today" if counts.today else "; nothing is due today"


def _others_n(group: Sequence[Task], top: Task) -> int:
    """The size of a group without the named task and its parents."""
    beside = [task for task in group if task.key != top.key]
    return sum(task.key != top.key for task in without_parents([*beside, top]))


def _block_min(task: Task) -> int:
    """The longest usual block that fits into a task's estimate; without an estimate the longest of all."""
    estimate = _BLOCKS_MIN[-1] if task.estimate_min is None else task.estimate_min
    return max((block for block in _BLOCKS_MIN if block <= estimate), default=int(estimate))


AGENT = RuleAgent(MANIFEST, decide)
