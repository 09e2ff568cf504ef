"""Holds up what matters against what merely expires sooner."""

from datetime import timedelta

from oo.agent_kit.decision import Say, Silent
from oo.agent_kit.manifest import Citation, Eligibility, Manifest, Privacy, Requires, Signal, Ttl, snapshot_signals
from oo.agent_kit.preferences import decimal, preferences_schema, whole_number
from oo.agent_kit.rotation import Scored, near_best, rotation_index
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.wording import when_phrase
from oo.snapshot.tasks import Task, age_days, done_within
from oo.snippets.grammar import SnippetDraft

# Nearer dates belong to deadline-pressure.
NEAR_DUE = timedelta(hours=72)
_AGE_CAP_D = 30
_LOW = 0.25
_LOW_SHARE = 0.6
_LEAST_DONE_N = 5
_WEEK_D = 7

MANIFEST = Manifest(
    agent_id="important-first",
    version="1.1.0",
    title="Important first",
    description="Holds up an important task that no near date protects, as a weight against mere urgency.",
    kinds=("plan",),
    requires=Requires(
        tasks=("id", "title", "status", "due_at", "created_at", "completed_at", "priority", "recurrence")
    ),
    eligibility=Eligibility(
        rule={">=": [{"var": ["task_important_open_n", 0]}, 1]},
        facts=("task_important_open_n",),
        reason="Needs an open task with a priority of at least medium.",
    ),
    prefs_schema=preferences_schema(
        {
            "min_importance": decimal("Important from", "0.5 is medium, 0.75 high, 1 urgent.", 0.5, 1, default=0.75),
            "block_min": whole_number("Block (minutes)", "How much time to set aside.", 10, 90, default=25),
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
        top_age_d=Signal("integer", "days", "Local calendar days since it was made."),
        top_due_d=Signal("integer", "days", "Local calendar days until it is due, null without a date."),
        low_share_7d_p=Signal("number", "share", "Low priority among the tasks done in the last 7 days."),
        done_7d_n=Signal("integer", "tasks", "Tasks done in the last 7 days.", nullable=False),
    ),
    ttl=Ttl(max_s=24 * 3600, breaks=("midnight", "due")),
    privacy=Privacy(reads=("tasks",)),
    evidence=(
        Citation("People pick lower payoffs that merely expire sooner.", "Zhu, Yang & Hsee 2018, JCR 45(3)"),
        Citation("A plan tied to a cue gets carried out more often (d = .65).", "Gollwitzer & Sheeran 2006"),
    ),
)


def decide(view: UserView) -> Say | Silent:
    """Today's important task without a near date, or why there is none."""
    done = done_within(view.tasks, view.clock, _WEEK_D)
    low_n = sum(task.importance <= _LOW for task in done)
    important = [] if view.tasks.uninformative_priority else _important(view)
    signals: dict[str, object] = {
        "important_open_n": len(important),
        "done_7d_n": len(done),
        "low_share_7d_p": low_n / len(done) if done else None,
    }
    if view.tasks.uninformative_priority:
        return Silent("uninformative_priority", signals)
    if not important:
        return Silent("nothing_important", signals)
    unhurried = [task for task in important if task.title and _is_unhurried(task, view)]
    if not unhurried:
        return Silent("dates_are_near", signals)
    return _statement(view, unhurried, signals, _recent_words(low_n, len(done)))


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
        "top_age_d": age_days(top, clock),
        "top_due_d": -clock.days_since(top.due) if top.due else None,
    }
    # Each of the near best takes part in the rotation, so the first that gets a near date changes it.
    handed_over = [each.task.due.at - NEAR_DUE for each in near if each.task.due]
    return Say(_line(view, top, recent), signals, valid_until_candidates=handed_over)


def _score(task: Task, view: UserView) -> float:
    return task.importance * (1 + min(age_days(task, view.clock) or 0, _AGE_CAP_D) / _AGE_CAP_D)


def _recent_words(low_n: int, done_n: int) -> str:
    """How many of the recent tasks were of low priority, where that is enough to speak about; else nothing."""
    if done_n < _LEAST_DONE_N or low_n / done_n < _LOW_SHARE:
        return ""
    return f"; {low_n} of the {done_n} tasks done in the last 7 days were low priority"


def _line(view: UserView, top: Task, recent: str) -> SnippetDraft:
    # More than 72 hours ahead the words for a date only change at midnight.
    when = when_phrase(top.due, view.clock) if top.due else None
    dated = f"and due {when.text}" if when else "with a date further on" if top.due else "with no date"
    return SnippetDraft(
        kind="plan",
        strength=3 if recent else 2,
        fact=f"{{0}} is {_priority_words(top.importance)} {dated}{recent}.",
        move=f"tie {view.preferences.number('block_min')} min of it to a fixed cue, e.g. right after lunch.",
        titles=[top.title],
    )


def _priority_words(importance: float) -> str:
    if importance >= 0.75:
        return "high priority"
    return "raised priority" if importance > 0.5 else "medium priority"


AGENT = RuleAgent(MANIFEST, decide)
