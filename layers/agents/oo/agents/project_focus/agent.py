"""Names the project that is nearly finished, else the one that was worked on last."""

from collections.abc import Iterable, Sequence
from datetime import datetime

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
from oo.agent_kit.preferences import decimal, preferences_schema, text_list, whole_number
from oo.agent_kit.projects import Project, projects
from oo.agent_kit.rotation import Scored, choose, in_turn
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.wording import counted
from oo.agents.project_focus.staying import staying_share
from oo.snapshot.clock import Clock
from oo.snapshot.completions import SITTING
from oo.snapshot.tasks import NEUTRAL_IMPORTANCE, Task, age_days
from oo.snippets.grammar import SnippetDraft

_NEAR_PROGRESS = 0.7
_MOST_REMAINING_N = 3
_LEAST_LIFT = 1.5
_LEAST_BATCH_N = 2
_LEAST_QUIET_N = 3
_QUIET_D = 14
_COUNT_WORDS = ("", "one", "two", "three")

# Wordings of one move, which alternate by day.
_STAY_MOVES = (
    "take {0} next while its context is open, then note the next step.",
    "go on with {0} while its context is open, and note its next step before switching.",
)
_QUIET_MOVES = (
    "give it a slot at a fixed hour, or set the list aside for now.",
    "choose one task of it for this week, or set the list aside for now.",
)
_QUIET_BUT_IMPORTANT_MOVES = (
    "give it a slot at a fixed hour.",
    "choose the day on which one task of it gets done.",
)

MANIFEST = Manifest(
    agent_id="project-focus",
    version="1.2.0",
    title="One project",
    description="Points at the project that is nearly finished, or at the next task where you already are.",
    kinds=("finish", "start", "plan"),
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
            "tags",
            "recurrence",
            "parent_id",
        ),
        completions=True,
    ),
    eligibility=Eligibility(
        rule={">=": [{"var": ["project_open_n", 0]}, 1]},
        facts=("project_open_n",),
        reason="Needs a project with three known tasks, at least one of them open.",
    ),
    prefs_schema=preferences_schema(
        {
            "min_project_size": whole_number(
                "Projects from (tasks)", "Smaller ones are never called nearly finished.", 4, 50, default=4
            ),
            "ignore_projects": text_list("Leave out projects", "Ids of projects that may rest.", default=[]),
            "batching_lift": decimal(
                "Staying in one project (learned)",
                "How many times as often as by chance the next finished task is of the same project.",
                0,
                10,
                learned=True,
            ),
        }
    ),
    ui={"ui:order": ["enabled", "min_project_size", "ignore_projects", "batching_lift", "timezone"]},
    signals_schema=snapshot_signals(
        ("no_project", "nothing_stands_out"),
        near_project_id=Signal("string", "id", "The project that is nearly finished."),
        near_done_n=Signal("integer", "tasks", "Its tasks that are done, by all that is known."),
        near_total_n=Signal("integer", "tasks", "All its tasks, cancelled ones left out."),
        near_progress_ratio=Signal("number", "ratio", "Done over all."),
        remaining_n=Signal("integer", "tasks", "Its tasks that are open."),
        quiet_project_id=Signal("string", "id", "A project with open tasks and none done in 14 days."),
        staying_share_p=Signal(
            "number", "share", "Of finished tasks, how many follow one of the same list within 4 hours."
        ),
        batching_lift_ratio=Signal("number", "ratio", "The learned preference, null where it is not known."),
        top_task_id=Signal("string", "id", "The named task."),
    ),
    ttl=Ttl(max_s=24 * 3600, breaks=("midnight", "sitting_end")),
    privacy=Privacy(reads=("tasks", "completions")),
    evidence=(
        Citation("Effort rises with the share that is done.", "Kivetz, Urminsky & Zheng 2006"),
        Citation(
            "A task left unfinished hurts the next one; a note on where to resume helps (laboratory).",
            "Leroy 2009; Leroy & Glomb 2018",
        ),
    ),
    inferred_params=(
        InferredParam(
            key="batching_lift",
            source="completions",
            estimator="batching_lift",
            args={"shrink_k": 4},
            prior=1,
            half_life_d=45,
            min_n=15,
            min_n_eff=6,
            clamp=(0, 10),
            round=0.01,
            describe="You stay in one project {value} times as often as chance would have it.",
        ),
    ),
)


def decide(view: UserView) -> Say | Silent:
    """The project near its end, else the one worked on last, else an inactive one; or silence."""
    ignored = set(view.preferences.texts("ignore_projects"))
    known = [project for project in view.once(projects) if project.id not in ignored]
    share_p = staying_share(view.completions, view.clock)
    lift = view.preferences.optional_number("batching_lift")
    signals: dict[str, object] = {"batching_lift_ratio": lift, "staying_share_p": share_p}
    ends = [view.completions_change_at]
    if not known:
        return Silent("no_project", signals)
    return (
        _near_end(view, known, signals, ends)
        or _in_place(view, known, signals, ends)
        or _quiet(view, known, signals, ends)
        or Silent("nothing_stands_out", signals, ends)
    )


