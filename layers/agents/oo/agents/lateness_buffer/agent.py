"""Adds a margin before the next due date, measured from how late the user's dated tasks were."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from oo.agent_kit.decision import Say, Silent
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
from oo.agent_kit.preferences import choice, decimal, preferences_schema
from oo.agent_kit.rotation import in_turn
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.wording import when_phrase
from oo.agents.lateness_buffer.lateness_record import (
    HALF_LIFE_D,
    LATE_P,
    LEAST_DATED_N,
    P50_D,
    P80_D,
    RECORD,
    LatenessRecord,
    read_lateness_record,
)
from oo.agents.lateness_buffer.lateness_wording import early_words, late_fact, on_time_fact
from oo.snapshot.clock import DAY, Moment
from oo.snapshot.numbers import clamp
from oo.snapshot.tasks import Task, tie_order
from oo.snippets.grammar import SnippetDraft
from oo.statistics.dates_record import LATE, ON_TIME, PRIOR_LATE, PRIOR_ON_TIME, RECORDS

_HORIZON = 14 * DAY
# A shorter margin is too small to plan with.
_LEAST_MARGIN = timedelta(hours=1)


def _quantile_param(key: str, share: float, describe: str) -> InferredParam:
    return InferredParam(
        key=key,
        source="completions",
        estimator="wq",
        args={"measure": "days_late", "p": share, "shrink_k": 4},
        prior=0,
        half_life_d=HALF_LIFE_D,
        min_n=LEAST_DATED_N,
        min_n_eff=6,
        clamp=(-14, 14),
        round=0.1,
        describe=describe,
    )


MANIFEST = Manifest(
    agent_id="lateness-buffer",
    version="1.2.0",
    title="Margin before dates",
    description="Compares dates, as they were set first, with when tasks got done, and puts a margin before the next "
    "one. Tasks that are open after their date count as late.",
    kinds=("plan", "advice"),
    requires=Requires(
        tasks=(
            "id",
            "title",
            "status",
            "due_at",
            "created_at",
            "completed_at",
            "project_id",
            "tags",
            "recurrence",
            "parent_id",
            "due_history",
        ),
        completions=True,
    ),
    eligibility=Eligibility(
        rule={
            "and": [
                {">=": [{"var": ["task_due_14d_n", 0]}, 1]},
                {
                    "or": [
                        {"!==": [{"var": ["prefs.lateness_p80_d", None]}, None]},
                        {
                            ">=": [
                                {"+": [{"var": ["completions_with_due_90d_n", 0]}, {"var": ["task_overdue_n", 0]}]},
                                LEAST_DATED_N,
                            ]
                        },
                    ]
                },
            ]
        },
        facts=("task_due_14d_n", "prefs.lateness_p80_d", "completions_with_due_90d_n", "task_overdue_n"),
        reason="Needs an open task due within 14 days, and about 8 dated tasks that are done or overdue.",
    ),
    prefs_schema=preferences_schema(
        {
            "buffer_cap_d": decimal("Longest margin (days)", "No margin is longer; 0 is none.", 0, 14, default=7),
            "late_p": decimal(
                "Share done late", "0.3 is 3 in 10 dated tasks past their date; learned until you set it.", 0, 1
            ),
            "lateness_p50_d": decimal(
                "Usual lateness (days)",
                "Half of the dated tasks are done by then, below 0 before the date; learned until you set it.",
                -14,
                14,
            ),
            "lateness_p80_d": decimal(
                "Safe lateness (days)",
                "8 in 10 dated tasks are done by then, below 0 before the date; learned until you set it.",
                -14,
                14,
            ),
            RECORD: choice(
                "Record of dates (learned)",
                "Whether dates are often missed (late), hold (on_time), or neither; your own numbers go first.",
                RECORDS,
                learned=True,
            ),
        }
    ),
    ui={
        "ui:order": ["enabled", "buffer_cap_d", "late_p", "lateness_p50_d", "lateness_p80_d", RECORD, "timezone"],
        "buffer_cap_d": {"ui:widget": "range"},
    },
    signals_schema=snapshot_signals(
        ("too_little_evidence", "no_date_ahead", "no_title", "due_unread", "no_margin", "no_pattern"),
        late_p=Signal("number", "share", "Dated tasks that are done, or open, after their first date."),
        lateness_p50_d=Signal("number", "days", "Half of them are done by so many days after it."),
        lateness_p80_d=Signal("number", "days", "8 in 10 of them are done by so many days after it."),
        evidence_n=Signal("integer", "tasks", "Dated tasks that this was counted from, null where it was given."),
        target_task_id=Signal("string", "id", "The next dated task within 14 days."),
        aim_at=Signal("string", "UTC time", "When to aim for: its date less the margin."),
    ),
    ttl=Ttl(max_s=24 * 3600, breaks=("midnight", "aim", "due", "time_words")),
    privacy=Privacy(reads=("tasks", "completions")),
    evidence=(
        Citation("People plan for the best case: predicted 34 days, took 56.", "Buehler, Griffin & Ross 1994"),
        Citation("A plan with a time gets carried out more often than one with a day.", "Milkman et al. 2011"),
    ),
    inferred_params=(
        InferredParam(
            key=LATE_P,
            source="completions",
            estimator="beta",
            args={"measure": "done_late", "shrink_k": PRIOR_LATE + PRIOR_ON_TIME},
            prior=PRIOR_LATE / (PRIOR_LATE + PRIOR_ON_TIME),
            half_life_d=HALF_LIFE_D,
            min_n=6,
            min_n_eff=6,
            clamp=(0, 1),
            round=0.01,
            describe="The share of dated tasks that you finish after their date: {value}.",
        ),
        _quantile_param(P50_D, 0.5, "Half of your dated tasks are done {value} days after their date."),
        _quantile_param(P80_D, 0.8, "8 in 10 of your dated tasks are done {value} days after their date."),
        InferredParam(
            key=RECORD,
            source="completions",
            estimator="dates_record",
            args={},
            prior=None,
            half_life_d=HALF_LIFE_D,
            min_n=LEAST_DATED_N,
            min_n_eff=6,
            clamp=None,
            round=None,
            describe="Your dates, as far as they can be judged: {value}.",
        ),
    ),
)


def decide(view: UserView) -> Say | Silent:
    """The next date with its margin, or that it needs none, or the reason for silence."""
    record = read_lateness_record(view, MANIFEST.inferred_params)
    target = _target(view)
    margin = _margin(view, record)
    aim_at = target.due.at - margin if target and target.due and margin is not None else None
    signals: dict[str, object] = {
        **record.values,
        "evidence_n": record.counted_n,
        "target_task_id": target.id if target else None,
        "aim_at": aim_at.isoformat(timespec="seconds") if aim_at else None,
    }
    valid_until_candidates = [
        view.completions_change_at,
        target.due.at if target and target.due else _next_target_at(view),
    ]
    if margin is None:
        return Silent("too_little_evidence", signals, valid_until_candidates)
    if target is None or target.due is None or aim_at is None:
        return Silent(_no_target_reason(view), signals, valid_until_candidates)
    if record.record == LATE and margin < _LEAST_MARGIN:
        return Silent("no_margin", signals, valid_until_candidates)
    if record.record == LATE:
        aim = Moment(aim_at, target.due.date_only)
        return _with_margin(view, record, target, aim, signals, valid_until_candidates)
    if record.record == ON_TIME:
        return Say(_trusting_line(view, record, target), signals, valid_until_candidates)
    return Silent("no_pattern", signals, valid_until_candidates)


def _no_target_reason(view: UserView) -> str:
    """The reason for naming no date; an unknown date differs from a missing one."""
    if any(task.due_unknown for task in view.tasks.open):
        return "due_unread"
    horizon = view.clock.now + _HORIZON
    untitled = [task.due for task in view.tasks.open if task.due and not task.title]
    return "no_title" if any(view.clock.now < due.at < horizon for due in untitled) else "no_date_ahead"


def _target(view: UserView) -> Task | None:
    """The quotable task that is due next, strictly within the horizon."""
    now = view.clock.now
    ahead = [task for task in view.tasks.open if task.title and task.due and now < task.due.at < now + _HORIZON]
    return min(ahead, key=tie_order, default=None)


def _next_target_at(view: UserView) -> datetime | None:
    """The time at which the first task beyond the horizon enters it."""
    later = [task.due.at for task in view.tasks.open if task.title and task.due and task.due.at > view.clock.now]
    return min(later) - _HORIZON + timedelta(seconds=1) if later else None


def _margin(view: UserView, record: LatenessRecord) -> timedelta | None:
    late_d = record.values[P80_D]
    if late_d is None:
        return None
    return timedelta(seconds=round(clamp(late_d, 0, view.preferences.number("buffer_cap_d")) * 86_400))


def _with_margin(
    view: UserView,
    record: LatenessRecord,
    target: Task,
    aim: Moment,
    signals: Mapping[str, object],
    valid_until_candidates: list[datetime | None],
) -> Say:
    if aim.at <= view.clock.now:
        begun = "the usual margin before its date has begun."
        move = _in_turn(view, f"give {{0}} the next free block; {begun}", f"take {{0}} next; {begun}")
    else:
        when = when_phrase(aim, view.clock)
        valid_until_candidates = [*valid_until_candidates, aim.at, when.holds_until if when else None]
        early = early_words(view.clock, cast("Moment", target.due), aim)
        early = f"{when.text}, {early}" if when else early
        move = _in_turn(view, f"aim to finish {{0}} {early}.", f"plan to be done with {{0}} {early}.")
    line = SnippetDraft(
        kind="plan",
        strength=_strength(record),
        fact=late_fact(record),
        move=move,
        care="state it as a pattern, not a fault.",
        titles=[target.title],
    )
    return Say(line, signals, valid_until_candidates)


def _trusting_line(view: UserView, record: LatenessRecord, target: Task) -> SnippetDraft:
    return SnippetDraft(
        kind="advice",
        strength=_strength(record),
        fact=on_time_fact(record),
        move=_in_turn(
            view, "trust the date on {0}, no buffer needed.", "plan {0} by its date as it stands, no buffer needed."
        ),
        titles=[target.title],
    )


def _in_turn(view: UserView, *wordings: str) -> str:
    return in_turn(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, wordings)


def _strength(record: LatenessRecord) -> int:
    return 2 if record.is_firm else 1


AGENT = RuleAgent(MANIFEST, decide)
