"""Names an important task that competes with tasks that are merely due sooner."""

from datetime import timedelta

from oo.agent_kit.decision import Say, Silent
from oo.agent_kit.manifest import Citation, Eligibility, Manifest, Privacy, Requires, Signal, Ttl, snapshot_signals
from oo.agent_kit.moves import FIRST_STEPS, known_age_days, needs_first_step
from oo.agent_kit.preferences import decimal, preferences_schema, whole_number
from oo.agent_kit.rotation import Scored, in_turn, near_best, rotation_index
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.wording import Phrase, minutes_phrase, when_phrase
from oo.snapshot.clock import Clock, wall_clock
from oo.snapshot.tasks import Task, done_within
from oo.snippets.grammar import SnippetDraft

# Nearer dates belong to deadline-pressure.
NEAR_DUE = timedelta(hours=72)
_AGE_CAP_D = 30
_LOW, _HIGH = 0.25, 0.75
_LOW_SHARE = 0.6
_LEAST_DONE_N = 5
_WEEK_D = 7
# Until which local hour which cue is still to come.
_CUES = ((13, "right after lunch"), (16, "at 17:00"), (19, "at 20:00"))
_CUE_OF_TOMORROW = "tomorrow right after breakfast"
_CUE_ANYWHERE = "right after the next meal"

MANIFEST = Manifest(
    agent_id="important-first",
    version="1.2.0",
    title="Important first",
    description="Holds up an important task that no near date protects, as a weight against mere urgency.",
    kinds=("plan", "start"),
    requires=Requires(
        tasks=(
            "id",
            "title",
            "status",
            "due_at",
            "created_at",
            "completed_at",
            "priority",
            "project_id",
            "estimate_minutes",
            "tags",
            "recurrence",
            "due_history",
        ),
        completions=True,
    ),
    eligibility=Eligibility(
        rule={">=": [{"var": ["task_important_open_n", 0]}, 1]},
        facts=("task_important_open_n",),
        reason="Needs an open task with a priority of at least medium.",
    ),
    prefs_schema=preferences_schema(
        {
            "min_importance": decimal("Important from", "0.5 is medium, 0.75 high, 1 urgent.", 0.5, 1, default=0.75),
            "block_min": whole_number(
                "Block (minutes)", "How much time to set aside, at most the task's estimate.", 10, 90, default=25
            ),
        }
    ),
    ui={
        "ui:order": ["enabled", "min_importance", "block_min", "timezone"],
        "block_min": {"ui:widget": "range"},
    },
    signals_schema=snapshot_signals(
        ("uninformative_priority", "nothing_important", "dates_are_near"),
        important_open_n=Signal("integer", "tasks", "Open tasks of at least that importance.", nullable=False),
        top_task_id=Signal("string", "id", "The named task."),
        top_age_d=Signal("integer", "days", "Local calendar days since it was made, null for one that recurs."),
        top_due_d=Signal("integer", "days", "Local calendar days until it is due, null without a date."),
        low_share_7d_p=Signal(
            "number", "share", "Low priority among the tasks done in the last 7 days, null where one cannot be read."
        ),
        done_7d_n=Signal("integer", "tasks", "Tasks done in the last 7 days.", nullable=False),
    ),
    ttl=Ttl(max_s=24 * 3600, breaks=("midnight", "due", "cue")),
    privacy=Privacy(reads=("tasks", "completions")),
    evidence=(
        Citation("People pick lower payoffs that merely expire sooner.", "Zhu, Yang & Hsee 2018, JCR 45(3)"),
        Citation("People finish more with action plans that others wrote for them.", "Kokkalis et al. 2013"),
        Citation("A plan tied to a cue gets carried out more often (d = .65).", "Gollwitzer & Sheeran 2006"),
    ),
)


def decide(view: UserView) -> Say | Silent:
    """Today's important task without a near date, or the reason for none."""
    done = done_within(view.tasks, view.clock, _WEEK_D)
    low_n = sum(task.importance <= _LOW for task in done)
    is_known = _all_priorities_are_known(view, done)
    important = [] if view.tasks.uninformative_priority else _important(view)
    signals: dict[str, object] = {
        "important_open_n": len(important),
        "done_7d_n": len(done),
        "low_share_7d_p": low_n / len(done) if done and is_known else None,
    }
    if view.tasks.uninformative_priority:
        return Silent("uninformative_priority", signals)
    if not important:
        return Silent("nothing_important", signals)
    unhurried = [task for task in important if task.title and _is_unhurried(task, view)]
    if not unhurried:
        return Silent("dates_are_near", signals)
    return _statement(view, unhurried, signals, _recent_words(low_n, len(done)) if is_known else "")


