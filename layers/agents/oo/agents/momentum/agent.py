"""Compares the day and the week with the user's own pace, and names a fresh start."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from oo.agent_kit.decision import Say, Silent
from oo.agent_kit.learned import REST_DAYS
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
from oo.agent_kit.preferences import decimal, flag, preferences_schema, whole_number, whole_number_list
from oo.agent_kit.rotation import Scored, choose, in_turn
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agents.momentum.progress import IDLE_D, DayProgress, read_day_progress
from oo.snapshot.tasks import Task
from oo.snippets.grammar import SnippetDraft

_LEAST_HISTORY_N = 3
_NEAR_GOAL_SHARE = 0.6
_NEAR_GOAL_N = 2
_AHEAD_N = 2
_DEFAULT_ESTIMATE_MIN = 30
_LEAST_RUN_N = 2
# A statement on the day so far is valid for a shorter time than one on the week.
_DAY_TTL = timedelta(hours=3)

MANIFEST = Manifest(
    agent_id="momentum",
    version="1.2.0",
    title="Pace and fresh starts",
    description="Says when the day's goal is near, when the week is busier or lighter than usual, "
    "and when a new week or month is a good moment to begin again.",
    kinds=("finish", "start", "rest", "shrink", "advice"),
    requires=Requires(
        tasks=(
            "id",
            "title",
            "status",
            "due_at",
            "created_at",
            "completed_at",
            "project_id",
            "estimate_minutes",
            "tags",
            "recurrence",
        ),
        completions=True,
        profile=("mean_daily_done_28d",),
    ),
    eligibility=Eligibility(
        rule={
            "or": [
                {">=": [{"var": ["completions_90d_n", 0]}, _LEAST_HISTORY_N]},
                {">=": [{"var": ["prefs.daily_goal", 0]}, 1]},
            ]
        },
        facts=("completions_90d_n", "prefs.daily_goal"),
        reason="Needs at least 3 tasks done, or a daily goal.",
    ),
    prefs_schema=preferences_schema(
        {
            "daily_goal": whole_number("Daily goal (tasks)", "0 switches the goal off.", 0, 50, default=0),
            "show_runs": flag("Mention runs", "Say how many active days a good run has.", default=False),
            "rest_days": whole_number_list(
                "Rest days", "0 is Monday; nothing is said about the pace on them; learned until you set it.", 0, 6
            ),
            "daily_rate": decimal("Usual pace (tasks a day)", "Learned until you set it.", 0, 50),
        }
    ),
    ui={
        "ui:order": ["enabled", "daily_goal", "rest_days", "daily_rate", "show_runs", "timezone"],
        "rest_days": {"ui:widget": "checkboxes"},
    },
    signals_schema=snapshot_signals(
        ("too_little_history", "no_zone", "usual_pace"),
        done_today_n=Signal("integer", "tasks", "Tasks done today.", nullable=False),
        goal_n=Signal("integer", "tasks", "The daily goal, 0 when off.", nullable=False),
        daily_rate=Signal("number", "tasks a day", "The usual pace."),
        expected_now_n=Signal("number", "tasks", "What the usual pace leads to expect by now, 0 on rest days."),
        pace_ratio=Signal(
            "number", "ratio", "The week before the last Monday against an average one of the four before."
        ),
        pace_z=Signal("number", "standard errors", "How far that change is beyond chance, by how much days differ."),
        active_days_7_n=Signal(
            "integer", "days", "Days with something done, today and the six before.", nullable=False
        ),
        gap_d=Signal("integer", "days", "Local calendar days since something was done."),
        run_days_n=Signal("integer", "days", "Active days of the current run, with forgiveness.", nullable=False),
        landmark=Signal("string", "enum", "What begins today: week_start or month_start."),
    ),
    ttl=Ttl(max_s=12 * 3600, breaks=("midnight", "expected_pace")),
    privacy=Privacy(reads=("tasks", "completions", "profile")),
    evidence=(
        Citation("New weeks and months bring new efforts.", "Dai, Milkman & Riis 2014"),
        Citation("Effort rises close to a goal.", "Kivetz, Urminsky & Zheng 2006"),
        Citation("Pointing at an interrupted run lowers the will to go on.", "Silverman & Barasch 2023"),
    ),
    inferred_params=(
        InferredParam(
            key="daily_rate",
            source="completions",
            estimator="gamma_rate",
            args={"shrink_k": 1},
            prior=3,
            half_life_d=28,
            min_n=14,
            min_n_eff=0,
            clamp=(0, 50),
            round=0.1,
            describe="You finish about {value} tasks a day.",
        ),
        REST_DAYS,
    ),
)


# The statement of a case and, if it is not valid for the whole day, its end.
_Said = tuple[SnippetDraft, datetime | None]


def decide(view: UserView) -> Say | Silent:
    """The first applicable case: a goal in reach, a fresh start, a busier or lighter week, a day ahead of its pace."""
    standing = read_day_progress(view)
    signals = _signals(view, standing)
    valid_until_candidates = [view.completions_change_at]
    if standing.history_n < _LEAST_HISTORY_N and not standing.goal_n:
        return Silent("too_little_history", signals, valid_until_candidates)
    if not view.clock.zone_known:
        # All cases are about the user's own day or week.
        return Silent("no_zone", signals, valid_until_candidates)
    said = next(filter(None, (case(view, standing) for case in _CASES)), None)
    if said is None:
        return Silent("usual_pace", signals, valid_until_candidates)
    line, ends_at = said
    return Say(line, signals, [*valid_until_candidates, ends_at])


def _signals(view: UserView, standing: DayProgress) -> dict[str, object]:
    change = standing.week.change if standing.week else None
    return {
        "done_today_n": standing.done_today_n,
        "goal_n": standing.goal_n,
        "daily_rate": standing.rate,
        "expected_now_n": standing.expected_n(view.clock),
        "pace_ratio": change.ratio if change else None,
        "pace_z": change.z if change else None,
        "active_days_7_n": standing.active_days_7_n,
        "gap_d": standing.gap_d,
        "run_days_n": standing.run_days_n,
        "landmark": standing.landmark,
    }


def _near_goal(view: UserView, standing: DayProgress) -> _Said | None:
    left = standing.goal_n - standing.done_today_n
    if not 1 <= left <= _NEAR_GOAL_N or standing.done_today_n < _NEAR_GOAL_SHARE * standing.goal_n:
        return None
    tasks, closes = ("one short task", "closes") if left == 1 else ("two short tasks", "close")
    fact = f"{standing.done_today_n} of today's {standing.goal_n} are done{_run_words(view, standing)}."
    move = _in_turn(view, f"{tasks} {closes} the day's goal.", f"choose {tasks}, and the day's goal is met.")
    return SnippetDraft(kind="finish", strength=3, fact=fact, move=move), view.clock.now + _DAY_TTL


def _fresh_start(view: UserView, standing: DayProgress) -> _Said | None:
    """A landmark (new week or month) after some days without completions, which are not mentioned."""
    if standing.landmark is None or standing.gap_d is None or standing.idle_d < IDLE_D:
        return None
    begins = "week" if standing.landmark == "week_start" else "month"
    # The smallest task makes the smallest step.
    example = _example(view, lambda minutes: 1 / minutes)
    return (
        SnippetDraft(
            kind="start",
            strength=2,
            fact=f"a new {begins} starts today.",
            move="restart with one small step on {0}." if example else "restart with one small step.",
            titles=[example.title] if example else [],
        ),
        None,
    )


def _busier_week(view: UserView, standing: DayProgress) -> _Said | None:
    change = standing.week.change if standing.week else None
    if standing.rests_today or standing.week_news <= 0 or change is None:
        return None
    fact = f"last week was a busier week than usual, about {change.ratio:.1f} times the usual pace."
    move = _in_turn(
        view, "protect a break today, at a fixed hour.", "keep half an hour of today free, at a fixed hour."
    )
    return SnippetDraft(kind="rest", strength=2, fact=fact, move=move), None


def _lighter_week(view: UserView, standing: DayProgress) -> _Said | None:
    if standing.rests_today or standing.week_news >= 0:
        return None
    example = _example(view, lambda minutes: minutes)
    named = "{0}" if example else "the next task"
    return (
        SnippetDraft(
            kind="shrink",
            strength=2,
            fact="last week was a lighter week than usual.",
            move=_in_turn(view, f"make {named} half its size.", f"cut {named} down to its first ten minutes."),
            care="a lighter week is fine, too.",
            titles=[example.title] if example else [],
        ),
        None,
    )


def _ahead_today(view: UserView, standing: DayProgress) -> _Said | None:
    clock, ahead_of = view.clock, standing.done_today_n - _AHEAD_N
    expected_n = standing.expected_n(clock)
    if standing.rests_today or expected_n is None or ahead_of < expected_n:
        return None
    line = SnippetDraft(
        kind="advice",
        strength=2 if standing.rate_is_given else 1,
        fact=f"{standing.done_today_n} are done today, ahead of the usual pace{_run_words(view, standing)}.",
        move=_in_turn(
            view, "choosing what matters beats adding more.", "choosing the one that matters beats adding another."
        ),
    )
    ends = [end for end in (clock.now + _DAY_TTL, standing.expects_at(ahead_of, clock)) if end]
    return line, min(ends)


_Case = Callable[[UserView, DayProgress], _Said | None]
_CASES: Sequence[_Case] = (_near_goal, _fresh_start, _busier_week, _lighter_week, _ahead_today)


def _in_turn(view: UserView, *wordings: str) -> str:
    return in_turn(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, wordings)


def _example(view: UserView, score: Callable[[float], float]) -> Task | None:
    """Today's open task by a score of its minutes."""
    scored = [Scored(task, score(task.estimate_min or _DEFAULT_ESTIMATE_MIN)) for task in view.tasks.open if task.title]
    return choose(scored, view.snapshot.user_id, MANIFEST.agent_id, view.clock.today) if scored else None


def _run_words(view: UserView, standing: DayProgress) -> str:
    if not view.preferences.flag("show_runs") or standing.run_days_n < _LEAST_RUN_N:
        return ""
    return f", with {standing.run_days_n} active days in the current run"


AGENT = RuleAgent(MANIFEST, decide)
