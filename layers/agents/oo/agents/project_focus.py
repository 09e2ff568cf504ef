"""Points at the project that is nearly finished, else at the one that work is in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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
from oo.agent_kit.rotation import Scored, choose
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.wording import counted
from oo.snapshot.clock import Clock
from oo.snapshot.completions import SITTING, TaskCompletion
from oo.snapshot.tasks import NEUTRAL_IMPORTANCE, Task, age_days
from oo.snippets.grammar import SnippetDraft

_LEAST_KNOWN_N = 3
_NEAR_PROGRESS = 0.7
_MOST_REMAINING_N = 3
_LEAST_LIFT = 1.5
_LEAST_BATCH_N = 2
_LEAST_QUIET_N = 3
_QUIET_D = 14
_COUNT_WORDS = ("", "one", "two", "three")

MANIFEST = Manifest(
    agent_id="project-focus",
    version="1.1.0",
    title="One project",
    description="Points at the project that is nearly finished, or at the next task where you already are.",
    kinds=("finish", "start", "plan"),
    requires=Requires(
        tasks=("id", "title", "status", "due_at", "created_at", "completed_at", "priority", "project_id", "recurrence"),
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
        near_done_n=Signal("integer", "tasks", "Its tasks that are done."),
        near_total_n=Signal("integer", "tasks", "All its tasks, cancelled ones left out."),
        near_progress_ratio=Signal("number", "ratio", "Done over all."),
        remaining_n=Signal("integer", "tasks", "Its tasks that are open."),
        quiet_project_id=Signal("string", "id", "A project with open tasks and none done in 14 days."),
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


@dataclass(frozen=True, slots=True)
class Project:
    """A project with an open task among at least three known ones; cancelled tasks are not known."""

    id: str
    open: tuple[Task, ...]
    done: tuple[Task, ...]

    @property
    def total_n(self) -> int:
        """All its tasks."""
        return len(self.open) + len(self.done)

    @property
    def progress(self) -> float:
        """Which part of it is done."""
        return len(self.done) / self.total_n

    @property
    def quotable(self) -> list[Task]:
        """The open tasks that can be named."""
        return [task for task in self.open if task.title]


def decide(view: UserView) -> Say | Silent:
    """The project near its end, else the one that work is in, else one that lies still; or silence."""
    projects = list(_projects(view))
    signals: dict[str, object] = {"batching_lift_ratio": view.preferences.optional_number("batching_lift")}
    valid_until_candidates = [view.completions_change_at]
    if not projects:
        return Silent("no_project", signals)
    completions = view.completions
    return (
        _near_end(view, projects, signals)
        or _in_place(view, projects, completions, signals, valid_until_candidates)
        or _quiet(view, projects, completions, signals, valid_until_candidates)
        or Silent("nothing_stands_out", signals, valid_until_candidates)
    )


def _projects(view: UserView) -> Iterator[Project]:
    members: dict[str, list[Task]] = {}
    for task in (*view.tasks.open, *view.tasks.done):
        if task.project_id is not None:
            members.setdefault(task.project_id, []).append(task)
    ignored = set(view.preferences.texts("ignore_projects"))
    for project_id, tasks in members.items():
        still_open = tuple(task for task in tasks if task.is_open)
        if still_open and len(tasks) >= _LEAST_KNOWN_N and project_id not in ignored:
            yield Project(project_id, still_open, tuple(task for task in tasks if task.is_done))


def _near_end(view: UserView, projects: Sequence[Project], signals: dict[str, object]) -> Say | None:
    """The project of which most is done and little is left; near equals take turns."""
    least_n = view.preferences.number("min_project_size")
    near = [
        project
        for project in projects
        if project.total_n >= least_n
        and project.progress >= _NEAR_PROGRESS
        and len(project.open) <= _MOST_REMAINING_N
        and project.quotable
    ]
    if not near:
        return None
    by_task = {_pick(view, project.quotable).key: project for project in near}
    top = _choose(view, [Scored(task, by_task[task.key].progress) for task in view.tasks.open if task.key in by_task])
    project = by_task[top.key]
    signals |= {
        "near_project_id": project.id,
        "near_done_n": len(project.done),
        "near_total_n": project.total_n,
        "near_progress_ratio": project.progress,
        "remaining_n": len(project.open),
        "top_task_id": top.id,
    }
    return Say(_near_line(project, top), signals)


def _in_place(
    view: UserView,
    projects: Sequence[Project],
    completions: Iterable[TaskCompletion],
    signals: dict[str, object],
    valid_until_candidates: Sequence[datetime | None],
) -> Say | None:
    """The project of the last completion, for a user who tends to stay in one."""
    if (view.preferences.optional_number("batching_lift") or 0) < _LEAST_LIFT:
        return None
    timed = [(each.completed.at, each.project_id or "") for each in completions if not each.completed.date_only]
    if not timed:
        return None
    last_at, project_id = max(timed)
    here = next((each for each in projects if each.id == project_id), None)
    ends_at = last_at + SITTING
    if here is None or view.clock.now >= ends_at or len(here.open) < _LEAST_BATCH_N or not here.quotable:
        return None
    top = _pick(view, here.quotable)
    line = SnippetDraft(
        kind="start",
        strength=2,
        fact="work here tends to stay in one list.",
        move="take {0} next while its context is open, then note the next step.",
        titles=[top.title],
    )
    return Say(line, signals | {"top_task_id": top.id}, valid_until_candidates=[*valid_until_candidates, ends_at])


def _quiet(
    view: UserView,
    projects: Sequence[Project],
    completions: Iterable[TaskCompletion],
    signals: dict[str, object],
    valid_until_candidates: Sequence[datetime | None],
) -> Say | None:
    """A project that lies still while others move; where nothing moved, the history may just not be known."""
    moving = {each.project_id for each in completions if view.clock.days_since(each.completed) < _QUIET_D}
    still = [each for each in projects if each.id not in moving and _lies_still(each, view.clock)] if moving else []
    important = [task for each in still for task in each.quotable if task.importance >= NEUTRAL_IMPORTANCE]
    if not important:
        return None
    top = _pick(view, important)
    project = next(each for each in still if each.id == top.project_id)
    open_tasks = counted(len(project.open), "open task")
    line = SnippetDraft(
        kind="plan",
        strength=2,
        fact=f"the list with {{0}} has {open_tasks} and none done in the last {_QUIET_D} days.",
        move="give it a slot at a fixed hour, or set the list aside for now.",
        care="setting it aside is a fine answer.",
        titles=[top.title],
    )
    return Say(line, signals | {"quiet_project_id": project.id, "top_task_id": top.id}, valid_until_candidates)


def _lies_still(project: Project, clock: Clock) -> bool:
    """Enough is open, it is no new project, and no task of it may have been done lately."""
    ages = [age_days(task, clock) or 0 for task in project.open]
    since_done = [clock.days_since(task.completed) if task.completed else 0 for task in project.done]
    is_old = max((*ages, *since_done)) >= _QUIET_D
    return len(project.open) >= _LEAST_QUIET_N and is_old and min(since_done, default=_QUIET_D) >= _QUIET_D


def _pick(view: UserView, tasks: Iterable[Task]) -> Task:
    return _choose(view, [Scored(task, task.importance) for task in tasks])


def _choose(view: UserView, scored: Sequence[Scored]) -> Task:
    return choose(scored, view.snapshot.user_id, MANIFEST.agent_id, view.clock.today)


def _near_line(project: Project, top: Task) -> SnippetDraft:
    left_n = len(project.open)
    last = "the last one, {0}," if left_n == 1 else f"one of the last {_COUNT_WORDS[left_n]}"
    start = "" if left_n == 1 else ", starting with {0}"
    return SnippetDraft(
        kind="finish",
        strength=3,
        fact=f"{len(project.done)} of {project.total_n} in the list with {{0}} are done.",
        move=f"take {last} next{start}.",
        titles=[top.title],
    )


AGENT = RuleAgent(MANIFEST, decide)