def _all_priorities_are_known(view: UserView, done: list[Task]) -> bool:
    """Whether the week's tasks are comparable: each priority is read or absent, and each task is in the request."""
    sent_n = len(view.completions_within(_WEEK_D))
    return sent_n <= len(done) and not any(task.priority_unknown for task in done)


def _important(view: UserView) -> list[Task]:
    least = view.preferences.number("min_importance")
    return [
        task for task in view.tasks.open if task.priority_known and task.importance >= least and not task.due_unknown
    ]


def _is_unhurried(task: Task, view: UserView) -> bool:
    return task.due is None or task.due.at - view.clock.now > NEAR_DUE


def _statement(view: UserView, unhurried: list[Task], signals: dict[str, object], recent: str) -> Say:
    clock = view.clock
    near = near_best([Scored(task, _score(task, view)) for task in unhurried])
    top = near[rotation_index(view.snapshot.user_id, MANIFEST.agent_id, clock.today, len(near))].task
    signals |= {
        "top_task_id": top.id,
        "top_age_d": known_age_days(top, clock),
        "top_due_d": -clock.days_since(top.due) if top.due else None,
    }
    cue = _cue(clock)
    # Each of the near best takes part in the rotation, so the first that gets a near date changes it.
    handed_over = [each.task.due.at - NEAR_DUE for each in near if each.task.due]
    ends = [*handed_over, cue.holds_until, view.completions_change_at]
    return Say(_line(view, top, recent, cue), signals, valid_until_candidates=ends)


def _cue(clock: Clock) -> Phrase:
    """A time cue: later today, else tomorrow; without a time zone an event of any day."""
    if not clock.zone_known:
        return Phrase(_CUE_ANYWHERE)
    for hour, words in _CUES:
        ends_at = wall_clock(clock.today, hour, clock.zone)
        if clock.now < ends_at:
            return Phrase(words, ends_at)
    return Phrase(_CUE_OF_TOMORROW)


def _score(task: Task, view: UserView) -> float:
    return task.importance * (1 + min(known_age_days(task, view.clock) or 0, _AGE_CAP_D) / _AGE_CAP_D)


def _recent_words(low_n: int, done_n: int) -> str:
    """A clause with the number of recent low-priority tasks; empty if their share is small or few tasks are done."""
    if done_n < _LEAST_DONE_N or low_n / done_n < _LOW_SHARE:
        return ""
    return f"; {low_n} of the {done_n} tasks done in the last 7 days were low priority"


def _line(view: UserView, top: Task, recent: str, cue: Phrase) -> SnippetDraft:
    # More than 72 hours ahead the words for a date only change at midnight.
    when = when_phrase(top.due, view.clock) if top.due else None
    dated = f"and due {when.text}" if when else "with a date further on" if top.due else "with no date"
    kind, move = in_turn(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, _moves(view, top, cue))
    return SnippetDraft(
        kind=kind,
        strength=3 if recent else 2,
        fact=f"{{0}} is {_priority_words(top.importance)} {dated}{recent}.",
        move=move,
        titles=[top.title],
    )


def _moves(view: UserView, top: Task, cue: Phrase) -> tuple[tuple[str, str], ...]:
    """The move: a time or a first step, alternating by day; always a first step for a long or old task."""
    if needs_first_step(top, view.clock):
        return ("start", FIRST_STEPS[0]), ("start", f"do only the first two minutes of it, {cue.text}.")
    minutes = min(view.preferences.number("block_min"), top.estimate_min or float("inf"))
    timed = f"tie {minutes_phrase(minutes)} of it to a fixed cue, e.g. {cue.text}."
    return ("plan", timed), ("start", FIRST_STEPS[0])


def _priority_words(importance: float) -> str:
    return "high priority" if importance >= _HIGH else "medium priority"


AGENT = RuleAgent(MANIFEST, decide)
