"""project-focus points at the project near its end, else at the one that work is in."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oo.agent_kit.eligibility_facts import eligibility_facts
from oo.agent_kit.rotation import rotation_index
from oo.agents.project_focus.agent import MANIFEST
from oo.contract.agent_output import AgentOutput
from oo.contract.agents import ComputeRequest
from oo.precompute.eligibility import is_eligible
from oo.snippets.grammar import read_snippet
from testing.agent_snapshots import DAY, HOUR, NOW, SECOND, ask, changed, iso, snapshot, user_view
from testing.for_each import for_each
from testing.seeds import seeds
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


# Two wordings take turns by day: on the day of these tests this user hears the first one.
FIRST_USER = next(f"user-{n}" for n in range(9) if not rotation_index(f"user-{n}", "project-focus", NOW.date(), 2))


def output_of(*tasks: object, completions: Sequence[object] = (), now: datetime = NOW, **prefs: object) -> AgentOutput:
    return ask("project-focus", snapshot(*tasks, completions=completions, now=now, prefs=prefs, user_id=FIRST_USER))


def habit(stayed_n: int = 24, left_n: int = 0) -> list[dict[str, object]]:
    """Pairs of completions an hour apart, one a day up to last week, some of one list and others of two."""
    pairs = [("x", "x")] * stayed_n + [("x", "y")] * left_n
    return [
        finished((day + 4) * DAY - nth * HOUR, name) for day, pair in enumerate(pairs) for nth, name in enumerate(pair)
    ]


@for_each(
    ("open_n", "done_n", "text"),
    [
        (1, 3, "3 of 4 in the list with «Open p 0» are done. Move: take the last one, «Open p 0», next."),
        (2, 7, "7 of 9 in the list with «{}» are done. Move: take one of the last two next, starting with «{}»."),
        (3, 7, "7 of 10 in the list with «{}» are done. Move: take one of the last three next, starting with «{}»."),
    ],
)
def test_names_the_project_near_its_end(open_n: int, done_n: int, text: str) -> None:
    """The line describes a project with most tasks done by its figures and an open task of its own."""
    output = output_of(*project("p", open_n, done_n))
    named = str(output.signals_snapshot["top_task_id"]).replace("p-o", "Open p ")

    assert output.prompt_text == f"[finish|3] Fact: {text.format(named, named)}"
    assert output.expires_at == NOW.replace(hour=0) + DAY


@for_each(
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
        "staying_share_p": None,
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
    """A project whose open tasks have no title is skipped."""
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
    output = output_of(*project("p", 4, 1), completions=[finished(HOUR), *habit()], batching_lift=1.5)

    assert output.prompt_text.startswith("[start|2] Fact: work here tends to stay in one list. Move: take «Open p ")
    assert output.prompt_text.endswith("» next while its context is open, then note the next step.")
    assert output.expires_at == NOW + 3 * HOUR


@for_each(
    ("tasks", "completions", "lift", "speaks"),
    [
        (project("p", 4, 1), [finished(HOUR)], 1.49, False),
        (project("p", 4, 1), [finished(HOUR)], None, False),
        (project("p", 4, 1), [finished(4 * HOUR - SECOND)], 1.5, True),
        (project("p", 4, 1), [finished(4 * HOUR)], 1.5, False),
        (project("p", 1, 2), [finished(HOUR)], 1.5, False),
        (project("p", 2, 1), [finished(HOUR)], 1.5, True),
        (project("p", 2, 0), [finished(HOUR)], 1.5, True),
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
    output = output_of(*tasks, completions=[*completions, *habit()], batching_lift=lift)

    assert output.prompt_text.startswith("[start|2]") is speaks


@for_each(
    ("stayed_n", "left_n", "speaks"),
    [(14, 0, False), (15, 0, True), (24, 0, True), (40, 20, True), (12, 8, False), (39, 31, False), (350, 250, False)],
)
def test_staying_needs_most_tasks_to_stay(stayed_n: int, left_n: int, *, speaks: bool) -> None:
    """A lift alone is no habit: at least 60% of the pairs stay, and surely more than half of them."""
    completions = [finished(HOUR), *habit(stayed_n, left_n)]
    output = output_of(*project("p", 4, 1), completions=completions, batching_lift=3)

    assert output.prompt_text.startswith("[start|2]") is speaks


def test_staying_is_asked_once_a_week() -> None:
    """Completions since Monday change nothing about the habit before the next one."""
    since_monday = [finished(number * HOUR / 2, name) for number, name in enumerate("pqrst" * 8)]
    tasks = project("p", 4, 1)
    before = output_of(*tasks, completions=[finished(HOUR), *habit()], batching_lift=3).signals_snapshot
    after = output_of(*tasks, completions=[*since_monday, *habit()], batching_lift=3).signals_snapshot

    assert before["staying_share_p"] == after["staying_share_p"] == 1.0


def test_completion_ahead_of_the_clock_starts_a_sitting() -> None:
    """A completion in half an hour begins to count five minutes before."""
    output = output_of(*project("p", 4, 1), completions=[finished(-HOUR / 2), *habit()], batching_lift=2)

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


@for_each(
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
        output_of(*tasks, completions=habit(), batching_lift=2).prompt_text[:8]
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
    return changed(snapshot(*tasks, completions=[*completions, *habit()], prefs=prefs), now_iso=now)


@pytest.mark.all_seeds
def test_projects_of_any_sort_are_spoken_of_truly() -> None:
    """On random projects a statement is true until it expires, and made only if the agent is eligible."""
    kinds = set()
    for seed in seeds(300, few=60):
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


def test_all_that_is_known_is_counted() -> None:
    """Completions of tasks that were not sent any more count, those of one id once, and with the done tasks once."""
    tasks = project("p", 3, 6)
    gone = [{**finished((20 + n) * DAY), "task_id": f"old-{n}"} for n in range(20)]
    again = [{**finished(30 * DAY), "task_id": "old-1"}, {**finished(9 * DAY), "task_id": "p-d0"}]
    signals = output_of(*tasks, completions=[*gone, *again]).signals_snapshot

    assert (signals["near_done_n"], signals["near_total_n"]) == (26, 29)


def test_completions_of_open_tasks_are_not_done_tasks() -> None:
    """A recurring task is open, however often it was done."""
    tasks = [*project("p", 1, 3), {"id": "r", "title": "R", "project_id": "p", "recurrence": "daily"}]
    often = [{**finished(n * DAY), "task_id": "r"} for n in range(1, 9)]
    signals = output_of(*tasks, *project("q", 1, 9), completions=often).signals_snapshot

    assert signals["near_project_id"] == "q"


@for_each("more", [{"tags": ["waiting"]}, {"status": "blocked"}, {"status": "someday"}])
def test_what_waits_is_left_of_the_list(more: dict[str, object]) -> None:
    """A task that waits or rests is not done, and is not named."""
    waiting: dict[str, object] = {"id": "w", "title": "W", "project_id": "p", **more}
    output = output_of(*project("p", 1, 7), waiting)

    assert "7 of 9 in the list with «Open p 0» are done." in output.prompt_text


def test_a_state_that_cannot_be_read_silences_the_list() -> None:
    """Whether such a task is done is not known, so that neither a count nor a pause can be stated."""
    unclear = {"id": "u", "title": "U", "project_id": "p", "status": 3}

    assert output_of(*project("p", 1, 7), unclear).prompt_text == ""
    assert output_of(*project("p", 4, 1, 20 * DAY), *project("q", 1, 1), unclear).prompt_text == ""


def test_a_parent_is_not_counted_beside_its_parts() -> None:
    """A list of one task with eight parts has eight tasks."""
    whole = {"id": "w", "title": "W", "project_id": "p"}
    parts = [{**task, "parent_id": "w"} for task in project("p", 2, 6)]
    signals = output_of(whole, *parts).signals_snapshot

    assert (signals["near_done_n"], signals["near_total_n"], signals["remaining_n"]) == (6, 8, 2)


def flowing(gained_n: int, lost_n: int) -> list[dict[str, object]]:
    """A list of long standing that lost and gained so many tasks within four weeks."""
    done: list[dict[str, object]] = [
        {
            "id": f"d{n}",
            "status": "done",
            "project_id": "p",
            "created_at": iso(NOW - (60 if n >= gained_n else 10) * DAY),
            "completed_at": iso(NOW - (5 if n < lost_n else 40) * DAY),
        }
        for n in range(20)
    ]
    return [*project("p", 1, 0), *done]


@pytest.mark.parametrize(("gained_n", "lost_n", "speaks"), [(0, 5, True), (4, 5, True), (5, 5, False), (0, 0, True)])
def test_a_list_that_refills_has_no_end(gained_n: int, lost_n: int, *, speaks: bool) -> None:
    """A list that gains as many tasks as it loses in four weeks is not near its end."""
    assert bool(output_of(*flowing(gained_n, lost_n)).prompt_text) is speaks


def test_a_list_that_was_written_down_at_once_is_near_its_end() -> None:
    """Tasks that were there before the first one was done are no gain."""
    made = {"created_at": iso(NOW - 12 * DAY)}
    tasks = [{**task, **made} for task in project("p", 2, 7)]

    assert output_of(*tasks).prompt_text.startswith("[finish|3]")


def test_of_unsent_tasks_as_many_are_new_as_of_the_others() -> None:
    """Where the rows of most finished tasks are not sent any more, those that are tell how the list fills."""
    new: list[object] = [{**task, "created_at": iso(NOW - 10 * DAY)} for task in project("p", 0, 3, 2 * DAY)]
    gone = [{**finished((4 + n) * DAY), "task_id": f"old-{n}"} for n in range(20)]

    assert output_of(*project("p", 1, 0), *new, completions=gone).prompt_text == ""


def test_of_an_unknown_state_the_count_is_a_least_one() -> None:
    """A status that is no word of the list may be an open one or not."""
    odd = {"id": "u", "title": "U", "project_id": "p", "status": "parked", "created_at": iso(NOW - 30 * DAY)}
    text = output_of(*project("p", 3, 1, 20 * DAY), odd, *project("q", 1, 1)).prompt_text

    assert "has at least 3 open tasks and none done in the last 14 days." in text


@pytest.mark.parametrize("priority", ["high", 4])
def test_what_matters_is_not_set_aside(priority: object) -> None:
    """A quiet list with a high or urgent task gets a slot, and is not offered to rest."""
    tasks = [*project("p", 3, 1, 20 * DAY), *project("q", 1, 1)]
    high = {"id": "h", "title": "H", "project_id": "p", "priority": priority, "created_at": iso(NOW - 30 * DAY)}
    texts = [output_of(*tasks, high, now=NOW + day * DAY).prompt_text for day in range(2)]

    assert all(text.startswith("[plan|2]") and "aside" not in text for text in texts)


def test_no_words_return_on_the_next_day() -> None:
    """The statement on one list changes its wording from day to day."""
    for tasks in (project("p", 1, 3), project("p", 2, 7), [*project("p", 4, 1, 20 * DAY), *project("q", 1, 1)]):
        assert len({output_of(*tasks, now=NOW + day * DAY).prompt_text for day in range(2)}) == 2


def test_without_a_zone_lists_are_spoken_of() -> None:
    """Neither a count nor a sitting needs the user's hour."""
    assert output_of(*project("p", 1, 3), now=NOW.astimezone(UTC)).prompt_text.startswith("[finish|3]")
