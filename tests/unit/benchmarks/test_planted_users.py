"""The benchmark of planted users finds contradictions to the planted truth, and nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from benchmarks._claims import JUDGES
from benchmarks._personas import PERSONAS, Life, LivedTask, Persona, live
from benchmarks.planted_users import MOST_WRONG, ask, score
from oo.agents.registry import get_agent

STEADY = next(persona for persona in PERSONAS if persona.name == "steady")
LAST_WEEK = 77
# What the same life would have to be measured against for an agent's claims to be wrong.
OTHER_HABITS: Mapping[str, Persona] = {
    "deadline-pressure": replace(STEADY, lateness_d=0),
    "lateness-buffer": replace(STEADY, lateness_d=2),
    "peak-hours": replace(STEADY, peak_h=12),
    "momentum": replace(STEADY, rate=9, rest_weekdays=frozenset()),
    "project-focus": replace(STEADY, stay=0),
    "tip-receptivity": replace(STEADY, accepts=0.2, reads_s=1),
}


@cache
def steady_life() -> Life:
    return live(STEADY, 1)


@pytest.mark.parametrize("agent_id", JUDGES)
def test_a_life_agrees_with_itself(agent_id: str) -> None:
    """Hardly any claim in the last week of a steady life is wrong."""
    found = score(get_agent(agent_id), steady_life(), LAST_WEEK)

    assert found.days == 7
    assert found.claims
    assert (found.wrong_share or 0) <= MOST_WRONG


@pytest.mark.parametrize("agent_id", OTHER_HABITS)
def test_other_habits_are_contradicted(agent_id: str) -> None:
    """Held against habits that were not planted, the same claims are wrong."""
    other = replace(steady_life(), persona=OTHER_HABITS[agent_id])
    found = score(get_agent(agent_id), other, LAST_WEEK)

    assert (found.wrong_estimates_share or 0) > MOST_WRONG


@pytest.mark.parametrize(
    ("agent_id", "claim", "changed"),
    [
        ("deadline-pressure", "due date", {"due": timedelta(hours=3)}),
        ("stale-task", "age", {"created": timedelta(days=-2)}),
        ("important-first", "done in a week", {"done": timedelta(days=-2)}),
        ("workload-balance", "due today", {"due": timedelta(days=-2)}),
        ("momentum", "done today", {"done": timedelta(days=1)}),
    ],
)
def test_tasks_that_were_not_so_are_contradicted(agent_id: str, claim: str, changed: dict[str, timedelta]) -> None:
    """A statement on tasks that were sent with other times than the lived ones is wrong on some day."""
    life = steady_life()
    told = replace(life, tasks=[with_times_moved(task, changed) for task in life.tasks])
    wrong: set[str] = set()
    for day in range(60, LAST_WEEK):
        said = ask(get_agent(agent_id), told, life.now(day, 10))
        wrong |= {each.name for each in JUDGES[agent_id](replace(said, life=life)) if not each.holds}

    assert claim in wrong


def with_times_moved(task: LivedTask, changed: dict[str, timedelta]) -> LivedTask:
    times = {name: getattr(task, name) + by for name, by in changed.items() if getattr(task, name)}
    return replace(task, **times)
