"""The task that a tip is about: found by its ref, else by its title."""

from typing import Any

import pytest

from oo.prompts.versions import VERSIONS
from testing.for_each import for_each
from tests.unit.tips.fixtures import NOW, Scene, failed, replied

TWO = [{"id": "a", "title": "Pay the rent"}, {"id": "b", "title": "Call Mum"}]
NESTED = [{"id": "a", "title": "Pay"}, {"id": "b", "title": "Pay rent"}]


def reply(content: str, ref: str = "", kind: str = "start") -> dict[str, str]:
    return {"content": content, "rationale": "It waits.", "kind": kind, "task_ref": ref}


def task_id(content: str, tasks: list[dict[str, Any]], ref: str = "", kind: str = "advice") -> str | None:
    """The receipt's, of a request with all its tasks on offer."""
    return Scene(replied(reply(content, ref, kind))).recommend(tasks=tasks, science_destiny=100).receipt.task_id


def ref_of(scene: Scene, title: str) -> str:
    """The ref under which the model was shown a task."""
    lines = scene.conversations[-1][1]["content"].split("\n")
    return next(f"T{number}" for number in range(1, 9) for line in lines if f'"T{number}"' in line and title in line)


def test_the_task_is_found_by_its_ref_and_its_title() -> None:
    """The reply names the second of two by both."""
    asked = Scene(replied(reply("Sit down for a moment.", kind="rest")))
    asked.recommend(tasks=TWO, science_destiny=100)
    ref = ref_of(asked, "Call Mum")

    assert task_id("«Call Mum» before lunch.", TWO, ref, "start") == "b"
    assert task_id("Give her ten minutes before lunch.", TWO, ref, "start") == "b"


@for_each("written", ["{}", "{} ", "[{}]", "«{}»", '"{}".'])
def test_a_ref_is_read_as_models_write_it(written: str) -> None:
    """Upper and lower case, and characters around it, are accepted."""
    asked = Scene(replied(reply("Sit down for a moment.", kind="rest")))
    asked.recommend(tasks=TWO, science_destiny=100)
    ref = written.format(ref_of(asked, "Call Mum"))

    for each in (ref, ref.lower()):
        assert task_id("Give her ten minutes before lunch.", TWO, each, "start") == "b"


@for_each(
    ("content", "found"),
    [
        ("«Call Mum» before lunch.", "b"),
        ("call mum before lunch.", "b"),
        ("Before lunch, pay the rent.", "a"),
        ("Pay the rent, then call Mum.", None),
        ("Recall mummies.", None),
        ("Call mumble.", None),
        ("Sit down for a moment.", None),
    ],
)
@for_each("ref", ["", "T9", "Call Mum", "b"])
def test_without_a_ref_the_one_title_that_is_named_counts(content: str, found: str | None, ref: str) -> None:
    """Whole words in any case; of two named titles neither is the tip's."""
    assert task_id(content, TWO, ref) == found


@for_each(
    ("content", "found"),
    [("Pay rent now.", "b"), ("Pay now.", "a"), ("Pay rent, then pay.", None), ("Prepay.", None)],
)
def test_a_title_within_a_longer_one_is_not_named_by_it(content: str, found: str | None) -> None:
    assert task_id(content, NESTED) == found


def test_scripts_without_spaces_name_titles_too() -> None:
    """Beside other letters, as all their words stand."""
    tasks = [{"id": "milk", "title": "牛乳を買う"}, {"id": "rent", "title": "家賃"}]

    assert task_id("今日は牛乳を買うといい。", tasks) == "milk"


def test_two_tasks_of_one_title_are_told_apart_by_the_ref_alone() -> None:
    tasks = [{"id": "a", "title": "Call Mum"}, {"id": "b", "title": "Call Mum"}]

    assert task_id("Call Mum before lunch.", tasks) is None
    assert {task_id("Call Mum before lunch.", tasks, ref) for ref in ("T1", "T2")} == {"a", "b"}


@for_each(
    ("row", "found"),
    [
        ({"id": 42}, "42"),
        ({"id": 10**20}, str(10**20)),
        ({"id": "0042"}, "0042"),
        ({"_id": "x"}, "x"),
        ({"id": None}, None),
        ({"id": ""}, None),
        ({"id": 0}, None),
        ({"id": "x" * 257}, None),
        ({}, None),
    ],
)
def test_the_id_is_the_callers_own_as_text(row: dict[str, Any], found: str | None) -> None:
    """A task without an id has no other name that a caller could know."""
    tasks = [row | {"title": "Call Mum"}]

    assert task_id("«Call Mum» before lunch.", tasks, "T1") == found
    assert task_id("«Call Mum» before lunch.", tasks) == found


def test_the_tip_without_a_model_names_its_task() -> None:
    """And none where there is no task."""
    scene = Scene(failed(500))

    assert scene.recommend(template_fallback=True, tasks=[TWO[1] | {"id": 7}]).receipt.task_id == "7"
    assert scene.recommend(template_fallback=True).receipt.task_id is None


@pytest.mark.parametrize("version", VERSIONS)
def test_candidates_have_kind_and_task(version: str) -> None:
    """By the same rules, each for itself, under ids of its own."""
    rows = [
        reply("«Call Mum» before lunch.", "T1", "plan") | {"id": "x"},
        reply("Pay the rent now.") | {"id": "x"},
        reply("Rest for five minutes.", kind="siesta"),
    ]
    scene = Scene(replied({"candidates": rows}))
    tasks = [TWO[1] | {"due_at": NOW.isoformat()}, TWO[0]]
    response = scene.generate(n=3, prompt_version=version, context={"tasks": tasks})

    assert [candidate.kind.value for candidate in response.candidates] == ["plan", "start", "advice"]
    assert [candidate.task_id for candidate in response.candidates] == ["b", "a", None]
    assert len({candidate.id for candidate in response.candidates}) == 3


def test_a_generate_answer_is_joined_by_its_serve_id() -> None:
    """Answer, log line, tag of the trace and spend log of the proxy name the service's own trace."""
    scene = Scene(replied({"candidates": [reply("Pay the rent now.")]}))
    response = scene.generate(n=1, context={"tasks": TWO})

    assert response.serve_id == scene.trace.trace_id == scene.trace.tags["serve_id"]
    assert scene.event("generate_served")["serve_id"] == response.serve_id
    assert response.serve_id in scene.requests[0].headers["x-litellm-spend-logs-metadata"]