def _near_end(
    view: UserView, known: Sequence[Project], signals: dict[str, object], ends: Sequence[datetime | None]
) -> Say | None:
    """The project with the largest finished share and few open tasks; near equals alternate by day."""
    near = [project for project in known if _is_near_its_end(project, view)]
    if not near:
        return None
    by_task = {_pick(view, project.quotable).key: project for project in near}
    top = _choose(view, [Scored(task, by_task[task.key].progress) for task in view.tasks.open if task.key in by_task])
    project = by_task[top.key]
    signals |= {
        "near_project_id": project.id,
        "near_done_n": project.done_n,
        "near_total_n": project.total_n,
        "near_progress_ratio": project.progress,
        "remaining_n": project.open_n,
        "top_task_id": top.id,
    }
    line = SnippetDraft(
        kind="finish",
        strength=3,
        fact=f"{project.done_n} of {project.total_n} in the list with {{0}} are done.",
        move=_turn(view, _last_moves(project.open_n)),
        titles=[top.title],
    )
    return Say(line, signals, ends)


def _is_near_its_end(project: Project, view: UserView) -> bool:
    """Whether few tasks are left; a project that gains as many tasks as it loses is not near its end."""
    return (
        project.is_clear
        and project.total_n >= view.preferences.number("min_project_size")
        and project.progress >= _NEAR_PROGRESS
        and project.open_n <= _MOST_REMAINING_N
        and bool(project.quotable)
        and project.shrinks(view.clock)
    )


def _in_place(
    view: UserView, known: Sequence[Project], signals: dict[str, object], ends: Sequence[datetime | None]
) -> Say | None:
    """The project of the last completion, if the user stays in one more often than not, and than by chance."""
    lift = view.preferences.optional_number("batching_lift") or 0
    if lift < _LEAST_LIFT or signals["staying_share_p"] is None:
        return None
    timed = [(each.completed.at, each.project_id or "") for each in view.completions if not each.completed.date_only]
    if not timed:
        return None
    last_at, project_id = max(timed)
    here = next((each for each in known if each.id == project_id), None)
    ends_at = last_at + SITTING
    if here is None or view.clock.now >= ends_at or len(here.open) < _LEAST_BATCH_N or not here.quotable:
        return None
    top = _pick(view, here.quotable)
    line = SnippetDraft(
        kind="start",
        strength=2,
        fact="work here tends to stay in one list.",
        move=_turn(view, _STAY_MOVES),
        titles=[top.title],
    )
    return Say(line, signals | {"top_task_id": top.id}, valid_until_candidates=[*ends, ends_at])


def _quiet(
    view: UserView, known: Sequence[Project], signals: dict[str, object], ends: Sequence[datetime | None]
) -> Say | None:
    """A project without progress while others advance; if none advances, the history may be unknown."""
    moving = {each.project_id for each in view.completions_within(_QUIET_D)}
    still = [each for each in known if each.id not in moving and _lies_still(each, view.clock)] if moving else []
    important = [task for each in still for task in each.quotable if task.importance >= NEUTRAL_IMPORTANCE]
    if not important:
        return None
    top = _pick(view, important)
    project = next(each for each in still if each.id == top.project_id)
    may_rest = all(task.may_be_let_go for task in project.open)
    line = SnippetDraft(
        kind="plan",
        strength=2,
        fact=f"the list with {{0}} has {_open_tasks(project)} and none done in the last {_QUIET_D} days.",
        move=_turn(view, _QUIET_MOVES if may_rest else _QUIET_BUT_IMPORTANT_MOVES),
        care="setting it aside is a fine answer." if may_rest else "",
        titles=[top.title],
    )
    return Say(line, signals | {"quiet_project_id": project.id, "top_task_id": top.id}, ends)


def _open_tasks(project: Project) -> str:
    """The number of open tasks, as a minimum if the status of one is an unknown word."""
    sure_n = project.open_n - sum(not task.status_known for task in project.open)
    least = "at least " if sure_n < project.open_n else ""
    return f"{least}{counted(max(sure_n, 1), 'open task')}"


def _lies_still(project: Project, clock: Clock) -> bool:
    """Whether enough tasks are open, the project is not new, and no task of it may have been done lately."""
    if not project.is_clear or project.open_n < _LEAST_QUIET_N:
        return False
    ages = [age_days(task, clock) or 0 for task in project.open]
    since_done = [clock.days_since(task.completed) if task.completed else 0 for task in project.done]
    is_old = max((*ages, *since_done)) >= _QUIET_D
    return is_old and min(since_done, default=_QUIET_D) >= _QUIET_D


def _pick(view: UserView, tasks: Iterable[Task]) -> Task:
    return _choose(view, [Scored(task, task.importance) for task in tasks])


def _choose(view: UserView, scored: Sequence[Scored]) -> Task:
    return choose(scored, view.snapshot.user_id, MANIFEST.agent_id, view.clock.today)


def _turn(view: UserView, moves: Sequence[str]) -> str:
    return in_turn(view.snapshot.user_id, MANIFEST.agent_id, view.clock.today, moves)


def _last_moves(left_n: int) -> Sequence[str]:
    """The moves for a project with one to three open tasks."""
    if left_n == 1:
        return "take the last one, {0}, next.", "close the list: {0} is the last one."
    last = f"one of the last {_COUNT_WORDS[left_n]}"
    return f"take {last} next, starting with {{0}}.", f"take {{0}} next, {last}."


AGENT = RuleAgent(MANIFEST, decide)
