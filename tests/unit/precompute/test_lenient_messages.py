"""One unreadable value of a user's data never makes poison of a message: both workers, called with SQS events."""

import json
from typing import Any

import pytest

from oo.agents.registry import all_manifests
from oo.contract.zones import read_zone
from testing import lenient_bodies
from testing.for_each import for_each
from testing.lenient_bodies import CLEAN, HIDDEN, TASK, UNREAD_REPORT, UNREAD_ROWS, each, is_named
from testing.memory_queues import Queues
from testing.sqs_events import SENT_MS

CASES = [*lenient_bodies.in_snapshots(), *lenient_bodies.in_profiles_and_preferences()]


def message(**fields: Any) -> dict[str, Any]:
    """`CLEAN` as a message, with preferences by agent."""
    return {**CLEAN, **fields}


def expected_texts() -> list[str]:
    queues = Queues()
    assert queues.take(message()) == []
    return queues.store.texts("42")


@for_each("case", CASES)
def test_an_unreadable_value_makes_no_poison(case: lenient_bodies.Case) -> None:
    """Every agent's output is stored, and an assumption alone writes no line."""
    fields, part, name = case
    queues = Queues()

    assert queues.take(message(**fields)) == []

    assert len(queues.store.versions) == len(all_manifests())
    lines = queues.lines("data_not_read")
    assert [is_named(line, part, name) for line in lines] == ([] if part == "assumed" else [True])
    assert HIDDEN not in json.dumps(lines)


@for_each("fields", [*lenient_bodies.SILENT, *lenient_bodies.SILENT_IN_SNAPSHOTS, {"user_id": 42}])
def test_what_counts_as_absent_changes_nothing(fields: dict[str, Any]) -> None:
    queues = Queues()

    assert queues.take(message(**fields)) == []

    assert queues.store.texts("42") == expected_texts()
    assert queues.lines("data_not_read") == []


@for_each("prefs", each("deadline-pressure", 5, "off", True, [1], ["enabled"]))
def test_preferences_that_are_no_object_are_those_of_one_agent(prefs: dict[str, Any]) -> None:
    """The others keep theirs; a switch that is off is one."""
    queues = Queues()

    assert queues.take(message(agent_prefs=prefs | {"important-first": {"enabled": False}, "momentum": None})) == []

    (line,) = queues.lines("data_not_read")
    assert line["unreadable"] == {"agent_prefs.deadline-pressure": 1}
    assert queues.store.outputs["42", "important-first"] is None
    assert queues.store.texts("42") == expected_texts()


def test_preferences_that_cannot_be_read_are_counted_by_agent() -> None:
    """Unreadable zones count as well, because the agent's days are then unknown; readable values are not reported."""
    prefs = {
        "deadline-pressure": {"horizon_days": "many", "timezone": "Mars/Olympus"},
        "important-first": {"timezone": HIDDEN, "enabled": "on"},
        "quick-win": {"timezone": "Asia/Tokyo", "enabled": "on"},
    }
    queues = Queues()

    assert queues.take(message(agent_prefs=prefs)) == []

    (line,) = queues.lines("data_not_read")
    assert line["unreadable"] == {"agent_prefs.enabled": 2, "agent_prefs.horizon_days": 1, "timezone": 2}
    assert HIDDEN not in queues.log.getvalue()


def test_a_zone_that_cannot_be_read_counts_once_where_agents_share_it() -> None:
    queues = Queues()

    assert queues.take(message(timezone="Mars/Olympus", agent_prefs={"quick-win": {"timezone": "UTC"}})) == []

    (line,) = queues.lines("data_not_read")
    assert line["unreadable"] == {"timezone": 1}


def test_rows_that_are_not_read_are_reported_as_in_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    queues = Queues()

    assert queues.fan_out(message(tasks=UNREAD_ROWS)) == []

    (line,) = queues.lines("data_not_read")
    assert {key: line.get(key) for key in UNREAD_REPORT} == UNREAD_REPORT
    counted = [json.loads(blob) for blob in capsys.readouterr().out.splitlines() if "UnreadableDates" in blob]
    assert [(blob["UnreadableDates"], blob["UntitledTasks"]) for blob in counted] == [([1], [1])]


def test_an_unreadable_zone_stays_one_in_the_jobs() -> None:
    """Without any, a job would be read in the zone of the service's own setting."""
    for zone in ("Mars/Olympus", 5, ["Europe/Berlin"], "x" * 65):
        queues = Queues()

        assert queues.fan_out(message(timezone=zone)) == []

        jobs = [json.loads(body) for body in queues.bodies]
        named = [job["timezone"] for job in jobs if "withdraw" not in job]
        assert named, zone
        assert [read_zone(name) for name in named] == [None] * len(named), zone
        assert queues.work_off() == []


def test_the_line_is_written_once_for_a_snapshot(capsys: pytest.CaptureFixture[str]) -> None:
    """Not by the jobs of its agents, and without a name of the user."""
    queues = Queues()

    assert (
        queues.take(message(user_id=f"user {HIDDEN}", tasks=[TASK, HIDDEN, None], colour=1, **{HIDDEN: HIDDEN})) == []
    )

    (line,) = queues.lines("data_not_read")
    assert line["dropped"] == {"tasks.not_object": 2}
    assert line["unread_keys"]["body"] == {"*": 1, "colour": 1}
    assert len(queues.lines("agent_computed")) > 1
    assert HIDDEN not in queues.log.getvalue()
    assert HIDDEN not in capsys.readouterr().out


@for_each(
    "fields",
    [
        *each("user_id", True, 1.5, 42.0, None, "", 10**256),
        *each("now_iso", "tomorrow", 7, []),
        *each("priority_scale", "upwards", 1, []),
        *each("tasks", "no", {}, 7, [TASK] * 2001, ["text"] * 2001),
        *each("task_completions", "no", [{}] * 2001),
        *each("agent_prefs", dict.fromkeys(map(str, range(257)), 5)),
        *({"profile": fields} for fields in each("energy_now", "nan", "-inf")),
    ],
)
def test_sizes_and_what_the_program_chooses_are_still_poison(fields: dict[str, Any]) -> None:
    """One such message fails alone."""
    queues = Queues()

    assert queues.take(message(**fields), message(user_id="other")) == ["m0"]

    assert {user for user, _ in queues.store.versions} == {"other"}


def test_a_job_is_read_as_a_message_is() -> None:
    """A job of an older version of the fan-out may hold a null, one of a newer one more fields."""
    queues = Queues()
    job = {"agent_id": "deadline-pressure", "agent_version": "1.0.0", "snapshot_version": SENT_MS, "mood": "fine"}

    queues.send([json.dumps(message(**job, profile=None, agent_prefs=None, feedback_history=None, trace_id=None))])

    assert queues.work_off() == []
    assert [text for text in expected_texts() if "invoice" in text][:1] == queues.store.texts("42")
    assert queues.lines("data_not_read") == []


def test_the_scale_reaches_the_jobs_where_it_is_not_the_default() -> None:
    for scale, found in (("smaller_is_higher", {"smaller_is_higher"}), ("larger_is_higher", set[str]()), (None, set())):
        queues = Queues()

        assert queues.fan_out(message(tasks=[TASK | {"priority": 1}], priority_scale=scale)) == []

        jobs = [json.loads(body) for body in queues.bodies]
        assert {job["priority_scale"] for job in jobs if "priority_scale" in job} == found, scale
