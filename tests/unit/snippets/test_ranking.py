"""The order of snippets, contradictions, the slider's cut."""

from collections.abc import Mapping, Sequence

import pytest

from oo.contract.tips import AgentOutputSnippet
from oo.snapshot.clock import clock_at
from oo.snippets.judge import judge
from oo.snippets.open_tasks import OpenTasks, read_open_tasks
from oo.snippets.ranking import RANKING, rank
from oo.snippets.verdict import JudgedSnippet, Verdict
from tests.unit.prompts.morning import NOW, SNIPPETS, TASKS

OPEN = read_open_tasks(TASKS, clock_at(NOW, NOW.tzinfo))
NO_TASKS = read_open_tasks([], clock_at(NOW, NOW.tzinfo))


def snippet(agent_id: str, kind: str = "start", strength: int = 2, about: str = "it") -> dict[str, str]:
    """One agent's line."""
    return {"agent_id": agent_id, "prompt_text": f"[{kind}|{strength}] Fact: {about} is so. Move: do {about}."}


def judged(outputs: Sequence[Mapping[str, str]], tasks: OpenTasks, limit: int) -> tuple[JudgedSnippet, ...]:
    """The snippets with their verdicts."""
    return judge([AgentOutputSnippet.model_validate(output) for output in outputs], tasks, NOW, limit)


def chosen(outputs: Sequence[Mapping[str, str]], tasks: OpenTasks, limit: int) -> list[str]:
    """The agents whose lines were chosen, in order."""
    return [line.agent_id for line in rank(judged(outputs, tasks, limit)).lines]


def test_ranking_keeps_its_fixed_order() -> None:
    """Agents that are added later leave the order of these as it is."""
    fixed = (
        "deadline-pressure",
        "lateness-buffer",
        "important-first",
        "project-focus",
        "peak-hours",
        "stale-task",
        "momentum",
        "quick-win",
        "workload-balance",
    )

    assert tuple(agent for agent in RANKING if agent in fixed) == fixed


def test_strength_comes_before_the_fixed_order() -> None:
    """Stronger lines come first, equal ones in the fixed order, unknown agents last."""
    outputs = [
        snippet("newcomer"),
        snippet("momentum"),
        snippet("stale-task", strength=3),
        snippet("deadline-pressure"),
        snippet("workload-balance", kind="defer"),
        snippet("workload-balance", kind="plan"),
        snippet("peak-hours", strength=1),
    ]

    assert chosen(outputs, NO_TASKS, 7) == [
        "stale-task",
        "workload-balance",
        "deadline-pressure",
        "momentum",
        "workload-balance",
        "newcomer",
        "peak-hours",
    ]


def test_order_of_arrival_does_not_matter() -> None:
    """The same lines in another order are ranked the same."""
    assert chosen(SNIPPETS, OPEN, 3) == chosen(SNIPPETS[::-1], OPEN, 3)


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_slider_cuts_evidence(limit: int) -> None:
    """No more lines than the slider allows are left, the others are named as outranked."""
    outputs = [snippet(agent) for agent in RANKING[:4]]
    verdicts = [snippet.verdict for snippet in judged(outputs, NO_TASKS, limit)]

    assert chosen(outputs, NO_TASKS, limit) == list(RANKING[:limit])
    assert verdicts == [Verdict.UNKNOWN] * limit + [Verdict.OUTRANKED] * (4 - limit)


def test_delivery_is_kept_beside_the_cut() -> None:
    """The line about delivery takes no place of the evidence, and there is one of it."""
    delivery = snippet("tip-receptivity", kind="advice", strength=1)
    snippets = judged([snippet("momentum"), delivery, delivery], NO_TASKS, 1)

    assert [each.verdict for each in snippets] == [Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.REPEATED]
    assert rank(snippets).delivery == snippets[1]


def test_snippet_outside_the_grammar_is_weak_advice() -> None:
    """A caller's own line is kept with strength 1 and kind advice."""
    (line,) = judged([{"agent_id": "a", "prompt_text": "Try\nthis."}], OPEN, 3)

    assert (line.text, line.kind, line.strength) == ("[advice|1] Try this.", "advice", 1)


@pytest.mark.parametrize(("strength", "left"), [(1, ["quick-win", "important-first"]), (2, ["important-first"])])
def test_important_task_wins_over_a_quick_one(strength: int, left: list[str]) -> None:
    """A quick win gives way to what matters, unless that rests on little."""
    outputs = [snippet("quick-win", strength=2), snippet("important-first", kind="plan", strength=strength)]

    assert left == chosen(outputs, NO_TASKS, 3)
    assert judged(outputs, NO_TASKS, 3)[0].verdict is (Verdict.UNKNOWN if strength == 1 else Verdict.CONTRADICTED)


@pytest.mark.parametrize(
    ("title", "kind", "left"),
    [
        ("Send the invoice", "start", ["deadline-pressure"]),
        ("Send the invoice", "finish", ["deadline-pressure"]),
        ("Tidy notes", "start", ["workload-balance"]),
        ("Order tiles", "start", ["workload-balance"]),
        ("Order tiles", "plan", ["workload-balance", "deadline-pressure"]),
    ],
)
def test_start_and_defer_of_one_task_do_not_meet(title: str, kind: str, left: list[str]) -> None:
    """Putting off loses where the task is due today at an hour, and wins otherwise."""
    outputs = [
        snippet("workload-balance", kind="defer", about=f"«{title}»"),
        snippet("deadline-pressure", kind=kind, about=f"«{title}»"),
    ]

    assert left == chosen(outputs, OPEN, 3)


def test_start_and_defer_of_two_tasks_agree() -> None:
    """Different tasks contradict nothing."""
    outputs = [
        snippet("workload-balance", kind="defer", about="«Tidy notes»"),
        snippet("deadline-pressure", about="«Order tiles»"),
    ]

    assert chosen(outputs, OPEN, 3) == ["workload-balance", "deadline-pressure"]
