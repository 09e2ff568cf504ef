"""The facts that eligibility rules read."""

from datetime import UTC, datetime

from oo.agent_kit.eligibility_facts import SHARED_FACTS, eligibility_facts, facts_by_agent, views_by_agent
from oo.agent_kit.user_view import view_at
from oo.agents.registry import all_manifests, get_agent
from testing.agent_snapshots import DAY, HOUR, NOW, SECOND, changed, iso, snapshot, user_view

MANIFEST = get_agent("deadline-pressure").manifest


def task_facts(*tasks: object) -> dict[str, object]:
    return {
        name: value
        for name, value in eligibility_facts(user_view(snapshot(*tasks), MANIFEST)).items()
        if name.startswith(("task_", "project_")) and value
    }


def test_empty_snapshot_has_zeros() -> None:
    """With nothing known every count is zero, and all shared facts are there."""
    facts = eligibility_facts(user_view(snapshot(), MANIFEST))

    assert [facts[name] for name in SHARED_FACTS if name.endswith("_n")] == [0] * 16
    assert (facts["has_profile"], facts["hour_local"], facts["dow_local"]) == (0, 10, 2)


def test_facts_that_a_rule_names_are_those_among_all_of_them() -> None:
    """A job reads no others, and finds the same."""
    given = user_view(snapshot({"due_at": iso(NOW)}, completions=[{"completed_at": iso(NOW - DAY)}]), MANIFEST)
    every = eligibility_facts(given)

    for manifest in all_manifests():
        found = eligibility_facts(given, manifest.eligibility.facts)
        assert set(manifest.eligibility.facts) & set(SHARED_FACTS) <= set(found)
        assert found.items() <= every.items()


def test_due_dates_are_counted_by_distance() -> None:
    """Overdue, today, within 7 and within 14 days are counted, both ends exactly."""
    tasks = [
        {"due_at": iso(NOW + left)}
        for left in (-SECOND, 0 * DAY, 7 * DAY - SECOND, 7 * DAY, 14 * DAY - SECOND, 14 * DAY)
    ]

    assert task_facts(*tasks) == {
        "task_open_n": 6,
        "task_overdue_n": 1,
        "task_due_today_n": 1,
        "task_due_7d_n": 2,
        "task_due_14d_n": 4,
    }


def test_open_tasks_are_counted_by_what_is_known() -> None:
    """Estimates, known priorities of at least medium and ages from 7 days on are counted."""
    tasks = (
        {"estimate_minutes": 5, "priority": "medium"},
        {"priority": "low", "created_at": iso(NOW - 7 * DAY)},
        {"created_at": iso(NOW - 6 * DAY)},
        {"status": "done", "estimate_minutes": 5},
    )

    assert task_facts(*tasks) == {
        "task_open_n": 3,
        "task_estimated_open_n": 1,
        "task_important_open_n": 1,
        "task_old_open_n": 1,
    }


def test_moved_and_waiting_tasks_are_counted() -> None:
    """Tasks that were moved three times, and waiting ones from 7 days on, are counted; a recurring one has no age."""
    old = {"created_at": iso(NOW - 7 * DAY)}
    tasks = (
        {"due_history": ["2026-06-01", "2026-06-02", "2026-06-03"]},
        {"due_history": ["2026-06-01", "2026-06-02"], "due_at": "2026-06-02"},
        {**old, "tags": ["waiting"]},
        {**old, "status": "blocked"},
        {**old, "status": "someday"},
        {**old, "recurrence": "weekly"},
        {"tags": ["waiting"]},
    )

    assert task_facts(*tasks) == {
        "task_open_n": 3,
        "task_overdue_n": 1,
        "task_moved_open_n": 1,
        "task_waiting_old_n": 2,
    }


def test_without_a_zone_each_date_is_ahead_or_past() -> None:
    """A bare date that has passed in some zones only is ahead, so that no agent is left out that may speak."""
    now = datetime(2026, 6, 17, 1, tzinfo=UTC)
    given = changed(snapshot({"due_at": "2026-06-16"}, {"due_at": "2026-06-12"}), now_iso=now)
    facts = eligibility_facts(user_view(given, MANIFEST))

    assert [facts[f"task_{name}_n"] for name in ("overdue", "due_today", "due_7d", "due_14d")] == [1, 0, 1, 1]


def test_projects_need_three_known_tasks() -> None:
    """A project counts with an open task among three known ones, its id being text or number."""
    big = [{"project_id": project, "status": status} for project, status in ((7, "done"), ("7", "done"), (7, "todo"))]
    done = [{"project_id": "d", "status": "done"}] * 3
    small = [{"project_id": "s"}] * 2

    assert task_facts(*big, *done, *small)["project_open_n"] == 1


def test_completions_are_counted_by_age() -> None:
    """Completions of 28 and 90 local days, those with a date, and the active days are counted."""
    completions = [{"completed_at": iso(NOW - age * DAY), "project_id": age} for age in (0, 27, 28, 89, 90)]
    dated = {"completed_at": iso(NOW - HOUR), "due_at": iso(NOW)}
    facts = eligibility_facts(user_view(snapshot(completions=[*completions, dated]), MANIFEST))

    assert [facts[name] for name in SHARED_FACTS if name.startswith(("completions", "active"))] == [3, 5, 1, 2]


def test_feedback_counts_rows_of_four_weeks() -> None:
    """Readable feedback rows of the last 28 local days are counted."""
    rows = [{"action": "shown", "created_at": iso(NOW - age * DAY)} for age in (0, 27, 28)]
    given = changed(snapshot(feedback=[*rows, {"action": "?"}]), profile={"energy_now": 0.5})
    facts = eligibility_facts(user_view(given, MANIFEST))

    assert (facts["feedback_28d_n"], facts["has_profile"]) == (2, 1)


def test_preferences_are_facts() -> None:
    """Each preference is a fact, read and clamped; null where unset, though it has a default, unless it is a switch."""
    facts = eligibility_facts(user_view(snapshot(prefs={"capacity_min": 5}), get_agent("workload-balance").manifest))
    words = [
        eligibility_facts(user_view(snapshot(prefs=prefs), get_agent("tip-receptivity").manifest))["prefs.max_words"]
        for prefs in ({}, {"max_words": 30}, {"max_words": "30"}, {"max_words": None})
    ]

    assert words == [None, 30, None, None]
    assert facts["prefs.capacity_min"] == 30
    assert facts["prefs.daily_capacity_n"] is None
    assert facts["prefs.enabled"] is True


def test_each_agent_has_its_own_zone() -> None:
    """The local hour follows the zone that each agent's preferences name."""
    prefs = {"quick-win": {"timezone": "Asia/Kathmandu"}, "stale-task": None}
    facts = facts_by_agent(views_by_agent(all_manifests(), view_at(snapshot(), NOW), prefs))

    assert facts["quick-win"]["hour_local"] == 13
    assert {facts[manifest.agent_id]["hour_local"] for manifest in all_manifests()} == {10, 13}
