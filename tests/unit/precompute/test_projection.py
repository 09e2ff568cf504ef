import json
from typing import Any

import pytest

from oo.agent_kit.agent import Agent
from oo.agent_kit.eligibility_facts import eligibility_facts
from oo.agent_kit.manifest import Requires
from oo.agent_kit.user_view import view_at
from oo.agents.registry import all_agents
from oo.contract.agents import ComputeRequest
from oo.contract.snapshot import Snapshot
from oo.precompute.eligibility import is_eligible
from oo.precompute.projection import Projection
from testing.agent_snapshots import NO_PARTS, NOW, changed, compute, learn, part_for_job, user_view
from testing.seeds import seeds
from tests.unit.agents.random_inputs import random_input

SEEDS = seeds(60)


def cut(snapshot: Snapshot, requires: Requires) -> dict[str, Any]:
    """The fields of a job, read back; those that are left out are empty."""
    fields = Projection(snapshot, view_at(snapshot, NOW).rows.decided).fields(requires)
    return {**NO_PARTS, **{name: json.loads(text) for name, text in fields.items()}}


def whole(**fields: Any) -> Snapshot:
    return Snapshot.model_validate({"user_id": "user-7", **fields})


FULL = whole(
    tasks=[{"id": "t1", "title": "Send the report", "notes": "private"}, {"notes": "private"}],
    profile={"energy_now": 0.4, "stress_now": None, "weight_kg": 80},
    feedback_history=[{"action": "done"}],
    task_completions=[{"completed_at": "2026-03-11T10:00:00Z"}],
    now_iso="2026-03-12T10:30:00+01:00",
    timezone="Europe/Berlin",
)


def test_tasks_keep_the_required_keys_and_their_places() -> None:
    """A task of which nothing is left stays, because a task without an id is known by its place."""
    parts = cut(FULL, Requires(tasks=("id", "title", "due_at")))

    assert parts["tasks"] == [{"id": "t1", "title": "Send the report"}, {}]


@pytest.mark.parametrize("key", ["tags", "labels"])
def test_tags_go_along_with_the_status(key: str) -> None:
    """A tag may mark a task as waiting for another person; without it the task would be named as the next step."""
    row = {"id": "t1", key: ["waiting"]}

    assert cut(whole(tasks=[row]), Requires(tasks=("id", "status")))["tasks"] == [row]
    assert cut(whole(tasks=[row]), Requires(tasks=("id", "title")))["tasks"] == [{"id": "t1"}]


def test_a_key_of_any_name_hides_no_other_one() -> None:
    """Names of keys are the sender's, also those that a library gives a meaning."""
    row = {"__all__": 1, "id": "t1", "tags": [{"__all__": 2, "name": "home", "title": "x"}], "title": "Pay"}

    parts = cut(whole(tasks=[row, {"__all__": {"id": 3}}]), Requires(tasks=("id", "tags")))

    assert parts["tasks"] == [{"id": "t1", "tags": row["tags"]}, {}]


def test_rows_that_two_agents_share_are_the_same_text() -> None:
    """They are written once; keys that no row has make no difference."""
    projection = Projection(FULL, view_at(FULL, NOW).rows.decided)
    one, other = (projection.fields(Requires(tasks=fields, completions=True)) for fields in (("id",), ("id", "tags")))

    assert one["tasks"] is other["tasks"]
    assert one["task_completions"] is other["task_completions"]


def test_the_scale_goes_along_with_the_priorities() -> None:
    """Without it 1 would mean low in the job of a user whose 1 is the highest."""
    snapshot = whole(tasks=[{"id": "t1", "priority": 1}], priority_scale="smaller_is_higher")

    assert cut(snapshot, Requires(tasks=("id", "priority")))["priority_scale"] == "smaller_is_higher"
    assert "priority_scale" not in cut(snapshot, Requires(tasks=("id", "title")))


def test_an_agent_that_requires_nothing_gets_nothing() -> None:
    """Only who it is about and when are in every job."""
    parts = cut(FULL, Requires())

    assert parts.pop("now_iso") == "2026-03-12T10:30:00+01:00"
    assert {name: part for name, part in parts.items() if part} == {"user_id": "user-7", "timezone": "Europe/Berlin"}


def test_the_profile_is_cut_to_its_required_names() -> None:
    """An unknown value stays known to be unknown."""
    assert cut(FULL, Requires(profile=("stress_now", "tenure_d")))["profile"] == {"stress_now": None}


@pytest.mark.parametrize("part", ["feedback", "completions"])
def test_history_goes_along_whole_where_it_is_required(part: str) -> None:
    """Feedback and completions are switched on one by one."""
    parts = cut(FULL, Requires(feedback=part == "feedback", completions=part == "completions"))

    assert bool(parts["feedback_history"]) == (part == "feedback")
    assert bool(parts["task_completions"]) == (part == "completions")


@pytest.mark.all_seeds
@pytest.mark.parametrize("agent", all_agents(), ids=lambda agent: agent.manifest.agent_id)
def test_an_agent_misses_nothing_in_its_job(agent: Agent) -> None:
    """With only the data that the manifest requires, eligibility, inference and output are the same."""
    for seed in SEEDS:
        whole = objects_only(random_input(seed, agent.manifest))
        part = part_for_job(whole, agent.manifest.requires, view_at(whole, NOW).rows.decided)

        assert facts_rule(agent, part) == facts_rule(agent, whole)
        assert learn(agent.manifest, part) == learn(agent.manifest, whole)
        assert compute(agent, part) == compute(agent, whole)


def objects_only(given: ComputeRequest) -> ComputeRequest:
    """The input without the rows that no message can hold."""
    rows = ("tasks", "feedback_history", "task_completions")
    return changed(given, **{name: [row for row in getattr(given, name) if isinstance(row, dict)] for name in rows})


def facts_rule(agent: Agent, given: ComputeRequest) -> bool:
    return is_eligible(agent.manifest, eligibility_facts(user_view(given, agent.manifest)))
