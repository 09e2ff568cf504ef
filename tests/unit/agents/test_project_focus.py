"""project-focus points at the project near its end, else at the one that work is in."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from oo.agent_kit.eligibility_facts import eligibility_facts
from oo.agents.project_focus import MANIFEST
from oo.contract.agent_output import AgentOutput
from oo.contract.agents import ComputeRequest
from oo.precompute.eligibility import is_eligible
from oo.snippets.grammar import read_snippet
from testing.agent_snapshots import DAY, HOUR, NOW, SECOND, ask, changed, iso, snapshot, user_view
from tests.unit.agents.random_inputs import seeded
from tests.unit.agents.walks import said_within


def project(
    name: object, open_n: int, done_n: int, done_ago: timedelta = 9 * DAY, **more: object
) -> list[dict[str, object]]:
    """A project with so many open tasks, thirty days old, and so many done ones."""
    opened = [
        {"id": f"{name}-o{n}", "title": f"Open {name} {n}", "project_id": name, "created_at": iso(NOW - 30 * DAY)}
        for n in range(open_n)
    ]
    finished = [
        {"id": f"{name}-d{n}", "status": "done", "project_id": name, "completed_at": iso(NOW - done_ago - n * HOUR)}
        for n in range(done_n)
    ]
    return [{**task, **more} for task in opened] + finished


def output_of(*tasks: object, completions: Sequence[object] = (), **prefs: object) -> AgentOutput:
    return ask("project-focus", snapshot(*tasks, completions=completions, prefs=prefs))


@pytest.mark.parametrize(
    ("open_n", "done_n", "text"),
    [
        (1, 3, "3 of 4 in the list with «Open p 0» are done. Move: take the last one, «Open p 0», next."),
        (2, 7, "7 of 9 in the list with «{}» are done. Move: take one of the last two next, starting with «{}»."),
        (3, 7, "7 of 10 in the list with «{}» are done. Move: take one of the last three next, starting with «{}»."),
    ],
)
def test_names_the_project_near_its_end(open_n: int, done_n: int, text: str) -> None:
    """A project of which most is done is told by its figures and an open task of its own."""
    output = output_of(*project("p", open_n, done_n))
    named = str(output.signals_snapshot["top_task_id"]).replace("p-o", "Open p ")

    assert output.prompt_text == f"[finish|3] Fact: {text.format(named, named)}"
    assert output.expires_at == NOW.replace(hour=0) + DAY


@pytest.mark.parametrize(
    ("open_n", "done_n", "prefs", "speaks"),
    [
        (1, 2, {}, False),
        (1, 3, {}, True),
        (3, 7, {}, True),
        (3, 6, {}, False),
        (4, 60, {}, False),
        (0, 9, {}, False),
        (1, 8, {"min_project_size": 9}, True),
        (1, 8, {"min_project_size": 10}, False),
        (1, 3, {"ignore_projects": ["p"]}, False),
        (1, 3, {"ignore_projects": ["q", 7]}, True),
    ],
)
def test_near_means_much_done_and_little_left(open_n: int, done_n: int, prefs: dict[str, Any], *, speaks: bool) -> None:
    """Near its end is a project of four tasks or more with 70% done and one to three left, unless left out."""
    assert bool(output_of(*project("p", open_n, done_n), **prefs).prompt_text) is speaks


def test_cancelled_tasks_are_not_known() -> None:
    """A cancelled task is neither done nor left."""
    cancelled = [{"id": f"x{n}", "status": "cancelled", "project_id": "p"} for n in range(5)]
    output = output_of(*project("p", 1, 3), *cancelled)

    assert output.signals_snapshot["near_total_n"] == 4


def test_snapshot_holds_the_figures() -> None:
    """The snapshot has the project, its figures and the named task."""
    assert output_of(*project(7, 1, 3), batching_lift=1.2).signals_snapshot == {
        "applicable": True,
        "reason": None,
        "near_project_id": "7",
        "near_done_n": 3,
        "near_total_n": 4,
        "near_progress_ratio": 0.75,
        "remaining_n": 1,
        "quiet_project_id": None,
        "batching_lift_ratio": 1.2,
        "top_task_id": "7-o0",
    }


def test_number_and_text_name_the_same_project() -> None:
    """Tasks of project 7 and of project "7" are of one project."""
    tasks = [
        {**task, "project_id": project_id}
        for task, project_id in zip(project("p", 1, 3), (7, "7", 7, "7"), strict=True)
    ]

    assert output_of(*tasks).signals_snapshot["near_total_n"] == 4


def test_tasks_without_a_project_are_no_project() -> None:
    """However many tasks have no project, they are not one."""
    assert output_of(*project(None, 1, 9)).signals_snapshot["reason"] == "no_project"


def test_untitled_tasks_are_not_named() -> None:
    """A project whose open tasks have no title is passed over."""
    assert output_of(*project("p", 1, 3, title=" ")).prompt_text == ""


def test_more_progress_goes_first() -> None:
    """Of two projects near their end the one further along is named."""
    output = output_of(*project("p", 3, 7), *project("q", 1, 19))

    assert output.signals_snapshot["near_project_id"] == "q"


def test_near_equals_take_turns() -> None:
    """Projects equally near their end are named day by day in turn."""
    tasks = [*project("p", 1, 4), *project("q", 1, 4)]
    named = [
        ask("project-focus", snapshot(*tasks, now=NOW + day * DAY)).signals_snapshot["near_project_id"]
        for day in range(2)
    ]

    assert sorted(map(str, named)) == ["p", "q"]


def finished(ago: timedelta, project_id: object = "p") -> dict[str, object]:
    return {"project_id": project_id, "completed_at": iso(NOW - ago)}


def test_stays_in_the_project_of_the_last_completion() -> None:
    """For a user who tends to stay in one list the next task comes from the last one, for four hours."""
    output = output_of(*project("p", 4, 1), completions=[finished(HOUR)], batching_lift=1.5)

    assert output.prompt_text.startswith("[start|2] Fact: work here tends to stay in one list. Move: take «Open p ")
    assert output.prompt_text.endswith("» next while its context is open, then note the next step.")
    assert output.expires_at == NOW + 3 * HOUR


@pytest.mark.parametrize(
    ("tasks", "completions", "lift", "speaks"),
    [
        (project("p", 4, 1), [finished(HOUR)], 1.49, False),
        (project("p", 4, 1), [finished(HOUR)], None, False),
        (project("p", 4, 1), [finished(4 * HOUR - SECOND)], 1.5, True),
        (project("p", 4, 1), [finished(4 * HOUR)], 1.5, False),
        (project("p", 1, 2), [finished(HOUR)], 1.5, False),
        (project("p", 2, 1), [finished(HOUR)], 1.5, True),
        (project("p", 2, 0), [finished(HOUR)], 1.5, False),
        (project("p", 4, 1), [finished(HOUR), finished(HOUR / 2, "q")], 1.5, False),
        (project("p", 4, 1), [finished(HOUR), finished(HOUR / 2, None)], 1.5, False),
        (project("p", 4, 1), [finished(HOUR), finished(2 * HOUR, "q")], 1.5, True),
        (project("p", 4, 1), [{"project_id": "p", "completed_at": NOW.date().isoformat()}], 1.5, False),
        (project("p", 4, 1, HOUR), [], 1.5, True),
        (project("p", 4, 1), [], 1.5, False),
    ],
)
def test_staying_needs_a_recent_completion(
    tasks: list[object], completions: list[object], lift: float | None, *, speaks: bool
) -> None:
    """It takes the habit, a completion less than four hours ago, and two open tasks among three of its project."""
    output = output_of(*tasks, completions=completions, batching_lift=lift)

    assert output.prompt_text.startswith("[start|2]") is speaks


def test_completion_ahead_of_the_clock_starts_a_sitting() -> None:
    """What says to be finished in half an hour begins to count five minutes before."""
    output = output_of(*project("p", 4, 1), completions=[finished(-HOUR / 2)], batching_lift=2)

    assert output.prompt_text == ""
    assert output.expires_at == NOW + timedelta(minutes=25)


def test_quiet_project_is_offered_a_slot() -> None:
    """A project that lies still while another moves is named with its open tasks."""
    tasks = [*project("p", 4, 1, 14 * DAY), *project("q", 1, 1)]
    output = output_of(*tasks)

    assert output.prompt_text.startswith("[plan|2] Fact: the list with «Open p ")
    assert output.prompt_text.endswith(
        "» has 4 open tasks and none done in the last 14 days. "
        "Move: give it a slot at a fixed hour, or set the list aside for now. "
        "Care: setting it aside is a fine answer."
    )
    assert output.signals_snapshot["quiet_project_id"] == "p"


@pytest.mark.parametrize(
    ("tasks", "completions"),
    [
        (project("p", 2, 1, 20 * DAY), [finished(DAY, "q")]),
        (project("p", 3, 1, 13 * DAY), [finished(DAY, "q")]),
        (project("p", 3, 1, 20 * DAY), [finished(13 * DAY), finished(DAY, "q")]),
        (project("p", 3, 0, created_at=iso(NOW - 13 * DAY)), [finished(DAY, "q")]),
        ([*project("p", 3, 0, priority="low"), *project("q", 1, 0, priority="high")], [finished(DAY, "q")]),
        ([*project("p", 3, 0), {"id": "d", "project_id": "p", "status": "done"}], [finished(DAY, "q")]),
        (project("p", 3, 0), []),
        (project("p", 3, 0), [finished(14 * DAY, "q")]),
    ],
)
def test_other_projects_are_not_quiet(tasks: list[object], completions: list[object]) -> None:
    """Few open tasks, work within 14 days, a new project, low priority or an unknown history are no reason."""
    assert output_of(*tasks, completions=completions).prompt_text == ""


def test_nearly_finished_goes_first() -> None:
    """A project near its end comes before staying in place, and that before a quiet one."""
    near, here, quiet = project("n", 1, 3), project("h", 4, 1, HOUR), project("s", 3, 0)
    kinds = [
        output_of(*tasks, batching_lift=2).prompt_text[:8]
        for tasks in ([*near, *here, *quiet], [*here, *quiet], [*project("q", 1, 1), *quiet])
    ]

    assert kinds == ["[finish|", "[start|2", "[plan|2]"]


def random_projects(seed: int) -> ComputeRequest:
    """Some projects at any point of their life, with completions around the present."""
    random = seeded(seed)
    tasks: list[object] = []
    for name in random.sample(["p", "q", 3, "s"], random.randrange(1, 5)):
        ago = timedelta(hours=random.choice((0, 1, 3, 5, 30, 300, 340, 500)))
        tasks += project(name, random.randrange(5), random.randrange(9), ago, priority=random.choice((1, 2, 4, None)))
    ends = [timedelta(minutes=random.randrange(-40, 300)) for _ in range(random.randrange(3))]
    completions = [finished(ago, random.choice(["p", "q", 3, None])) for ago in ends]
    prefs = {"batching_lift": random.choice((None, 1.4, 1.5, 3))}
    now = NOW + timedelta(seconds=random.randrange(86_400))
    return changed(snapshot(*tasks, completions=completions, prefs=prefs), now_iso=now)


def test_projects_of_any_sort_are_spoken_of_truly() -> None:
    """On random projects what is said holds until it ends, and is said only where the agent is eligible."""
    kinds = set()
    for seed in range(300):
        given = random_projects(seed)
        output = ask("project-focus", given)
        kinds.add(output.prompt_text[:8])

        assert said_within("project-focus", given, output) == {output.prompt_text}, seed
        if output.prompt_text:
            assert is_eligible(MANIFEST, eligibility_facts(user_view(given, MANIFEST)))
    assert kinds == {"", "[finish|", "[start|2", "[plan|2]"}


def test_long_titles_are_shortened() -> None:
    """Twice the longest title still fits, and both times the same of it is left."""
    output = output_of(*project("p", 1, 3, title="Order the tiles " * 20))

    line = read_snippet(output.prompt_text)

    assert len(output.prompt_text) <= 280
    assert line is not None
    assert (len(line.titles), len(set(line.titles))) == (2, 1)
