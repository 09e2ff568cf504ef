"""Which agents are worth a job."""

from dataclasses import replace

import datalogic_py
import pytest

from oo.agent_kit.manifest import Eligibility, Manifest
from oo.agents.registry import all_manifests, get_agent
from oo.precompute.eligibility import is_eligible
from testing.for_each import for_each

MANIFEST = get_agent("deadline-pressure").manifest


def with_rule(rule: dict[str, object]) -> Manifest:
    return replace(MANIFEST, eligibility=Eligibility(rule, (), "A test."))


@pytest.mark.parametrize("manifest", all_manifests(), ids=lambda manifest: manifest.agent_id)
def test_nobody_is_eligible_without_facts(manifest: Manifest) -> None:
    """Without any fact no rule is true, and none fails."""
    assert is_eligible(manifest, {}) is False


@for_each(
    ("agent_id", "fact"),
    [
        ("deadline-pressure", "task_overdue_n"),
        ("deadline-pressure", "task_due_14d_n"),
        ("quick-win", "task_estimated_open_n"),
        ("important-first", "task_important_open_n"),
        ("stale-task", "task_old_open_n"),
        ("workload-balance", "task_due_today_n"),
        ("workload-balance", "task_overdue_n"),
    ],
)
def test_one_fact_is_enough(agent_id: str, fact: str) -> None:
    """Each of an agent's facts makes it eligible from one on."""
    manifest = get_agent(agent_id).manifest

    assert [is_eligible(manifest, {fact: count}) for count in (0, 1, 2, None)] == [False, True, True, False]


@pytest.mark.parametrize(("enabled", "expected"), [(True, True), (False, False), (None, True)])
def test_switched_off_by_the_user(enabled: object, *, expected: bool) -> None:
    """An agent that the user has disabled is not eligible, with any rule."""
    assert is_eligible(MANIFEST, {"task_overdue_n": 1, "prefs.enabled": enabled}) is expected


def test_switched_off_by_its_status() -> None:
    """An agent whose status is off is not eligible."""
    assert not is_eligible(replace(MANIFEST, status="off"), {"task_overdue_n": 1})


@pytest.mark.parametrize(("value", "expected"), [(0, True), (9.5, True), (None, False)])
def test_rules_read_preferences(value: object, *, expected: bool) -> None:
    """A rule finds `prefs.<key>` under that name, and an unset one is null."""
    manifest = with_rule({"!==": [{"var": ["prefs.peak_hour_local", None]}, None]})

    assert is_eligible(manifest, {"prefs.peak_hour_local": value}) is expected


def test_unknown_operator_fails_loudly() -> None:
    """A rule with an operator that the engine does not know can not be evaluated."""
    with pytest.raises(datalogic_py.CompileError):
        is_eligible(with_rule({"sometimes": [1]}), {})
